"""Reablement: short spells at home by the council's own team, as many starts a week as published."""

from __future__ import annotations

from careshape.catalogue.periods import financial_year_period
from careshape.demo.chance import choose, lognormal
from careshape.demo.days import Span
from careshape.demo.model import Spell, Step
from careshape.demo.world import World

SERVICE = "reablement"


def build(world: World) -> list[Spell]:
    """Spells of the financial years in the window, each held by a new person."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE)
    rows = world.targets.rows(measure="people-supported-home-from-hospital-per-week", service=SERVICE, kind="observed")
    weekly = float(rows[0].value)
    team = world.new_provider(rng, type="in-house")
    stay = world.flows.stay(SERVICE)
    spells = []
    for name, growth in sorted(rates["growth"].items()):
        year = financial_year_period(int(name))
        days = Span(max(year.start_day, world.window.first), min(year.end_day, world.window.last))
        for _ in range(round(weekly * growth * days.days / 7)):
            start = rng.randint(days.first, days.last)
            end = start + min(rates["longest"], stay.draw(rng))
            group = choose(rng, rates["groups"])
            spell = Spell(SERVICE, group, start, end if end <= world.window.last else None, purchase="in-house")
            spell.older, spell.unit, spell.provider = group == "older-people", "hour", team
            amount = max(100, 25 * round(4 * rates["hours"] * lognormal(rng, rates["sigma"])))
            price = round(100 * rates["rate"])
            spell.steps = [Step(start, (price * amount + 50) // 100, amount, price)]
            spells.append(spell)
    for spell in sorted(spells, key=lambda one: one.start):
        world.give_new(rng, spell)
        world.at_home(spell)
    return spells
