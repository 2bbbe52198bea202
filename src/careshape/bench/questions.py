"""Every question that the statements put to a ledger: by their tables, by their text, to check what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from careshape.catalogue.periods import (
    Period,
    financial_year_period,
    month_period,
    parse_period,
    parse_periods,
    period_between,
)
from careshape.design import decided
from careshape.evaluate.measure import Result
from careshape.evaluate.measure.dimensions import TIME
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.measure.unmet import is_unmet
from careshape.evaluate.published import Ask, asks
from careshape.records import actions, authorities, dataset, intentions, observations
from careshape.statement.content import content_folder, load_statement
from careshape.statement.figures import FigureBook, Sources
from careshape.statement.fill import fill
from careshape.statement.functions import read

COVERED: Final = parse_period("2018-04-01/2021-06-30")
"""The days for which the synthetic ledger is complete."""
WHOLE: Final = COVERED.financial_years[-2]
"""Its last whole financial year."""
LATEST: Final = {"thurrock": 2017}
"""The last financial year that a statement speaks of, where it is not that of the ledger."""


@cache
def questions() -> tuple[Ask, ...]:
    """The questions of all packaged statements, each once.

    Those of a statement that speaks of other years than the synthetic ledger are moved by whole years: the last of them
    to the ledger's last, and what would still lie before it to its first.
    """
    found: list[Ask] = []
    for authority in authorities():
        later = WHOLE - LATEST.get(authority, WHOLE)
        for ask in (*asks(authority), *asked_by_statement(authority)):
            periods = {one.label: one for one in (_moved(period, later) for period in ask.periods)}
            found.append(replace(ask, periods=tuple(periods.values())))
    return tuple(ask for number, ask in enumerate(found) if ask not in found[:number])


def chosen(many: int) -> tuple[Ask, ...]:
    """So many of the questions, spread evenly over them; all where it is 0 or there are no more."""
    every = questions()
    return every if not 0 < many < len(every) else tuple(every[n * len(every) // many] for n in range(many))


def asked_by_statement(authority: str) -> list[Ask]:
    """What the tables and the text of a packaged statement ask, found by filling them without any ledger."""
    folder = content_folder(authority)
    if folder is None:
        return []
    statement = load_statement(folder)
    sources = Sources(
        authority,
        None,
        observations(authority),
        dataset(authority),
        intentions(authority),
        actions(authority),
        decided(authority).views,
    )
    book = _Listener(sources, read)
    calls = [call for call in statement.calls() if not call.block]
    book.plan(calls)
    for call in calls:
        book.figure(call)
    for spec in statement.tables.values():
        fill(book, spec)
    return book.heard


class _Listener(FigureBook):
    """A book that notes what it is asked, and answers that nothing was counted."""

    def result(
        self, name: str, by: Sequence[str] = (), where: dict[str, Any] | None = None, period: str = ""
    ) -> Result:
        """Note a question, and answer it with nothing."""
        ask = Ask(name, tuple(one for one in by if one not in TIME), where or {}, _periods(name, by, period))
        if ask not in self.heard and not is_unmet(find_measure(name)):  # that is of no ledger
            self.heard.append(ask)
        return Result(find_measure(name), tuple(by), (), {})

    @property
    def heard(self) -> list[Ask]:
        """The questions so far, each once."""
        found: list[Ask] = self.__dict__.setdefault("_heard", [])
        return found


def _periods(name: str, by: Sequence[str], text: str) -> tuple[Period, ...]:
    """The periods that are counted; without any, a stock's last day, or the last whole year of the ledger."""
    if not text:
        stock = find_measure(name).is_stock
        return (period_between(COVERED.end, COVERED.end) if stock else financial_year_period(WHOLE),)
    given = parse_periods(text)
    if "month" in by:
        return tuple(month_period(number) for one in given for number in one.months)
    if "financial_year" in by:
        return tuple(financial_year_period(number) for one in given for number in one.financial_years)
    return tuple(given)


def _moved(period: Period, years: int) -> Period:
    """A period so many years later; one that would lie before the ledger is moved on to its first year."""
    if not years:
        return period
    while _later(period, years).start < COVERED.start:
        years += 1
    return _later(period, years)


def _later(period: Period, years: int) -> Period:
    return period_between(*(day.replace(year=day.year + years) for day in (period.start, period.end)))
