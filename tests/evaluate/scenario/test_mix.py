"""The cheapest mix: small cases that can be solved by hand."""

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.scenario.mix import Limits, Option, cheapest_mix

LD = "learning-disability"
PEOPLE = {("residential", LD): [100.0, 100.0], ("supported-living", LD): [50.0, 50.0]}
COST = {("residential", LD): 1500.0, ("supported-living", LD): 1000.0, ("shared-lives", LD): 400.0}
MOVE = Option("move", "Move to supported living", "residential", "supported-living", LD, most_a_year=10)


def _once(option, **changed):
    return Option(**{**option.__dict__, **changed})


def test_mix_takes_all_of_what_saves_money():
    plan = cheapest_mix(PEOPLE, COST, [MOVE])
    assert plan.taken["move"] == pytest.approx([10, 10])
    assert plan.without == pytest.approx(52 * (100 * 1500 + 50 * 1000) * 2)
    assert plan.saving == pytest.approx(52 * 500 * (10 + 20))
    assert plan.yearly[0] == pytest.approx(plan.without / 2 - 52 * 500 * 10)


def test_mix_leaves_what_costs_more_than_it_saves():
    # A person who takes it in year 1 saves two years of 26,000, one who takes it in year 2 saves one.
    plan = cheapest_mix(PEOPLE, COST, [_once(MOVE, once=30_000.0)])
    assert plan.taken["move"] == pytest.approx([10, 0])
    assert plan.break_even["move"] == pytest.approx(52_000.0)


def test_mix_gains_less_where_people_do_not_stay():
    plan = cheapest_mix(PEOPLE, COST, [_once(MOVE, staying=0.5)])
    assert plan.saving == pytest.approx(52 * 500 * (10 + 10 + 0.5 * 10))


def test_mix_keeps_to_the_room_there_is_and_prices_it():
    plan = cheapest_mix(PEOPLE, COST, [MOVE], Limits(room={"supported-living": [54.0, 54.0]}))
    assert plan.taken["move"] == pytest.approx([4, 0])
    assert plan.shadow["room in supported-living"] == pytest.approx([0, 26_000]) or plan.shadow[
        "room in supported-living"
    ] == pytest.approx([26_000, 26_000])


def test_mix_uses_scarce_room_for_what_saves_most():
    dear = Option("dear", "From dear homes", "nursing", "supported-living", LD, most_a_year=3)
    people = {**PEOPLE, ("nursing", LD): [20.0, 20.0]}
    cost = {**COST, ("nursing", LD): 1800.0}
    plan = cheapest_mix(people, cost, [MOVE, dear], Limits(room={"supported-living": [55.0, 55.0]}))
    assert plan.taken["dear"] == pytest.approx([3, 0]) or plan.taken["dear"].sum() >= 3
    assert plan.taken["dear"].sum() + plan.taken["move"].sum() == pytest.approx(5)


def test_mix_keeps_the_least_number_of_people():
    plan = cheapest_mix(PEOPLE, COST, [MOVE], Limits(least={("residential", LD): [95.0, 95.0]}))
    assert plan.taken["move"] == pytest.approx([5, 0])


def test_mix_builds_whole_schemes():
    scheme = _once(MOVE, block=6, block_cost=100_000.0)
    plan = cheapest_mix(PEOPLE, COST, [scheme])
    # Six people save 156,000 a year: a scheme of year 1 gains twice that, and of year 2 once; ten people a year fill
    # one scheme and four places of a second, which gain 208,000 in two years but only 104,000 in one.
    assert plan.schemes["move"] == pytest.approx([2, 2])
    assert plan.taken["move"] == pytest.approx([10, 10])
    assert plan.shadow == {}
    dearer = cheapest_mix(PEOPLE, COST, [_once(scheme, block_cost=110_000.0)])
    assert dearer.schemes["move"] == pytest.approx([2, 1])


def test_mix_waits_until_an_option_can_be_had():
    assert cheapest_mix(PEOPLE, COST, [_once(MOVE, starts=2)]).taken["move"] == pytest.approx([0, 10])


def test_mix_counts_prevention_as_no_service_at_all():
    prevention = Option("prevent", "Prevention", "residential", "", LD, most_a_year=1)
    assert cheapest_mix(PEOPLE, COST, [prevention]).saving == pytest.approx(52 * 1500 * 3)


def test_mix_without_options_costs_what_it_costs():
    plan = cheapest_mix(PEOPLE, COST, [])
    assert plan.saving == 0
    assert plan.rows() == []


def test_mix_meets_a_budget_by_paying_later():
    paid = _once(MOVE, once=20_000.0)
    base = cheapest_mix(PEOPLE, COST, []).yearly
    free = cheapest_mix(PEOPLE, COST, [paid])
    assert free.yearly[0] < base[0]
    tight = cheapest_mix(PEOPLE, COST, [paid], Limits(budget=[base[0] - 12_000.0, base[1]]))
    assert tight.yearly[0] <= base[0] - 12_000.0 + 1e-6


def test_mix_says_which_limit_no_plan_keeps_to():
    with pytest.raises(CallError, match="room in residential, year 1, is broken already and no option changes it"):
        cheapest_mix(PEOPLE, COST, [], Limits(room={"residential": [90.0, 90.0]}))
    with pytest.raises(CallError, match="would break: budget"):
        cheapest_mix(PEOPLE, COST, [MOVE], Limits(budget=[1.0, 1.0]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"staying": 1.5}, "between 0 and 1"),
        ({"most_a_year": -1}, "cannot be below 0"),
        ({"gives_to": "residential"}, "gives back"),
    ],
)
def test_option_that_cannot_be_is_refused(given, words):
    with pytest.raises(CallError, match=words):
        _once(MOVE, **given)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (_once(MOVE, takes_from="nursing"), "no weekly cost is given for nursing"),
        (_once(MOVE, takes_from="shared-lives"), "nobody is expected in shared-lives"),
        (_once(MOVE, starts=3), "starts in year 3; the plan covers 2 years"),
    ],
)
def test_mix_refuses_an_option_that_does_not_fit_the_people(option, words):
    with pytest.raises(CallError, match=words):
        cheapest_mix(PEOPLE, COST, [option])


def test_mix_refuses_years_that_differ():
    with pytest.raises(CallError, match="same years"):
        cheapest_mix(PEOPLE, COST, [MOVE], Limits(room={"supported-living": [60.0]}))


def test_mix_is_no_dearer_than_any_plan_tried_at_random():
    generator = np.random.default_rng(7)
    options = [_once(MOVE, once=15_000.0), Option("share", "Shared Lives", "supported-living", "shared-lives", LD, 4)]
    limits = Limits(room={"supported-living": [56.0, 58.0]})
    best = cheapest_mix(PEOPLE, COST, options, limits)
    tried = 0
    for _ in range(2_000):
        move, share = generator.uniform(0, 10, 2), generator.uniform(0, 4, 2)
        room = 50 + np.cumsum(move) - np.cumsum(share)
        if (room > [56, 58]).any():
            continue
        tried += 1
        cost = best.without + 15_000 * move.sum()
        cost -= 52 * (500 * np.cumsum(move).sum() + 600 * np.cumsum(share).sum())
        assert cost >= best.cost - 1e-6
    assert tried > 100
