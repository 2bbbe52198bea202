"""Assisted transport: arranged by the council's transport department, or inside a day service contract."""

from __future__ import annotations

from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import financial_year, span
from careshape.demo.model import Spell, Step
from careshape.demo.series import locality_of, price_year, spells_through
from careshape.demo.world import World

SERVICE = "assisted-transport"


def build(world: World) -> None:
    """People over the published month, and what the published year cost, by client group."""
    rates = world.flows["transport"]
    rng = world.rng("transport")
    rows = world.targets.rows(service=SERVICE, row_kind="part")
    people = {one.dims["client_group"]: one for one in rows if one.measure == "individuals-in-receipt"}
    spend = {one.dims["client_group"]: one for one in rows if one.measure == "spend"}
    fleet = world.new_provider(rng, type="in-house")
    contractors = [fleet, *(world.new_provider(rng) for _ in range(rates["contractors"]))]
    for group, row in people.items():
        stay = world.flows.stay("transport", group)
        spells = spells_through(
            world, rng, SERVICE, group, {span(row.period.text): int(row.value)}, stay, rates["start"]
        )
        _hold(world, spells, "council-transport", rates["known"], group)
        for spell in spells:
            spell.provider = rng.choice(contractors)
            spell.purchase = "in-house" if spell.provider is fleet else "framework"
        year = span(spend[group].period.label or spend[group].period.text)
        price_year(world, rng, spells, year, float(spend[group].value), rates["sigma"])
        _journeys(world, spells)
    _in_day_service_contracts(world, max(people, key=lambda group: people[group].value))


def _hold(world: World, spells: list[Spell], component: str, known: float, group: str) -> None:
    rng = world.rng("transport", component, group)
    for spell in sorted(spells, key=lambda one: one.start):
        spell.component, spell.unit, spell.cost_centre = component, "journey", cost_centre(spell.group)
        world.join(rng, spell, known, lambda person: any(one.service == "day-services" for one in person.spells), 60)
        world.at_home(spell)
        spell.locality = locality_of(spell.district, spell.zone)


def _journeys(world: World, spells: list[Spell]) -> None:
    quantity = round(100 * world.flows["transport"]["journeys"])
    for spell in spells:
        spell.steps = [Step(one.start, one.weekly, quantity, round(100 * one.weekly / quantity)) for one in spell.steps]


def _in_day_service_contracts(world: World, group: str) -> None:
    """Transport by day service providers, at the published cost of the year."""
    rates = world.flows["transport"]
    rng = world.rng("transport", "day-service-contract")
    row = world.targets.rows(measure="annual-spend-via-day-services-dps", service=SERVICE)[0]
    month = span(row.period.text)
    stay = world.flows.stay("transport", group)
    spells = spells_through(world, rng, SERVICE, group, {month: rates["day-service-people"]}, stay, 1.0)
    _hold(world, spells, "day-service-contract", rates["known"], group)
    for spell in spells:
        spell.purchase = "dynamic-purchasing-system"
        providers = [one.provider for one in (spell.person.spells if spell.person else []) if one.provider]
        spell.provider = providers[0] if providers else None
    price_year(world, rng, spells, financial_year(month.last), float(row.value), rates["sigma"])
    _journeys(world, spells)
