"""Few requests to a provider: plans are made of whole loads, since a relaxation over single requests proves too little.

The bound is that of Dantzig and Wolfe: requests have prices, and each provider fills itself as well as it can above
them. The prices are first moved by a subgradient method, then found by a linear programme over the loads met so far;
the plan is found by fixing the loads that this programme is nearly sure of, and filling the rest anew. Every limit is a
count, so that the same week gives the same plan.
"""

from __future__ import annotations

from typing import Final

import highspy
import numpy as np

from careshape.matching.knapsack import Flags, Loads
from careshape.matching.prices import Real, relax, solver, surplus
from careshape.matching.week import NOBODY, Week, Whole

STEPS: Final = 60
REACHED: Final = 0.965
"""Share of the first bound that plans are taken to reach: it sets how far the prices move in a step."""
ROUNDS: Final = 150
NEAR_ENOUGH: Final = 5e-4
"""The programme over loads ends when its plan, in parts, is this near to the bound."""
SURE: Final = 0.9
PART: Final = 20
"""Where no load is sure, one in so many of those in use is fixed."""


def by_loads(week: Week, loads: Loads | None = None, prices: Real | None = None) -> tuple[Whole, Whole]:
    """Each request's provider, -1 for none; and the whole price of each request, which proves a bound.

    loads: how providers fill themselves; by default each within what the week says is left of it. Where it knows of
    some that have no limit, their number is one beyond the last. prices: of requests, to begin with.
    """
    loads = Loads(week) if loads is None else loads
    if prices is None:
        prices = surplus(week, relax(week).prices).max(axis=1, initial=0.0)
    master = _Master(week, loads)
    best, prices = _subgradient(loads, master, prices)
    best, prices = _generate(loads, master, best, prices)
    given = _dive(week, loads, master)
    return given, np.asarray(np.round(prices), dtype=np.int64)


class _Master:
    """The programme over the loads met so far: each request at most once, each provider one load."""

    def __init__(self, week: Week, loads: Loads) -> None:
        self.requests, self.providers = len(week.requests), len(loads.room)
        self._loads = loads
        self._seen: set[tuple[int, bytes]] = set()
        self.load: list[tuple[int, Whole]] = []
        programme = highspy.HighsLp()
        programme.sense_ = highspy.ObjSense.kMaximize
        programme.num_col_, programme.num_row_ = 0, self.requests + self.providers
        programme.row_lower_ = np.full(programme.num_row_, -np.inf)
        programme.row_upper_ = np.ones(programme.num_row_)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = np.zeros(1, dtype=np.int32)
        self._highs = solver()
        self._highs.passModel(programme)
        self._add_without_limit()

    def _add_without_limit(self) -> None:
        """A load for each request that somebody without a limit could take."""
        for request in np.nonzero(self._loads.least > 0)[0].tolist():
            self.load.append((self.providers, np.array([request], dtype=np.int64)))
            worth = float(self._loads.least[request])
            self._highs.addCol(worth, 0.0, np.inf, 1, np.array([request], dtype=np.int32), np.ones(1))

    def add(self, take: Flags) -> int:
        """Add the loads that are new; the number of them."""
        worth, start, index = [], [0], []
        for provider in np.nonzero(take.any(axis=1))[0]:
            pairs = np.nonzero(take[provider])[0]
            key = (int(provider), pairs.tobytes())
            if key in self._seen:
                continue
            self._seen.add(key)
            requests = self._loads.request[provider, pairs]
            self.load.append((int(provider), requests))
            worth.append(float(self._loads.value[provider, pairs].sum()))
            index += [*requests.tolist(), self.requests + int(provider)]
            start.append(len(index))
        new = len(worth)
        if new:
            self._highs.addCols(
                new, np.array(worth), np.zeros(new), np.full(new, np.inf), len(index),
                np.array(start[:-1], dtype=np.int32), np.array(index, dtype=np.int32), np.ones(len(index)),
            )  # fmt: skip
        return new

    def solve(self) -> tuple[float, Real, Real]:
        """What the plan in parts is worth, the part of each load, and the price of each request."""
        self._highs.run()
        solution = self._highs.getSolution()
        duals = np.maximum(np.array(solution.row_dual)[: self.requests], 0.0)
        return self._highs.getObjectiveValue(), np.array(solution.col_value), duals

    def fix(self, number: int) -> None:
        """Give a provider this load for good."""
        self._highs.changeColBounds(number, 1.0, 1.0)


def _subgradient(loads: Loads, master: _Master, prices: Real) -> tuple[float, Real]:
    """Move the prices against the requests that are taken twice or not at all; keep every load met on the way."""
    prices = np.maximum(prices, loads.least)
    best, kept, step, since = np.inf, prices, 1.0, 0
    goal, way = None, None
    for _ in range(STEPS):
        worth, take = loads.best(prices)
        bound = float(prices.sum() + worth.sum())
        master.add(take)
        goal = REACHED * bound if goal is None else goal
        if bound < best:
            best, kept, since = bound, prices, 0
        else:
            since += 1
            if since == 5:
                step, since = step * 0.6, 0
        slope = 1.0 - np.bincount(loads.request[take], minlength=len(prices))
        way = slope if way is None else 0.7 * slope + 0.3 * way
        square = float((way * way).sum())
        if square == 0.0:
            break
        prices = np.maximum(loads.least, prices - step * (bound - goal) / square * way)
    return best, kept


def _generate(loads: Loads, master: _Master, best: float, kept: Real) -> tuple[float, Real]:
    """Prices from the programme over loads, mixed with the best so far so that they do not swing."""
    mix = 0.8
    for _ in range(ROUNDS):
        reached, _, duals = master.solve()
        prices = mix * kept + (1 - mix) * duals
        worth, take = loads.best(prices)
        bound = float(prices.sum() + worth.sum())
        if bound < best:
            best, kept = bound, prices
        new = master.add(take)
        if best - reached < NEAR_ENOUGH * best or (not new and mix < 1e-3):
            break
        if not new:
            mix /= 2
    return best, kept


def _dive(week: Week, loads: Loads, master: _Master) -> Whole:
    """Fix the loads that the programme is sure of, offer what is left to the providers that are left, and go on."""
    given = np.full(len(week.requests), NOBODY, dtype=np.int64)
    open_ = np.ones(master.providers + 1, dtype=bool)
    while True:
        _, parts, duals = master.solve()
        _, take = loads.best(duals, given == NOBODY, open_[:-1])
        if master.add(take):
            _, parts, duals = master.solve()
        use = [number for number in np.argsort(-parts, kind="stable") if parts[number] > 1e-6]
        use = [
            number
            for number in use
            if open_[master.load[number][0]] and (given[master.load[number][1]] == NOBODY).all()
        ]
        sure = [number for number in use if parts[number] > SURE] or use[: 1 + len(use) // PART]
        if not sure:
            return given
        for number in sure:
            provider, requests = master.load[number]
            if open_[provider] and (given[requests] == NOBODY).all():
                given[requests], open_[provider] = provider, provider == master.providers
                master.fix(int(number))
