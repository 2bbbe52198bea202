"""Visits as planned against visits as delivered: which minutes of each are paid, why, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from careshape.errors import InputError
from careshape.paying.course import Course, Stretch, courses
from careshape.paying.entitlement import rounded_and_shared
from careshape.paying.history import History
from careshape.paying.periods import Span, period_of, whole
from careshape.paying.terms import WHOLE, Reason, Terms
from careshape.paying.told import FUNDERS

HOUR: Final = 60
LONGEST: Final = 1_440
"""Minutes of a day: no visit is longer."""


@dataclass(frozen=True)
class Visit:
    """One visit: minutes ``planned``, minutes ``delivered`` (None: not recorded yet), and why they differ, if told.

    The line of the package that it belongs to has its price by the hour.
    """

    reference: str
    line: str
    day: date
    planned: int
    delivered: int | None
    reason: str = ""

    def __post_init__(self) -> None:
        for name in ("planned", "delivered"):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not 0 <= value <= LONGEST):
                raise InputError(
                    f"Visit '{self.reference}': '{name}' is {value!r}; it must be whole minutes from 0 to {LONGEST}."
                )


@dataclass(frozen=True)
class Settled:
    """What is paid of a visit: minutes, why, and exact pence at ``price`` pence an hour."""

    visit: Visit
    minutes: Fraction
    why: str
    price: int
    funding: Mapping[str, int]

    @property
    def exact(self) -> Fraction:
        """Pence, unrounded."""
        return self.minutes * Fraction(self.price, HOUR)


@dataclass(frozen=True)
class VisitEntry:
    """The visits of one line in one payment period: minutes, and what they come to, rounded once and shared out."""

    line: str
    period: Span
    visits: tuple[Settled, ...]
    planned: int
    delivered: int
    paid: Fraction
    exact: Fraction
    pence: int
    parts: dict[str, int]


def minutes_paid(visit: Visit, terms: Terms, reasons: Mapping[str, Reason]) -> tuple[int, str]:
    """Minutes of a visit that are paid, and why, where the person was there to be visited.

    A reason goes before the terms of the contract. Raises InputError for a reason that there is not.
    """
    if visit.reason and visit.reason not in reasons:
        raise InputError(
            f"Visit '{visit.reference}': there is no reason '{visit.reason}'. Reasons are {', '.join(reasons)}."
        )
    if visit.reason and reasons[visit.reason].pays == "nothing":
        return 0, f"nothing: {reasons[visit.reason].title}"
    if visit.reason and reasons[visit.reason].pays == "planned":
        return visit.planned, f"as planned: {reasons[visit.reason].title}"
    if terms.visits.pay == "planned" and not visit.reason:
        return visit.planned, "as planned, by the terms"
    if visit.delivered is None:
        return 0, "nothing yet: it is not recorded what was delivered"
    if visit.reason:
        return visit.delivered, f"as delivered: {reasons[visit.reason].title}"
    if visit.delivered > 0 and abs(visit.delivered - visit.planned) <= terms.visits.tolerance_minutes:
        return visit.planned, f"as planned: within {terms.visits.tolerance_minutes} minutes of it"
    if visit.delivered > visit.planned:
        return visit.planned, "as planned: no reason is told for more"
    return visit.delivered, "as delivered: less than planned"


def visits_owed(
    history: History,
    terms: Terms,
    visits: Iterable[Visit],
    reasons: Mapping[str, Reason],
    period: Span,
    known: date | None = None,
) -> tuple[VisitEntry, ...]:
    """What is owed for visits in whole payment periods, by line and period.

    Args:
        history: the package that they belong to; prices, ends and absences are those of its lines.
        terms: those of the contract.
        visits: each of them once; those outside the period are left out.
        reasons: why a visit may differ from its plan, by id.
        period: whole payment periods.
        known: prices and absences by what was known at the end of that day; by all that was told, if None.

    Raises:
        InputError: a visit is there twice, or names a line or a reason that there is not.
        CallError: the span cuts a payment period.
    """
    span = whole(period, terms)
    lines = courses(history.known_on(known), terms)
    found: dict[tuple[Span, str], list[Settled]] = {}
    seen: set[str] = set()
    for visit in visits:
        if visit.reference in seen:
            raise InputError(f"Visit '{visit.reference}' is there twice. Keep the one that is right.")
        seen.add(visit.reference)
        if visit.line not in lines:
            raise InputError(f"Visit '{visit.reference}': the package has no line '{visit.line}'.")
        if span.first <= visit.day <= span.last:
            key = (period_of(visit.day, terms), visit.line)
            found.setdefault(key, []).append(_settled(visit, lines[visit.line], terms, reasons))
    return tuple(_entry(line, one, settled) for (one, line), settled in sorted(found.items(), key=lambda pair: pair[0]))


def _settled(visit: Visit, course: Course, terms: Terms, reasons: Mapping[str, Reason]) -> Settled:
    held = next(course.stretches(Span(visit.day, visit.day)), None)
    if held is None:
        return Settled(visit, Fraction(0), "nothing: the line does not run on that day", 0, dict.fromkeys(FUNDERS, 0))
    minutes, why = _minutes(visit, held, terms, reasons)
    return Settled(visit, minutes, why, held.price, held.funding.parts())


def _minutes(visit: Visit, held: Stretch, terms: Terms, reasons: Mapping[str, Reason]) -> tuple[Fraction, str]:
    """Minutes paid: of a visit that did not take place as the person was away, what the terms hold back for it."""
    if held.away and not visit.delivered and not visit.reason:
        return Fraction(visit.planned * held.part, WHOLE), f"a retainer: the person was away ({held.away})"
    minutes, why = minutes_paid(visit, terms, reasons)
    return Fraction(minutes), why


def _entry(line: str, period: Span, settled: Sequence[Settled]) -> VisitEntry:
    exact, pence, parts = rounded_and_shared([(one.exact, one.funding) for one in settled])
    return VisitEntry(
        line,
        period,
        tuple(settled),
        sum(one.visit.planned for one in settled),
        sum(one.visit.delivered or 0 for one in settled),
        sum((one.minutes for one in settled), Fraction(0)),
        exact,
        pence,
        parts,
    )
