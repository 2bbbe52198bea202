"""How tables fit a page: the size of their letters, the width of their columns, and which are set as lists instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from careshape.statement.print.nodes import Grid, GridCell, GridRow

DIGIT: Final = 0.575
"""Width of a digit of Open Sans as a share of its size; all widths here are told in digits."""
_NARROW: Final = dict.fromkeys("iljtfrI.,:;'’|()[]-–/ ", 0.58) | dict.fromkeys("mwMW%@—", 1.5)
_CAPITAL: Final = 1.14
_SMALL: Final = 0.98
_BOLD: Final = 1.14
PAGE: Final = {False: 476.0, True: 493.0}
"""Width of the text on a page in points, in the usual print and in large print."""
LARGEST: Final = {False: 9.3, True: 18.0}
"""Size of the letters of a table in points; smaller in the usual print where it needs it, never in large print."""
SMALLEST: Final = 6.5
_GAP: Final = 2.2
"""Digits that a column needs beside its words, for the space between it and the next."""
_LEAST: Final = 0.45
"""Share of the page's width that a table takes at least."""
_SNUG: Final = {True: 34, False: 20}
"""Digits of room for a cell that heads its row, and for one that does not, before headings of columns get theirs."""
_LONGEST: Final = {True: 48, False: 66}
"""Digits of room for such cells where there is plenty."""
_DATE: Final = 15
"""Digits of room for the heading of a column of numbers in which it stays on one line: a day with its year has it."""


@dataclass(frozen=True)
class Layout:
    """The look of one table: size in points, parts of the width by column, share of the page's width, lists instead."""

    size: float
    widths: tuple[float, ...]
    share: float
    as_list: bool


def layout_of(grid: Grid, large: bool) -> Layout:
    """How a table is set. One that does not fit in the smallest letters of its print becomes a list."""
    least, snug, wanted = ([0.0] * grid.width for _ in range(3))
    for at, cell, heading, numeric in _placed(grid):
        bold = heading or (cell.head and cell.rows > 1)
        full = _width(cell.text, bold)
        word = max((_width(one, bold) for one in re.split(r"[\s\u200b]+", cell.text)), default=0.0)
        if numeric and not heading:
            asked = (full, full, full)
        elif heading:
            asked = (word, max(word, full / (3 if numeric else 2)), max(word, full / 2, min(full, _DATE)))
        else:
            asked = (word, max(word, min(full, _SNUG[cell.head])), max(word, min(full, _LONGEST[cell.head])))
        for widths, one in zip((least, snug, wanted), asked, strict=True):
            widths[at] = max(widths[at], one + _GAP)
    fitting = PAGE[large] / (DIGIT * sum(least))
    smallest = LARGEST[True] if large else SMALLEST
    size = max(smallest, min(LARGEST[large], fitting))
    room = PAGE[large] / (DIGIT * size)
    widths = _shared(_shared(least, snug, room), wanted, room)
    share = min(1.0, max(_LEAST, sum(widths) / room))
    return Layout(round(size, 2), tuple(round(one, 2) for one in widths), round(share, 3), fitting < smallest)


def _shared(low: list[float], high: list[float], room: float) -> list[float]:
    """Widths from low towards high, as far as there is room: what is left over is shared by what each wants more."""
    high = [max(one, other) for one, other in zip(low, high, strict=True)]
    over, wish = room - sum(low), sum(high) - sum(low)
    part = min(1.0, max(0.0, over) / wish) if wish > 0 else 0.0
    return [one + part * (other - one) for one, other in zip(low, high, strict=True)]


def _width(text: str, bold: bool) -> float:
    """How wide a line of words is, in digits."""
    told = sum(_NARROW.get(one) or (1.0 if one.isdigit() else _CAPITAL if one.isupper() else _SMALL) for one in text)
    return told * _BOLD if bold else told


def _placed(grid: Grid) -> Iterator[tuple[int, GridCell, bool, bool]]:
    """Every cell of one column with its place, whether it is the column's heading, and whether it is of numbers."""
    at = 0
    for cell in grid.heads:
        if cell.columns == 1:
            yield at, cell, True, cell.numeric
        at += cell.columns
    taken: dict[int, int] = {}
    for row in grid.rows:
        at = 0
        for cell in row.cells:
            while taken.get(at, 0) > 0:
                at += 1
            if cell.columns == 1:
                yield at, cell, False, cell.numeric
            for place in range(at, at + cell.columns):
                taken[place] = cell.rows
            at += cell.columns
        taken = {place: left - 1 for place, left in taken.items()}


def listed(grid: Grid) -> list[dict[str, Any]]:
    """A table as a list: for each row its headings, and each value with the heading of its column."""
    heads = [cell.text for cell in grid.heads for _ in range(cell.columns)]
    found = []
    for row, above in zip(grid.rows, _headings(grid), strict=True):
        values = [cell for cell in row.cells if not cell.head]
        pairs = zip(heads[len(heads) - len(values) :], values, strict=True)
        said = [{"title": title, "text": cell.text} for title, cell in pairs if cell.text]
        found.append({"title": ", ".join(dict.fromkeys(above)), "values": said})
    return found


def _headings(grid: Grid) -> list[list[str]]:
    """The headings of each row, those that stand over several rows among them."""
    reaching: list[tuple[str, int]] = []
    found = []
    for row in grid.rows:
        reaching = [(text, left - 1) for text, left in reaching if left > 1]
        own = [(cell.text, cell.rows) for cell in _heads(row)]
        found.append([text for text, _ in (*reaching, *own)])
        reaching += [one for one in own if one[1] > 1]
    return found


def _heads(row: GridRow) -> list[GridCell]:
    return [cell for cell in row.cells if cell.head]
