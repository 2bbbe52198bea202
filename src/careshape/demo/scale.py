"""Ledgers of any size: the synthetic county's people again and again, each copy moved a little, as curated rows.

One county of some sixty thousand lines is generated as ever; a larger ledger holds as many copies of its people as it
takes. What belongs together stays together: a person's services, moves, providers and prices. Dates move by up to a
month, prices by up to a tenth, ages by up to a year, each person's in their own way. Memory does not grow with size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date, month_ordinal
from careshape.demo.files import Line
from careshape.demo.generate import SEED, Council, generate
from careshape.ledger.columns import DELIVERED, OPEN_DAY, PLANNED, SCHEMA
from careshape.ledger.postcodes import postcode_number

BATCH: Final = 1_000_000
CORRECTED: Final = 0.02
"""Share of lines that a later posting takes back and enters anew."""
CORRECTION: Final = 2
"""Code of the reason "correction", and number of the posting that holds the corrections."""
FIRST: Final = 1
COPIES_A_MARKET: Final = 8
"""So many copies of the people share one set of providers and settings."""

Ints = npt.NDArray[np.int64]
Columns = dict[str, Ints]


@dataclass(frozen=True)
class Template:
    """The rows of one county as integers; ``who`` numbers its people, ``providers`` and ``settings`` its market."""

    columns: Columns
    people: int
    providers: int
    settings: int
    last: int


def synthesise_lines(
    lines: int, seed: int = SEED, corrected: float = CORRECTED, batch: int = BATCH
) -> Iterator[pa.Table]:
    """Curated rows of ``lines`` line items and deliveries, in tables of at most ``batch`` rows.

    Args:
        lines: rows of the first posting.
        seed: the same seed and number give the same rows.
        corrected: share of lines corrected in a second posting, each by a reversal and a new row; these rows come on
            top, in tables of their own.
        batch: rows of a table, at most.
    """
    template = make_template(generate("worcestershire", seed=seed))
    size = len(template.columns["person"])
    for first in range(0, lines, batch):
        numbers = np.arange(first, min(first + batch, lines), dtype=np.int64)
        columns = _copied(template, numbers, numbers % size, numbers // size, seed)
        yield _table(columns)
        if corrected:
            yield _table(_corrections(columns, template, corrected, seed))


def make_template(made: Council) -> Template:
    """The rows of a generated council, its deliveries among them."""
    lines = made.lines
    places = {id(line.spell): line for line in reversed(lines)}
    rows = [_row(line) for line in lines]
    for one in made.deliveries:
        planned = _row(places[id(one.spell)])
        rows.append(
            planned
            | {"record": DELIVERED, "start_day": one.start, "end_day": one.end, "quantity": one.units, "weekly_cost": 0}
        )
    numbered: dict[str, dict[str, int]] = {"provider": {}, "setting": {}}
    for name, seen in numbered.items():
        for row in rows:
            row[name] = seen.setdefault(row[name], len(seen) + 1) if row[name] else 0
    columns = {name: np.array([row[name] for row in rows], dtype=np.int64) for name in rows[0]}
    return Template(
        columns,
        len(made.world.people) + 1,
        len(numbered["provider"]) + 1,
        len(numbered["setting"]) + 1,
        made.world.window.last,
    )


def _row(line: Line) -> dict[str, Any]:
    """One line as catalogue codes and numbers; provider and setting by reference."""
    spell, step, person = line.spell, line.step, line.spell.person
    coded = {
        "authority": "worcestershire",
        "gender": person.gender if person else "",
        "client_group": person.group if person else "",
        "support_reason": person.reason if person else "",
        "service": spell.service,
        "component": spell.component,
        "cost_centre": spell.cost_centre,
        "purchase_type": spell.purchase,
        "delivery_mechanism": spell.mechanism,
        "booking_type": spell.booking,
        "provider_type": spell.provider.type if spell.provider else "",
        "district": spell.district,
        "zone": spell.zone,
        "locality": spell.locality,
        "team": spell.team,
        "placement_area": spell.area or "in-county",
        "unit": spell.unit,
    }
    return {name: catalogue().code(name, value) if value else 0 for name, value in coded.items()} | {
        "person": person.number if person else 0,
        "birth_month": month_ordinal(day_date(person.birth)) if person else 0,
        "provider": spell.provider.reference if spell.provider else "",
        "setting": spell.setting.reference if spell.setting else "",
        "postcode_district": postcode_number(spell.postcode) if spell.postcode else 0,
        "record": PLANNED,
        "start_day": line.start,
        "end_day": OPEN_DAY if line.end is None else line.end,
        "quantity": step.quantity,
        "unit_price": step.weekly if step.price is None else step.price,
        "weekly_cost": step.weekly,
        "one_off_cost": spell.one_off,
    }


def _copied(template: Template, numbers: Ints, rows: Ints, copies: Ints, seed: int) -> Columns:
    """The chosen rows of the template, each copy of a person moved in its own way."""
    columns = {name: values[rows] for name, values in template.columns.items()}
    who = columns["person"] + copies * template.people
    columns["line"] = mixed(numbers, seed, 1)
    columns["person"] = np.where(columns["person"] > 0, mixed(who, seed, 2), 0)
    market = copies // COPIES_A_MARKET
    for name, count in (("provider", template.providers), ("setting", template.settings)):
        columns[name] = np.where(columns[name] > 0, mixed(columns[name] + market * count, seed, 3), 0)
    shift = mixed(who, seed, 4) % 61 - 30
    open_now = columns["end_day"] == OPEN_DAY
    columns["start_day"] = np.where(
        open_now, np.minimum(columns["start_day"] + shift, template.last), columns["start_day"] + shift
    )
    columns["end_day"] = np.where(open_now, OPEN_DAY, columns["end_day"] + shift)
    columns["birth_month"] += mixed(who, seed, 5) % 25 - 12
    thousandths = 900 + mixed(who, seed, 6) % 201
    for name in ("weekly_cost", "unit_price"):
        columns[name] = columns[name] * thousandths // 1000
    return columns | {
        "sign": np.ones_like(numbers),
        "reason": np.full_like(numbers, FIRST),
        "posting": np.full_like(numbers, FIRST),
    }


def _corrections(columns: Columns, template: Template, share: float, seed: int) -> Columns:
    """Reversals of some rows, and the rows that come in their place: dearer, or closed where they had stood open."""
    chosen = mixed(columns["line"], seed, 7) % 10_000 < round(share * 10_000)
    back = {name: values[chosen] for name, values in columns.items()}
    back["reason"] = np.full_like(back["line"], CORRECTION)
    back["posting"] = np.full_like(back["line"], CORRECTION)
    new = dict(back)
    new["weekly_cost"] = back["weekly_cost"] + back["weekly_cost"] // 50
    closes = (back["end_day"] == OPEN_DAY) & (back["start_day"] < template.last - 14)
    new["end_day"] = np.where(closes, template.last - 14, back["end_day"])
    back["sign"] = -back["sign"]
    return {name: np.concatenate([back[name], new[name]]) for name in back}


def mixed(values: Ints, seed: int, salt: int) -> Ints:
    """Numbers from 0 to 2**62 that look random and are the same for the same input (SplitMix64)."""
    with np.errstate(over="ignore"):
        state = values.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) % 2**64)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(2)).astype(np.int64)


@cache
def _months() -> Ints:
    """Month ordinal of every day number up to the day after the one that stands for open."""
    return np.array([month_ordinal(day_date(day)) for day in range(_EARLIEST, OPEN_DAY + 2)], dtype=np.int64)


_EARLIEST: Final = -7_305
"""1950-01-01: no line is older."""


def _table(columns: Columns) -> pa.Table:
    """Columns with their months, in the ledger's schema."""
    at = {name: _months()[columns[day] - _EARLIEST + more] for name, day, more in _MONTH_COLUMNS}
    whole = columns | at
    return pa.table([pa.array(whole[field.name]).cast(field.type) for field in SCHEMA], schema=SCHEMA)


_MONTH_COLUMNS: Final = (("start_month", "start_day", 0), ("end_month", "end_day", 0), ("close_month", "end_day", 1))
