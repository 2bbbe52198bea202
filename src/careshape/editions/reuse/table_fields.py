"""The columns of a table as data: what each is called, what it holds, and in which unit its numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from careshape.evaluate.measure import measures
from careshape.statement.formatting import title_of, unit_words
from careshape.statement.labels import TIME, dimension_title
from careshape.statement.tables import Table

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "measure": ("Measure", "What is counted, by the name that the council gives it."),
    "unit": ("Unit", "The unit of the value, by the list unit."),
    "row": ("Row", "The heading of the row on the page."),
    "column": ("Column", "The heading of the column on the page."),
    "status": ("Status", "value: the number is given. suppressed: it is kept back. unknown: there is none."),
    "reason": ("Reason", "Why there is no number."),
}
"""Columns that any table may have -> title and what they hold."""


def field_of(table: Table, name: str, kind: str) -> dict[str, Any]:
    """A column of a table's records, with its title, what it holds and its unit."""
    title, said = _value(table) if name == "value" else _SAID.get(name) or _dimension(name)
    return {"name": name, "type": kind, "title": title, "description": said}


def _dimension(name: str) -> tuple[str, str]:
    title = dimension_title(name)
    if name in TIME:
        return title, "The day, month or year that the row is of."
    return title, f"The {title[:1].lower()}{title[1:]} that the row is of; all where it is of every one."


def _value(table: Table) -> tuple[str, str]:
    """The column of the numbers: what they are, where all are the same, and their unit."""
    counted = {str(one.get("measure", "")) for one in table.records}
    units = sorted({str(one.get("unit", "")) for one in table.records} - {""})
    only = next(iter(counted)) if len(counted) == 1 else ""
    title = measures()[only].label if only in measures() else title_of(only) or table.title
    said = f"In {unit_words(units[0])}." if len(units) == 1 else "In the unit beside it."
    return title, f"{said} Where there is none, the status says why."
