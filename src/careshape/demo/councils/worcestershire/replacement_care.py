"""Replacement care: planned breaks, one stay after another, and stays in an emergency."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from careshape.demo.chance import Stay
from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.days import Span, financial_year, span
from careshape.demo.fit import share_out
from careshape.demo.model import Person, Setting, Spell, Step
from careshape.demo.series import price_spread, price_year, spells_through
from careshape.demo.world import World

SERVICE = "replacement-care"
LEARNING, OTHERS = "learning-disability", "other-working-age"
Counts = dict[str, dict[str, dict[Span, int]]]
"""Booking type -> published group -> month -> people."""


def build(world: World) -> None:
    """People over each published month; for the published year cost, and nights with Shared Lives carers."""
    counts: Counts = defaultdict(lambda: defaultdict(dict))
    for one in world.targets.rows(measure="individuals-in-receipt", service=SERVICE):
        counts[one.dims["booking_type"]][one.dims["client_group"]][span(one.period.text)] = int(one.value)
    planned = {group: _planned(world, group, by_month) for group, by_month in counts["planned"].items()}
    emergency = {group: _emergency(world, group, by_month) for group, by_month in counts["emergency"].items()}
    year = _year(counts)
    _shared_lives(world, planned[LEARNING], year)
    # The statement prints the emergency spend as coming on top of the other.
    booked = float(world.targets.value(measure="annual-spend", service=SERVICE))
    sudden = float(world.targets.value(measure="annual-spend-emergency", service=SERVICE))
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE, "prices")
    for group in planned:
        if group == LEARNING:
            price_year(world, rng, planned[group], year, booked, rates["sigma"])
            price_year(world, rng, emergency[group], year, sudden, rates["sigma"])
        else:
            for booking, spells in (("planned", planned[group]), ("emergency", emergency[group])):
                price_spread(world, rng, spells, rates["weekly"][booking], rates["sigma"], world.window.last)
    for spell in [one for spells in (*planned.values(), *emergency.values()) for one in spells]:
        spell.steps = [Step(one.start, one.weekly, 700, round(one.weekly / 7)) for one in spell.steps]


def _year(counts: Counts) -> Span:
    """The financial year that ends with the last published month."""
    last = max(month.last for groups in counts.values() for by_month in groups.values() for month in by_month)
    return financial_year(last)


def _client_groups(world: World, group: str, by_month: dict[Span, int]) -> dict[str, dict[Span, int]]:
    """People by client group and month, where one published group stands for several."""
    if group != OTHERS:
        return {group: by_month}
    found: dict[str, dict[Span, int]] = defaultdict(dict)
    for month, people in by_month.items():
        for name, number in share_out(people, world.flows[SERVICE]["other-groups"]).items():
            found[name][month] = number
    return {name: numbers for name, numbers in found.items() if any(numbers.values())}


def _holder(world: World, rng: random.Random, spell: Spell) -> Person:
    """Somebody who has a carer at home: not in a care home, supported living or Shared Lives."""
    settled = {"nursing", "residential", "supported-living", "shared-lives", "extra-care-housing"}
    person = world.join(
        rng,
        spell,
        world.flows[SERVICE]["known"],
        lambda person: not any(one.service in settled for one in person.spells),
        20,
    )
    world.at_home(spell)
    return person


def _planned(world: World, group: str, by_month: dict[Span, int]) -> list[Spell]:
    """Stays of those who have planned breaks, one at least in each published month in which they have them."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE, "planned", group)
    homes = _homes(world, rng, group)
    found = []
    for client_group, counts in _client_groups(world, group, by_month).items():
        low, high = rates["planned"].get(client_group, rates["planned"]["other"])
        for whole in spells_through(world, rng, SERVICE, client_group, counts, Stay(low, high), rates["start"]):
            _holder(world, rng, whole)
            home, stays = rng.choice(homes), []
            for start, end in _breaks(world, rng, whole, group, sorted(counts)):
                spell = Spell(SERVICE, client_group, start, end, component="overnight", unit="night")
                spell.older, spell.purchase = whole.older, "in-house" if group == LEARNING else "block"
                spell.cost_centre = cost_centre(client_group)
                world.place(spell, home)
                stays.append(spell)
            world.replace(whole, stays)
            found += stays
    return found


def _homes(world: World, rng: random.Random, group: str) -> list[Setting]:
    places = list(world.flows["districts"])
    if group == LEARNING:
        council = world.new_provider(rng, type="in-house")
        return [world.new_setting(rng, council, place) for place in places[:5]]
    return [
        world.new_setting(rng, world.new_provider(rng, 0.2), places[i % len(places)])
        for i in range(world.flows[SERVICE]["homes"])
    ]


def _breaks(
    world: World, rng: random.Random, whole: Spell, group: str, counted: Sequence[Span]
) -> list[tuple[int, int | None]]:
    """First and last days of the stays of one person; no stay crosses the end of a month that is counted."""
    rates = world.flows[SERVICE]
    closed = span(rates["closed"])
    key = group if group in rates["gap"] else "other"
    first, last = max(whole.start, world.window.first), min(whole.end or world.window.last, world.window.last)
    found: list[tuple[int, int | None]] = []
    day = first + rng.randint(0, round(rates["gap"][key]))
    while day < last:
        length = max(1, min(21, round(rng.expovariate(1 / rates["nights"][key]))))
        end = min(day + length, last)
        if end > day and not (closed.first <= day <= closed.last) and not any(_crosses(day, end, m) for m in counted):
            found.append((day, end))
        day = end + max(2, round(rng.expovariate(1 / rates["gap"][key])))
    for month in counted:
        if whole.open_in(month.first, month.last) and not any(
            start <= month.last and end is not None and end >= month.first for start, end in found
        ):
            found.append(_break_in(rng, whole, month, rates["nights"][key]))
    return sorted(found, key=lambda one: one[0])


def _crosses(start: int, end: int, month: Span) -> bool:
    return start < month.first <= end or start <= month.last < end


def _break_in(rng: random.Random, whole: Spell, month: Span, nights: float) -> tuple[int, int]:
    """A stay inside a month, and inside the time in which the person has breaks."""
    low = max(whole.start, month.first)
    high = month.last if whole.end is None else min(whole.end, month.last)
    start = rng.randint(low, max(low, high - 1))
    return start, min(high, start + max(1, round(rng.expovariate(1 / nights))))


def _emergency(world: World, group: str, by_month: dict[Span, int]) -> list[Spell]:
    """Stays in an emergency, each of a person of its own."""
    rates = world.flows[SERVICE]
    rng = world.rng(SERVICE, "emergency", group)
    homes = _homes(world, rng, "spot")
    found = []
    for client_group, counts in _client_groups(world, group, by_month).items():
        mean, shape = rates["emergency"].get(client_group, rates["emergency"]["other"])
        stay = Stay(mean, shape)
        for spell in spells_through(world, rng, SERVICE, client_group, counts, stay, 1.0):
            _holder(world, rng, spell)
            spell.component, spell.unit, spell.booking, spell.purchase = "overnight", "night", "emergency", "spot"
            spell.cost_centre = cost_centre(client_group)
            world.place(spell, rng.choice(homes))
            found.append(spell)
    return found


def _shared_lives(world: World, spells: Sequence[Spell], year: Span) -> None:
    """Breaks of some people are with a Shared Lives carer; in the published year so many nights."""
    rng = world.rng(SERVICE, "shared-lives")
    wanted = world.targets.count(measure="replacement-care-nights-via-shared-lives")
    carers = [one for one in world.settings if one.provider.type == "individual-carer"]
    by_person: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.person:
            by_person[spell.person.number].append(spell)
    people = sorted(by_person)
    rng.shuffle(people)
    nights = 0
    for number in people:
        mine = [one for one in by_person[number] if year.first <= one.start and (one.end or 0) <= year.last]
        stay = sum((one.end or one.start) - one.start for one in mine)
        if not mine or nights >= wanted:
            continue
        if nights + stay > wanted:
            for one in mine:  # the last person's stays are cut short, so that the nights come out
                nights += _cut(one, wanted - nights)
        else:
            nights += stay
        carer = rng.choice(carers)
        for one in by_person[number]:
            one.component = "shared-lives"
            world.place(one, carer)
            one.purchase = "in-house"


def _cut(spell: Spell, most: int) -> int:
    """Shorten a stay to at most so many nights; returns its nights."""
    spell.end = spell.start + max(0, min(most, (spell.end or spell.start) - spell.start))
    return spell.end - spell.start
