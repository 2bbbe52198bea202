"""The truth behind a synthetic council: its rates, and what its history holds after it was fitted to the figures.

Forecasts are judged against this file. ``rates`` are those that the history was drawn from; ``history`` counts what
came of them, for the fit adds, takes away and moves spells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from careshape.catalogue.periods import day_date, financial_year_label, financial_year_of
from careshape.demo.days import iso
from careshape.demo.files import Line
from careshape.demo.model import Spell
from careshape.demo.world import World

AGES = (18, 25, 45, 65, 75, 85, 95)


def truth_of(world: World, lines: Iterable[Line], seed: int, faults: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Everything that is known about a synthetic council, as data for ``truth.json``."""
    kept = list({id(line.spell): line.spell for line in lines}.values())
    return {
        "synthetic": True,
        "authority": world.authority,
        "seed": seed,
        "window": [iso(world.window.first), iso(world.window.last)],
        "rates": world.flows.raw,
        "history": {
            "people": len({spell.person.number for spell in kept if spell.person}),
            "spells": len(kept),
            "deaths": sum(person.death is not None for person in world.people),
            "moves": {name: n for name, n in sorted(world.counted.items()) if name.startswith("moves")},
            "services": _services(world, kept),
        },
        "notes": world.notes,
        "faults": faults,
    }


def _services(world: World, spells: Iterable[Spell]) -> dict[str, dict[str, Any]]:
    """Service and client group -> starts and ends by financial year, starts by age, spells still open, days of stay."""
    grouped: dict[tuple[str, str], list[Spell]] = defaultdict(list)
    for spell in spells:
        grouped[spell.service, spell.group].append(spell)
    found: dict[str, dict[str, Any]] = {}
    for (service, group), mine in sorted(grouped.items()):
        found.setdefault(service, {})[group] = _flow(world, mine)
    return found


def _flow(world: World, spells: list[Spell]) -> dict[str, Any]:
    starts: dict[str, int] = defaultdict(int)
    ends: dict[str, int] = defaultdict(int)
    ages: dict[str, int] = defaultdict(int)
    stays = []
    for spell in spells:
        if spell.start >= world.window.first:
            starts[_year(spell.start)] += 1
            ages[_age_band(spell)] += 1
        if spell.end is not None:
            ends[_year(spell.end)] += 1
            stays.append(spell.end - spell.start + 1)
    return {
        "starts": dict(sorted(starts.items())),
        "ends": dict(sorted(ends.items())),
        "starts_by_age": dict(sorted(ages.items())),
        "open_at_end": sum(spell.end is None for spell in spells),
        "mean_days_of_ended": round(sum(stays) / len(stays), 1) if stays else None,
    }


def _year(day: int) -> str:
    return financial_year_label(financial_year_of(day_date(day)))


def _age_band(spell: Spell) -> str:
    if spell.person is None:
        return "unknown"
    age = spell.person.age(spell.start)
    low = max((one for one in AGES if one <= age), default=0)
    above = [one for one in AGES if one > low]
    return f"{low}-{above[0] - 1}" if above else f"{low}+"
