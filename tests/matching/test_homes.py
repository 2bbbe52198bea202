"""People and vacancies: limits of both sides, wishes, and the best plan against every plan there is."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from careshape.errors import CallError
from careshape.matching.homes import HALF, Opening, Seeker, ordered, suits, together

FEATURES = ("lift", "garden", "quiet")
TRAITS = ("women", "pet", "smokes")


def _some(draw: random.Random, names: tuple[str, ...], share: float) -> frozenset[str]:
    return frozenset(name for name in names if draw.random() < share)


def _drawn(seed: int) -> tuple[list[Seeker], list[Opening]]:
    draw = random.Random(seed)
    people = [
        Seeker(f"p{n}", _some(draw, FEATURES, 0.3), _some(draw, FEATURES, 0.5), _some(draw, TRAITS, 0.4),
               _some(draw, TRAITS, 0.1))
        for n in range(draw.randint(1, 5))
    ]  # fmt: skip
    places = [
        Opening(f"h{n}", _some(draw, FEATURES, 0.6), _some(draw, TRAITS, 0.1), _some(draw, TRAITS, 0.2),
                _some(draw, TRAITS, 0.4), _some(draw, TRAITS, 0.4))
        for n in range(draw.randint(1, 5))
    ]  # fmt: skip
    return people, places


def _best(people: list[Seeker], places: list[Opening]) -> tuple[int, int]:
    """The most people placed, and the most points of such a plan: every plan is tried."""
    slots = [*places, *([None] * len(people))]
    found = (0, 0)
    for plan in permutations(range(len(slots)), len(people)):
        made = [suits(one, slots[at]) for one, at in zip(people, plan, strict=True) if slots[at] is not None]
        fits = [one for one in made if not one.why_not]
        found = max(found, (len(fits), sum(one.points for one in fits)))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_plan_is_the_best_of_all_plans(seed):
    people, places = _drawn(seed)
    people, places = people[:4], places[:4]
    plan = together(people, places)
    assert (len(plan), sum(one.points for one in plan.values())) == _best(people, places)
    assert len({one.opening for one in plan.values()}) == len(plan), "a place goes to one"
    assert not any(one.why_not for one in plan.values())


def test_every_limit_that_rules_out_is_named_from_both_sides():
    one = Seeker("p", must=frozenset({"lift"}), traits=frozenset({"pet"}), not_with=frozenset({"smokes"}))
    place = Opening(
        "h", only=frozenset({"women"}), not_for=frozenset({"pet"}), lives=frozenset({"smokes", "women"})
    )  # fmt: skip
    assert suits(one, place).why_not == (
        "it has no lift", "it is only for women", "it is not for pet",
        "among those who live there are smokes",
    )  # fmt: skip


def test_wishes_of_each_side_are_half_of_the_points():
    one = Seeker("p", wishes=frozenset({"garden", "quiet"}), traits=frozenset({"women"}))
    near = Opening("near", has=frozenset({"garden"}), wishes=frozenset({"women"}))
    none = Opening("none", wishes=frozenset({"pet"}))
    barred = Opening("barred", only=frozenset({"pet"}))
    assert suits(one, near).points == HALF // 2 + HALF
    assert [suit.opening for suit in ordered(one, [barred, none, near])] == ["near", "none", "barred"]
    assert suits(one, near).unmet == ("the person's: quiet",)


def test_more_people_with_a_place_come_before_more_points():
    # One fits both places and loves the first; the other fits the first alone.
    both = Seeker("both", wishes=frozenset({"garden"}))
    bound = Seeker("bound", must=frozenset({"garden"}), wishes=frozenset({"lift"}))
    plan = together([both, bound], [Opening("a", has=frozenset({"garden"})), Opening("b")])
    assert {name: one.opening for name, one in plan.items()} == {"both": "b", "bound": "a"}


def test_reference_that_stands_twice_is_refused():
    with pytest.raises(CallError, match="stands twice"):
        together([Seeker("p"), Seeker("p")], [Opening("h")])
