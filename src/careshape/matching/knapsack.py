"""The best load of each provider by itself, for given worths: all providers at once, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careshape.matching.prices import Real
from careshape.matching.week import NOBODY, Week, Whole

Flags = NDArray[np.bool_]
TOGETHER = 60
"""Providers filled at a time, those of like size together, so that the tables stay small."""


class Loads:
    """The pairs of a week by provider, and the best choice among them.

    Attributes:
        request, place: (providers, most requests of one) the pairs, -1 after the last.
        value, weight: the same shape: what a pair is worth, and its hours in the largest unit that divides all of them.
        room: of each provider, in that unit.
    """

    def __init__(self, week: Week) -> None:
        row, place = np.nonzero(week.near != NOBODY)
        provider = week.near[row, place]
        order = np.argsort(provider, kind="stable")
        count = np.bincount(provider, minlength=len(week.providers))
        shape = (len(week.providers), int(count.max(initial=0)))
        self.request = np.full(shape, NOBODY, dtype=np.int64)
        self.place = np.full(shape, NOBODY, dtype=np.int64)
        column = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        self.request[provider[order], column] = row[order]
        self.place[provider[order], column] = place[order]
        self.real = self.request != NOBODY
        unit = unit_of(week)
        self.value = np.where(self.real, week.value[self.request, self.place], 0)
        self.weight = np.where(self.real, week.hours[self.request] // unit, 1)
        self.room = week.capacity // unit

    def best(self, prices: Real, free: Flags | None = None, open_: Flags | None = None) -> tuple[Real, Flags]:
        """What each provider's best load is worth above the requests' prices, and which pairs are in it.

        Args:
            prices: of each request.
            free: requests that may be taken; by default all.
            open_: providers that may take any; by default all.
        """
        may = self.real if free is None else self.real & free[self.request]
        if open_ is not None:
            may = may & open_[:, None]
        profit = np.where(may, self.value - prices[self.request], -1.0)
        worth, take = np.zeros(len(self.room)), np.zeros(profit.shape, dtype=bool)
        order = np.argsort(self.room, kind="stable")
        for start in range(0, len(order), TOGETHER):
            some = order[start : start + TOGETHER]
            worth[some], take[some] = _fill(profit[some], self.weight[some], self.room[some])
        return worth, take


def unit_of(week: Week) -> int:
    """The largest number of hundredths of an hour that divides the hours of every request."""
    return int(np.gcd.reduce(week.hours)) if len(week.hours) else 1


def _fill(profit: Real, weight: Whole, room: Whole) -> tuple[Real, Flags]:
    """Dynamic programme over the pairs, for several providers side by side; a pair of no profit is never taken."""
    providers, pairs = profit.shape
    size = int(room.max(initial=0)) + 1
    worth = np.zeros((providers, size))
    taken = np.zeros((pairs, providers, size), dtype=bool)
    rooms = np.arange(size)
    for pair in range(pairs):
        some = np.nonzero((profit[:, pair] > 0) & (weight[:, pair] < size))[0]
        if not len(some):
            continue
        before = rooms[None, :] - weight[some, pair][:, None]
        with_it = np.take_along_axis(worth[some], np.maximum(before, 0), axis=1) + profit[some, pair][:, None]
        better = (before >= 0) & (with_it > worth[some])
        taken[pair, some] = better
        worth[some] = np.where(better, with_it, worth[some])
    take = np.zeros((providers, pairs), dtype=bool)
    left, every = room.copy(), np.arange(providers)
    for pair in range(pairs - 1, -1, -1):
        chosen = taken[pair, every, left]
        take[:, pair] = chosen
        left = left - np.where(chosen, weight[:, pair], 0)
    return worth[every, room], take
