"""People who leave one service and begin the next, and deaths that end everything."""

from __future__ import annotations

import random

from careshape.demo.flows import Flows
from careshape.demo.model import Spell
from careshape.demo.moves import Leavers, follow, settle_deaths
from careshape.demo.targets import Targets
from careshape.demo.world import World
from careshape.records import observations

DAY = 18_000


def world() -> World:
    return World(Targets(observations("worcestershire")), Flows("worcestershire"), 1)


def held(made: World, service: str, start: int, end: int | None, group: str = "older-people") -> Spell:
    spell = Spell(service, group, start, end)
    made.give_new(random.Random(1), spell)
    return spell


def test_follow_gives_the_next_spell_to_one_who_has_just_left() -> None:
    made = world()
    before = held(made, "home-care", DAY - 300, DAY - 4)
    after = Spell("residential", "older-people", DAY, None)
    follow(made, random.Random(1), [after], {"home-care": (Leavers([before]), 1.0, 12)})
    assert after.person is before.person
    assert made.counted["moves from home-care to residential"] == 1


def test_leaver_is_followed_once_and_not_after_too_long_nor_in_another_group() -> None:
    made = world()
    leavers = Leavers(
        [
            held(made, "home-care", DAY - 300, DAY - 40),
            held(made, "home-care", DAY - 300, DAY - 2, "physical-disability"),
            held(made, "home-care", DAY - 300, DAY - 3),
        ]
    )
    first, second = (Spell("residential", "older-people", DAY, None) for _ in range(2))
    assert leavers.before(first, 12) is not None
    assert leavers.before(second, 12) is None


def test_leaver_who_still_has_a_service_does_not_move() -> None:
    made = world()
    before = held(made, "home-care", DAY - 300, DAY - 2)
    assert before.person is not None
    made.give(before.person, Spell("day-services", "older-people", DAY - 200, None))
    assert Leavers([before]).before(Spell("residential", "older-people", DAY, None), 12) is None


def test_deaths_fall_on_the_last_day_of_all_care() -> None:
    made = world()
    first = held(made, "home-care", DAY - 300, DAY)
    assert first.person is not None
    made.give(first.person, Spell("day-services", "older-people", DAY - 200, DAY - 50))
    living = held(made, "home-care", DAY - 300, None)
    settle_deaths(made, {"home-care": 1.0}, {})
    assert first.person.death == DAY
    assert living.person is not None
    assert living.person.death is None
