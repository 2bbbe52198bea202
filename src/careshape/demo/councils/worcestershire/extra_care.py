"""Extra care housing: a core service for everybody in a scheme, and care for those who need it."""

from __future__ import annotations

from dataclasses import replace

from careshape.demo.chance import sizes
from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import Span
from careshape.demo.fit import share_out
from careshape.demo.model import Spell
from careshape.demo.series import price_year, spells_through
from careshape.demo.world import World

SERVICE = "extra-care-housing"


def build(world: World, year: Span) -> None:
    """Residents with council-arranged support, in as many schemes as published, at the published cost of a year."""
    rates = world.flows["extra-care"]
    rng = world.rng("extra-care")
    last = Span(year.last, year.last)
    core: list[Spell] = []
    for group, people in share_out(rates["people"], rates["groups"]).items():
        stay = world.flows.stay("extra-care", group)
        core += spells_through(world, rng, SERVICE, group, {last: people}, stay, rates["start"])
    number = world.targets.count(measure="contracted-schemes", service=SERVICE)
    places = list(world.flows["districts"])
    schemes = [world.new_setting(rng, world.new_provider(rng, 0.6), places[i % len(places)]) for i in range(number)]
    units = sizes(rng, number, 0.3)
    care = []
    now = [spell for spell in core if spell.open_on(year.last)]
    first = {id(spell): scheme for spell, scheme in zip(rng.sample(now, min(number, len(now))), schemes, strict=False)}
    for spell in core:
        scheme = first.get(id(spell)) or rng.choices(schemes, weights=units)[0]
        spell.component, spell.purchase, spell.cost_centre = "core", "contract", cost_centre(spell.group)
        world.give_new(rng, spell, scheme.district)
        world.place(spell, scheme)
        if rng.random() < rates["care"] and spell.person:
            care.append(world.give(spell.person, replace(spell, component="care", steps=[])))
    for spells, component, measure in (
        (core, "core", "annual-core-service-funding"),
        (care, "care", "annual-care-cost"),
    ):
        pounds = float(world.targets.value(measure=measure, service=SERVICE))
        price_year(world, rng, spells, year, pounds, rates["sigma"][component])
