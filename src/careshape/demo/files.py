"""The files of a synthetic council: package line items, deliveries, and what says that all of it is invented."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from careshape.demo.days import iso
from careshape.demo.model import Spell, Step
from careshape.demo.world import World
from careshape.paying.words import hundredths

PACKAGE_COLUMNS = [
    "line_reference",
    "person_id",
    "birth_date",
    "gender",
    "client_group",
    "primary_support_reason",
    "service",
    "component",
    "cost_centre",
    "purchase_type",
    "delivery_mechanism",
    "booking_type",
    "provider_reference",
    "provider_name",
    "provider_type",
    "setting_reference",
    "district",
    "zone",
    "locality",
    "team",
    "placement_area",
    "postcode",
    "start_date",
    "end_date",
    "unit",
    "units_per_week",
    "unit_price",
    "weekly_cost",
    "one_off_cost",
]
DELIVERY_COLUMNS = [
    "line_reference",
    "period_start",
    "period_end",
    "unit",
    "delivered_units",
    "visits_planned",
    "visits_delivered",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One line item: a step of a spell, with its reference and days."""

    reference: str
    spell: Spell
    step: Step
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered against a line in a stretch of days, in hundredths of a unit."""

    spell: Spell
    start: int
    end: int
    units: int
    visits_planned: int
    visits_delivered: int


def lines_of(world: World) -> list[Line]:
    """The line items of every spell, in the order in which they began; references count up in that order."""
    parts = []
    for spell in world.spells:
        following = [step.start for step in spell.steps[1:]]
        for step, after in zip(spell.steps, [*following, None], strict=True):
            end = spell.end if after is None else after - 1
            if end is None or end >= world.window.first:
                parts.append((step.start, spell, step, end))
    parts.sort(key=lambda part: part[0])
    return [
        Line(f"SYN-{world.prefix}-L{number:07}", spell, step, start, end)
        for number, (start, spell, step, end) in enumerate(parts, start=1)
    ]


def package_rows(world: World, lines: Iterable[Line]) -> Iterator[list[str]]:
    """Rows of the package file, without the header."""
    for line in lines:
        spell, step, person = line.spell, line.step, line.spell.person
        provider, setting = spell.provider, spell.setting
        group, reason = (person.group, person.reason) if person else ("", "")
        if step.group is not None:  # the record had another client group then, or none, and so no reason either
            group, reason = step.group, "unknown"
        price = step.weekly if step.price is None else step.price
        yield [
            line.reference,
            f"SYN-{world.prefix}-{person.number:06}" if person else "",
            iso(person.birth) if person else "",
            person.gender if person else "",
            group,
            reason,
            spell.service,
            spell.component,
            spell.cost_centre,
            spell.purchase,
            spell.mechanism,
            spell.booking,
            provider.reference if provider else "",
            provider.name if provider else "",
            provider.type if provider else "",
            setting.reference if setting else "",
            spell.district,
            spell.zone,
            spell.locality,
            spell.team,
            spell.area or "in-county",
            spell.postcode,
            iso(line.start),
            iso(line.end),
            spell.unit,
            hundredths(step.quantity),
            hundredths(price),
            hundredths(step.weekly),
            hundredths(spell.one_off),
        ]


def delivery_rows(lines: Iterable[Line], deliveries: Iterable[Delivery]) -> Iterator[list[str]]:
    """Rows of the delivery file: each delivery stands against the line that is open on its first day."""
    by_spell: dict[int, list[Line]] = {}
    for line in lines:
        by_spell.setdefault(id(line.spell), []).append(line)
    for one in deliveries:
        line = next(line for line in reversed(by_spell[id(one.spell)]) if line.start <= one.start)
        visits = [str(one.visits_planned), str(one.visits_delivered)]
        yield [line.reference, iso(one.start), iso(one.end), one.spell.unit, hundredths(one.units), *visits]


def write_csv(path: Path, header: Iterable[str], rows: Iterable[list[str]]) -> Path:
    """Write a CSV file in UTF-8 with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
