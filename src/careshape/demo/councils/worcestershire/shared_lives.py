"""Shared Lives: people who live in the household of a carer of the council's own scheme."""

from __future__ import annotations

from careshape.demo.chance import lognormal
from careshape.demo.days import Span, last_day
from careshape.demo.pricing import steps_with_uplift
from careshape.demo.stock import Anchor, stock_path
from careshape.demo.world import World


def build(world: World) -> None:
    """Give each group the people it had on each counted day."""
    rates = world.flows["shared-lives"]
    rng = world.rng("shared-lives")
    counts: dict[str, dict[Span, int]] = {}
    for one in world.targets.rows(measure="individuals-supported", service="shared-lives", row_kind="part"):
        counts.setdefault(one.dims["client_group"], {})[last_day(one.period.text)] = int(one.value)
    households = []
    for _ in range(rates["households"]):
        carer = world.new_provider(rng, type="individual-carer")
        households.append(world.new_setting(rng, carer, rng.choice(list(world.flows["districts"]))))
    for group, by_day in counts.items():
        days = sorted(by_day, key=lambda day: day.last)
        before = Span(world.window.first, world.window.first)
        anchors = [Anchor(before, round(by_day[days[0]] * rates["start"])), *(Anchor(day, by_day[day]) for day in days)]
        stay = world.flows.stay("shared-lives", group)
        path = stock_path(rng, stay, anchors, world.window.last, world.flows.shock(group))
        for spell in world.stretch_spells(path, "shared-lives", group):
            spell.component, spell.purchase, spell.cost_centre = "long-term", "in-house", cost_centre(group)
            weekly = round(100 * rates["weekly"] * lognormal(rng, rates["sigma"]))
            spell.steps = steps_with_uplift(world.flows, spell, weekly, world.window.last, world.window.last)
            world.give_new(rng, spell)
            world.place(spell, rng.choice(households))


def cost_centre(group: str) -> str:
    """The cost centre that usually pays for a client group."""
    return {"unpaid-carers": "carers", "autism": "learning-disability", "unknown": "unknown"}.get(group, group)
