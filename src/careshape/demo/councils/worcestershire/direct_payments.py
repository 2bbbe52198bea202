"""Direct payments: people who arrange their own care, some of whom employ a personal assistant."""

from __future__ import annotations

from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import Span, last_day
from careshape.demo.fit import share_out
from careshape.demo.model import Spell
from careshape.demo.pricing import by_the_hour
from careshape.demo.series import price_spread, spells_through
from careshape.demo.world import World

SERVICE = "direct-payments"


def build(world: World) -> None:
    """As many people with any direct payment on the counted day as published; day services brought some already."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE)
    day = last_day(world.flows["council"]["counted"])
    wanted = world.targets.count(measure="direct-payment-recipients", service=SERVICE)
    already = {
        spell.person.number
        for spell in world.spells
        if spell.mechanism == "direct-payment" and spell.open_on(day.last) and spell.person
    }
    if wanted < len(already):
        world.notes.append(f"{len(already)} people pay for day services with a direct payment: {wanted} cannot be all.")
    spells = []
    for group, people in share_out(max(0, wanted - len(already)), rates["groups"]).items():
        stay = world.flows.stay(SERVICE, group)
        spells += spells_through(world, rng, SERVICE, group, {day: people}, stay, rates["start"])
    for spell in sorted(spells, key=lambda one: one.start):
        _payment(spell)
        world.join(rng, spell, rates["known"], lambda person: person.number not in already and _at_home(person.spells))
        world.at_home(spell)
    price_spread(world, rng, spells, rates["weekly"], rates["sigma"], day.last)
    _assistants(world, spells, day)


def _payment(spell: Spell) -> None:
    spell.component, spell.mechanism, spell.purchase = "recurring", "direct-payment", "direct-payment"
    spell.cost_centre = cost_centre(spell.group)


def _at_home(spells: list[Spell]) -> bool:
    """Whether the person never had a direct payment, nor a place in a care home or supported living."""
    settled = {"nursing", "residential", "post-hospital-step-down", "supported-living", "shared-lives", "reablement"}
    return not any(one.service in settled or one.mechanism == "direct-payment" for one in spells)


def _assistants(world: World, payments: list[Spell], day: Span) -> None:
    """Some employ a personal assistant for as long as the payment lasts."""
    rng = world.rng(SERVICE, "assistants")
    rates = world.flows[SERVICE]
    now = [spell for spell in payments if spell.open_on(day.last)]
    chosen = rng.sample(now, min(len(now), rates["assistants"]))
    spells = []
    for payment in chosen:
        spell = Spell("personal-assistants", payment.group, payment.start, payment.end, older=payment.older)
        _payment(spell)
        spell.component, spell.unit = "", "hour"
        spell.provider = world.new_provider(rng, type="individual-carer")
        if payment.person:
            spells.append(world.give(payment.person, spell))
            world.at_home(spell)
    price_spread(world, rng, spells, rates["assistant-weekly"], rates["sigma"] / 2, day.last)
    for spell in spells:
        spell.steps = by_the_hour(spell.steps, rates["assistant-rate"])
