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
        least: of each request, what it is worth with somebody who has no limit; nought where there is nobody.
    """

    def __init__(self, week: Week) -> None:
        row, place = np.nonzero(week.near != NOBODY)
        self._lay_out(week, row, place, week.near[row, place], len(week.providers))
        self.room = week.capacity // unit_of(week)
        self.least = np.zeros(len(week.requests))

    def _lay_out(self, week: Week, row: Whole, place: Whole, provider: Whole, many: int) -> None:
        """Put pairs into a line for each of so many providers, in their order."""
        order = np.argsort(provider, kind="stable")
        count = np.bincount(provider, minlength=many)
        shape = (many, int(count.max(initial=0)))
        self.request = np.full(shape, NOBODY, dtype=np.int64)
        self.place = np.full(shape, NOBODY, dtype=np.int64)
        column = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        self.request[provider[order], column] = row[order]
        self.place[provider[order], column] = place[order]
        self.real = self.request != NOBODY
        self.value = np.where(self.real, week.value[self.request, self.place], 0)
        self.weight = np.where(self.real, week.hours[self.request] // unit_of(week), 1)

    def best(self, prices: Real, free: Flags | None = None, open_: Flags | None = None) -> tuple[Real, Flags]:
        """What each provider's best load is worth above the requests' prices, and which pairs are in it.

        Args:
            prices: of each request.
            free: requests that may be taken; by default all.
            open_: providers that may take any; by default all.
        """
        profit = self._profit(prices, free, open_)
        worth, take = np.zeros(len(self.room)), np.zeros(profit.shape, dtype=bool)
        order = np.argsort(self.room, kind="stable")
        for start in range(0, len(order), TOGETHER):
            some = order[start : start + TOGETHER]
            worth[some], take[some] = _fill(profit[some], self.weight[some], self.room[some])
        return worth, take

    def _profit(self, prices: Real, free: Flags | None, open_: Flags | None) -> Real:
        """What each pair is worth above the price of its request; below nought where it may not be taken."""
        may = self.real if free is None else self.real & free[self.request]
        if open_ is not None:
            may = may & open_[:, None]
        return np.where(may, self.value - prices[self.request], -1.0)


def unit_of(week: Week) -> int:
    """The largest number of hundredths of an hour that divides the hours of every request."""
    return int(np.gcd.reduce(week.hours)) if len(week.hours) else 1


def _fill(profit: Real, weight: Whole, room: Whole) -> tuple[Real, Flags]:
    """Dynamic programme over the pairs, for several providers side by side; a pair of no profit is never taken."""
    worth = np.zeros((len(room), int(room.max(initial=0)) + 1))
    laid = Laid(worth, profit, weight)
    take = np.zeros(profit.shape, dtype=bool)
    laid.pick(room, take)
    return worth[np.arange(len(room)), room], take


class Laid:
    """Pairs offered one after the other to what is laid already, for several providers side by side.

    worth: (providers, sizes) the most that each has in so much room; raised by what is laid.
    profit, weight: (providers, pairs).
    """

    def __init__(self, worth: Real, profit: Real, weight: Whole) -> None:
        size = worth.shape[1]
        gains = (profit > 0) & (weight < size)
        self._pair = np.argsort(~gains, axis=1, kind="stable")[:, : int(gains.sum(axis=1).max(initial=0))]
        self._weight = np.take_along_axis(weight, self._pair, axis=1)
        self._taken = np.zeros((self._pair.shape[1], *worth.shape), dtype=bool)
        rooms = np.arange(size)
        for at, taken in enumerate(self._taken):
            some = np.nonzero(gains[np.arange(len(worth)), self._pair[:, at]])[0]
            before = rooms[None, :] - self._weight[some, at][:, None]
            gain = profit[some, self._pair[some, at]][:, None]
            with_it = np.take_along_axis(worth[some], np.maximum(before, 0), axis=1) + gain
            better = (before >= 0) & (with_it > worth[some])
            taken[some] = better
            worth[some] = np.where(better, with_it, worth[some])

    def pick(self, room: Whole, take: Flags) -> Whole:
        """Flag in (providers, pairs) which of them are in the best load of so much room; the room left of it."""
        every, left = np.arange(len(room)), room.copy()
        for at in range(len(self._taken) - 1, -1, -1):
            chosen = self._taken[at, every, left]
            take[every[chosen], self._pair[chosen, at]] = True
            left = left - np.where(chosen, self._weight[:, at], 0)
        return left
