"""The files of words: what came of what a council meant to do, and which charts are lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from careshape.errors import CatalogueError
from careshape.records.descriptor import dataset
from careshape.records.period import Period, parse_period

ENTRY_TYPES = ("provider-implication", "intervention", "intelligence", "update", "user-view", "driver", "outcome")
OUTCOMES = ("", "achieved", "partly", "not-yet")


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
class LostFigure:
    """A chart, map or diagram whose data is not in the document's text, and the series it must have held."""

    id: str
    section: str
    title: str
    kind: str
    series_expected: str
    source_line: int


@cache
def actions(authority: str) -> tuple[Action, ...]:
    """The market segments and drivers of a council with what came of them; empty if its document has none."""
    return _load(
        Action, authority, "market-actions", part=("segment", "driver"), entry_type=ENTRY_TYPES, outcome=OUTCOMES
    )


@cache
def lost_figures(authority: str) -> tuple[LostFigure, ...]:
    """The charts, maps and diagrams whose data the document's text does not hold."""
    return _load(LostFigure, authority, "figures-without-data")


Row = TypeVar("Row", Action, LostFigure)


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
        except ValueError as fault:
            raise CatalogueError(file, f"row {number}", field.name, text, f"It cannot be read: {fault}.") from fault
    return cls(**values)


_READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "Period": parse_period,
}
