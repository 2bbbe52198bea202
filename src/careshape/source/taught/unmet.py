"""The ledger of unmet need: every refusal, delay, award out of the area or above the list, and care that was not found.

Nothing of it is typed: it follows from requests, offers and awards, and is corrected where those are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from careshape.evaluate.numbers import rounded
from careshape.ledger.posting import uk_day
from careshape.providers.models import Location
from careshape.source.models import Award, Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.asking import asking
from careshape.source.requests.ranked import unit_of

HOUR: Final = "hour"
_YES: Final = (Answer.YES.value, Answer.COUNTER.value)


class Kind(StrEnum):
    """How a need was not met as it was asked for."""

    REFUSED = "refused"
    LATE = "late"
    WAITING = "waiting"
    OVER_RATE = "over-rate"
    OUT_OF_AREA = "out-of-area"
    NOT_FOUND = "not-found"


KINDS: Final = {
    Kind.REFUSED: "A provider said no",
    Kind.LATE: "It began later than asked",
    Kind.WAITING: "It should have begun, and nobody has it",
    Kind.OVER_RATE: "Above the price of the list",
    Kind.OUT_OF_AREA: "Outside the district asked for",
    Kind.NOT_FOUND: "Withdrawn: nobody was found",
}


@dataclass(frozen=True)
class Unmet:
    """One line of the ledger.

    Attributes:
        kind: how it was not met. on: the day.
        request: what was asked for.
        provider: key and name of the provider that it concerns, if any.
        reason: why, in words: of a refusal the title of its code.
        code: of a refusal its reason, an entry of ``source/data/asking.toml``.
        days: of delay, for what is late or waits. over: pence a week above the price of the list.
    """

    kind: Kind
    on: date
    request: Request
    provider: tuple[int, str] | None = None
    reason: str = ""
    days: int = 0
    over: int = 0
    code: str = ""


def unmet(requests: QuerySet[Request]) -> list[Unmet]:
    """The ledger of some requests, the newest first; in four queries, however many there are."""
    rows = {one.pk: one for one in requests.select_related("person")}
    offers = list(Offer.objects.filter(request__in=rows).select_related("organisation"))
    awards = list(Award.objects.filter(request__in=rows).select_related("offer__organisation"))
    found = [*_refused(rows, offers), *_awarded(rows, awards), *_open(rows.values(), offers)]
    return sorted(found, key=lambda one: (one.on, one.request.pk, one.kind), reverse=True)


def _refused(rows: dict[int, Request], offers: Iterable[Offer]) -> Iterator[Unmet]:
    titles = asking().noes
    for one in offers:
        if one.answer == Answer.NO.value:
            why = titles[one.reason_code].title if one.reason_code in titles else "Another reason"
            yield Unmet(
                Kind.REFUSED, uk_day(one.answered_at or one.asked_at), rows[one.request_id],
                (one.organisation_id, one.organisation.name), why, code=one.reason_code,
            )  # fmt: skip


def _awarded(rows: dict[int, Request], awards: Iterable[Award]) -> Iterator[Unmet]:
    places = _districts({one.offer.organisation_id for one in awards})
    for one in awards:
        row, offer = rows[one.request_id], one.offer
        who, on = (offer.organisation_id, offer.organisation.name), uk_day(one.at)
        late = (offer.can_start_on - row.starts_on).days if offer.can_start_on else 0
        if late > 0:
            yield Unmet(Kind.LATE, on, row, who, f"Asked for from {row.starts_on:%d/%m/%Y}", days=late)
        if offer.price and offer.price > offer.list_price:
            above = Fraction((offer.price - offer.list_price) * (offer.units or row.units), 100)
            yield Unmet(
                Kind.OVER_RATE, on, row, who, "At another price than that of the list", over=int(rounded(above, 0))
            )
        known = places.get(offer.organisation_id, {}).get(row.service, set())
        if known and row.district not in known and unit_of(row.service) != HOUR:
            yield Unmet(Kind.OUT_OF_AREA, on, row, who, "No place of the provider is in the district")


def _open(rows: Iterable[Request], offers: Iterable[Offer]) -> Iterator[Unmet]:
    today = uk_day(timezone.now())
    said_yes = {one.request_id for one in offers if one.answer in _YES}
    for row in rows:
        if row.state == Step.SENT.value and row.starts_on < today:
            yield Unmet(Kind.WAITING, today, row, None, "Sent, and not awarded", days=(today - row.starts_on).days)
        if row.state == Step.WITHDRAWN.value and row.sent_at is not None and row.pk not in said_yes:
            yield Unmet(Kind.NOT_FOUND, uk_day(row.sent_at), row, None, "Nobody had said yes when it was withdrawn")


def _districts(organisations: Iterable[int]) -> dict[int, dict[str, set[str]]]:
    """Organisation -> service -> the districts in which its places give it, as far as the register knows."""
    found: dict[int, dict[str, set[str]]] = {}
    rows = Location.objects.filter(place__organisation__in=list(organisations), closed_on__isnull=True)
    for key, services, district in rows.exclude(district="").values_list("place__organisation", "services", "district"):
        for service in services:
            found.setdefault(key, {}).setdefault(service, set()).add(district)
    return found
