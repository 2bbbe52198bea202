"""Days as numbers, as in the ledger: 0 is 1970-01-01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from careshape.catalogue.periods import (
    day_date,
    day_number,
    financial_year_of,
    financial_year_period,
    month_ordinal,
    month_start,
    parse_period,
)


@dataclass(frozen=True, order=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """Number of days."""
        return self.last - self.first + 1

    def overlap(self, start: int, end: int | None) -> int:
        """Days of a stretch from ``start`` to ``end`` (None: still running) inside the span, both ends included."""
        until = self.last if end is None else min(end, self.last)
        return max(0, until - max(start, self.first) + 1)


def span(text: str) -> Span:
    """The days of a period such as ``2020/21``, ``2021-03`` or ``2021-03-31``."""
    period = parse_period(text)
    return Span(period.start_day, period.end_day)


def last_day(text: str) -> Span:
    """The last day of a period, as a span of one day."""
    day = span(text).last
    return Span(day, day)


def iso(day: int | None) -> str:
    """A day number as YYYY-MM-DD; empty for None."""
    return "" if day is None else day_date(day).isoformat()


def first_april(year: int) -> int:
    """Day number of 1 April."""
    return day_number(date(year, 4, 1))


def financial_year(day: int) -> Span:
    """The financial year that a day is in."""
    year = financial_year_period(financial_year_of(day_date(day)))
    return Span(year.start_day, year.end_day)


def aprils(start: int, end: int) -> list[int]:
    """Every 1 April after ``start`` and up to ``end``."""
    first, last = day_date(start).year, day_date(end).year
    return [day for year in range(first, last + 1) if start < (day := first_april(year)) <= end]


def months(window: Span) -> list[Span]:
    """The calendar months that lie in a window."""
    found = []
    day = day_date(window.first).replace(day=1)
    while day_number(day) <= window.last:
        month = span(f"{day.year:04}-{day.month:02}")
        found.append(month)
        day = day_date(month.last + 1)
    return found


def last_months(window: Span, count: int) -> Span:
    """The last so many calendar months of a window that ends with a month."""
    last = month_ordinal(day_date(window.last))
    return Span(day_number(month_start(last - count + 1)), window.last)
