"""What providers quote from quarter to quarter, beside what the council paid before, and the prices of the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from careshape.ledger.posting import uk_day
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import Answer
from careshape.source.models.packages import Line
from careshape.source.packages.components import CORE
from careshape.source.requests.beside import middle_price

_Paid = tuple[int, date, date | None]
"""Price, and the first and last day of a line."""


@dataclass(frozen=True)
class Quoted:
    """The quotes for a service in a quarter: each price that a provider said it would give care at.

    Attributes:
        begins: first day of the quarter. service: an entry of the catalogue.
        quotes: how many. quoted: the middle (median) of them, in pence a unit.
        listed: the middle of the prices that stood for the same on the lists.
        paid: the middle of what the council paid for the core of its packages of the service on the first day of the
            quarter, before any of these quotes; None where it paid for none.
    """

    begins: date
    service: str
    quotes: int
    quoted: int
    listed: int
    paid: int | None

    @property
    def to_paid(self) -> float | None:
        """The quotes as a share of what was paid."""
        return None if self.paid is None else self.quoted / self.paid

    @property
    def to_list(self) -> float:
        """The quotes as a share of the prices of the lists."""
        return self.quoted / self.listed


def quarter(day: date) -> date:
    """The first day of the quarter of a day: of January, April, July or October."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def quoted(requests: QuerySet[Request]) -> list[Quoted]:
    """The quotes for some requests by service and quarter, the newest quarter first. Two queries.

    A quote is of the quarter in which the provider answered; what a provider changed counts as it stands now.
    """
    yes = (Answer.YES.value, Answer.COUNTER.value)
    rows = Offer.objects.filter(request__in=requests, answer__in=yes, price__isnull=False, answered_at__isnull=False)
    found: dict[tuple[date, str], list[tuple[int, int]]] = {}
    for service, at, price, listed in rows.values_list("request__service", "answered_at", "price", "list_price"):
        found.setdefault((quarter(uk_day(at)), service), []).append((price, listed))
    paid: dict[str, list[_Paid]] = {}
    lines = Line.objects.filter(package__award__request__in=requests, component=CORE, withdrawn=False)
    for service, *line in lines.values_list("package__service", "price", "starts_on", "ends_on"):
        paid.setdefault(service, []).append((line[0], line[1], line[2]))
    return [
        Quoted(
            begins, service, len(prices), middle_price([price for price, _ in prices]),
            middle_price([listed for _, listed in prices]), _paid_on(paid.get(service, ()), begins),
        )
        for (begins, service), prices in sorted(found.items(), key=lambda one: (-one[0][0].toordinal(), one[0][1]))
    ]  # fmt: skip


def _paid_on(lines: Sequence[_Paid], day: date) -> int | None:
    prices = [price for price, first, last in lines if first <= day and (last is None or day <= last)]
    return middle_price(prices) if prices else None
