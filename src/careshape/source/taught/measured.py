"""How well care is found: how long it takes, at which price, by how many providers, and how often the first gets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import QuerySet

from careshape.source.models import Award, Request


@dataclass(frozen=True)
class Found:
    """What is measured of the awards of one service. None where nothing was awarded, or nothing is known of it.

    Attributes:
        service: an entry of the catalogue. awards: how many.
        median, nine_in_ten: days from asking the first provider to the award, within which half and nine in ten are.
        above_list: share of awards above the price of the list. price_to_list: all prices over all prices of the list,
            each by how much care it is.
        providers: with an award. largest: share of all care with the one that has most. evenness: the sum of squared
            shares (1 is a single provider, 1/n an even spread over n).
        first: share awarded to the first of the ranking.
    """

    service: str
    awards: int
    median: int | None
    nine_in_ten: int | None
    above_list: float
    price_to_list: float
    providers: int
    largest: float
    evenness: float
    first: float


def found(requests: QuerySet[Request]) -> list[Found]:
    """What is measured of the awards of some requests, by service."""
    rows = list(
        Award.objects.filter(request__in=requests).select_related("request", "offer").order_by("request__service", "pk")
    )
    services = sorted({one.request.service for one in rows})
    return [_of(service, [one for one in rows if one.request.service == service]) for service in services]


def _of(service: str, rows: Sequence[Award]) -> Found:
    days = [(one.at - one.request.sent_at).days for one in rows if one.request.sent_at is not None]
    units = [(one.offer.units or one.request.units, one) for one in rows]
    asked = sum(many * (one.offer.price or one.offer.list_price) for many, one in units)
    listed = sum(many * one.offer.list_price for many, one in units)
    shares = _shares((one.offer.organisation_id, many) for many, one in units)
    return Found(
        service, len(rows), within(days, 0.5), within(days, 0.9),
        above_list=_share(rows, [one for one in rows if (one.offer.price or 0) > one.offer.list_price]),
        price_to_list=asked / listed, providers=len(shares), largest=max(shares),
        evenness=sum(one * one for one in shares), first=_share(rows, [one for one in rows if one.place == 1]),
    )  # fmt: skip


def within(days: Sequence[int], share: float) -> int | None:
    """The days within which a share of some waits ended: the smallest that so many do not exceed; None for no wait."""
    ordered = sorted(days)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _share(rows: Sequence[Award], some: Sequence[Award]) -> float:
    return len(some) / len(rows)


def _shares(pairs: Iterable[tuple[int, int]]) -> list[float]:
    totals: dict[int, int] = {}
    for key, many in pairs:
        totals[key] = totals.get(key, 0) + many
    return [one / sum(totals.values()) for one in totals.values()]
