"""Payment periods: spans of whole weeks that follow each other without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from careshape.errors import CallError
from careshape.paying.terms import EARLIEST, LATEST, Terms


@total_ordering
@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both of them in it."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"

    def __lt__(self, other: Span) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    @property
    def days(self) -> int:
        """How many days it has; nought or less where it ends before it begins."""
        return (self.last - self.first).days + 1

    def within(self, other: Span) -> Span:
        """What the two have in common, which may be nothing."""
        return Span(max(self.first, other.first), min(self.last, other.last))


def period_of(day: date, terms: Terms) -> Span:
    """The payment period that a day falls in."""
    first = terms.first_period + timedelta((day - terms.first_period).days // terms.days * terms.days)
    return Span(first, first + timedelta(terms.days - 1))


def periods(span: Span, terms: Terms) -> Iterator[Span]:
    """The payment periods that have a day in the span, in order, each of them whole."""
    if span.days < 1:
        return
    one = period_of(span.first, terms)
    while one.first <= span.last:
        yield one
        one = Span(one.last + timedelta(1), one.last + timedelta(terms.days))


def whole(span: Span, terms: Terms) -> Span:
    """The span, where it is whole payment periods. Raises CallError, with the nearest that is, for any other."""
    if span.days < 1:
        raise CallError(f"The span {span} ends before it begins.")
    # The first line that can be told may begin within a period.
    if span.last < EARLIEST or span.first > LATEST:
        raise CallError(f"The span {span} is not between {EARLIEST} and {LATEST}.")
    nearest = Span(period_of(span.first, terms).first, period_of(span.last, terms).last)
    if nearest != span:
        raise CallError(
            f"Pence are rounded once a payment period, and {span} cuts one. Ask for whole ones, such as {nearest}."
        )
    return span
