"""A run of payments: all that is owed for payment periods that have ended, less what was paid before; made once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max
from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.paying.owed import Payment
from careshape.policy import Principal
from careshape.source.models import Package, PaymentRun
from careshape.source.models import Payment as Paid
from careshape.source.money.owed import known_packages, to_pay
from careshape.source.packages.tellings import book_of

ACT: Final = "source.pay"


@dataclass(frozen=True)
class Draft:
    """What a run would pay on a day: of each package its payments."""

    day: date
    payments: tuple[tuple[Package, tuple[Payment, ...]], ...]

    @property
    def read(self) -> str:
        """What it says as one word: who makes a run hands back what they read, and no other run is made."""
        said = [(package.pk, one.line, str(one.period), one.funder, one.pence) for package, found in self.payments
                for one in found]  # fmt: skip
        return hashlib.sha256(json.dumps([self.day.isoformat(), said]).encode()).hexdigest()

    @property
    def totals(self) -> dict[int, Counter[str]]:
        """Pence by key of the provider and by who pays."""
        found: dict[int, Counter[str]] = {}
        for package, payments in self.payments:
            for one in payments:
                found.setdefault(package.organisation_id, Counter())[one.funder] += one.pence
        return found

    @property
    def pence(self) -> int:
        """All of it."""
        return sum(one.pence for _, payments in self.payments for one in payments)


def draft(council: str, day: date | None = None) -> Draft:
    """What a run of a council would pay and recover today: packages of which nothing is to be paid are left out."""
    day = day or uk_day(timezone.now())
    book = book_of(council)
    packages = known_packages(Package.objects.filter(person__council=council).order_by("pk"))
    found = ((one, to_pay(one, day, book)) for one in packages)
    return Draft(day, tuple((one, payments) for one, payments in found if payments))


def pay(principal: Principal, read: str) -> PaymentRun:
    """Make a run of payments of the principal's council. Whoever asks twice gets one: the second has nothing to pay.

    read: what was read of it before, as ``Draft.read`` gives it.

    Raises CallError where nothing is to be paid, and where it is no longer what was read.
    """
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council]) as told:
        found = draft(principal.council)
        if not found.payments:
            raise CallError("Nothing is to be paid now: all that is owed for payment periods that have ended was paid.")
        if found.read != read:
            raise CallError("What is owed has changed since you read it. Read it again below.")
        runs = PaymentRun.objects.filter(council=principal.council)
        number = (runs.aggregate(last=Max("number"))["last"] or 0) + 1
        totals = {str(key): dict(value) for key, value in found.totals.items()}
        run: PaymentRun = PaymentRun.objects.create(
            council=principal.council, number=number, day=found.day, totals=json.dumps(totals), by_id=principal.account
        )
        Paid.objects.bulk_create(
            Paid(run=run, package=package, line=one.line, first=one.period.first, last=one.period.last,
                 funder=one.funder, pence=one.pence)
            for package, payments in found.payments for one in payments
        )  # fmt: skip
        told(run, packages=len(found.payments), pence=found.pence)
    return run
