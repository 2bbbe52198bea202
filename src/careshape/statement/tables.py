"""Filled tables: the grid that a page shows, and the records that the downloads hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.evaluate.numbers import rounded
from careshape.spreadsheets import as_csv, as_xlsx
from careshape.statement.cards import Card
from careshape.statement.formatting import Value, Withheld, cell, decimals
from careshape.statement.phrases import NOTHING, Phrase

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell: its value, how it is written, and the page and anchor of its card, if it has one of its own."""

    value: Value
    text: str
    unit: str = ""
    page: str = ""
    item: str = ""
    anchor: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it holds a number, which is set to the right."""
        return isinstance(self.value, int | Decimal | Fraction)


@dataclass(frozen=True)
class Column:
    """A column: its heading, its name in downloads, whether it holds numbers, sentences (``wide``) or a few words that
    stand on one line (an interval, a verdict), and the day it is of.
    """

    title: str
    name: str
    numeric: bool = False
    wide: bool = False
    line: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Row:
    """A row: its headings, its cells, whether it is a total, and its anchor on the page.

    ``between`` is true of a row that paper leaves out, since those before and after it tell enough.
    """

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    total: bool = False
    anchor: str = ""
    between: bool = False


@dataclass(frozen=True)
class Head:
    """A heading of a row as a page shows it: over how many rows and columns of headings it stands."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Table:
    """A filled table.

    ``heads`` are the headings of the row headings; ``records`` one dictionary a value with the same keys throughout, as
    the downloads give them; ``cards`` the cards behind the figures, with the heading that each goes by.
    """

    id: str
    title: str
    heads: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    records: tuple[Record, ...]
    cards: tuple[tuple[str, Card], ...] = ()
    chart: str = "none"
    note: Phrase = NOTHING
    problem: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    names: str = ""
    """Name of the first column, by which a reader may filter, where it has one."""

    @property
    def withheld(self) -> tuple[tuple[str, int], ...]:
        """Why cells are withheld, and how many for each reason, the most frequent first."""
        reasons = Counter(
            cell.value.reason for row in self.rows for cell in row.cells if isinstance(cell.value, Withheld)
        )
        return tuple(reasons.most_common())

    @property
    def headed(self) -> list[tuple[Row, list[Head]]]:
        """Each row with its headings: one that heads several rows stands once, and so does the word for a total."""
        return [(row, self._heads_of(number)) for number, row in enumerate(self.rows)]

    def _heads_of(self, number: int) -> list[Head]:
        heads = self.rows[number].heads
        if len(heads) > 1 and len(set(heads)) == 1:
            return [Head(heads[0], columns=len(heads))]
        found = []
        for at, text in enumerate(heads):
            group = heads[: at + 1]
            if at + 1 < len(heads) and number and self.rows[number - 1].heads[: at + 1] == group:
                continue
            rows = 1
            while at + 1 < len(heads) and number + rows < len(self.rows):
                after = self.rows[number + rows].heads
                if after[: at + 1] != group or len(set(after)) == 1:
                    break
                rows += 1
            # A long name with slashes may break after each, or it would make the table wider than the page.
            found.append(Head(re.sub(r"(?<=[a-z])/(?=[A-Za-z])", "/\u200b", text), rows))
        return found

    def as_csv(self) -> str:
        """The records as CSV: a header line, then one line a value."""
        return as_csv(self._names, self.records)

    def as_xlsx(self) -> bytes:
        """The records as a workbook of one sheet."""
        return as_xlsx(self._names, self.records, sheet=self.id)

    @property
    def _names(self) -> list[str]:
        return list(self.records[0]) if self.records else list(self.heads)

    def as_json(self) -> str:
        """Title, where the figures come from, and the records, as JSON."""
        records = [{name: _json(value) for name, value in record.items()} for record in self.records]
        whole = {"id": self.id, "title": self.title, **self.about, "note": str(self.note), "rows": records}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def valued(value: Value, unit: str = "", page: str = "", item: str = "", anchor: str = "") -> Cell:
    """A cell of a value in a unit."""
    return Cell(value, cell(value, unit), unit, page, item, anchor)


def evenly(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a column with the decimals of the one that needs most, for each unit among them."""
    places: dict[str, int] = {}
    for one in cells:
        if one.numeric:
            places[one.unit] = max(places.get(one.unit, 0), decimals(one.text))
    return [replace(one, text=cell(one.value, one.unit, places[one.unit])) if one.numeric else one for one in cells]


def simple(
    id: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    records: Sequence[Record] | None = None,
    anchors: Sequence[str] = (),
    unit: str = "",
    **more: Any,
) -> Table:
    """A table of plain rows, whose first column heads each row; ``unit`` is that of its numbers, where all have one.

    ``records`` is what the downloads hold, one dictionary a row with ids and dates in the form that programs read; the
    values shown are taken where it is not given. ``more`` are further fields of the table.
    """
    filled = [
        Row((str(row[0]),), tuple(valued(value, unit) for value in row[1:]), anchor=anchors[number] if anchors else "")
        for number, row in enumerate(rows)
    ]
    if records is None:
        records = [{column.name: value for column, value in zip(columns, row, strict=True)} for row in rows]
    return Table(
        id, title, (columns[0].title,), tuple(columns[1:]), tuple(filled), tuple(records), names=columns[0].name, **more
    )


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, Fraction):
        return float(rounded(value, 6))
    if isinstance(value, Withheld):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
