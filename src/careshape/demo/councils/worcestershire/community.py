"""Carers' support and technology, which bring the people supported in the community to the published number."""

from __future__ import annotations

from careshape.catalogue import catalogue
from careshape.demo.chance import lognormal
from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import Span, last_day, span
from careshape.demo.fit import share_out
from careshape.demo.model import Person, Spell, Step
from careshape.demo.series import price_spread, spells_through
from careshape.demo.world import World

TECHNOLOGY = "assistive-technology"


def build(world: World) -> None:
    """Carers first; then technology for people who have another service, and for as many more as the total asks for."""
    _carers(world)
    day = last_day(world.flows["council"]["counted"])
    share = world.targets.observations.one(measure="direct-payment-take-up", kind="observed").value / 100
    wanted = round(world.targets.count(measure="direct-payment-recipients") / share)
    known = community_people(world, day.last)
    alone = wanted - len(known)
    if alone < 0:
        world.notes.append(
            f"{len(known)} people are supported in the community: more than the {wanted} that were to be."
        )
    _technology(world, day, max(0, alone), known)


def community_people(world: World, day: int) -> list[Person]:
    """People with an open line of a community service on a day."""
    services = set(catalogue().lists["service"].members("community-based-services"))
    found = {
        spell.person.number: spell.person
        for spell in world.spells
        if spell.service in services and spell.open_on(day) and spell.person
    }
    return list(found.values())


def _carers(world: World) -> None:
    """Carers with support from the carers' service."""
    rates = world.flows["carers"]
    rng = world.rng("carers")
    day = last_day(world.flows["council"]["counted"])
    hub = world.new_provider(rng, type="not-for-profit")
    stay = world.flows.stay("carers")
    spells = spells_through(world, rng, "carers-support", "unpaid-carers", {day: rates["people"]}, stay)
    for spell in spells:
        spell.purchase, spell.cost_centre, spell.provider = "contract", "carers", hub
        world.give_new(rng, spell)
        world.at_home(spell)
    price_spread(world, rng, spells, rates["weekly"], rates["sigma"], day.last)


def _technology(world: World, day: Span, alone: int, known: list[Person]) -> None:
    """People with technology: ``alone`` of them have nothing else on the counted day."""
    rates = world.flows["technology"]
    rng = world.rng("technology")
    more = float(world.targets.value(measure="people-with-assistive-technology-change")) / 100
    growth = more + rates["above"]
    rows = world.targets.rows(measure="people-with-assistive-technology-change")
    begin, end = (span(f"{year}-03-31") for year in rows[0].period.text.split("/"))
    total = alone + rates["beside"]
    partners = [world.new_provider(rng) for _ in range(rates["partners"])]
    spells = []
    groups = share_out(total, rates["groups"])
    for group, people in groups.items():
        latest = round(people * rates["since"])
        counts = {begin: round(latest / (1 + growth)), end: latest, day: people}
        stay = world.flows.stay("technology", group)
        spells += spells_through(world, rng, TECHNOLOGY, group, counts, stay, rates["first"])
    for spell in spells:
        spell.purchase, spell.unit, spell.cost_centre = "contract", "week", cost_centre(spell.group)
        spell.provider = rng.choice(partners)
    _hold(world, spells, day, alone, known)
    for spell in spells:  # the charge of an alarm stays as it was when it was given
        spell.steps = [Step(spell.start, max(1, round(100 * rates["weekly"] * lognormal(rng, rates["sigma"]))))]


def _hold(world: World, spells: list[Spell], day: Span, alone: int, known: list[Person]) -> None:
    """Let new people hold ``alone`` of the spells open on the day, people who have another service the rest."""
    rng = world.rng("technology", "people")
    now = [spell for spell in spells if spell.open_on(day.last)]
    beside = rng.sample(now, len(now) - alone)
    free = {group: [one for one in known if one.group == group] for group in sorted({spell.group for spell in spells})}
    for group in free.values():
        rng.shuffle(group)
    others = [one for one in known if one.group not in free]
    chosen = {id(spell) for spell in beside}
    for spell in spells:
        person = _taken(world, spell, free[spell.group], others) if id(spell) in chosen else None
        if person is not None:
            spell.group = person.group
            world.give(person, spell)
        else:
            world.give_new(rng, spell)
        world.at_home(spell)


def _taken(world: World, spell: Spell, *pools: list[Person]) -> Person | None:
    """Take somebody whom the spell fits from the first pool that has one; None where none has."""
    for pool in pools:
        for place in range(len(pool) - 1, -1, -1):
            if world.fits(pool[place], spell):
                return pool.pop(place)
    return None
