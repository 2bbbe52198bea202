"""Telling which source a sheet comes from, by the names of its columns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from careshape.errors import InputError
from careshape.records.official.sheets import Sheet
from careshape.records.official.source import Layout, Source


@dataclass(frozen=True)
class Match:
    """A sheet that is laid out as a source's files are.

    Attributes:
        header: the column names, several header lines joined with "|"; below: line at which the body begins.
    """

    sheet: Sheet
    source: Source
    layout: Layout
    header: tuple[str, ...]
    below: int


def recognise(sheet: Sheet, sources: Iterable[Source]) -> list[Match]:
    """Every layout that a sheet fits; empty where it fits none."""
    return [
        match for source in sources for layout in source.layout if (match := _match(sheet, source, layout)) is not None
    ]


def _match(sheet: Sheet, source: Source, layout: Layout) -> Match | None:
    if layout.sheet and not re.search(layout.sheet, sheet.name):
        return None
    for line in range(len(sheet.head) - layout.header_rows + 1):
        if not set(layout.signature) <= set(sheet.head[line]):
            continue
        if set(layout.without) & set(sheet.head[line]):
            return None
        above = " ".join(cell for row in sheet.head[:line] for cell in row)
        if layout.title and layout.title not in above:
            return None
        header = _join(sheet.head[line : line + layout.header_rows])
        if layout.melt and not any(re.fullmatch(layout.melt, name) for name in header):
            continue
        return Match(sheet, source, layout, header, line + layout.header_rows)
    return None


def _join(rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """One name a column from several header lines: a merged cell stands for the blank ones to its right."""
    if len(rows) == 1:
        return rows[0]
    filled = []
    for number, row in enumerate(rows):
        names, last = [], ""
        for cell in row:
            last = cell or (last if number < len(rows) - 1 else "")
            names.append(last)
        filled.append(names)
    return tuple("|".join(part for part in parts if part) for parts in zip(*filled, strict=True))


def _lacking(name: str, layout: Layout, row: Iterable[str]) -> str:
    """A missing column, with the heading of the file that comes near it and is no other column."""
    known = {*layout.signature, *(one for names in layout.read.values() for one in names)}
    near = difflib.get_close_matches(name, [one for one in row if one and one not in known], n=1)
    return f"{name} (perhaps '{near[0]}')" if near else name


def unknown(sheets: Iterable[Sheet], sources: Iterable[Source]) -> InputError:
    """The error for a file of which no sheet is known: what is known, and what comes nearest."""
    known = list(sources)
    best: tuple[float, Source, Layout, set[str], tuple[str, ...]] | None = None
    name = ""
    for sheet in sheets:
        name = sheet.file
        for source in known:
            for layout in source.layout:
                for row in sheet.head:
                    missing = set(layout.signature) - set(row)
                    share = 1 - len(missing) / len(layout.signature)
                    if missing and share >= 0.5 and (best is None or share > best[0]):
                        best = share, source, layout, missing, row
    nearest = ""
    if best is not None:
        lacks = ", ".join(_lacking(one, best[2], best[4]) for one in sorted(best[3])[:8])
        nearest = f" It comes nearest to {best[1].id} ({best[2].name}), but lacks the columns {lacks}."
    return InputError(
        f"{name} is not a file of a source that careshape knows.{nearest} The sources are "
        f"{', '.join(source.id for source in known)}: `careshape data list --known` describes them."
    )
