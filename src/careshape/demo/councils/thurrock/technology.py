"""Assistive technology: beside other services, and alone for as many as direct payment take-up implies."""

from __future__ import annotations

import random

from careshape.catalogue import catalogue
from careshape.demo.chance import Stay, lognormal
from careshape.demo.councils.thurrock.figures import Figures
from careshape.demo.councils.thurrock.kit import cost_centre, path, people_on, year_by_year
from careshape.demo.fit import share_out
from careshape.demo.model import Provider, Spell, Step
from careshape.demo.world import World

SERVICE = "assistive-technology"


def build(world: World, figures: Figures) -> None:
    """Give technology to people with other services, then to others."""
    rng = world.rng(SERVICE)
    provider = world.new_provider(rng, type="private")
    rates = world.flows["technology"]
    for service, share in rates["beside"].items():
        for other in [spell for spell in world.spells if spell.service == service]:
            if rng.random() < share:
                _beside(world, rng, other, provider)
    for group, points in _alone(world, rng, figures).items():
        stretches = path(world, rng, Stay(*rates["stay"][group]), points)
        for spell in world.stretch_spells(stretches, SERVICE, group):
            _terms(world, rng, spell, provider)
            world.give_new(rng, spell)
            world.at_home(spell)


def _beside(world: World, rng: random.Random, other: Spell, provider: Provider) -> None:
    """Technology that comes soon after another service began and goes with it."""
    start = other.start + rng.randint(0, 60)
    person = other.person
    if person is None or not other.open_on(start) or start > world.window.last or start < world.window.first - 3000:
        return
    if not person.holds(SERVICE, start, other.end):
        spell = Spell(SERVICE, other.group, start, other.end)
        _terms(world, rng, spell, provider)
        world.give(person, spell)
        world.at_home(spell)


def _terms(world: World, rng: random.Random, spell: Spell, provider: Provider) -> None:
    rates = world.flows["technology"]
    spell.unit, spell.provider, spell.purchase = "item", provider, "contract"
    spell.cost_centre = cost_centre(spell.group)
    spell.weight = rates["price"] * lognormal(rng, rates["sigma"])
    spell.steps = [Step(spell.start, 0)]


def _alone(world: World, rng: random.Random, figures: Figures) -> dict[str, list[tuple[int, int]]]:
    """Group -> day -> people with technology and nothing else: what take-up leaves after other community services."""
    rates = world.flows["technology"]
    members = set(catalogue().members("service", "community-based-services"))
    community = [spell for spell in world.spells if spell.service in members and not spell.one_off]
    paid = [spell for spell in community if spell.mechanism == "direct-payment"]
    totals = {world.window.first: int(rates["alone-2010"])}
    for day, one_in in figures.one_in.items():
        wanted, others = round(len(people_on(paid, day)) * one_in), len(people_on(community, day))
        if wanted < others:
            world.notes.append(f"{others} people have community services on day {day}: more than take-up implies.")
        totals[day] = max(0, wanted - others)
    shared = {day: share_out(total, rates["alone"]) for day, total in totals.items()}
    return {
        group: year_by_year(rng, [(day, shared[day][group]) for day in sorted(shared)], 1.5) for group in rates["alone"]
    }
