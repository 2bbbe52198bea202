"""A week in which care of several kinds draws on the same pools, placed as one: one plan, and one bound of the whole.

First all pools of a provider are taken for one, which no plan can pass. Where the plan of that fits into the pools as
well, it is proven by it. Else a programme says how much of each load is taken from which pool; the price that it puts
on each pool proves a bound of its own, and the less of the two holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from careshape.matching.by_pools import Ways, by_pools
from careshape.matching.check import Checked
from careshape.matching.check_pools import Prices, check_pools
from careshape.matching.place import place, reasons_of
from careshape.matching.shared import Among, Shared
from careshape.matching.week import NOBODY, Week, Whole


@dataclass(frozen=True)
class Pooled:
    """A week, and the pools from which its care is given.

    Attributes:
        week: its requests with what they take of pools; what it says is left of providers is not read.
        among: for each request, from which pools a provider, by its number, could give it; who is not named could take
            everything.
        pools: by number of the provider, what it has in each pool.
    """

    week: Week
    among: tuple[Mapping[int, Among], ...]
    pools: Mapping[int, Mapping[str, int]]

    @cached_property
    def everything(self) -> int:
        """What all requests take together."""
        return int(self.week.hours.sum())

    def as_one(self) -> tuple[Week, Whole]:
        """The week as if all pools of a provider were one, and the number of the provider in its place of each.

        Who told nothing fresh for some of the care stands twice: with what it told of, and without any limit.
        """
        named: dict[tuple[int, bool], int] = {}
        near = self.week.near.copy()
        for row, place_ in zip(*np.nonzero(near != NOBODY), strict=True):
            one = int(near[row, place_])
            near[row, place_] = named.setdefault((one, one in self.among[row]), len(named))
        capacity = [self._held(one) if known else self.everything for one, known in named]
        providers = tuple(self.week.providers[one] for one, _ in named)
        week = replace(self.week, providers=providers, near=near, capacity=np.array(capacity, dtype=np.int64))
        return week, np.array([one for one, _ in named], dtype=np.int64)

    def _held(self, provider: int) -> int:
        drawn = frozenset[str]().union(*(mine[provider] for mine in self.among if provider in mine))
        return sum(self.pools.get(provider, {}).get(pool, 0) for pool in drawn)

    def ways(self) -> Ways:
        """The week with a provider and some of its pools in the place of each provider."""
        pools = {(one, name): has for one, held in self.pools.items() for name, has in held.items()}
        pools[NOBODY, ""] = self.everything  # of whoever told nothing fresh
        number = {pool: place_ for place_, pool in enumerate(pools)}
        ways: dict[tuple[int, Among | None], int] = {}
        near = self.week.near.copy()
        for row, place_ in zip(*np.nonzero(near != NOBODY), strict=True):
            one = int(near[row, place_])
            near[row, place_] = ways.setdefault((one, self.among[row].get(one)), len(ways))
        draws = tuple(
            (number[NOBODY, ""],) if among is None else tuple(number[one, pool] for pool in sorted(among))
            for one, among in ways
        )
        room = np.array(list(pools.values()), dtype=np.int64)
        capacity = np.array([int(room[list(drawn)].sum()) for drawn in draws], dtype=np.int64)
        week = replace(
            self.week, providers=tuple(self.week.providers[one] for one, _ in ways), near=near, capacity=capacity
        )
        return Ways(week, draws, room, tuple(one for one, _ in ways), tuple(pools))


@dataclass(frozen=True)
class PlacedPooled:
    """A plan for such a week.

    Attributes:
        given: for each request the number of its provider, -1 for none.
        method: "whole loads", "prices of hours" or "prices of pools".
        checked: what the judges found: value, the least bound that was proven, no faults.
        reasons: by reference, why a request was left, in words.
    """

    given: tuple[int, ...]
    method: str
    checked: Checked
    reasons: dict[str, str]


def place_pooled(pooled: Pooled) -> PlacedPooled:
    """The best plan that is found. The same week gives the same plan.

    Raises:
        AssertionError: a judge finds a fault in the plan, which is a fault of ours.
    """
    one, number = pooled.as_one()
    placed = place(one)
    given = tuple(NOBODY if at == NOBODY else int(number[at]) for at in placed.given)
    ways = pooled.ways()
    if not _judged(pooled, given).faults:
        return PlacedPooled(given, placed.method, placed.checked, _reasons(ways, given))
    chosen, prices = by_pools(ways)
    plan = np.array([NOBODY if at == NOBODY else ways.provider[at] for at in chosen], dtype=np.int64)
    _fill_up(pooled, plan)
    given = tuple(plan.tolist())
    checked = _judged(pooled, given, prices)
    bound = min(checked.bound, placed.checked.bound)
    if checked.faults or checked.value > bound:
        raise AssertionError(" ".join(checked.faults) or f"The plan is worth {checked.value}, above its bound {bound}.")
    return PlacedPooled(given, "prices of pools", replace(checked, bound=bound), _reasons(ways, given))


def in_turn(pooled: Pooled) -> tuple[tuple[int, ...], int]:
    """First come, first served, whatever kind of care it is: each request's provider, -1 for none, and its worth."""
    plan = np.full(len(pooled.week.requests), NOBODY, dtype=np.int64)
    _give_out(pooled, plan, np.arange(len(plan)), Shared(_named(pooled)))
    given = tuple(plan.tolist())
    return given, _judged(pooled, given).value


def _judged(pooled: Pooled, given: tuple[int, ...], prices: Prices | None = None) -> Checked:
    return check_pools(pooled.week, given, pooled.among, pooled.pools, prices)


def _reasons(ways: Ways, given: tuple[int, ...]) -> dict[str, str]:
    """Why each request that is left is left: what the pools of each hold from which it could have been given."""
    return reasons_of(ways.week, np.array(given, dtype=np.int64))


def _named(pooled: Pooled) -> dict[str, Mapping[str, int]]:
    return {pooled.week.providers[one]: held for one, held in pooled.pools.items()}


def _fill_up(pooled: Pooled, plan: Whole) -> None:
    """Give what is left to whoever still has the room, the best first: a plan never leaves what it could place."""
    shared, week = Shared(_named(pooled)), pooled.week
    for row in np.nonzero(plan != NOBODY)[0]:
        one = int(plan[row])
        if one in pooled.among[row]:
            shared.give(week.providers[one], pooled.among[row][one], int(week.hours[row]))
    left = np.nonzero(plan == NOBODY)[0]
    first = week.value.max(axis=1, initial=0)
    _give_out(pooled, plan, left[np.argsort(-first[left], kind="stable")], shared)


def _give_out(pooled: Pooled, plan: Whole, rows: Whole, shared: Shared) -> None:
    """Give each of some requests in turn to the best provider that has the room."""
    week = pooled.week
    for row in rows.tolist():
        long = int(week.hours[row])
        for one in week.near[row].tolist():
            if one == NOBODY:
                continue
            among = pooled.among[row].get(one)
            if among is not None:
                if shared.left(week.providers[one], among) < long:
                    continue
                shared.give(week.providers[one], among, long)
            plan[row] = one
            break
