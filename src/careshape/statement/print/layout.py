"""How tables fit a page: the size of their letters, the width of their columns, and which are set as lists instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from careshape.statement.print.nodes import Grid, GridCell, GridRow

LETTER: Final = 0.6
"""Width of a letter as a share of its size: a little more than the mean of Open Sans, since digits are wide."""
PAGE: Final = {False: 476.0, True: 493.0}
"""Width of the text on a page in points, in the usual print and in large print."""
LARGEST: Final = {False: 9.3, True: 18.0}
"""Size of the letters of a table in points; smaller in the usual print where it needs it, never in large print."""
SMALLEST: Final = 6.5
_GAP: Final = 2
"""Letters that a column needs beside its words, for the space between it and the next."""
_LINES: Final = 3
"""Over so many lines the heading of a column of numbers may run."""
_LONGEST: Final = {True: 30, False: 60}
"""Letters on a line of a cell that heads its row, and of one that does not."""


@dataclass(frozen=True)
class Layout:
    """The look of one table: size in points, parts of the width by column, share of the page's width, lists instead."""

    size: float
    widths: tuple[float, ...]
    share: float
    as_list: bool


def layout_of(grid: Grid, large: bool) -> Layout:
    """How a table is set. One that does not fit in the smallest letters of its print becomes a list."""
    least, wanted = [0.0] * grid.width, [0.0] * grid.width
    for at, cell, numeric in _placed(grid):
        word = max((len(one) for one in re.split(r"[\s\u200b]+", cell.text)), default=0)
        least[at] = max(least[at], (len(cell.text) if cell.numeric and not numeric else word) + _GAP)
        line = len(cell.text) / _LINES if numeric else min(len(cell.text), _LONGEST[cell.head])
        wanted[at] = max(wanted[at], least[at], line + _GAP)
    fitting = PAGE[large] / (LETTER * sum(least))
    smallest = LARGEST[True] if large else SMALLEST
    size = max(smallest, min(LARGEST[large], fitting))
    room = PAGE[large] / (LETTER * size)
    # What is left over is shared by those who want more than they need.
    over, wish = room - sum(least), sum(wanted) - sum(least)
    part = min(1.0, max(0.0, over) / wish) if wish > 0 else 0.0
    widths = [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
    share = min(1.0, max(0.6, sum(widths) / room))
    return Layout(round(size, 2), tuple(round(one, 2) for one in widths), round(share, 3), fitting < smallest)


def _placed(grid: Grid) -> Iterator[tuple[int, GridCell, bool]]:
    """Every cell of one column with its place, and whether it is the heading of a column of numbers."""
    at = 0
    for cell in grid.heads:
        if cell.columns == 1:
            yield at, cell, cell.numeric
        at += cell.columns
    taken: dict[int, int] = {}
    for row in grid.rows:
        at = 0
        for cell in row.cells:
            while taken.get(at, 0) > 0:
                at += 1
            if cell.columns == 1:
                yield at, cell, False
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
