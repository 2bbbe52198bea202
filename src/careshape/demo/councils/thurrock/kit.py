"""What every service of the borough needs: stocks year by year, and people who have something already."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

from careshape.catalogue.periods import day_date
from careshape.demo.chance import Stay
from careshape.demo.days import Span, aprils, span
from careshape.demo.model import Person, Spell
from careshape.demo.stock import Anchor, Stretch, stock_path
from careshape.demo.world import World

CARE_HOMES = ("residential", "nursing")

BUDGETS = {"autism": "learning-disability", "unpaid-carers": "carers"}

Point = tuple[int, int]
"""A day, and how many people have the service on it."""


def cost_centre(group: str) -> str:
    """The budget that pays for a client group."""
    return BUDGETS.get(group, group)


def stock_days(world: World) -> list[int]:
    """The days for which the rates file gives stocks."""
    return [span(text).first for text in world.flows["council"]["stock-days"]]


def year_by_year(rng: random.Random, points: Sequence[Point], wobble: float = 0.0) -> list[Point]:
    """Points on the straight lines between ``points``, one a year, each off the line by a normal draw."""
    found = [points[0]]
    for (day, people), (until, then) in pairwise(points):
        month, date = day_date(until).month, day_date(until).day
        for april in aprils(day, until):
            between = day_date(april).replace(month=month, day=date).toordinal() - day_date(april).toordinal() + april
            if day < between < until:
                share = (between - day) / (until - day)
                found.append((between, max(0, round(people + share * (then - people) + rng.gauss(0, wobble)))))
        found.append((until, then))
    return sorted(found)


def path(world: World, rng: random.Random, stay: Stay, points: Sequence[Point]) -> list[Stretch]:
    """Stretches that meet every point and go on to the end of the window."""
    anchors = [Anchor(Span(day, day), people) for day, people in points]
    return stock_path(rng, stay, anchors, world.window.last)


def running(world: World, services: Sequence[str], group: str) -> list[Spell]:
    """Spells of these services that people of a group hold."""
    return [spell for spell in world.spells if spell.service in services and spell.group == group]


def join_running(
    world: World, rng: random.Random, spell: Spell, pool: Sequence[Spell], share: float, homes: bool = False
) -> Person:
    """Let somebody with one of the spells in ``pool`` at the time hold the spell, with probability ``share``.

    Otherwise somebody new holds it. People in a care home are passed over unless ``homes``.
    """
    if pool and rng.random() < share:
        met = max(spell.start, world.window.first)
        for _ in range(60):
            other = rng.choice(pool)
            person = other.person
            if person is None or not other.open_on(met) or person.holds(spell.service, spell.start, spell.end):
                continue
            if homes or not any(person.holds(service, spell.start, spell.end) for service in CARE_HOMES):
                world.give(person, spell)
                return person
    return world.give_new(rng, spell)


def people_on(spells: Sequence[Spell], day: int) -> set[int]:
    """Numbers of the people who hold any of the spells on a day."""
    return {spell.person.number for spell in spells if spell.person is not None and spell.open_on(day)}
