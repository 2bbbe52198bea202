"""What is owed for a package: exact by day, rounded once for each line and payment period, shared out by who pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from careshape.paying.course import Stretch, courses
from careshape.paying.history import History
from careshape.paying.periods import Span, periods, whole
from careshape.paying.split import shared_out
from careshape.paying.terms import WHOLE, Terms
from careshape.paying.told import FUNDERS
from careshape.rounding import round_to


@dataclass(frozen=True)
class Entry:
    """One line in one payment period: ``exact`` pence, ``pence`` as rounded, and ``parts`` of them by who pays."""

    line: str
    component: str
    period: Span
    stretches: tuple[Stretch, ...]
    exact: Fraction
    pence: int
    parts: dict[str, int]


@dataclass(frozen=True)
class Entitlement:
    """What is owed over a span of whole payment periods, by what was ``known`` (None: by all that was told)."""

    reference: str
    span: Span
    known: date | None
    entries: tuple[Entry, ...]

    @property
    def pence(self) -> int:
        """All of it."""
        return sum(one.pence for one in self.entries)

    @property
    def parts(self) -> dict[str, int]:
        """Pence by who pays; they come to ``pence``."""
        return {name: sum(one.parts[name] for one in self.entries) for name in FUNDERS}


def entitlement(history: History, terms: Terms, period: Span, known: date | None = None) -> Entitlement:
    """What is owed for the days of a span of payment periods.

    Args:
        history: what was told.
        terms: those of the contract.
        period: whole payment periods (see ``periods.whole``).
        known: by what was known at the end of that day; by all that was told, if None.

    Raises:
        CallError: the span cuts a payment period.
        InputError: a list has no price on a day that needs one.
    """
    span = whole(period, terms)
    lines = courses(history.known_on(known), terms).values()
    found = (
        (course.line.component, one, list(course.stretches(one))) for one in periods(span, terms) for course in lines
    )
    entries = tuple(_entry(component, one, stretches) for component, one, stretches in found if stretches)
    return Entitlement(history.reference, span, known, entries)


def day_by_day(
    history: History, terms: Terms, span: Span, known: date | None = None
) -> Iterator[tuple[str, date, Fraction]]:
    """Line, day and exact pence of each counted day of a span, which may cut a payment period."""
    for course in courses(history.known_on(known), terms).values():
        for one in course.stretches(span):
            for number in range(one.span.days):
                day = date.fromordinal(one.span.first.toordinal() + number)
                yield one.line, day, one.exact * Fraction(1, one.span.days)


def _entry(component: str, period: Span, stretches: Sequence[Stretch]) -> Entry:
    exact, pence, parts = rounded_and_shared([(one.exact, one.funding.parts()) for one in stretches])
    return Entry(stretches[0].line, component, period, tuple(stretches), exact, pence, parts)


def rounded_and_shared(amounts: Sequence[tuple[Fraction, Mapping[str, int]]]) -> tuple[Fraction, int, dict[str, int]]:
    """Exact pence with who pays which part of them, added up, rounded once to the penny, and shared out."""
    exact = sum((one for one, _ in amounts), Fraction(0))
    pence = int(round_to(exact, Fraction(1)))
    shares = {
        name: sum((one * Fraction(parts[name], WHOLE) for one, parts in amounts), Fraction(0)) for name in FUNDERS
    }
    return exact, pence, shared_out(pence, shares)
