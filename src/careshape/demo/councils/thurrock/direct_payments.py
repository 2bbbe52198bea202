"""Direct payments: instances over the published years, personal assistants among them, and carers.

A person may hold several. Payments were split by need at first, and joined into one budget later: instances hardly grow
while the people who have one do.
"""

from __future__ import annotations

import random

from careshape.demo.chance import Stay, lognormal
from careshape.demo.councils.thurrock.figures import Figures, day_of
from careshape.demo.councils.thurrock.kit import (
    CARE_HOMES,
    cost_centre,
    join_running,
    path,
    running,
    stock_days,
    year_by_year,
)
from careshape.demo.days import Span
from careshape.demo.fit import share_out
from careshape.demo.model import Provider, Spell, Step
from careshape.demo.stock import Anchor, stock_path
from careshape.demo.world import World

PAYMENT, ASSISTANT, CARER = "direct-payments", "personal-assistants", "carers-direct-payments"
CARERS = "unpaid-carers"
MOST = 4
"""Payments that one person holds at most."""


def build(world: World, figures: Figures) -> None:
    """Give every payment its person, what it buys and its raw price."""
    carers = _carers(world, figures)
    payments = {
        year: count - figures.assistants.get(year, 0) - sum(spell.open_in(year.first, year.last) for spell in carers)
        for year, count in figures.instances.items()
    }
    spells = _instances(world, PAYMENT, payments) + _instances(world, ASSISTANT, figures.assistants)
    rng = world.rng(PAYMENT, "people")
    micro = [world.new_provider(rng, type="micro-enterprise") for _ in range(world.flows[PAYMENT]["micro-enterprises"])]
    for spell in sorted(spells, key=lambda one: one.start):
        _terms(world, rng, spell, micro)
        _holder(world, rng, spell)
        world.at_home(spell)
    _carers_support(world)


def _instances(world: World, service: str, counts: dict[Span, int]) -> list[Spell]:
    """Payments of each group, so that all groups together have the published number of instances in each year."""
    rates = world.flows[PAYMENT]
    first = world.window.first
    shared = {year: share_out(count, rates["shares"]) for year, count in counts.items()}
    years = sorted(counts, key=lambda year: year.first)
    found = []
    for group in rates["shares"]:
        before = round(rates["start"] * shared[years[0]][group])
        anchors = [Anchor(Span(first, first), before), *(Anchor(year, shared[year][group]) for year in years)]
        stay = world.flows.stay(PAYMENT, group)
        stretches = stock_path(world.rng(service, group), stay, anchors, world.window.last)
        found += world.stretch_spells(stretches, service, group)
    return found


def _terms(world: World, rng: random.Random, spell: Spell, micro: list[Provider]) -> None:
    rates = world.flows[PAYMENT]
    spell.mechanism, spell.purchase, spell.component = "direct-payment", "direct-payment", "recurring"
    spell.cost_centre = cost_centre(spell.group)
    raw = lognormal(rng, rates["sigma"])
    if spell.service == ASSISTANT:
        spell.unit, spell.weight = "hour", rates["price-hour"]
        spell.provider = world.new_provider(rng, type="individual-carer")
        spell.steps = [Step(spell.start, 0, 25 * max(8, round(4 * raw * rates["hours"][spell.group])))]
        return
    spell.weight = rates["price"][spell.group] * raw
    spell.steps = [Step(spell.start, 0, 100)]
    if spell.start >= day_of("2016-04-01") and rng.random() < rates["micro-enterprise"]:
        spell.provider = rng.choice(micro)


def _holder(world: World, rng: random.Random, spell: Spell) -> None:
    """Somebody who has a payment already, somebody with an arranged service, or somebody new."""
    rates = world.flows[PAYMENT]
    window = world.window
    past = min(1.0, max(0.0, (spell.start - window.first) / window.days))
    share = rates["second-early"] + past * (rates["second-late"] - rates["second-early"])
    if rng.random() < share and _second(world, rng, spell):
        return
    for service, share in rates["combined"].items():
        if rng.random() < share:
            join_running(world, rng, spell, running(world, [service], spell.group), 1.0)
            return
    world.give_new(rng, spell)


def _second(world: World, rng: random.Random, spell: Spell) -> bool:
    """Give the payment to somebody with another one at the time, where somebody is found."""
    met = max(spell.start, world.window.first)
    pool = running(world, [PAYMENT, ASSISTANT], spell.group)
    for other in rng.sample(pool, min(len(pool), 40)):
        person = other.person
        if person is None or not other.open_on(met) or any(person.holds(one, met, spell.end) for one in CARE_HOMES):
            continue
        if sum(one.mechanism == "direct-payment" and one.open_on(met) for one in person.spells) < MOST:
            world.give(person, spell)
            return True
    return False


def _carers(world: World, figures: Figures) -> list[Spell]:
    """Carers with a direct payment of their own: each somebody new, with one payment."""
    rates = world.flows["carers"]
    rng = world.rng(CARER)
    year, count = figures.carers
    first = world.window.first
    points = year_by_year(rng, [(first, rates["start"]), (year.first - 1, round(rates["on-a-day"] * count))], 0.4)
    anchors = [*(Anchor(Span(day, day), people) for day, people in points), Anchor(year, count)]
    stretches = stock_path(rng, Stay(*rates["stay"]), anchors, world.window.last)
    spells = world.stretch_spells(stretches, CARER, CARERS)
    for spell in spells:
        spell.mechanism, spell.purchase, spell.component = "direct-payment", "direct-payment", "recurring"
        spell.cost_centre, spell.weight = cost_centre(CARERS), rates["price"] * lognormal(rng, rates["sigma"])
        spell.steps = [Step(spell.start, 0)]
        world.give_new(rng, spell)
        world.at_home(spell)
    return spells


def _carers_support(world: World) -> None:
    """The few carers who have a service of the council's own."""
    rates = world.flows["carers"]["support"]
    rng = world.rng("carers-support")
    council = world.new_provider(rng, type="in-house")
    points = year_by_year(rng, [(day, rates["people"]) for day in stock_days(world)], 0.6)
    stretches = path(world, rng, Stay(*rates["stay"]), points)
    for spell in world.stretch_spells(stretches, "carers-support", CARERS):
        spell.purchase, spell.provider, spell.cost_centre = "in-house", council, cost_centre(CARERS)
        spell.weight = rates["price"]
        spell.steps = [Step(spell.start, 0)]
        world.give_new(rng, spell)
        world.at_home(spell)
