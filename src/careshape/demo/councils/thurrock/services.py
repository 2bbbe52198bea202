"""All services that work alike: stocks by group, lengths of stay, providers, settings, and prices around a mean."""

from __future__ import annotations

import random

from careshape.demo.chance import Stay, choose, lognormal
from careshape.demo.councils.thurrock.figures import day_of
from careshape.demo.councils.thurrock.kit import cost_centre, join_running, path, running, stock_days, year_by_year
from careshape.demo.days import Span
from careshape.demo.model import Provider, Setting, Spell, Step
from careshape.demo.world import World


def build(world: World) -> None:
    """Every service of the rates file, in its order: later ones may be held by people who have an earlier one."""
    for service in world.flows["service"]:
        build_service(world, service)
    _equipment(world)


def build_service(world: World, service: str) -> None:
    """One service: its spells, held by people."""
    rates = world.flows["service"][service]
    rng = world.rng(service)
    markets = {kind: [world.new_provider(rng, type=kind) for _ in range(n)] for kind, n in rates["providers"].items()}
    settings = _settings(world, rng, markets, rates)
    join = rates.get("join", {"services": [], "share": 0.0})
    for group in rates["people"]:
        pool = running(world, join["services"], group)
        for spell in _spells(world, service, group):
            _terms(rng, spell, rates)
            join_running(world, rng, spell, pool, join["share"], homes="residential" in join["services"])
            _where(world, rng, spell, markets, settings, rates)


def _spells(world: World, service: str, group: str) -> list[Spell]:
    rates = world.flows["service"][service]
    rng = world.rng(service, group)
    points = list(zip(stock_days(world), rates["people"][group], strict=True))
    if "from" in rates:
        began = day_of(rates["from"])
        points = [(began, 0), *(point for point in points if point[0] > began)]
    stay = Stay(*rates["stay"][group])
    return world.stretch_spells(path(world, rng, stay, year_by_year(rng, points, 0.6)), service, group)


def _terms(rng: random.Random, spell: Spell, rates: dict[str, object]) -> None:
    """Component, contract, quantity a week and raw price a unit."""
    group = spell.group
    spell.component, spell.purchase = str(rates.get("component", "")), str(rates["purchase"])
    spell.mechanism, spell.unit = str(rates.get("mechanism", "commissioned")), str(rates["unit"])
    spell.cost_centre = cost_centre(group)
    booking, quantity, price = rates.get("booking"), rates.get("quantity"), rates["price"]
    if isinstance(booking, dict):
        spell.booking = choose(rng, booking)
    low, high = quantity[group] if isinstance(quantity, dict) else (1, 1)
    assert isinstance(price, dict)
    spell.weight = price[group] * lognormal(rng, float(str(rates["sigma"])))
    spell.steps = [Step(spell.start, 0, 100 * rng.randint(low, high))]


def _settings(
    world: World, rng: random.Random, markets: dict[str, list[Provider]], rates: dict[str, object]
) -> dict[str, list[Setting]]:
    """Kind of provider -> its houses, centres or schemes, at least one for each provider."""
    found: dict[str, list[Setting]] = {}
    number = int(str(rates.get("settings", 0)))
    providers = [provider for kind in markets.values() for provider in kind]
    for i in range(number):
        provider = providers[i % len(providers)]
        found.setdefault(provider.type, []).append(world.new_setting(rng, provider, world.authority))
    return found


def _where(
    world: World,
    rng: random.Random,
    spell: Spell,
    markets: dict[str, list[Provider]],
    settings: dict[str, list[Setting]],
    rates: dict[str, object],
) -> None:
    weights = rates["weights"]
    assert isinstance(weights, dict)
    kind = choose(rng, weights)
    if settings.get(kind):
        world.place(spell, rng.choice(settings[kind]))
    else:
        spell.provider = rng.choice(markets[kind])
        world.at_home(spell)
    if spell.provider and spell.provider.type == "in-house":
        spell.purchase = "in-house"
    if spell.service == "day-services":
        spell.component = "internal" if spell.purchase == "in-house" else "external-contracted"


def _equipment(world: World) -> None:
    """Equipment bought once, for people who have just begun home care or reablement."""
    rates = world.flows["equipment"]
    rng = world.rng("equipment")
    provider = world.new_provider(rng, rates["not-for-profit"])
    window = Span(world.window.first, world.window.last)
    pool = [s for s in world.spells if s.service in ("home-care", "reablement") and s.start >= window.first]
    pool = [spell for spell in pool if spell.group in ("older-people", "physical-disability")]
    for other in rng.sample(pool, min(len(pool), round(rates["a-year"] * window.days / 365.25))):
        person = other.person
        if person is None or person.holds("community-equipment", other.start, other.start):
            continue
        spell = Spell("community-equipment", other.group, other.start, other.start, component="one-off", unit="item")
        spell.provider, spell.purchase, spell.cost_centre = provider, "contract", cost_centre(other.group)
        spell.weight, spell.one_off = 0.0, round(100 * rates["price"] * lognormal(rng, rates["sigma"]))
        spell.steps = [Step(spell.start, 0, 100)]
        world.give(person, spell)
        world.at_home(spell)
