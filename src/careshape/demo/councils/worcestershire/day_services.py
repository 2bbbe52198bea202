"""Day services: contracted outside, the council's own, and bought with a direct payment."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from careshape.demo.chance import lognormal, sizes
from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import Span, last_day, span
from careshape.demo.fit import fit_total, share_out
from careshape.demo.model import Provider, Spell, Step
from careshape.demo.pricing import steps_with_uplift
from careshape.demo.series import locality_of, price_spread, spells_through
from careshape.demo.world import World

SERVICE = "day-services"
EXTERNAL, INTERNAL, PAID = "external-contracted", "internal", "direct-payment"
JOINED = "older-people-physical-disability-sensory-impairment"
"""The published group that stands for several client groups."""


def build(world: World) -> None:
    """Fill the three kinds of day service."""
    _external(world)
    _internal(world)
    _paid(world)


def _groups(world: World, group: str, people: int) -> dict[str, int]:
    """People by client group, where one published group stands for several."""
    shares: Mapping[str, float] = world.flows[SERVICE]["group-shares"]
    return share_out(people, shares) if group == JOINED else {group: people}


def _hold(world: World, rng: random.Random, spells: Sequence[Spell], component: str) -> None:
    """Let people hold the spells, and say where and how the service is given."""
    for spell in sorted(spells, key=lambda one: one.start):
        spell.component, spell.unit, spell.cost_centre = component, "session", cost_centre(spell.group)
        world.join(rng, spell, world.flows[SERVICE]["known"].get(spell.group, 0.3))
        world.at_home(spell)
        spell.locality = locality_of(spell.district, spell.zone)


def _external(world: World) -> None:
    """Contracted services: people over a published week, and what a week costs at its end."""
    rng = world.rng(SERVICE, EXTERNAL)
    rates = world.flows[SERVICE]
    rows = world.targets.rows(service=SERVICE, provision=EXTERNAL, row_kind="part")
    people = {one.dims["client_group"]: one for one in rows if one.measure == "individuals"}
    spend = {one.dims["client_group"]: one.value for one in rows if one.measure == "weekly-spend"}
    providers = _contracted(world, rng)
    for group, row in people.items():
        week = span(row.period.text)
        spells = []
        for client_group, number in _groups(world, group, int(row.value)).items():
            stay = world.flows.stay(SERVICE, client_group)
            spells += spells_through(world, rng, SERVICE, client_group, {week: number}, stay, rates["start"], leaving=0)
        _hold(world, rng, spells, EXTERNAL)
        for spell in spells:
            old = rng.random() < rates["older-style"]
            spell.purchase = "older-style-contract" if old else "dynamic-purchasing-system"
            spell.provider = rng.choice(providers["learning-disability" if group == "learning-disability" else JOINED])
        spells += _second(world, rng, spells, providers[group if group in providers else JOINED])
        _price_week(world, rng, spells, round(100 * spend[group]), week)


def _contracted(world: World, rng: random.Random) -> dict[str, list[Provider]]:
    """Contracted providers: those for one client group, and those for all."""
    rows = world.targets.rows(measure=["dps-providers", "dps-providers-on-both"], service=SERVICE)
    numbers = {one.dims["client_group"]: int(one.value) for one in rows if one.measure == "dps-providers"}
    both = [one for one in rows if one.measure == "dps-providers-on-both"]
    share = world.flows[SERVICE]["not-for-profit"]
    everybody = [world.new_provider(rng, share) for _ in range(int(both[0].value))]
    return {
        group: [*(world.new_provider(rng, share) for _ in range(numbers[group])), *everybody]
        for group in ("learning-disability", JOINED)
    }


def _second(world: World, rng: random.Random, spells: Sequence[Spell], providers: Sequence[Provider]) -> list[Spell]:
    """Some people go to a second provider as well."""
    found = []
    for spell in spells:
        if spell.person and rng.random() < world.flows[SERVICE]["second-provider"]:
            other = replace(spell, provider=rng.choice(providers), steps=[])
            found.append(world.give(spell.person, other))
    return found


def _price_week(world: World, rng: random.Random, spells: Sequence[Spell], pence: int, week: Span) -> None:
    """Prices that add up to ``pence`` on the last day of the week; the others are like them."""
    for spell in spells:
        spell.weight = lognormal(rng, world.flows[SERVICE]["sigma"])
    now = [spell for spell in spells if spell.open_on(week.last)]
    mean = pence / max(1, sum(spell.weight for spell in now))
    prices = dict(zip(map(id, now), fit_total([spell.weight for spell in now], pence), strict=True))
    for spell in spells:
        weekly = prices.get(id(spell), max(1, round(mean * spell.weight)))
        spell.steps = _sessions(
            world, spell, steps_with_uplift(world.flows, spell, weekly, week.last, world.window.last)
        )


def _sessions(world: World, spell: Spell, steps: list[Step]) -> list[Step]:
    """Whole sessions a week, about as many as the price pays for; the price of one follows."""
    quantity = 100 * max(1, min(10, round(world.flows[SERVICE]["sessions"] * spell.weight)))
    return [Step(step.start, step.weekly, quantity, round(100 * step.weekly / quantity)) for step in steps]


def _internal(world: World) -> None:
    """The council's own centres."""
    rng = world.rng(SERVICE, INTERNAL)
    rates = world.flows[SERVICE]
    row = world.targets.rows(measure="individuals-internal-day-services", service=SERVICE)[0]
    group = row.dims["client_group"]
    day = last_day(world.flows["council"]["counted"])
    council = world.new_provider(rng, type="in-house")
    places = list(world.flows["districts"])
    centres = [world.new_setting(rng, council, places[i % len(places)]) for i in range(rates["internal-centres"])]
    stay = world.flows.stay(SERVICE, group)
    spells = spells_through(world, rng, SERVICE, group, {day: int(row.value)}, stay, rates["start"])
    _hold(world, rng, spells, INTERNAL)
    for spell in spells:
        near = [centre for centre in centres if centre.district == spell.district] or centres
        spell.purchase, spell.setting, spell.provider = "in-house", rng.choice(near), council
    price_spread(world, rng, spells, rates["internal-weekly"], rates["sigma"] / 2, day.last)


def _paid(world: World) -> None:
    """Bought with a direct payment: people and providers over a published month."""
    rng = world.rng(SERVICE, PAID)
    rates = world.flows[SERVICE]
    rows = world.targets.rows(service=SERVICE, funding_route=PAID)
    by_group: dict[str, dict[str, int]] = defaultdict(dict)
    for one in rows:
        by_group[one.dims["client_group"]][one.measure] = int(one.value)
    month = span(rows[0].period.text)
    for group, numbers in by_group.items():
        pool = [world.new_provider(rng, rates["not-for-profit"]) for _ in range(numbers["providers"])]
        spells = []
        for client_group, people in _groups(world, group, numbers["individuals"]).items():
            stay = world.flows.stay(SERVICE, client_group)
            spells += spells_through(world, rng, SERVICE, client_group, {month: people}, stay, rates["start"])
        _hold(world, rng, spells, PAID)
        weights = sizes(rng, len(pool), 0.7)
        for spell in spells:
            spell.mechanism = spell.purchase = "direct-payment"
            spell.provider = rng.choices(pool, weights=weights)[0]
        there = [spell for spell in spells if spell.open_in(month.first, month.last)]
        for spell, provider in zip(rng.sample(there, min(len(there), len(pool))), pool, strict=False):
            spell.provider = provider
        price_spread(world, rng, spells, rates["direct-payment-weekly"], rates["sigma"], month.last)
