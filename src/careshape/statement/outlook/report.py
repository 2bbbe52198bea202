"""What a page of the outlook is made of: sections, each with words, a picture, a table and its downloads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from careshape.statement.charts import Chart
from careshape.statement.tables import Column, Table, evenly


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        id, title: its anchor and heading.
        said: what it says in words, a paragraph each.
        chart: a picture, which never stands without its table.
        table: the table; folded: whether it opens on request, where it is long and a picture sums it up.
        listed: sentences as a list, after the table.
        records: what its values rest on, as downloads say it; "" for the council's own records.
        download: whether the table can be downloaded.
        arranged: whether a reader may sort the table, and filter it by the columns named in ``filters``.
        page: the leaf that it stands on; empty for the page itself.
        shown: whether the page shows the table, which is there to be downloaded in any case.
    """

    id: str
    title: str
    said: tuple[str, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    folded: bool = False
    listed: tuple[str, ...] = ()
    records: str = ""
    download: bool = True
    arranged: bool = False
    filters: tuple[str, ...] = ()
    page: str = ""
    shown: bool = True

    @property
    def downloads(self) -> bool:
        """Whether there are records to download."""
        return self.download and self.table is not None and bool(self.table.records)


@dataclass(frozen=True)
class Leaf:
    """A page of its own below a report, such as one condition: its address, its title, and what it tells in a line."""

    id: str
    title: str
    what: str = ""


@dataclass(frozen=True)
class Report:
    """A page: what it tells in a paragraph, its sections, and how it was made. ``problem`` says why there is none.

    ``leaves`` are the pages below it, which hold the sections that name them; ``leaves_title`` heads the list of them.
    """

    lead: str = ""
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    leaves: tuple[Leaf, ...] = ()
    leaves_title: str = ""

    def on(self, page: str) -> tuple[Section, ...]:
        """The sections of a leaf; of the page itself where it is empty."""
        return tuple(one for one in self.sections if one.page == page)

    def leaf(self, name: str) -> Leaf | None:
        """A page below it by its id; None where there is none."""
        return next((one for one in self.leaves if one.id == name), None)

    def section(self, name: str) -> Section | None:
        """A section by its id; None where there is none."""
        return next((one for one in self.sections if one.id == name), None)


def numeric(title: str, name: str) -> Column:
    """A column of numbers."""
    return Column(title, name, numeric=True)


def headed(table: Table, count: int) -> Table:
    """A table whose first ``count`` columns head its rows."""
    moved = count - 1
    heads = (*table.heads, *(column.title for column in table.columns[:moved]))
    rows = tuple(
        replace(row, heads=(*row.heads, *(cell.text for cell in row.cells[:moved])), cells=row.cells[moved:])
        for row in table.rows
    )
    return replace(table, heads=heads, columns=table.columns[moved:], rows=rows)


def even(table: Table) -> Table:
    """A table with the same number of decimals throughout each column."""
    columns = [evenly([row.cells[at] for row in table.rows]) for at in range(len(table.columns))]
    rows = tuple(
        replace(row, cells=tuple(column[number] for column in columns)) for number, row in enumerate(table.rows)
    )
    return replace(table, rows=rows)
