"""The files of words: what a council means to do, what came of it, what people said, which charts are lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar

from careshape.errors import CatalogueError
from careshape.records.descriptor import dataset
from careshape.records.period import Period, parse_period

DIRECTIONS = ("grow", "new-service", "review", "reduce", "recommission", "hold", "do-not-develop", "pilot")
ENTRY_TYPES = ("provider-implication", "intervention", "intelligence", "update", "user-view", "driver", "outcome")
OUTCOMES = ("", "achieved", "partly", "not-yet")


@dataclass(frozen=True, slots=True)
class Intention:
    """What a council means to do: direction and, where it was given, target and date; `statement` is a paraphrase."""

    id: str
    section: str
    service: str
    client_group: str
    statement: str
    direction: str
    target_measure: str
    target_value: Decimal | None
    unit: str
    by_date: Period
    source_line: int


@dataclass(frozen=True, slots=True)
class Action:
    """An entry under a market segment or a driver; `outcome` is a reading, since the document does not grade itself."""

    id: str
    part: str
    number: int
    segment_or_driver: str
    entry_type: str
    statement: str
    outcome: str
    period: Period
    service: str
    client_group: str
    source_line: int


@dataclass(frozen=True, slots=True)
class View:
    """A group that was consulted (`record_type` group), or what people said (`view`); `statement` is a paraphrase."""

    id: str
    record_type: str
    group_or_topic: str
    statement: str
    scope: str
    source_line: int


@dataclass(frozen=True, slots=True)
class LostFigure:
    """A chart, map or diagram whose data is not in the document's text, and the series it must have held."""

    id: str
    section: str
    title: str
    kind: str
    series_expected: str
    source_line: int


@cache
def intentions(authority: str) -> tuple[Intention, ...]:
    """The commissioning intentions of a council, in the order of its document."""
    return _load(Intention, authority, "commissioning-intentions", direction=DIRECTIONS)


@cache
def actions(authority: str) -> tuple[Action, ...]:
    """The market segments and drivers of a council with what came of them; empty if its document has none."""
    return _load(
        Action, authority, "market-actions", part=("segment", "driver"), entry_type=ENTRY_TYPES, outcome=OUTCOMES
    )


@cache
def views(authority: str) -> tuple[View, ...]:
    """The groups consulted and what they said; empty if the council's document has none."""
    return _load(View, authority, "user-views", record_type=("group", "view"))


@cache
def lost_figures(authority: str) -> tuple[LostFigure, ...]:
    """The charts, maps and diagrams whose data the document's text does not hold."""
    return _load(LostFigure, authority, "figures-without-data")


Row = TypeVar("Row", Intention, Action, View, LostFigure)


def _load(cls: type[Row], authority: str, name: str, **choices: tuple[str, ...]) -> tuple[Row, ...]:
    data = dataset(authority)
    if name not in data.tables:
        return ()
    entry = data.tables[name]
    file = f"{authority}/{entry.file}"
    reader = csv.DictReader(io.StringIO((data.folder / entry.file).read_text(encoding="utf-8"), newline=""))
    names = [field.name for field in fields(cls)]
    if list(reader.fieldnames or []) != names:
        raise CatalogueError(file, "header", "columns", reader.fieldnames, f"The columns must be {', '.join(names)}.")
    rows = tuple(_row(cls, file, number, raw, choices) for number, raw in enumerate(reader, start=1))
    if len(rows) != entry.rows:
        raise CatalogueError(file, "file", "rows", len(rows), f"dataset.toml says that it has {entry.rows} rows.")
    return rows


def _row(cls: type[Row], file: str, number: int, raw: dict[str, str], choices: dict[str, tuple[str, ...]]) -> Row:
    values: dict[str, Any] = {}
    for field in fields(cls):
        text = raw[field.name] or ""
        known = choices.get(field.name)
        if known and text not in known:
            raise CatalogueError(file, f"row {number}", field.name, text, f"It must be one of {', '.join(known)}.")
        try:
            values[field.name] = _READERS[str(field.type)](text)
        except (ValueError, InvalidOperation) as fault:
            raise CatalogueError(file, f"row {number}", field.name, text, f"It cannot be read: {fault}.") from fault
    return cls(**values)


def _optional_decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


_READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "Decimal | None": _optional_decimal,
    "Period": parse_period,
}
