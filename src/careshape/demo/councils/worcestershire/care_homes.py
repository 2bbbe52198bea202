"""Long-term nursing and residential placements: how many people of which group are where, and when they come and go."""

from __future__ import annotations

from dataclasses import replace

from careshape.catalogue.periods import day_date
from careshape.demo.councils.worcestershire.care_home_terms import counted_day, published_terms, settle_terms
from careshape.demo.days import Span, last_day, span
from careshape.demo.fit import share_out
from careshape.demo.model import Spell
from careshape.demo.moves import Leavers, follow
from careshape.demo.nights import fit_nights
from careshape.demo.stock import Anchor, Stretch, stock_path
from careshape.demo.world import World
from careshape.records import slug

OUTSIDE = "out-of-county"
OLDER = "older-people"
SERVICES = ("nursing", "residential")

Nights = dict[str, dict[Span, int]]
"""Place -> financial year -> nights."""


def build(world: World, at_home: list[Spell], after_hospital: list[Spell]) -> list[Spell]:
    """All placements; some of those who come have left home care, a post-hospital bed or another home before."""
    spells = [spell for service in SERVICES for spell in placements(world, service)]
    movers = _between_homes(world, spells)
    settle_terms(world, [*spells, *(new for _, new in movers)])
    rng = world.rng("care-homes", "people")
    rates = world.flows["care-homes"]
    from_home, from_hospital, from_residential = Leavers(at_home), Leavers(after_hospital), Leavers([])
    for spell in sorted(spells, key=lambda one: one.start):
        sources = {
            "home-care": (from_home, rates["home-care-before"], 12),
            "post-hospital-step-down": (from_hospital, rates["step-down-before"], 4),
        }
        if spell.service == "nursing":
            sources["residential"] = (from_residential, rates["residential-before"], 5)
        follow(world, rng, [spell], sources if spell.group == OLDER else {})
        if spell.service == "residential":
            from_residential.add(spell)
    for old, new in movers:
        if old.person:
            world.give(old.person, new)
    return spells


def _between_homes(world: World, spells: list[Spell]) -> list[tuple[Spell, Spell]]:
    """A second placement for those who are moving: as many as there are more placements than people on the counted day.

    It began after the last year whose nights are counted.
    """
    rng = world.rng("care-homes", "between-homes")
    day = counted_day(world)
    since = max(year.last for nights in nights_by_place(world, SERVICES[0]).values() for year in nights) + 1
    found = []
    for key, terms in published_terms(world).items():
        now = [spell for spell in spells if (spell.service, spell.group) == key and spell.open_on(day)]
        more = sum(one.placements for one in terms) - len(now)
        for old in rng.sample(now, max(0, min(more, len(now)))):
            found.append((old, replace(old, start=rng.randint(max(since, old.start), day), steps=[])))
    return found


def nights_by_place(world: World, service: str) -> Nights:
    """Published nights of a service by district, or outside the county, and financial year."""
    found: Nights = {}
    for one in world.targets.rows(measure="bed-nights", service=service, row_kind="part"):
        outside = one.dims["placement_location"] == OUTSIDE
        place = OUTSIDE if outside else slug(one.dims["district"])
        found.setdefault(place, {})[span(one.period.label)] = int(one.value)
    return found


def placements(world: World, service: str) -> list[Spell]:
    """The placements of one service, with their places; nobody holds them yet."""
    nights = nights_by_place(world, service)
    stocks = _stocks(world, service, nights)
    spells = []
    for place, years in nights.items():
        rng = world.rng("care-homes", service, place)
        groups: dict[int, str] = {}
        stretches: list[Stretch] = []
        for group in stocks[place]:
            stay = world.flows.stay("care-homes", group, service)
            anchors = [Anchor(Span(day, day), people) for day, people in sorted(stocks[place][group].items())]
            path = stock_path(rng, stay, anchors, world.window.last, world.flows.shock(group))
            groups.update({id(one): group for one in path})
            stretches += path
        fit_nights(rng, stretches, years, world.flows.stay("care-homes", OLDER, service))
        for one in stretches:
            for spell in world.stretch_spells([one], service, groups.get(id(one), OLDER)):
                spell.area = OUTSIDE if place == OUTSIDE else "in-county"
                spell.district = "not-applicable" if place == OUTSIDE else place
                spells.append(spell)
    return spells


def _stocks(world: World, service: str, nights: Nights) -> dict[str, dict[str, dict[int, int]]]:
    """Place -> group -> day -> people: younger groups from their own counts, older people what the nights leave."""
    known = _known_counts(world, service)
    counted = max(day for counts in known.values() for day in counts)
    years = sorted(next(iter(nights.values())), key=lambda year: year.first)
    middles = {year: year.first + year.days // 2 for year in years}
    first, turn = world.window.first, years[0].last
    days = sorted({first, turn, *middles.values(), counted})
    usual = {place: float(sum(by_year.values())) for place, by_year in nights.items()}
    stocks: dict[str, dict[str, dict[int, int]]] = {place: {} for place in nights}
    for group in [group for group in known if group != OLDER]:
        for day in days:
            for place, people in share_out(_between(known[group], day), usual).items():
                stocks[place].setdefault(group, {})[day] = people
    for place, by_year in nights.items():
        older = {
            day: max(0, round(by_year[year] / year.days) - sum(stocks[place][group][day] for group in stocks[place]))
            for year, day in middles.items()
        }
        mids = sorted(older)
        older[first] = older[mids[0]]
        older[turn] = (older[mids[0]] + older[mids[1]]) // 2
        stocks[place][OLDER] = older
    latest = max(middles.values())
    for place, people in share_out(
        known[OLDER][counted], {place: float(stocks[place][OLDER][latest]) for place in nights}
    ).items():
        stocks[place][OLDER][counted] = people
    return stocks


def _known_counts(world: World, service: str) -> dict[str, dict[int, int]]:
    """Group -> day -> people in the service, as published: tables before running text, where the two disagree."""
    found: dict[str, dict[int, int]] = {}
    for one in world.targets.rows(measure="council-funded-individuals", service=service):
        found.setdefault(one.dims["client_group"], {})[last_day(one.period.text).last] = int(one.value)
    counted = max(max(days) for days in found.values())
    for one in world.targets.rows(measure="individuals-in-residential-care", service=service):
        # Of the two counts in running text the later is for a year whose month the table gives: the table is followed.
        day = span(f"{one.period.text}-03").last
        if one.period.start and one.period.start.year < day_date(counted).year:
            found[one.dims["client_group"]][day] = int(one.value)
    return found


def _between(counts: dict[int, int], day: int) -> int:
    """People on a day, on the straight line between the counts around it."""
    before = [one for one in counts if one <= day]
    after = [one for one in counts if one >= day]
    if not before or not after:
        return counts[min(counts) if not before else max(counts)]
    low, high = max(before), min(after)
    share = 0.0 if low == high else (day - low) / (high - low)
    return round(counts[low] + (counts[high] - counts[low]) * share)
