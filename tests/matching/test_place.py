from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from careshape.bench.brokerage_weeks import make_week
from careshape.errors import CallError
from careshape.matching import Candidate, Request, check, first_come, place, rank, week_of
from careshape.matching.check import Proof
from careshape.matching.columns import by_loads
from careshape.matching.knapsack import Loads
from careshape.matching.rounding import by_prices
from tests.matching.brute import best, small_week
from tests.matching.test_rank import CHEAP, DAY, NEAR, REQUEST


@pytest.fixture(scope="module")
def week():
    made = make_week(120, 36, 4)
    return made.pooled().week


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(("method", "kind"), [(by_loads, "requests"), (by_prices, "hours")])
def test_no_plan_passes_its_bound_and_every_plan_is_one(seed, method, kind):
    week = small_week(seed)
    given, prices = method(week)
    judged = check(week, tuple(given.tolist()), Proof(kind, tuple(prices.tolist())))
    assert judged.faults == ()
    assert judged.value <= best(week) <= judged.bound


def test_most_small_weeks_are_placed_as_well_as_they_can_be():
    found = [(place(week).checked.value, best(week)) for week in map(small_week, range(40))]
    assert sum(value == most for value, most in found) >= 32


def test_a_week_is_near_its_bound_and_first_come_is_not(week):
    placed = place(week)
    assert placed.method == "whole loads"
    assert placed.checked.gap < 0.02
    first = check(week, tuple(first_come(week).tolist()), placed.proof)
    assert first.faults == ()
    assert first.value < 0.95 * placed.checked.value


def test_the_same_week_gives_the_same_plan(week):
    assert place(week) == place(week)


def test_whatever_is_left_could_not_be_placed_any_more(week):
    placed = place(week)
    left = week.capacity.copy()
    for row, provider in enumerate(placed.given):
        if provider != -1:
            left[provider] -= week.hours[row]
    for row, provider in enumerate(placed.given):
        if provider == -1:
            near = week.near[row][week.near[row] != -1]
            assert (left[near] < week.hours[row]).all()
    assert set(placed.reasons) == {week.requests[row] for row, one in enumerate(placed.given) if one == -1}


def test_what_is_left_says_why():
    requests = [REQUEST, Request("r-2", 1_000, DAY), Request("r-3", 9_000, DAY), Request("r-4", 100, DAY)]
    near = replace(NEAR, free=1_000)
    week = week_of(requests, {"r-1": [near], "r-2": [near], "r-3": [CHEAP, near]}, {"near": 1_000, "cheap": 2_000})
    reasons = place(week).reasons
    assert reasons["r-3"] == (
        "None of 2 providers may be offered it. The first of them, cheap, has 20 hours a week free, and 90 are needed."
    )
    assert reasons["r-4"] == "No provider is known for it."
    (full,) = set(reasons) - {"r-3", "r-4"}
    assert reasons[full] == (
        "1 provider may be offered it, and in the plan that is worth most together too few of its hours are left."
    )


def test_what_nobody_has_the_hours_for_says_so():
    week = week_of([REQUEST], {"r-1": [NEAR, CHEAP]}, {"near": 0, "cheap": 900})
    assert place(week).reasons["r-1"] == (
        "2 providers may be offered it, and none of them has as many hours left for the week."
    )


def test_a_chosen_provider_outweighs_any_other_saving_on_the_same_package():
    poor = Candidate("poor", 9_900, DAY, minutes=60, rating="inadequate", rated_on=DAY)
    chosen = Request("r-1", 1_000, DAY, choices=("poor",))
    week = week_of([chosen], {"r-1": [NEAR, poor]}, {"near": 5_000, "poor": 5_000})
    assert week.providers[place(week).given[0]] == "poor"


def test_round_and_ranking_agree_on_a_second_choice_where_the_first_is_barred():
    poor = Candidate("poor", 9_900, DAY, minutes=60, rating="inadequate", rated_on=DAY)
    asked = Request("r-1", 1_000, DAY, choices=("away", "poor", "cheap", "near"))
    away = replace(NEAR, provider="away", barred=("is suspended",))
    here = [away, poor, NEAR, CHEAP]
    week = week_of([asked], {"r-1": here}, {one.provider: 5_000 for one in here})
    assert week.providers[place(week).given[0]] == rank(asked, here).lines[0].provider == "poor"
    # The fourth that is named counts as not chosen, in both.
    assert [line.choice for line in rank(asked, here).admitted] == [1, 2, None]


def test_an_empty_week_is_placed():
    placed = place(week_of([], {}, {"near": 100}))
    assert (placed.given, placed.checked.value, placed.checked.gap) == ((), 0, 0.0)


@pytest.mark.parametrize("seed", range(10))
def test_loads_are_the_best_that_fit(seed):
    week = small_week(seed, requests=8, providers=2)
    loads = Loads(week)
    prices = np.random.default_rng(seed).integers(0, 60, 8).astype(float)
    worth, take = loads.best(prices)
    for provider in range(2):
        rows = [(place, row) for place, row in enumerate(loads.request[provider]) if row >= 0]
        pairs = [(int(loads.value[provider, place] - prices[row]), int(week.hours[row])) for place, row in rows]
        loaded = [some for many in range(len(pairs) + 1) for some in itertools.combinations(pairs, many)]
        fitting = [some for some in loaded if sum(long for _, long in some) <= week.capacity[provider]]
        assert worth[provider] == max(sum(gain for gain, _ in some) for some in fitting)
        chosen = loads.request[provider][take[provider]]
        assert week.hours[chosen].sum() <= week.capacity[provider]


def test_a_week_that_does_not_hold_together_is_refused():
    with pytest.raises(CallError, match="Provider near has no hours left stated for the week"):
        week_of([REQUEST], {"r-1": [NEAR]}, {"cheap": 100})
    with pytest.raises(CallError, match="stands twice in the week"):
        week_of([REQUEST, REQUEST], {}, {})
