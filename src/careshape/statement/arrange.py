"""Filter and sort a table by the words of an address, without script: ?kind=Error&sort=2&order=down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from careshape.records.observation import slug
from careshape.statement.formatting import Withheld
from careshape.statement.tables import Row, Table


@dataclass(frozen=True)
class Filter:
    """A filter that a reader may set: its column, its heading, its choices and the one chosen ("" for all).

    ``unknown`` is what an address asks for that is none of the choices, so that the page can say that it is left aside.
    """

    name: str
    title: str
    choices: tuple[str, ...]
    chosen: str
    unknown: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading by which a reader may sort: the link, and how it sorts now (ascending, descending, none)."""

    title: str
    href: str
    sorted: str
    numeric: bool
    wide: bool


@dataclass(frozen=True)
class Arranged:
    """A table as a reader asked for it."""

    table: Table
    filters: tuple[Filter, ...]
    headings: tuple[Heading, ...]
    shown: int
    of: int

    @property
    def query(self) -> str:
        """The filters that are set, as the end of an address: ?status=Explained."""
        chosen = {one.name: one.chosen for one in self.filters if one.chosen}
        return f"?{urlencode(chosen)}" if chosen else ""


def arrange(table: Table, asked: Mapping[str, str], filters: Sequence[str] = ()) -> Arranged:
    """Filter and sort ``table`` by ``asked``; what it does not know is left aside: no address can break a page.

    A choice may be written as it is shown, or as an identifier: "Home care" and home-care are one.
    """
    made = []
    keep = [True] * len(table.rows)
    for name in filters:
        at = [table.names, *(column.name for column in table.columns)].index(name)
        values = [_text(_value(row, at)) for row in table.rows]
        choices = tuple(sorted({value for value in values if value}))
        wanted = asked.get(name, "")
        chosen = wanted if not wanted or wanted in choices else _named(wanted, choices)
        title = table.columns[at - 1].title if at else table.heads[0]
        made.append(Filter(name, title, choices, chosen, "" if chosen else wanted))
        if chosen:
            keep = [kept and value == chosen for kept, value in zip(keep, values, strict=True)]
    rows = [row for row, kept in zip(table.rows, keep, strict=True) if kept]
    records = table.records
    if made and len(records) == len(keep):
        # A list has one record a row, so that its downloads hold what the page shows.
        records = tuple(record for record, kept in zip(records, keep, strict=True) if kept)
    number, down = _sorting(table, asked)
    if number is not None:
        rows = _sorted(rows, number, down)
    chosen_now = {one.name: one.chosen for one in made if one.chosen}
    headings = tuple(
        _heading(table, at, number, down, chosen_now) for at in range(len(table.heads) + len(table.columns))
    )
    arranged = replace(table, rows=tuple(rows), records=records)
    return Arranged(arranged, tuple(made), headings, len(rows), len(table.rows))


def _sorting(table: Table, asked: Mapping[str, str]) -> tuple[int | None, bool]:
    wanted = asked.get("sort", "")
    many = len(table.heads) + len(table.columns)
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 and int(wanted) < many else None
    return number, asked.get("order") == "down"


def _sorted(rows: list[Row], number: int, down: bool) -> list[Row]:
    """Rows by one column; blanks and totals stay last, whichever way."""
    parts = [row for row in rows if not row.total]
    filled = [row for row in parts if _value(row, number) not in (None, "")]
    blank = [row for row in parts if _value(row, number) in (None, "")]
    filled.sort(key=lambda row: _key(_value(row, number)), reverse=down)
    return [*filled, *blank, *(row for row in rows if row.total)]


def _value(row: Row, number: int) -> Any:
    return row.heads[number] if number < len(row.heads) else row.cells[number - len(row.heads)].value


def _key(value: Any) -> tuple[int, Any]:
    return (1, str(value).casefold()) if isinstance(value, str | Withheld) else (0, value)


def _heading(table: Table, at: int, number: int | None, down: bool, chosen: Mapping[str, str]) -> Heading:
    columns = len(table.heads)
    title = table.heads[at] if at < columns else table.columns[at - columns].title
    numeric = at >= columns and table.columns[at - columns].numeric
    wide = at >= columns and table.columns[at - columns].wide
    here = at == number
    order = {"order": "down"} if here and not down else {}
    href = "?" + urlencode({**chosen, "sort": str(at), **order})
    state = ("descending" if down else "ascending") if here else "none"
    return Heading(title, href, state, numeric, wide)


def _named(wanted: str, choices: Sequence[str]) -> str:
    """The choice of an identifier; empty where there is none. A choice of signs alone has no identifier."""
    name = slug(wanted)
    return next((one for one in choices if name and slug(one) == name), "")


def _text(value: Any) -> str:
    return "" if value is None else str(value)
