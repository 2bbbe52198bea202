"""Care homes: older people year by year between the published counts, younger groups, and homes that closed."""

from __future__ import annotations

import random
from dataclasses import replace

from careshape.demo.chance import lognormal, sizes
from careshape.demo.councils.thurrock.figures import Figures, day_of
from careshape.demo.councils.thurrock.kit import cost_centre, path, stock_days, year_by_year
from careshape.demo.model import Setting, Spell
from careshape.demo.world import World

OLDER, DISABLED = "older-people", "learning-disability"
OUTSIDE = "out-of-county"


def build(world: World, figures: Figures) -> None:
    """Give every placement its person, home and raw price."""
    own = _own_homes(world, figures.own_homes)
    spells = _external_older(world, figures)
    for service in ("residential", "nursing"):
        for group, counts in world.flows["care-homes"]["people"][service].items():
            spells += _stock(world, service, group, counts)
    closed = _homes(world, spells)
    rng = world.rng("care-homes", "people")
    rates = world.flows["care-homes"]
    for spell in sorted([*spells, *own], key=lambda one: one.start):
        _person(world, rng, spell)
        spell.cost_centre = cost_centre(spell.group)
        usual = (
            rates["price"]["in-house"] if spell.purchase == "in-house" else rates["price"][spell.service][spell.group]
        )
        spell.weight = usual * lognormal(
            rng, rates["sigma"][spell.group] * (0.2 if spell.purchase == "in-house" else 1.0)
        )
    _closures(world, closed)


def _external_older(world: World, figures: Figures) -> list[Spell]:
    """Older people in residential homes of outside providers: exact on the published days."""
    rng = world.rng("care-homes", "older")
    points = sorted(figures.older.items())
    before = (world.window.first, points[0][1] + rng.randint(0, 4))
    points = [before, *year_by_year(rng, points, world.flows["care-homes"]["wobble"])]
    stretches = path(world, rng, world.flows.stay("care-homes", OLDER, "residential"), points)
    return world.stretch_spells(stretches, "residential", OLDER)


def _stock(world: World, service: str, group: str, counts: list[int]) -> list[Spell]:
    rng = world.rng("care-homes", service, group)
    points = year_by_year(rng, list(zip(stock_days(world), counts, strict=True)), 0.5)
    stretches = path(world, rng, world.flows.stay("care-homes", group, service), points)
    return world.stretch_spells(stretches, service, group)


def _own_homes(world: World, number: int) -> list[Spell]:
    """Older people in the council's own homes."""
    rng = world.rng("care-homes", "own")
    council = world.new_provider(rng, type="in-house")
    homes = [world.new_setting(rng, council, world.authority) for _ in range(number)]
    spells = _stock(world, "residential", OLDER, world.flows["care-homes"]["in-house"]) if homes else []
    for count, spell in enumerate(spells):
        spell.purchase, spell.area = "in-house", "in-county"
        world.place(spell, homes[count % number])
    return spells


def _homes(world: World, spells: list[Spell]) -> dict[str, int]:
    """Give each placement with an outside provider a home of its group; returns the homes that closed, and when."""
    rates = world.flows["care-homes"]
    closed: dict[str, int] = {}
    for group in sorted({spell.group for spell in spells}):
        rng = world.rng("care-homes", "homes", group)
        inside = [_home(world, rng, world.authority) for _ in range(rates["homes"][group])]
        outside = [_home(world, rng, "not-applicable") for _ in range(rates["homes-outside"][group])]
        drawn = sizes(rng, len(inside) + len(outside), rates["spread"])
        size = {home.reference: one for home, one in zip([*inside, *outside], drawn, strict=True)}
        if group == DISABLED:
            days = [day_of(text) for text in rates["closed"]]
            closed = {home.reference: day for home, day in zip(inside, days, strict=False)}
        for spell in (one for one in spells if one.group == group):
            away = rng.random() < rates["outside"][group]
            open_then = [one for one in (outside if away else inside) if closed.get(one.reference, 10**9) > spell.start]
            world.place(spell, rng.choices(open_then, weights=[size[one.reference] for one in open_then])[0])
            spell.area, spell.purchase = (OUTSIDE if away else "in-county"), "spot"
    return closed


def _home(world: World, rng: random.Random, district: str) -> Setting:
    rates = world.flows["care-homes"]
    provider = world.new_provider(rng, rates["not-for-profit"])
    away = district != world.authority
    return world.new_setting(rng, provider, district, rng.choice(world.flows["outside"]["postcodes"]) if away else "")


def _closures(world: World, closed: dict[str, int]) -> None:
    """People in a home that closed move to another home of the borough the next day."""
    rng = world.rng("care-homes", "closures")
    mine = [s for s in world.spells if s.service == "residential" and s.group == DISABLED and s.area == "in-county"]
    homes = list({s.setting.reference: s.setting for s in sorted(mine, key=_reference) if s.setting}.values())
    others = [home for home in homes if home.reference not in closed]
    for spell in mine:
        day = closed.get(_reference(spell))
        if day is None or spell.person is None or not (spell.end is None or spell.end > day):
            continue
        after = replace(spell, start=day + 1, steps=[])
        spell.end = day
        world.give(spell.person, after)
        world.counted["moves from a home that closed"] += 1
        world.place(after, rng.choice(others))


def _reference(spell: Spell) -> str:
    return spell.setting.reference if spell.setting else ""


def _person(world: World, rng: random.Random, spell: Spell) -> None:
    """Somebody new; or, for some nursing placements, somebody whose residential placement ends about then."""
    if (
        spell.service == "nursing"
        and spell.group == OLDER
        and rng.random() < world.flows["care-homes"]["residential-before"]
    ):
        leaving = (one for one in world.spells if one.service == "residential" and one.group == OLDER and one.end)
        for other in leaving:
            person, gap = other.person, spell.start - (other.end or 0)
            if person and len(person.spells) == 1 and 0 < gap <= 20 and spell.start > world.window.first:
                spell.start -= gap - 1
                world.give(person, spell)
                world.counted["moves from residential to nursing"] += 1
                return
    world.give_new(rng, spell)
