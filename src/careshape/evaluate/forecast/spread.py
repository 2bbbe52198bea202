"""How far numbers of people vary by chance, given the rates: exact covariances within each group and area.

With P_i the chances of person i, there at the origin, of being in each service on a day, people acting independently
have covariance diag(mean) - sum over i of P_i P_i': those who come are Poisson. P_i is the chance of still being in the
first stay, and, having left it, of being in each service as the leavers of that stay are on average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.engine import propagate
from careshape.evaluate.forecast.project import Expected
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[Any]

BLOCKS: Final = 64
"""Blocks (group and area) worked out together: the days of all of a region's would not fit in memory."""


def covariances(rates: Rates, expected: Expected, windows: Sequence[Floats]) -> list[Floats]:
    """Covariance [block, service, service] of the people of each window (weights by census day).

    A window of one day has that day's. A mean over days carries the covariance of two days by the share of people who
    stay from the first to the second.
    """
    parts, wanted = [], np.flatnonzero(np.any(windows, axis=0)).tolist()
    for low in range(0, rates.shape.blocks, BLOCKS):
        blocks = slice(low, min(low + BLOCKS, rates.shape.blocks))
        days = by_day(rates, expected, blocks, wanted)
        leave = _share_leaving(rates, expected, blocks)
        parts.append([_of_window(days, leave, window) for window in windows])
    return [np.concatenate([part[i] for part in parts]) for i in range(len(windows))]


def by_day(rates: Rates, expected: Expected, blocks: slice, days: Sequence[int]) -> dict[int, Floats]:
    """Covariance [block, service, service] on each of some census days, of some blocks."""
    people, squares, mean = (_cube(rates, one, blocks) for one in (expected.stayers, expected.squares, expected.mean))
    start = people[0]
    diagonal = np.arange(rates.shape.services)
    last = max(days, default=0)
    later = _after_leaving(rates, expected, blocks, last) if last and rates.hazards.destination.any() else None
    found = {}
    for day in days:
        cov = np.zeros((*start.shape, rates.shape.services))
        if later is not None:
            chance = later[day] / np.maximum(start - people[day], 1e-12)[..., None]
            # Sums over people of (1 - p)^2 and p (1 - p), p being the chance of still being there.
            gone2 = start - 2 * people[day] + squares[day]
            mixed = people[day] - squares[day]
            cov -= np.swapaxes(gone2[..., None] * chance, -1, -2) @ chance
            cross = mixed[..., None] * chance
            cov -= cross + np.swapaxes(cross, -1, -2)
        cov[..., diagonal, diagonal] += mean[day] - squares[day]
        found[day] = cov
    return found


def _cube(rates: Rates, values: Floats, blocks: slice) -> Floats:
    return values.reshape(len(values), rates.shape.blocks, rates.shape.services)[:, blocks]


def _of_window(days: Mapping[int, Floats], leave: Floats, window: Floats) -> Floats:
    blocks, services = leave.shape[1:]
    total = np.zeros((blocks, services, services))
    carried = np.zeros_like(total)
    weighed = np.flatnonzero(window).tolist()
    for day in weighed:
        if day > weighed[0]:
            carried *= (1 - leave[day - 1])[:, None, :]
        cross = window[day] * carried
        total += window[day] ** 2 * days[day] + cross + np.swapaxes(cross, -1, -2)
        carried += window[day] * days[day]
    return total


def _share_leaving(rates: Rates, expected: Expected, blocks: slice) -> Floats:
    """[step, block, service] share of all people who leave."""
    gone = expected.stayers[:-1] * expected.stayers_leave + expected.comers[:-1] * expected.comers_leave
    return _cube(rates, np.minimum(gone / np.maximum(expected.mean[:-1], 1e-12), 1), blocks)


def _after_leaving(rates: Rates, expected: Expected, blocks: slice, steps: int) -> Floats:
    """[day, block, first service, service] people of the origin who have left their first stay, by where they are."""
    shape = rates.shape
    dest = np.repeat(rates.hazards.destination, shape.areas, axis=0)[blocks]
    leave = _cube(rates, expected.comers_leave[:steps], blocks)
    moves = leave[..., None] * dest
    diagonal = np.arange(shape.services)
    moves[..., diagonal, diagonal] += 1 - leave
    out = _cube(rates, (expected.stayers[:-1] * expected.stayers_leave)[:steps], blocks)
    start = np.zeros((dest.shape[0], shape.services, shape.services))
    return propagate(start, None, moves[:, :, None], out[..., None] * dest, steps, mean_only=True)[0]
