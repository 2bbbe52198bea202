"""Post-hospital (step-down) beds: short stays, as many nights in each place and year as published."""

from __future__ import annotations

from careshape.demo.chance import choose, lognormal
from careshape.demo.councils.worcestershire.care_homes import OUTSIDE, nights_by_place
from careshape.demo.model import Spell, Step
from careshape.demo.nights import fit_nights
from careshape.demo.stock import Stretch
from careshape.demo.world import World

SERVICE = "post-hospital-step-down"


def build(world: World) -> list[Spell]:
    """Stays by place and year, and after the last counted year at its rate; each held by a new person."""
    rates = world.flows["step-down"]
    stay = world.flows.stay("step-down")
    spells = []
    for place, years in nights_by_place(world, SERVICE).items():
        rng = world.rng("step-down", place)
        stretches: list[Stretch] = []
        for year, nights in years.items():
            for _ in range(round(nights / stay.mean)):
                start = rng.randint(year.first, year.last - 2)
                stretches.append(Stretch(start, min(start + stay.draw(rng), year.last - 1)))
        fit_nights(rng, stretches, years, stay)
        last = max(years, key=lambda year: year.last)
        for _ in range(round(years[last] / stay.mean * (world.window.last - last.last) / last.days)):
            start = rng.randint(last.last + 1, world.window.last)
            stretches.append(Stretch(start, start + stay.draw(rng)))
        homes = [
            world.new_setting(
                rng,
                world.new_provider(rng, world.flows["care-homes"]["not-for-profit"]),
                "not-applicable" if place == OUTSIDE else place,
                rng.choice(world.flows["outside"]["postcodes"]) if place == OUTSIDE else "",
            )
            for _ in range(rates["homes"])
        ]
        for spell in world.stretch_spells(sorted(stretches, key=lambda one: one.start), SERVICE, "older-people"):
            spell.group = choose(rng, rates["groups"])
            spell.purchase = "block" if rng.random() < rates["block"] else "spot"
            spell.area = OUTSIDE if place == OUTSIDE else "in-county"
            weekly = 100 * rates["weekly"] * lognormal(rng, rates["sigma"])
            spell.steps = [Step(spell.start, round(weekly))]
            world.give_new(rng, spell, "" if place == OUTSIDE else place)
            world.place(spell, rng.choice(homes))
            spells.append(spell)
    return spells
