"""Home care: how many people, how many hours a week each, by which provider, and what was delivered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

from careshape.demo.chance import choose, lognormal
from careshape.demo.councils.thurrock.figures import Figures, day_of
from careshape.demo.councils.thurrock.kit import cost_centre, path, stock_days, year_by_year
from careshape.demo.days import Span, months
from careshape.demo.files import Delivery
from careshape.demo.fit import fit_total, share_out
from careshape.demo.model import Person, Provider, Spell, Step
from careshape.demo.world import World

SERVICE = "home-care"
OLDER_FROM = 65.1
"""Age in years from which the client group is older people, by a month more than needed."""
QUARTER = 25
"""Hundredths of an hour in the quarter hours in which care is planned."""


def build(world: World, figures: Figures) -> None:
    """Give every package its person, hours, provider and raw hourly price."""
    rates = world.flows[SERVICE]
    spells = _spells(world, figures)
    for spell in spells:
        spell.unit, spell.cost_centre = "hour", cost_centre(spell.group)
    _hours(world, spells, figures.hours)
    _providers(world, spells, figures)
    rng = world.rng(SERVICE, "people")
    admitted = _admissions(world)
    for spell in spells:
        person = _before_home(rng, spell, admitted, rates["home-care-before"], world.window.first)
        if person:
            world.give(person, spell)
            world.counted["moves from home-care to a care home"] += 1
        else:
            world.give_new(rng, spell)
        world.at_home(spell)


def _spells(world: World, figures: Figures) -> list[Spell]:
    """Packages by group; in the published month there are more people than were published to be exceeded."""
    rates = world.flows[SERVICE]
    days = stock_days(world)
    counted, people = figures.home_care_people
    earliest = min(figures.hours)
    totals = {
        days[0]: rates["people-2010"],
        earliest: round(figures.hours[earliest] / 100 / rates["hours-each-2014"]),
        counted: round(people * (1 + world.flows["council"]["above"])),
    }
    shared = {day: share_out(total, rates["shares"]) for day, total in totals.items()}
    found = []
    for group in rates["shares"]:
        rng = world.rng(SERVICE, group)
        points = year_by_year(rng, [(day, shared[day][group]) for day in sorted(shared)], 2.0)
        stretches = path(world, rng, world.flows.stay(SERVICE, group), points)
        found += world.stretch_spells(stretches, SERVICE, group)
    return sorted(found, key=lambda spell: spell.start)


def _hours(world: World, spells: Sequence[Spell], wanted: dict[int, int]) -> None:
    """Weekly hours, changed at reviews; the packages open on a published day have its hours between them."""
    rng = world.rng(SERVICE, "hours")
    rates = world.flows[SERVICE]
    for spell in spells:
        spell.weight = lognormal(rng, rates["sigma"])
    fitted: dict[int, list[tuple[int, int]]] = {}
    means: dict[int, float] = {}
    for day, total in wanted.items():
        there = [spell for spell in spells if spell.open_on(day)]
        least = round(rates["least"] * 100 / QUARTER)
        quarters = fit_total([spell.weight for spell in there], total // QUARTER, least)
        means[day] = total / 100 / sum(spell.weight for spell in there)
        for spell, number in zip(there, quarters, strict=True):
            fitted.setdefault(id(spell), []).append((day, number * QUARTER))
    for spell in spells:
        known = fitted.get(id(spell), [])
        first = known[0][1] if known else _quarters(spell.weight * _between(means, spell.start), rates["least"])
        spell.steps = [Step(spell.start, 0, first)]
        for (day, _), (until, then) in pairwise(known):
            spell.steps.append(Step(rng.randint(day + 1, until), 0, then))
        if len(known) < 2:
            _review(world, rng, spell, set(wanted))


def _between(means: dict[int, float], day: int) -> float:
    """The mean on a day, on the straight line between the published days and level outside them."""
    first, last = min(means), max(means)
    share = min(1.0, max(0.0, (day - first) / (last - first))) if last > first else 0.0
    return means[first] + share * (means[last] - means[first])


def _quarters(hours: float, least: float) -> int:
    return QUARTER * round(max(hours, least) * 100 / QUARTER)


def _review(world: World, rng: random.Random, spell: Spell, counted: set[int]) -> None:
    """Other hours from a review on, for some packages; the hours of the published days stay as they are."""
    rates = world.flows[SERVICE]
    last = world.window.last if spell.end is None else spell.end
    known = [day for day in counted if spell.open_on(day)]
    first = max(spell.start, world.window.first, *known) + 30
    years = (last - first) / 365.25
    if years > 0 and rng.random() < 1 - (1 - rates["reviewed"]) ** years:
        other = _quarters(spell.steps[0].quantity / 100 * rng.uniform(0.7, 1.6), rates["least"])
        if other != spell.steps[0].quantity:
            spell.steps.append(Step(rng.randint(first, last), 0, other))


def _providers(world: World, spells: Sequence[Spell], figures: Figures) -> None:
    """Packages that run on the published day, and all before it, are with the contract providers; others came later."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE, "providers")
    counted, number = figures.contract_providers
    shares = [rates["contract-shares"][i % len(rates["contract-shares"])] for i in range(number)]
    kinds = [
        "not-for-profit" if rates["not-for-profit"][i % len(rates["not-for-profit"])] else "private"
        for i in range(number)
    ]
    contract = [world.new_provider(rng, type=kind) for kind in kinds]
    later = [(world.new_provider(rng, 0.15), counted + 120 + 160 * i) for i in range(rates["providers-later"])]
    price = {one.reference: lognormal(rng, rates["sigma-price"]) for one in [*contract, *(one for one, _ in later)]}
    there = [spell for spell in spells if spell.open_on(counted)]
    for spell in spells:
        years = (spell.start - counted) / 365.25
        new = [one for one, since in later if since <= spell.start]
        if new and rng.random() < rates["later-share"] * (1 + years):
            provider, spell.purchase = rng.choice(new), "spot"
        else:
            provider, spell.purchase = choose(rng, dict(zip(contract, shares, strict=True))), "contract"
        _serve(spell, provider, rates["price"] * price[provider.reference])
    for provider, spell in zip(contract, there, strict=False):  # each contract is in use on the published day
        _serve(spell, provider, rates["price"] * price[provider.reference])


def _serve(spell: Spell, provider: Provider, price: float) -> None:
    spell.provider, spell.weight = provider, price


def _admissions(world: World) -> list[tuple[int, Person]]:
    """Older people's admissions to care homes since the window began."""
    return [
        (spell.start, spell.person)
        for spell in world.spells
        if spell.person and spell.group == "older-people" and spell.start > world.window.first
        if spell is spell.person.spells[0]
    ]


def _before_home(
    rng: random.Random, spell: Spell, admitted: list[tuple[int, Person]], share: float, first: int
) -> Person | None:
    """For some packages that end, somebody who went into a care home within a fortnight."""
    if spell.group != "older-people" or spell.end is None or rng.random() > share:
        return None
    met = max(spell.start, first)
    near = [one for one in admitted if 0 <= one[0] - spell.end <= 14 and one[1].age(met) >= OLDER_FROM]
    if not near:
        return None
    chosen = rng.choice(near)
    admitted.remove(chosen)
    return chosen[1]


def deliveries(world: World) -> list[Delivery]:
    """Hours delivered, month by month, a little below what was planned."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE, "deliveries")
    window = Span(day_of(rates["delivered-from"]), world.window.last)
    mine = [spell for spell in world.spells if spell.service == SERVICE and spell.open_in(window.first, window.last)]
    found = []
    for month in months(window):
        for spell in mine:
            days = month.overlap(spell.start, spell.end)
            if days:
                start = max(month.first, spell.start)
                end = month.last if spell.end is None else min(month.last, spell.end)
                planned = spell.step_on(start).quantity * days / 7
                done = QUARTER * round(planned * min(1.15, rng.gauss(rates["delivered"], 0.06)) / QUARTER)
                visits = max(1, round(planned / 100 / rates["visit-hours"]))
                made = min(visits, round(visits * done / planned))
                found.append(Delivery(spell, start, end, max(0, done), visits, max(0, made)))
    return found
