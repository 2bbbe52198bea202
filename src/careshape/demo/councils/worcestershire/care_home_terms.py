"""The terms of placements: which home, which team, under which contract, and at what price."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from careshape.demo.chance import lognormal, sizes
from careshape.demo.days import last_day
from careshape.demo.fit import fit_total, share_out
from careshape.demo.model import Provider, Setting, Spell, Step
from careshape.demo.world import World

OLDER = "older-people"
CONTRACTS = {"1": "spot", "2": "block", "3": "in-house", "4": "block-or-in-house", "5": "spot"}
"""Which contract each printed column stands for, read from left to right: three of them share one heading."""
NORTH = ("bromsgrove", "redditch", "wyre-forest")

Key = tuple[str, str]
"""Service and client group."""


@dataclass(frozen=True)
class Terms:
    """Placements of a group under one contract: how many, and their mean weekly price by team ("" where not split)."""

    contract: str
    placements: int
    means: dict[str, Decimal]


def settle_terms(world: World, spells: Sequence[Spell]) -> None:
    """Give every placement its team, contract, home and price."""
    counted = counted_day(world)
    terms = published_terms(world)
    for key in sorted({(spell.service, spell.group) for spell in spells}):
        mine = [spell for spell in spells if (spell.service, spell.group) == key]
        _teams(world, mine)
        _contracts(world, key, mine, terms.get(key, []), counted)
        _prices(world, key, mine, terms, counted)
    _homes(world, spells)


def counted_day(world: World) -> int:
    """The day for which placements are counted."""
    rows = world.targets.rows(measure="council-funded-individuals", table="table-17")
    return last_day(rows[0].period.text).last


def published_terms(world: World) -> dict[Key, list[Terms]]:
    """Contracts by service and group; some tables give a column a contract and a row a team, others a row each."""
    counts: dict[tuple[str, str, str, str], int] = {}
    means: dict[tuple[str, str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for one in world.targets.rows(measure=["placements", "mean-weekly-cost"], unit=["placements", "gbp-per-week"]):
        if "purchase_type" not in one.dims:
            continue
        column = one.dims.get("published_column", "")
        contract = CONTRACTS.get(column, one.dims["purchase_type"])
        key = (one.dims["service"], one.dims["client_group"], contract, column)
        if one.measure == "placements":
            counts[key] = int(one.value)
        else:
            means[key][team_of(one.dims.get("locality_team", ""))] = one.value
    found: dict[Key, list[Terms]] = defaultdict(list)
    for key, placements in counts.items():
        found[key[:2]].append(Terms(key[2], placements, means[key]))
    return found


def team_of(label: str) -> str:
    """The team that a printed row names: "North Worcs Residential" is north-residential; empty for no team."""
    words = label.lower().split()
    return "-".join(words[:1] + words[2:]) if len(words) > 2 else ""


def _teams(world: World, spells: Sequence[Spell]) -> None:
    rng = world.rng("care-homes", "teams")
    outside_north = world.flows["care-homes"]["north-outside"]
    for spell in spells:
        north = rng.random() < outside_north if spell.area == "out-of-county" else spell.district in NORTH
        spell.team = f"{'north' if north else 'south'}-{spell.service}"


def _contracts(world: World, key: Key, spells: Sequence[Spell], terms: Sequence[Terms], counted: int) -> None:
    """Deal the contracts to the placements open on the counted day, the fewest first; the others follow the mix."""
    rng = world.rng("care-homes", "contracts", *key)
    rates = world.flows["care-homes"]
    for spell in spells:
        block = key == ("residential", OLDER) and spell.area == "in-county" and rng.random() < rates["older-block"]
        spell.purchase = "block" if block else "spot"
    free = [spell for spell in spells if spell.open_on(counted)]
    rng.shuffle(free)
    free.sort(key=lambda spell: spell.area == "out-of-county")  # contracts of the council's own lie in the county
    for one in sorted(terms, key=lambda one: (one.contract == "spot", one.placements)):
        for spell, team in _dealt(one, free):
            spell.purchase, spell.team = one.contract, team
            free.remove(spell)
    if terms:
        for spell in free:  # more people than the contracts add up to: counted under none of them
            spell.purchase = "framework"
        if free:
            world.notes.append(f"{len(free)} placements of {key[1]} in {key[0]} care stand under no printed contract.")
        _older_contracts(world, key, spells, terms, counted)


def _dealt(terms: Terms, free: Sequence[Spell]) -> list[tuple[Spell, str]]:
    """Placements and teams for one contract: where means are printed by team, each such team has some."""
    teams = [team for team in terms.means if team]
    if not teams:
        return [(spell, spell.team) for spell in free[: terms.placements]]
    chosen: list[tuple[Spell, str]] = []
    sides = {side: [spell for spell in free if spell.team.startswith(side)] for side in ("north", "south")}
    weights = {team: float(len(sides[team[:5]])) for team in teams}
    numbers = share_out(terms.placements - len(teams), weights)
    for team in teams:
        side = sides[team[:5]]
        for _ in range(numbers[team] + 1):
            if side:
                chosen.append((side.pop(0), team))
    return chosen


def _older_contracts(world: World, key: Key, spells: Sequence[Spell], terms: Sequence[Terms], counted: int) -> None:
    """Placements that ended before the counted day were under the same mix of contracts."""
    rng = world.rng("care-homes", "mix", *key)
    names = [one.contract for one in terms]
    for spell in spells:
        if not spell.open_on(counted):
            spell.purchase = rng.choices(names, weights=[one.placements for one in terms])[0]


def _prices(world: World, key: Key, spells: Sequence[Spell], terms: dict[Key, list[Terms]], counted: int) -> None:
    """Weekly prices: exact in the mean for those open on the counted day, on the trend of years for the others."""
    service = key[0]
    rng = world.rng("care-homes", "prices", *key)
    rates = world.flows["care-homes"]
    means: dict[tuple[str, str], Decimal] = {}
    for one in terms.get(key, []):
        means.update({(one.contract, team): mean for team, mean in one.means.items()})
    usual = _usual(world, key, terms)
    open_now: dict[tuple[str, str], list[Spell]] = defaultdict(list)
    for spell in spells:
        spell.weight = lognormal(rng, rates["sigma"][service])
        here = (spell.purchase, spell.team) if (spell.purchase, spell.team) in means else (spell.purchase, "")
        if spell.open_on(counted):
            open_now[here if here in means else ("", "")].append(spell)
        else:
            base = float(means.get(here, usual)) * world.flows["council"]["drift"] ** ((spell.start - counted) / 365.25)
            spell.steps = [Step(spell.start, round(100 * base * spell.weight))]
    for here, group_spells in open_now.items():
        total = round(means.get(here, usual) * 100 * len(group_spells))
        for spell, weekly in zip(group_spells, fit_total([one.weight for one in group_spells], total), strict=True):
            spell.steps = [Step(spell.start, weekly)]


def _usual(world: World, key: Key, terms: dict[Key, list[Terms]]) -> Decimal:
    """Mean price of a group where no contract is printed: its own printed mean, or that of other placements."""
    service, group = key
    for one in world.targets.rows(measure="indicative-unit-cost", service=service):
        if one.dims["client_group"] == group:
            return one.value
    others = [
        mean for other, found in terms.items() if other[0] == service for one in found for mean in one.means.values()
    ]
    return sum(others, Decimal(0)) / len(others)


def _homes(world: World, spells: Sequence[Spell]) -> None:
    """Give every placement a home of its service and district, large or small; the council's own for in-house."""
    rng = world.rng("care-homes", "homes")
    rates = world.flows["care-homes"]
    by_place: dict[tuple[str, str, bool], list[Spell]] = defaultdict(list)
    for spell in spells:
        by_place[spell.service, spell.district, spell.purchase == "in-house"].append(spell)
    weights = {key: float(len(found)) for key, found in by_place.items() if not key[2]}
    inside = share_out(rates["homes"], {key: n for key, n in weights.items() if key[1] != "not-applicable"})
    outside = share_out(rates["homes-outside"], {key: n for key, n in weights.items() if key[1] == "not-applicable"})
    council: Provider | None = None
    for key, found in by_place.items():
        if key[2]:
            council = council or world.new_provider(rng, type="in-house")
            homes = [world.new_setting(rng, council, key[1])]
        else:
            number = max(1, inside.get(key, outside.get(key, 1)))
            homes = [_home(world, rng, key[1], rates["not-for-profit"]) for _ in range(number)]
        beds = sizes(rng, len(homes), 0.5)
        for spell in found:
            area = spell.area
            world.place(spell, rng.choices(homes, weights=beds)[0])
            spell.area = area


def _home(world: World, rng: random.Random, district: str, not_for_profit: float) -> Setting:
    postcode = rng.choice(world.flows["outside"]["postcodes"]) if district == "not-applicable" else ""
    return world.new_setting(rng, world.new_provider(rng, not_for_profit), district, postcode)
