"""What is owed for packages by what was told of them, and what of it was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from careshape.ledger.posting import end_of, uk_day
from careshape.paying.entitlement import Entitlement, Entry, entitlement
from careshape.paying.history import History
from careshape.paying.owed import Key, Payment, pence_of, settled
from careshape.paying.periods import Span, period_of
from careshape.paying.terms import Book, Terms
from careshape.paying.told import FUNDERS, Line
from careshape.paying.visits import Visit, VisitEntry, visits_owed
from careshape.source.models import Package
from careshape.source.models import Payment as Paid
from careshape.source.models import Visit as Made
from careshape.source.packages.components import components
from careshape.source.packages.tellings import book_of, history

DAY: Final = timedelta(1)


@dataclass(frozen=True)
class Owed:
    """What is owed for a package over whole payment periods, with its working, and what of it was paid."""

    package: Package
    terms: Terms
    span: Span
    known: date
    entries: tuple[Entry | VisitEntry, ...]
    paid: Counter[Key]

    @property
    def due(self) -> Counter[Key]:
        """Pence by line, period and funder."""
        return pence_of(self.entries)

    @property
    def pence(self) -> int:
        """All of it."""
        return sum(one.pence for one in self.entries)

    @property
    def parts(self) -> dict[str, int]:
        """Pence by who pays; they come to ``pence``."""
        return {name: sum(one.parts[name] for one in self.entries) for name in FUNDERS}


def known_packages(packages: QuerySet[Package]) -> QuerySet[Package]:
    """Packages with all that money is worked out from, in as many queries however many they are."""
    return packages.select_related("person", "organisation").prefetch_related(
        "tellings", "payments__run", "visits__file"
    )


def owed(package: Package, period: Span | None = None, known: date | None = None, book: Book | None = None) -> Owed:
    """What is owed for a package, each part by the week or by its visits, as its component is paid.

    Args:
        package: best one of ``known_packages``.
        period: whole payment periods; by default from its first day to the last period that has ended by ``known``.
        known: by what was known at the end of this day; today by default.
        book: the council's contracts, where the caller has them.

    Raises CallError where the period cuts a payment period.
    """
    known = known or uk_day(timezone.now())
    terms = (book or book_of(package.person.council)).contract(package.contract)
    told = history(package, sorted(package.tellings.all(), key=lambda one: one.number))
    span = period or ended(told, terms, known)
    if span is None:
        first = period_of(known, terms).first
        return Owed(package, terms, Span(first, first - DAY), known, (), Counter())
    return Owed(
        package, terms, span, known, worked_out(package, told, terms, span, known, book), _paid(package, span, known)
    )


def ended(told: History, terms: Terms, known: date) -> Span | None:
    """The payment periods of a package that have ended by a day; None where none has."""
    first = min((one.first for one in told.tellings if isinstance(one, Line)), default=None)
    if first is None:
        return None
    begin, last = period_of(first, terms).first, period_of(known + DAY, terms).first - DAY
    return Span(begin, last) if begin <= last else None


def worked_out(
    package: Package, told: History, terms: Terms, span: Span, known: date | None, book: Book | None = None
) -> tuple[Entry | VisitEntry, ...]:
    """The entries of whole payment periods: of each line by the week, or by its visits where it is paid so."""
    whole: Entitlement = entitlement(told, terms, span, known)
    by_visit = {
        one.line for one in told.known_on(known)
        if isinstance(one, Line) and _by_visits(one.component)
    }  # fmt: skip
    by_week: list[Entry | VisitEntry] = [one for one in whole.entries if one.line not in by_visit]
    if by_visit:
        reasons = (book or book_of(package.person.council)).reasons
        made = visits_of(package, known)
        by_week += visits_owed(told, terms, [one for one in made if one.line in by_visit], reasons, span, known)
    return tuple(sorted(by_week, key=lambda one: (one.period, one.line)))


def _by_visits(component: str) -> bool:
    found = components().get(component)
    return found is not None and found.paid == "visits"


def visits_of(package: Package, known: date | None = None) -> list[Visit]:
    """The visits of a package as known at the end of a day: of each reference the one in the latest file."""
    rows: dict[str, Made] = {}
    for one in sorted(package.visits.all(), key=lambda one: one.file_id):
        if known is None or one.file.at <= end_of(known):
            rows[one.reference] = one
    return [
        Visit(one.reference, one.line, one.day, one.planned, one.delivered, one.reason)
        for one in sorted(rows.values(), key=lambda one: (one.day, one.reference))
    ]


def payments_of(package: Package) -> list[Payment]:
    """Everything that runs paid or recovered for a package."""
    return [_as_payment(one) for one in package.payments.all()]


def _as_payment(one: Paid) -> Payment:
    return Payment(one.run.day, one.line, Span(one.first, one.last), one.funder, one.pence)


def _paid(package: Package, span: Span, known: date) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for one in payments_of(package):
        if one.run <= known and span.first <= one.period.first and one.period.last <= span.last:
            found[one.line, one.period, one.funder] += one.pence
    return found


def to_pay(package: Package, known: date | None = None, book: Book | None = None) -> tuple[Payment, ...]:
    """What a run would pay now for a package, and recover: what is owed for ended periods less what was paid before."""
    known = known or uk_day(timezone.now())
    found = owed(package, known=known, book=book)
    return settled(known, found.due, payments_of(package))


def by_funder(payments: Iterable[Payment]) -> dict[str, int]:
    """Pence by who pays."""
    found = dict.fromkeys(FUNDERS, 0)
    for one in payments:
        found[one.funder] += one.pence
    return found
