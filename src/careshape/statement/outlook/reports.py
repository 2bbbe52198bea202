"""The pages that stand behind the outlook: what each is called, what it tells, and who makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from careshape.statement.council import Council
from careshape.statement.in_browser import in_browser
from careshape.statement.outlook.beside import beside_report
from careshape.statement.outlook.housing import housing_report
from careshape.statement.outlook.needs import needs_report
from careshape.statement.outlook.people import people_report
from careshape.statement.outlook.report import Report, Section
from careshape.statement.outlook.sureness import sureness_report, verdict
from careshape.statement.outlook.there import supply_report
from careshape.statement.outlook.whatif import whatif_report
from careshape.statement.tables import Cell


@dataclass(frozen=True)
class Kind:
    """One of the pages: its address, title, what it tells in a line, and what makes it."""

    id: str
    title: str
    what: str
    make: Callable[[Council], Report]

    def made(self, council: Council) -> Report:
        """The page, worked out, with sentences that name no command: its readers have a browser."""
        found = self.make(council)
        return replace(
            found,
            lead=in_browser(found.lead),
            problem=in_browser(found.problem),
            notes=tuple(map(in_browser, found.notes)),
            sections=tuple(map(_for_readers, found.sections)),
        )


def _for_readers(section: Section) -> Section:
    said, listed = tuple(map(in_browser, section.said)), tuple(map(in_browser, section.listed))
    table = section.table
    if table is not None:
        table = replace(table, rows=tuple(replace(row, cells=tuple(map(_cell, row.cells))) for row in table.rows))
    return replace(section, said=said, listed=listed, table=table)


def _cell(cell: Cell) -> Cell:
    return cell if cell.numeric else replace(cell, text=in_browser(cell.text))


KINDS: Final = {
    one.id: one
    for one in (
        Kind("people", "Population", "Who lives here and who will, by age, sex and area", people_report),
        Kind("need", "Need", "How many people have a condition or need help, and how sure that is", needs_report),
        Kind(
            "supply",
            "What there is",
            "Places by source; homes and agencies on the register; ratings and their age",
            supply_report,
        ),
        Kind("housing", "Housing and care homes", "From people to places, by tenure and district", housing_report),
        Kind(
            "scenarios", "Scenarios", "What would change, and what it would cost, if something were done", whatif_report
        ),
        Kind(
            "costs", "Costs beside others'", "Unit costs, other councils, the local market, cost models", beside_report
        ),
        Kind("accuracy", "How good are these forecasts?", "Forecasts tried against the past", sureness_report),
    )
}
"""The pages in the order in which a reader meets them."""


def report(council: Council, name: str) -> Report:
    """One of the pages as it was worked out. Raises NotWorkedOutError where that is still to come."""
    return council.ahead.report(name)


__all__ = ["KINDS", "Kind", "report", "verdict"]
