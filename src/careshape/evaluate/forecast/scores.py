"""Scores of forecasts that are given as draws: how near, how honest the intervals, how biased.

All take draws as an array [draws, cells] and what came true as [cells], and give one number a cell. Sources: Gneiting
and Raftery, "Strictly proper scoring rules, prediction, and estimation" (2007), for the first two; Hyndman and Koehler,
"Another look at measures of forecast accuracy" (2006), for the scaled error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from careshape.errors import CallError

Floats = NDArray[np.float64]
LEVELS = (0.8, 0.95)
"""Intervals whose coverage is counted."""
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")


def crps(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """Continuous ranked probability score of each cell, in the unit of the draws; 0 is perfect, less is better.

    E|X - y| - E|X - X'| / 2, the second term over pairs of different draws, so that the number of draws does not bias
    it. Raises CallError for fewer than two draws or shapes that do not fit.
    """
    sample, came = _checked(draws, truth)
    count = len(sample)
    ranked = np.sort(sample, axis=0)
    weights = (2 * np.arange(1, count + 1) - count - 1) / (count * (count - 1))  # sum of |Xi - Xj| from ranks
    return np.abs(sample - came).mean(axis=0) - weights @ ranked


def pinball(draws: ArrayLike, truth: ArrayLike, level: float) -> Floats:
    """Pinball loss of the quantile at ``level``, in units of the draws. Raises CallError for a level outside 0 to 1."""
    if not 0 < level < 1:
        raise CallError(f"A quantile lies between 0 and 1, not at {level}.")
    sample, came = _checked(draws, truth)
    error = came - np.quantile(sample, level, axis=0)
    return np.maximum(level * error, (level - 1) * error)


def interval(draws: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Lower and upper end of the central interval that holds ``level`` of the draws, [cells] each; see `quantiles`."""
    lower, upper = quantiles(draws, ((1 - level) / 2, (1 + level) / 2))
    return lower, upper


def quantiles(draws: ArrayLike, levels: Sequence[float]) -> Floats:
    """Quantiles [levels, cells] of draws [draws, cells].

    People are whole numbers: where all draws of a cell are whole, each is spread evenly over half a unit to either
    side. Otherwise an interval of small counts would hold more than its level (a count of 3 to 10 some 85% in place of
    80%), however right every probability is.
    """
    sample = np.asarray(draws)
    ranked = np.sort(sample if sample.dtype.kind == "f" else sample.astype(float), axis=0)
    found = _between(ranked, levels)
    whole = np.flatnonzero((ranked == np.floor(ranked)).all(axis=0))
    if not len(whole):
        return found
    counts = ranked[:, whole]
    # The counts of all cells in one rising line, in which places are found by halving.
    apart = np.arange(len(whole)) * (float(counts[-1].max() - counts[0].min()) + 2)
    line = (counts + apart).ravel(order="F")
    begins = np.arange(len(whole)) * len(counts)
    for row, level in enumerate(levels):
        at = counts[min(max(int(np.ceil(level * len(counts))) - 1, 0), len(counts) - 1)].astype(float)
        below, upto = ((line.searchsorted(at + apart, side) - begins) / len(counts) for side in _SIDES)
        spread = at - 0.5 + (level - below) / (upto - below)
        found[row, whole] = np.clip(spread, counts[0], counts[-1])
    return found


def _between(ranked: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles [levels, cells] of sorted draws, between the two next to each, as ``numpy.quantile`` takes them."""
    at = np.asarray(levels, float) * (len(ranked) - 1)
    low = np.clip(np.floor(at).astype(np.int64), 0, max(len(ranked) - 2, 0))
    high = np.minimum(low + 1, len(ranked) - 1)
    share = (at - low)[:, None]
    below, above = ranked[low].astype(float), ranked[high].astype(float)
    return np.asarray(below + (above - below) * share)


def covered(draws: ArrayLike, truth: ArrayLike, level: float) -> NDArray[np.bool_]:
    """Whether what came true lies within the central interval, its ends included, as a reader would check it."""
    sample, came = _checked(draws, truth)
    lower, upper = interval(sample, level)
    return (lower <= came) & (came <= upper)


def error(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """Mean of the draws less what came true: above 0, the forecast was too high."""
    sample, came = _checked(draws, truth)
    return sample.mean(axis=0) - came


def absolute_error(draws: ArrayLike, truth: ArrayLike) -> Floats:
    """Distance of the median of the draws from what came true."""
    sample, came = _checked(draws, truth)
    return np.abs(np.median(sample, axis=0) - came)


@dataclass(frozen=True)
class Estimate:
    """A mean over worlds (or origins) with its standard error; None where one alone says nothing of the spread."""

    value: float
    standard_error: float | None


def mean_over(worlds: Sequence[ArrayLike]) -> Estimate:
    """Mean over all cells of all worlds; the standard error knows that cells of one world go together.

    ``worlds`` holds the cells' values of each world. Worlds with more cells weigh more. Raises CallError without any.
    """
    sums = np.array([np.sum(one) for one in worlds], float)
    return ratio_over(sums, np.array([np.size(one) for one in worlds], float))


def ratio_over(above: ArrayLike, below: ArrayLike) -> Estimate:
    """Ratio of two sums over worlds, with its standard error (linearised). Raises CallError where the lower is 0."""
    top, bottom = np.asarray(above, float), np.asarray(below, float)
    if not bottom.sum():
        raise CallError("There is nothing to score: no cell in any world, or every error is 0.")
    ratio = top.sum() / bottom.sum()
    count = len(top)
    if count < 2:
        return Estimate(float(ratio), None)
    residual = top - ratio * bottom
    spread = np.sqrt(count / (count - 1) * (residual**2).sum()) / bottom.sum()
    return Estimate(float(ratio), float(spread))


def _checked(draws: ArrayLike, truth: ArrayLike) -> tuple[Floats, Floats]:
    sample, came = np.asarray(draws, float), np.asarray(truth, float)
    if sample.ndim != came.ndim + 1 or sample.shape[1:] != came.shape:
        raise CallError(f"Draws of shape {sample.shape} do not fit {came.shape} cells; they are [draws, cells].")
    if len(sample) < 2:
        raise CallError("A score needs two draws or more.")
    return sample, came
