"""Lists: rows that a reader searches, sorts, filters, pages through and downloads, by the words of an address alone.

A list of what is said of people is made by ``listed``, which cuts it to the fields that the reader sees before anything
else is done with it: what one does not see one does not search or sort by either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from careshape.policy.fields import all_seen
from careshape.policy.later import Later
from careshape.policy.principal import Principal
from careshape.policy.rules import policy
from careshape.spreadsheets import as_csv, as_xlsx

PAGE: Final = 50
"""Rows of a page, where a list says nothing else."""
FILES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MONEY: Final = re.compile(r"(-?)£(\d[\d,]*(?:\.\d+)?)")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a list."""

    name: str
    title: str
    numeric: bool = False
    text: Callable[[Any], str] = str
    """How a value is written on the page."""
    link: str = ""
    """Name of the field of a row that holds where its value leads."""
    filtered: bool = False
    """Whether a reader may choose one of its values."""
    shown: bool = True
    """Whether the page shows it; downloads hold every column."""
    wide: bool = False
    """Whether it holds sentences."""
    many: bool = False
    """Whether its text is several values, between semicolons, of which a reader may choose one."""

    def values(self, row: Row) -> tuple[str, ...]:
        """What a reader may choose a row by."""
        text = self.text(row.get(self.name))
        return tuple(text.split("; ")) if self.many else (text,)


@dataclass(frozen=True)
class Listing:
    """A list as it is: its columns, its rows, and what is said where it has none."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    empty: str = "There is nothing here yet."
    sort: str = ""
    """Column by which it is sorted where the reader asks for nothing; a minus sign before it for downwards."""
    size: int = PAGE
    """Rows of a page."""
    aside: tuple[str, str] = ("", "")
    """Column and text of the rows that are left aside until a reader filters by that column, or looks for words."""


def listed(
    principal: Principal, act: str, record: str, columns: Sequence[Column], rows: Iterable[Row], **more: Any
) -> Listing:
    """A list of what is said of people, as much of it as the principal sees by an act.

    columns: named as the fields of the record. rows: with every field. more: the other parts of a ``Listing``.
    """
    may = policy().fields(principal, act, record)
    cut = list(all_seen(principal, act, record, rows))
    return Listing(columns=tuple(one for one in columns if one.name in may), rows=cut, **more)


@dataclass(frozen=True)
class Choice:
    """A filter that a reader may set."""

    name: str
    title: str
    values: tuple[str, ...]
    chosen: str
    every: str = "All"
    """What it is called to choose none."""


@dataclass(frozen=True)
class Heading:
    """A heading by which a reader sorts."""

    title: str
    href: str
    sorted: str
    numeric: bool
    wide: bool


@dataclass(frozen=True)
class Cell:
    """A cell of a page."""

    text: str
    href: str
    numeric: bool
    wide: bool


@dataclass(frozen=True)
class Arranged:
    """A list as a reader asked for it."""

    listing: Listing
    rows: tuple[Row, ...]
    """Every row that was asked for, in order."""
    page: int
    asked: str
    choices: tuple[Choice, ...]
    headings: tuple[Heading, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    """What of the address has a meaning here."""
    left_aside: tuple[str, ...] = ()
    """What of the address has none, in sentences."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.rows) // self.listing.size))

    @property
    def first(self) -> int:
        """Number of the first row of the page; 0 where there is none."""
        return (self.page - 1) * self.listing.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row of the page."""
        return min(self.page * self.listing.size, len(self.rows))

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows of the page as they are shown."""
        shown = [column for column in self.listing.columns if column.shown]
        return [[_cell(column, row) for column in shown] for row in self.rows[max(0, self.first - 1) : self.last]]

    def address(self, **changed: Any) -> str:
        """The address of the same list with something changed; None takes a word away."""
        words = {**self.query, **changed}
        kept = {name: value for name, value in words.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else "?"

    @property
    def pagination(self) -> list[tuple[int, str, bool]]:
        """Pages to go to: number, address, whether it is this one; 0 stands for those left out."""
        near = {1, self.pages, *(n for n in range(self.page - 1, self.page + 2) if 1 <= n <= self.pages)}
        found: list[tuple[int, str, bool]] = []
        for number in sorted(near):
            if found and number > found[-1][0] + 1:
                found.append((0, "", False))
            found.append((number, self.address(page=number), number == self.page))
        return found


def arrange(listing: Listing, asked: Mapping[str, str], kept: Mapping[str, str] | None = None) -> Arranged:
    """A list as ``asked``; what it does not know is left aside and told, so that no address can break a page.

    ``kept`` are words of the address that mean something else on the page, and stay in its links.
    """
    rows = list(listing.rows)
    words = asked.get("q", "").strip()[:200]
    query: dict[str, str] = {**(kept or {}), **({"q": words} if words else {})}
    choices, left_aside = [], []
    for column in (one for one in listing.columns if one.filtered):
        values = tuple(sorted({value for row in rows for value in column.values(row)} - {""}))
        chosen = asked.get(column.name, "")
        if chosen in values:
            query[column.name] = chosen
        elif chosen:
            left_aside.append(f"{column.title}: none here is “{chosen[:60]}”, so nothing is chosen by it.")
        every = f"All but “{listing.aside[1]}”" if column.name == listing.aside[0] else "All"
        choices.append(Choice(column.name, column.title, values, chosen if chosen in values else "", every))
    if not words and not any(one.chosen for one in choices if one.name == listing.aside[0]):
        rows = [row for row in rows if not _aside(listing, row)]
        listing = replace(listing, rows=rows)
    for choice in choices:
        if choice.chosen:
            column = next(one for one in listing.columns if one.name == choice.name)
            rows = [row for row in rows if choice.chosen in column.values(row)]
    rows = [row for row in rows if _holds(listing, row, words.casefold().split())]
    rows, sort, down = _sorted(listing, rows, asked)
    if asked.get("sort") == sort:
        query |= {"sort": sort} | ({"order": "down"} if down else {})
    elif asked.get("sort"):
        left_aside.append(f"There is no column “{asked['sort'][:60]}” to sort by.")
    made = Arranged(listing, tuple(rows), 1, words, tuple(choices), (), query, tuple(left_aside))
    headings = tuple(_heading(made, column, sort, down) for column in listing.columns if column.shown)
    return replace(made, page=_page(asked.get("page", ""), made.pages), headings=headings)


def download(arranged: Arranged, kind: str, name: str) -> HttpResponse:
    """The rows that were asked for as a file. Raises Http404 for a kind of file that there is not."""
    if kind not in FILES:
        raise Http404("Downloads are CSV or XLSX.")
    names = [column.name for column in arranged.listing.columns]
    rows = arranged.rows

    def written() -> str | bytes:
        return as_csv(names, rows) if kind == "csv" else as_xlsx(names, rows, sheet=name)

    response = Later(written, content_type=FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _aside(listing: Listing, row: Row) -> bool:
    name, text = listing.aside
    return bool(name) and row.get(name) == text


def _page(text: str, pages: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(1, number), pages)


def _holds(listing: Listing, row: Row, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = " ".join(column.text(row.get(column.name)) for column in listing.columns).casefold()
    return all(word in text for word in words)


def _sorted(listing: Listing, rows: list[Row], asked: Mapping[str, str]) -> tuple[list[Row], str, bool]:
    """Rows by one column; blanks stay last, whichever way."""
    names = {column.name for column in listing.columns}
    sort, down = asked.get("sort", ""), asked.get("order") == "down"
    if sort not in names:
        sort, down = listing.sort.removeprefix("-"), listing.sort.startswith("-")
    if not sort:
        return rows, "", False
    filled = [row for row in rows if row.get(sort) not in (None, "")]
    blank = [row for row in rows if row.get(sort) in (None, "")]
    filled.sort(key=lambda row: _key(row[sort]), reverse=down)
    return [*filled, *blank], sort, down


def _key(value: Any) -> tuple[int, Any]:
    """By what a value is sorted: numbers, and words that begin with money by the amount, before all other words."""
    if not isinstance(value, str):
        return (0, value)
    money = _MONEY.match(value)
    return (0, Decimal((money[1] + money[2]).replace(",", ""))) if money else (1, value.casefold())


def _heading(arranged: Arranged, column: Column, sort: str, down: bool) -> Heading:
    here = column.name == sort
    turned = "down" if here and not down else None
    state = ("descending" if down else "ascending") if here else "none"
    return Heading(
        column.title, arranged.address(sort=column.name, order=turned, page=None), state, column.numeric, column.wide
    )


def _cell(column: Column, row: Row) -> Cell:
    value = row.get(column.name)
    text = "" if value is None else column.text(value)
    return Cell(text, str(row.get(column.link) or "") if column.link else "", column.numeric, column.wide)
