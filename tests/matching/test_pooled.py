"""Care of several kinds that draws on the same pools: plan, bound and judge, against every plan there is."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from careshape.matching.by_pools import by_pools, priced
from careshape.matching.check_pools import Proven, check_pools, check_shared
from careshape.matching.columns import by_loads
from careshape.matching.nested import nests
from careshape.matching.pooled import Pooled, in_turn, place_pooled
from careshape.matching.shelves import Shelves
from careshape.matching.week import Week
from tests.matching.brute import small_week

POOLS = ("a", "b", "c")


def drawn(seed: int, requests: int = 6, providers: int = 2) -> Pooled:
    """A week so small that every plan can be tried, of care that may be taken from some pools of each provider."""
    draw, week = random.Random(seed), small_week(seed, requests, providers)
    kinds = [
        {one: frozenset(draw.sample(POOLS, draw.randint(1, 3))) for one in range(providers) if draw.random() < 0.9}
        for _ in range(3)
    ]
    pools = {one: {name: draw.randint(0, 6) * 25 for name in POOLS} for one in range(providers)}
    return Pooled(week, tuple(draw.choice(kinds) for _ in range(requests)), pools)


def best(pooled: Pooled) -> int:
    """What the best plan is worth that the judge lets pass."""
    week, found = pooled.week, 0
    for plan in itertools.product(*[[-1, *(one for one in near if one != -1)] for near in week.near.tolist()]):
        judged = check_pools(week, plan, pooled.among, pooled.pools)
        if not judged.faults:
            found = max(found, judged.value)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_passes_the_bound_and_the_plan_is_one(seed):
    pooled = drawn(seed)
    placed, most = place_pooled(pooled), best(pooled)
    assert placed.checked.faults == ()
    assert placed.checked.value <= most <= placed.checked.bound
    ways = pooled.ways()
    found = priced(ways)
    given, prices = by_pools(ways, found), found.named(ways)
    plan = [-1 if one == -1 else ways.provider[one] for one in given]
    judged = check_pools(pooled.week, plan, pooled.among, pooled.pools, Proven(prices))
    assert judged.faults == ()
    assert judged.value <= most <= judged.bound, "the prices of pools prove a bound by themselves"
    assert judged.value == most, "so few are placed as well as they can be"
    _, turn = in_turn(pooled)
    assert turn <= most


@pytest.mark.parametrize("seed", range(30))
def test_whole_loads_of_pools_prove_a_bound_by_themselves(seed):
    pooled = drawn(seed)
    shelves = Shelves(pooled.week, pooled.among, pooled.pools)
    chosen, prices = by_loads(pooled.week, shelves)
    who = [*shelves.provider, None]
    plan = [
        -1 if at == -1 else int(shelves.without[row]) if who[at] is None else who[at] for row, at in enumerate(chosen)
    ]
    judged = check_pools(pooled.week, plan, pooled.among, pooled.pools, Proven(requests=tuple(prices.tolist())))
    assert judged.faults == ()
    assert judged.value <= best(pooled) <= judged.bound


def test_any_prices_of_requests_at_all_prove_a_bound_and_those_below_nought_none():
    draw = random.Random(9)
    for seed in range(20):
        pooled = drawn(seed)
        prices = tuple(draw.randint(0, 90) for _ in range(6))
        judged = check_pools(pooled.week, (-1,) * 6, pooled.among, pooled.pools, Proven(requests=prices))
        assert judged.bound >= best(pooled)
    below = check_pools(pooled.week, (-1,) * 6, pooled.among, pooled.pools, Proven(requests=(-1, 0, 0, 0, 0, 0)))
    assert "proves nothing" in below.faults[0]


@pytest.mark.parametrize("seed", range(20))
def test_a_shelf_holds_the_most_that_fits_into_its_pools(seed):
    pooled = drawn(seed, requests=7, providers=1)
    nested = tuple({0: frozenset(kind)} for kind in random.Random(seed).choices(("a", "b", "ab", "abc"), k=7))
    pooled = replace(pooled, among=nested)
    shelves = Shelves(pooled.week, pooled.among, pooled.pools)
    worth, take = shelves.best(np.zeros(7))
    assert int(worth.sum()) == best(pooled)
    plan = [-1] * 7
    for row in shelves.request[take].tolist():
        plan[row] = 0
    judged = check_pools(pooled.week, plan, pooled.among, pooled.pools)
    assert (judged.faults, judged.value) == ((), int(worth.sum()))


def test_kinds_that_cross_are_laid_within_all_that_they_touch():
    (nest,) = nests([frozenset("ab"), frozenset("bc")])
    assert (nest.pools, nest.kind, nest.crossed) == (frozenset("abc"), frozenset("bc"), True)
    assert [one.kind for one in nest.inside] == [frozenset("ab")]
    assert [one.crossed for one in nests([frozenset("a"), frozenset("b")])] == [False, False]


def _shared(values: tuple[int, int], hours: tuple[int, int], room: int) -> Pooled:
    """Two kinds of care of one provider: the first from either pool, the second from pool a alone."""
    week = Week(
        ("any", "only-a"), ("p",), np.zeros((2, 1), dtype=np.int64), np.array(values, dtype=np.int64)[:, None],
        np.array(hours, dtype=np.int64), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    return Pooled(week, ({0: frozenset("ab")}, {0: frozenset("a")}), {0: {"a": room, "b": 100}})


def test_what_has_a_choice_of_pools_leaves_room_for_what_has_none():
    placed = place_pooled(_shared((50, 60), (100, 100), 100))
    assert placed.given == (0, 0)
    assert (placed.checked.value, placed.checked.bound) == (110, 110)


def test_where_pools_are_short_the_bound_is_of_the_whole():
    short = _shared((60, 50), (100, 100), 0)
    placed = place_pooled(short)
    assert placed.given == (0, -1)
    assert (placed.checked.value, placed.checked.bound) == (60, 60), "by itself each kind could have had a hundred"
    assert "as many hours left" in placed.reasons["only-a"]
    assert in_turn(short) == ((0, -1), 60)


def test_two_kinds_of_one_pool_go_to_the_one_that_is_worth_more_and_first_come_does_not():
    week = replace(_shared((50, 80), (100, 100), 0).week)
    pooled = Pooled(week, ({0: frozenset("b")}, {0: frozenset("b")}), {0: {"b": 100}})
    assert place_pooled(pooled).given == (-1, 0)
    assert in_turn(pooled) == ((0, -1), 50)


def test_who_told_nothing_fresh_for_one_kind_is_bound_for_the_other_alone():
    week = _shared((50, 80), (100, 100), 0).week
    pooled = Pooled(week, ({}, {0: frozenset("b")}), {0: {"b": 40}})
    placed = place_pooled(pooled)
    assert placed.given == (0, -1)
    assert placed.checked.value == placed.checked.bound == 50


def test_judge_names_each_fault_of_a_plan():
    pooled = _shared((50, 60), (100, 150), 100)
    assert check_pools(pooled.week, (0, 0), pooled.among, pooled.pools).faults == (
        "Provider p is given 50 hundredths more than its pools hold.",
    )
    none = replace(pooled.week, near=np.array([[-1], [0]], dtype=np.int64))
    assert "may not be offered it" in check_pools(none, (0, -1), pooled.among, pooled.pools).faults[0]
    prices = {0: {"a": -5, "b": 0}}
    assert "proves nothing" in check_pools(pooled.week, (-1, -1), pooled.among, pooled.pools, Proven(prices)).faults[0]


def test_many_requests_are_placed_near_the_bound_of_the_whole():
    draw = random.Random(4)
    week = small_week(4, 400, 12)
    kinds = [{one: frozenset(draw.sample(POOLS, draw.randint(1, 2))) for one in range(12)} for _ in range(4)]
    pools = {one: {name: draw.randint(20, 60) * 25 for name in POOLS} for one in range(12)}
    pooled = Pooled(week, tuple(draw.choice(kinds) for _ in range(400)), pools)
    placed = place_pooled(pooled)
    assert placed.checked.gap < 0.01
    assert in_turn(pooled)[1] < 0.95 * placed.checked.value
    loads = [
        (week.providers[one], among[one], int(hours))
        for one, among, hours in zip(placed.given, pooled.among, week.hours, strict=True) if one != -1
    ]  # fmt: skip
    assert check_shared({week.providers[one]: held for one, held in pools.items()}, loads) == ()
