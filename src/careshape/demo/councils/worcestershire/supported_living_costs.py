"""Prices and the days since which they hold: two sums that must both come out exactly."""

from __future__ import annotations

import random
from collections.abc import Sequence

from careshape.demo.days import Span
from careshape.demo.fit import fit_total


def fit_since(
    rng: random.Random,
    weights: Sequence[float],
    starts: Sequence[int],
    total: int,
    pence_days: int,
    year: Span,
) -> tuple[list[int], list[int]]:
    """Weekly prices that add up to ``total`` pence, and the day since which each has held.

    The prices times the days from then to the end of ``year``, both included, add up to ``pence_days``: days first, to
    within a day's price; the rest by moving pence between two prices that have held for different times. Where a few
    prices leave no such move, new days are drawn.

    Args:
        weights: raw prices.
        starts: first days of the spells; a price is older than its spell only where the sum asks for it.
        total: pence a week in all.
        pence_days: pence a week times days.
        year: 1 April to the counted day.
    """
    caps = [year.last - max(start, year.first) + 1 for start in starts]
    best: tuple[int, list[int], list[int]] | None = None
    for _ in range(40):
        prices = fit_total(weights, total)
        days = [cap if rng.random() < 0.6 else rng.randint(max(1, cap // 8), cap) for cap in caps]
        _near(prices, days, caps, pence_days, year.days)
        _finish(rng, prices, days, pence_days)
        gap = abs(pence_days - _cost(prices, days))
        if best is None or gap < best[0]:
            best = (gap, prices, days)
        if gap <= CLOSE:
            break
    assert best is not None
    return best[1], [year.last - n + 1 for n in best[2]]


CLOSE = 7
"""Pence times days that do not matter: a penny's worth of cost."""


def _cost(prices: Sequence[int], days: Sequence[int]) -> int:
    return sum(price * n for price, n in zip(prices, days, strict=True))


def _near(prices: Sequence[int], days: list[int], caps: Sequence[int], pence_days: int, longest: int) -> None:
    """Move all days by the same share of their room until the sum is within one day's price."""
    for limits in (caps, [longest] * len(days)):
        gap = pence_days - _cost(prices, days)
        room = _cost(prices, [limit - n if gap > 0 else 1 - n for limit, n in zip(limits, days, strict=True)])
        share = 0.0 if room == 0 else min(1.0, gap / room)
        for i, limit in enumerate(limits):
            days[i] += int(share * ((limit if gap > 0 else 1) - days[i]))
        for i in sorted(range(len(days)), key=lambda i: -prices[i]):
            gap = pence_days - _cost(prices, days)
            move = round(gap / prices[i])
            days[i] = min(max(days[i], limits[i]), max(1, days[i] + move))


def _finish(rng: random.Random, prices: list[int], days: Sequence[int], pence_days: int) -> None:
    """Move pence from one price to another so that the sum of prices stays and the cost comes as near as it can."""
    places = range(len(days))
    for _ in range(12):
        gap = pence_days - _cost(prices, days)
        if gap == 0:
            return
        pairs = [(i, j) for i in places for j in places] if len(days) <= 25 else _some(rng, len(days))
        moves = [(_left(gap, days[i] - days[j]), abs(_pence(gap, days[i] - days[j])), i, j) for i, j in pairs]
        suited = [move for move in moves if 0 < move[1] < MOST]
        if not suited:
            return
        left, _, i, j = min(suited)
        pence = _pence(gap, days[i] - days[j])
        if left >= abs(gap) or prices[i] + pence < 1 or prices[j] - pence < 1:
            return
        prices[i] += pence
        prices[j] -= pence


MOST = 6000
"""Pence that are moved between two prices at once, at most."""


def _some(rng: random.Random, count: int) -> list[tuple[int, int]]:
    return [(rng.randrange(count), rng.randrange(count)) for _ in range(600)]


def _pence(gap: int, step: int) -> int:
    return round(gap / step) if step else 0


def _left(gap: int, step: int) -> int:
    return abs(gap - step * _pence(gap, step))
