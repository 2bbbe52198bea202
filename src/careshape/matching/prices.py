"""The linear relaxation of a week, and the price that it puts on an hour of each provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from careshape.matching.week import NOBODY, Week, Whole

Real = NDArray[np.float64]
FIRST: Final = 12
"""Candidates of each request that are looked at first; others come in only where the prices make them worth it."""
ROUNDS: Final = 30
Solve = Callable[[Whole, Whole], tuple[Real, Real, Real]]


@dataclass(frozen=True)
class Relaxed:
    """The best fractional plan over the pairs that were looked at, and the prices that prove how good it is.

    Attributes:
        row, place: the pairs, as request and place in its list; ``share``: how much of the request each is given.
        prices: value of one more hundredth of an hour of each provider.
    """

    row: Whole
    place: Whole
    share: Real
    prices: Real


def relax(week: Week, solve: Solve | None = None) -> Relaxed:
    """Solve the relaxation on short lists, and lengthen them by what its prices make worthwhile, until nothing is.

    solve: gives for some pairs the share of each, the worth of each request, and the price of an hour of each provider;
    by default each provider has what the week says is left of it.
    """
    solve = solve or partial(_solve, week)
    looked = np.zeros(week.near.shape, dtype=bool)
    looked[:, :FIRST] = week.near[:, :FIRST] != NOBODY
    for _ in range(ROUNDS):
        row, place = np.nonzero(looked)
        share, worth, prices = solve(row, place)
        left = surplus(week, prices)
        more = (left > worth[:, None] + 1e-6 * (1 + worth[:, None])) & ~looked
        if not more.any():
            break
        looked |= more
    return Relaxed(row, place, share, prices)


def surplus(week: Week, prices: Real) -> Real:
    """What each pair is worth above the price of its hours; minus infinity where there is no pair."""
    left = week.value - prices[week.near] * week.hours[:, None]
    return np.where(week.near == NOBODY, -np.inf, left)


def model(week: Week, row: Whole, place: Whole, left: Whole) -> highspy.HighsLp:
    """The programme over some pairs: each request at most once, each provider within what it has left."""
    provider = week.near[row, place]
    count, requests = len(row), len(week.requests)
    programme = highspy.HighsLp()
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.num_col_, programme.num_row_ = count, requests + len(week.providers)
    programme.col_cost_ = week.value[row, place].astype(float)
    programme.col_lower_, programme.col_upper_ = np.zeros(count), np.ones(count)
    programme.row_lower_ = np.full(programme.num_row_, -np.inf)
    programme.row_upper_ = np.concatenate([np.ones(requests), left.astype(float)])
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.arange(0, 2 * count + 1, 2, dtype=np.int32)
    matrix.index_ = np.stack([row, requests + provider], axis=1).ravel().astype(np.int32)
    matrix.value_ = np.stack([np.ones(count), week.hours[row].astype(float)], axis=1).ravel()
    return programme


def solver(seconds: float | None = None) -> highspy.Highs:
    """HiGHS, silent and in one thread, so that a plan comes out the same again."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    if seconds is not None:
        highs.setOptionValue("time_limit", seconds)
    return highs


def _solve(week: Week, row: Whole, place: Whole) -> tuple[Real, Real, Real]:
    highs = solver()
    highs.passModel(model(week, row, place, week.capacity))
    highs.run()
    solution = highs.getSolution()
    duals = np.maximum(np.array(solution.row_dual), 0.0)
    requests = len(week.requests)
    return np.array(solution.col_value), duals[:requests], duals[requests:]
