"""Home care: people of 65 and over and younger, hours arranged, and hours delivered month by month and district."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from careshape.demo.chance import choose, lognormal, sizes
from careshape.demo.days import Span, months, span
from careshape.demo.files import Delivery
from careshape.demo.fit import Printed, fit_total, settle, share_out
from careshape.demo.model import Provider, Spell, Step
from careshape.demo.moves import Leavers, follow
from careshape.demo.pricing import steps_with_uplift
from careshape.demo.series import spells_through
from careshape.demo.world import World
from careshape.records import slug

SERVICE = "home-care"
UNKNOWN = "unknown"
Hours = dict[Span, dict[str, float]]
"""Month -> district -> hours delivered."""


def build(world: World, enabled: list[Spell], after_hospital: list[Spell]) -> tuple[list[Spell], list[Delivery]]:
    """Spells, some of people who have left reablement or a post-hospital bed, and what was delivered against them."""
    hours = published_hours(world)
    spells = _spells(world, hours)
    _people(world, spells, enabled, after_hospital)
    _hours_arranged(world, spells, hours)
    _providers(world, spells)
    return spells, _deliveries(world, spells, hours)


def published_hours(world: World) -> Hours:
    """Hours by month and district, to parts of an hour so that districts and total both round as printed."""
    rows = world.targets.rows(measure="hours-delivered", service=SERVICE)
    found: Hours = {}
    for month in sorted({span(one.period.text) for one in rows}):
        mine = [one for one in rows if span(one.period.text) == month]
        parts = [one for one in mine if one.row_kind == "part"]
        figures = [Printed((i,), one.value) for i, one in enumerate(parts)]
        figures += [Printed(tuple(range(len(parts))), one.value) for one in mine if one.row_kind == "total"]
        values = settle([float(one.value) for one in parts], figures)
        found[month] = {slug(one.dims["district"]): value for one, value in zip(parts, values, strict=True)}
    return found


def _older_people(world: World) -> dict[Span, int]:
    """People of 65 and over in a month, from the published share of the population."""
    population: dict[int, Decimal] = defaultdict(Decimal)
    for one in world.targets.rows(measure="population-projection", age_band="65+", row_kind="part"):
        if one.period.start:
            population[one.period.start.year] += one.value
    found = {}
    for one in world.targets.rows(measure="share-of-population-receiving-home-care"):
        month = span(one.period.text)
        year = max(year for year in population if one.period.start and year <= one.period.start.year)
        found[month] = round(one.value / 100 * population[year])
    return found


def _spells(world: World, hours: Hours) -> list[Spell]:
    """Spells by district and age, with people as many as published over each month."""
    rates = world.flows[SERVICE]
    older = _older_people(world)
    counts: dict[tuple[str, str], dict[Span, int]] = defaultdict(dict)
    for month, people in older.items():
        by_district = hours.get(month) or hours[max(hours)]
        for district, number in share_out(people, by_district).items():
            counts["older-people", district][month] = number
        younger = share_out(round(people * rates["younger"]), by_district)
        for district, number in younger.items():
            counts["younger", district][month] = number
    spells = []
    for (age, district), by_month in counts.items():
        rng = world.rng(SERVICE, age, district)
        stay = world.flows.stay(SERVICE, age)
        for spell in spells_through(world, rng, SERVICE, "older-people", by_month, stay, rates["start"]):
            spell.group = "older-people" if age == "older-people" else choose(rng, rates["younger-groups"])
            spell.district = "" if district == UNKNOWN else district
            spell.unit, spell.purchase = "hour", "dynamic-purchasing-system"
            spell.hours = rates["hours"] * lognormal(rng, rates["sigma"])
            spells.append(spell)
    return spells


def _people(world: World, spells: Sequence[Spell], enabled: list[Spell], after_hospital: list[Spell]) -> None:
    """Let people hold the spells; where the record has no district it has no other whereabouts either."""
    rng = world.rng(SERVICE, "people")
    rates = world.flows[SERVICE]
    sources = {
        "reablement": (Leavers(enabled), rates["reablement-before"], 10),
        "post-hospital-step-down": (Leavers(after_hospital), rates["step-down-before"], 6),
    }
    follow(world, rng, sorted(spells, key=lambda one: one.start), sources)
    for spell in spells:
        if spell.district and spell.person:
            spell.zone, spell.postcode = world.home(rng, spell.district)
            spell.person.district, spell.person.zone, spell.person.postcode = spell.district, spell.zone, spell.postcode


def _hours_arranged(world: World, spells: Sequence[Spell], hours: Hours) -> None:
    """Hours a week, so that what is arranged in each counted month is a little more than what was delivered in it."""
    rng = world.rng(SERVICE, "hours")
    rates = world.flows[SERVICE]
    counted = sorted(hours)
    factor: dict[tuple[Span, str], float] = {}
    for month in counted:
        for district, delivered in hours[month].items():
            mine = [spell for spell in spells if (spell.district or UNKNOWN) == district]
            arranged = sum(spell.hours * month.overlap(spell.start, spell.end) / 7 for spell in mine)
            factor[month, district] = delivered / rates["delivered"] / arranged if arranged else 1.0
    for spell in spells:
        district = spell.district or UNKNOWN
        seen = [month for month in counted if spell.open_in(month.first, month.last)] or [
            min(counted, key=lambda month: abs(month.first - spell.start))
        ]
        rate = rates["rate"] * lognormal(rng, 0.05)
        levels = [(spell.start, spell.hours * factor[seen[0], district])]
        for earlier, later in pairwise(seen):
            reviews = [month.first for month in months(Span(earlier.last + 1, later.first))]
            levels.append((rng.choice(reviews), spell.hours * factor[later, district]))
        spell.steps = _steps(world, spell, rate, levels)


def _steps(world: World, spell: Spell, rate: float, levels: list[tuple[int, float]]) -> list[Step]:
    """A step at each April and each review: hours of the last review, the rate of the year."""
    last = world.window.last
    priced = steps_with_uplift(world.flows, spell, round(100 * rate), last, last)
    starts = sorted({step.start for step in priced} | {day for day, _ in levels})
    steps = []
    for start in starts:
        price = [step.weekly for step in priced if step.start <= start][-1]
        amount = max(25, 25 * round(4 * [hours for day, hours in levels if day <= start][-1]))
        steps.append(Step(start, (price * amount + 50) // 100, amount, price))
    return steps


def _providers(world: World, spells: Sequence[Spell]) -> None:
    """Providers large and small; on the counted day as many are in use as published."""
    rng = world.rng(SERVICE, "providers")
    rates = world.flows[SERVICE]
    rows = world.targets.rows(measure="dps-providers-in-use", service=SERVICE)
    wanted = round(sum(one.value for one in rows) / len(rows))
    pool = [world.new_provider(rng, rates["not-for-profit"]) for _ in range(round(wanted * rates["pool"]))]
    weights = sizes(rng, len(pool), 1.1)
    for spell in spells:
        spell.provider = rng.choices(pool, weights=weights)[0]
    day = max(span(one.period.text).last for one in world.targets.rows(measure="hours-delivered", service=SERVICE))
    in_use(rng, [spell for spell in spells if spell.open_on(day)], pool, wanted)


def in_use(rng: random.Random, spells: Sequence[Spell], pool: Sequence[Provider], wanted: int) -> None:
    """Change providers of a few spells until ``wanted`` providers hold any."""
    by_provider: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.provider:
            by_provider[spell.provider.reference].append(spell)
    idle = [provider for provider in pool if provider.reference not in by_provider]
    while len(by_provider) < wanted and idle:
        largest = max(by_provider.values(), key=len)
        new = idle.pop(rng.randrange(len(idle)))
        moved = largest.pop(rng.randrange(len(largest)))
        moved.provider = new
        by_provider[new.reference] = [moved]
    while len(by_provider) > wanted:
        name = min(by_provider, key=lambda name: (len(by_provider[name]), name))
        for spell in by_provider.pop(name):
            other = rng.choice(list(by_provider.values()))
            spell.provider = other[0].provider
            other.append(spell)


def _deliveries(world: World, spells: Sequence[Spell], hours: Hours) -> list[Delivery]:
    """Hours delivered in each month: exact by district in the counted months, in proportion in the others."""
    rng = world.rng(SERVICE, "deliveries")
    rates = world.flows[SERVICE]
    found = []
    for month in months(span(rates["deliveries"])):
        raw: dict[str, list[tuple[Spell, float]]] = defaultdict(list)
        for spell in spells:
            days = month.overlap(spell.start, spell.end)
            if days:
                ratio = min(1.15, max(0.3, rng.gauss(rates["delivered"], rates["delivered-sd"])))
                planned = spell.step_on(max(spell.start, month.first)).quantity * days / 7
                raw[spell.district or UNKNOWN].append((spell, planned * ratio))
        for district, mine in raw.items():
            amounts = [amount for _, amount in mine]
            if month in hours and district in hours[month]:
                units = fit_total(amounts, round(100 * hours[month][district]), least=0)
            else:
                units = [round(amount) for amount in amounts]
            found += [_delivery(rates, spell, month, n) for (spell, _), n in zip(mine, units, strict=True)]
    return found


def _delivery(rates: dict[str, float], spell: Spell, month: Span, units: int) -> Delivery:
    start = max(spell.start, month.first)
    end = month.last if spell.end is None else min(spell.end, month.last)
    planned = spell.step_on(start).quantity * (end - start + 1) / 700
    visit = rates["hours-a-visit"]
    visits = max(1, round(planned / visit))
    return Delivery(spell, start, end, units, visits, min(visits, max(1, round(units / 100 / visit))))
