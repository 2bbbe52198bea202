"""A week in which care of several kinds draws on the same pools, placed as one: one plan, and one bound of the whole.

Where providers take few requests each, plans are put together from whole loads that fit into their pools, and the price
of each request proves a bound. Where they take many, a programme says how much of each load is taken from which pool,
and the price of each pool proves one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from careshape.matching.by_pools import FEW, Priced, Ways, by_pools, priced
from careshape.matching.check import Checked
from careshape.matching.check_pools import Proven, check_pools
from careshape.matching.columns import by_loads
from careshape.matching.place import can_be_filled, few_each, reasons_of
from careshape.matching.prices import Real
from careshape.matching.rounding import NEARLY
from careshape.matching.shared import Among, Shared
from careshape.matching.shelves import Shelves
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
        method: "whole loads" or "prices of pools".
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
    ways = pooled.ways()
    found = list(_tried(pooled, ways))
    best = max(found, key=lambda one: one.checked.value)
    bound = min(one.checked.bound for one in found)
    if best.checked.value > bound:
        raise AssertionError(f"The plan is worth {best.checked.value}, above its bound {bound}.")
    return replace(best, checked=replace(best.checked, bound=bound), reasons=_reasons(ways, best.given))


def _tried(pooled: Pooled, ways: Ways) -> Iterator[PlacedPooled]:
    """Plans by the methods that suit the week: every bound holds of all of them."""
    found, many = priced(ways), len(pooled.week.requests)
    shelves = Shelves(pooled.week, pooled.among, pooled.pools) if few_each(many, len(pooled.pools)) else None
    few = shelves is not None and can_be_filled(shelves.room)
    if shelves is not None and few:
        first = _by_whole_loads(pooled, shelves, found.of_requests(ways))
        yield first
        if many > FEW or first.checked.gap <= NEARLY:
            return
    yield _by_prices(pooled, ways, found)


def _by_whole_loads(pooled: Pooled, shelves: Shelves, first: Real) -> PlacedPooled:
    chosen, prices = by_loads(pooled.week, shelves, first)
    provider = np.array([*shelves.provider, NOBODY], dtype=np.int64)
    plan = np.where(chosen == len(shelves.provider), shelves.without, provider[chosen])
    return _settled(pooled, plan, Proven(requests=tuple(prices.tolist())), "whole loads")


def _by_prices(pooled: Pooled, ways: Ways, found: Priced) -> PlacedPooled:
    provider = np.array([*ways.provider, NOBODY], dtype=np.int64)
    plan = provider[by_pools(ways, found)]
    worth = np.maximum(np.round(found.of_requests(ways)), 0.0).astype(np.int64)
    return _settled(pooled, plan, Proven(found.named(ways), tuple(worth.tolist())), "prices of pools")


def _settled(pooled: Pooled, plan: Whole, proven: Proven, method: str) -> PlacedPooled:
    """A plan filled up and judged. Raises AssertionError where the judge finds a fault."""
    _fill_up(pooled, plan)
    given = tuple(plan.tolist())
    checked = _judged(pooled, given, proven)
    if checked.faults:
        raise AssertionError(" ".join(checked.faults))
    return PlacedPooled(given, method, checked, {})


def in_turn(pooled: Pooled) -> tuple[tuple[int, ...], int]:
    """First come, first served, whatever kind of care it is: each request's provider, -1 for none, and its worth."""
    plan = np.full(len(pooled.week.requests), NOBODY, dtype=np.int64)
    _give_out(pooled, plan, np.arange(len(plan)), Shared(_named(pooled)))
    given = tuple(plan.tolist())
    return given, _judged(pooled, given).value


def _judged(pooled: Pooled, given: tuple[int, ...], proven: Proven | None = None) -> Checked:
    return check_pools(pooled.week, given, pooled.among, pooled.pools, proven)


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
