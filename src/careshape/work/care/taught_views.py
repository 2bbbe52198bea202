"""Pages of what finding care teaches: what was not met, who was asked and why one was chosen, and how well it goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from careshape.accounts.times import moment
from careshape.audit.change import reading
from careshape.matching.rank import Line
from careshape.paying.words import pounds
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import ANSWERS, Answer, Step
from careshape.source.requests.ranked import kept
from careshape.source.taught.measured import found as measured
from careshape.source.taught.unmet import KINDS, unmet
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.desk import desk_of
from careshape.work.told_list import list_download, list_page

TAUGHT: Final = "source.taught"
FAIR: Final = "source.fairness"
UNMET: Final = "/work/unmet/"
FAIRNESS: Final = "/work/fairness/"
FOUND: Final = "/work/finding/"
_WITH: Final = ("organisation", "request__award", "member__vehicle")
_HERE: Final = "/work/requests/"
_CRUMB: Final = ("Requests for care", _HERE)


@does(TAUGHT)
@reading
def unmet_page(request: HttpRequest) -> HttpResponse:
    """The ledger of unmet need."""
    return list_page(
        request, TAUGHT, unmet_of(request), here=UNMET, crumbs=(_CRUMB, ("Unmet need", "")),
        intro="Every refusal, delay, award outside the district or above the list, and care that was not found. It "
        "follows from requests, offers and awards: nobody writes it.",
    )  # fmt: skip


@does(TAUGHT)
@reading
def unmet_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The ledger as it is filtered, as a file."""
    return list_download(request, TAUGHT, unmet_of(request), kind)


def unmet_of(request: HttpRequest) -> Listing:
    """The ledger of unmet need, as much of it as who asks sees."""
    may = desk_of(request).may("source.see")
    rows = [
        {
            "number": one.request.pk, "kind": KINDS[one.kind], "on": one.on,
            "service": care_words.service(one.request.service),
            "amount": care_words.amount(one.request.service, one.request.units),
            "where": label_of("district", one.request.district), "provider": one.provider[1] if one.provider else "",
            "reason": one.reason, "days": one.days or None, "over": pounds(one.over) if one.over else "",
            "href": f"{_HERE}{one.request.pk}/" if may else "",
        }
        for one in unmet(Request.objects.reached(request.principal, TAUGHT))
    ]  # fmt: skip
    columns = (
        Column("on", "Day", text=day),
        Column("number", "Request", numeric=True, link="href"),
        Column("kind", "What was not met", filtered=True),
        Column("service", "Service", filtered=True),
        Column("where", "Where", filtered=True),
        Column("amount", "How much"),
        Column("provider", "Provider", filtered=True),
        Column("reason", "Why", filtered=True),
        Column("days", "Days late", numeric=True),
        Column("over", "Above the list a week", numeric=True),
    )
    return listed(
        request.principal, TAUGHT, "unmet", columns, rows, id="unmet", title="Unmet need",
        empty="Nothing that was asked for was refused, late, or not found.",
    )  # fmt: skip


@does(FAIR)
@reading
def fairness_page(request: HttpRequest) -> HttpResponse:
    """Who was asked, when, what they said, and why this one."""
    return list_page(
        request, FAIR, fairness_of(request), here=FAIRNESS, crumbs=(("Fairness", ""),),
        intro="Who was asked for each request, when, what they said, where they stood, and why one was chosen.",
    )  # fmt: skip


@does(FAIR)
@reading
def fairness_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The log as it is filtered, as a file."""
    return list_download(request, FAIR, fairness_of(request), kind)


def fairness_of(request: HttpRequest) -> Listing:
    """Who was asked for what, as far as who asks sees it."""
    found = list(Offer.objects.reached(request.principal, FAIR).select_related(*_WITH).order_by("-request", "pk"))
    lines = _lines(found)
    own, may = request.principal.organisation is not None, desk_of(request).may("source.see")
    rows = [
        _asked(one, lines.get(one.pk), own=own) | {"href": f"{_HERE}{one.request_id}/" if may else ""} for one in found
    ]
    columns = (
        Column("number", "Request", numeric=True, link="href"),
        Column("service", "Service", filtered=True),
        Column("provider", "Provider", filtered=True),
        Column("list", "Asked by the list", shown=False),
        Column("asked", "Asked", text=moment),
        Column("answered", "Answered", text=moment),
        Column("answer", "What it said", filtered=True),
        Column("reason", "Why not", shown=False),
        Column("price", "Price"),
        Column("list_price", "Price on the list", shown=False),
        Column("place", "Place", numeric=True),
        Column("points", "Points", numeric=True),
        Column("ended", "How it ended", filtered=True),
        Column("why", "Why this one", wide=True),
    )
    return listed(
        request.principal, FAIR, "fairness", columns, rows, id="fairness", title="Fairness",
        empty="Nobody has been asked for care yet.",
    )  # fmt: skip


def _lines(offers: Iterable[Offer]) -> dict[int, Line]:
    """Where each offer stood in the ranking of its award, which is read once for all of its offers."""
    awards = {made.pk: made for one in offers if (made := getattr(one.request, "award", None))}
    return {int(line.provider): line for made in awards.values() for line in kept(made).lines}


def _asked(one: Offer, line: Line | None, *, own: bool) -> dict[str, Any]:
    row, made = one.request, getattr(one.request, "award", None)
    price = one.price if one.answer != Answer.NO.value else None
    return {
        "number": row.pk, "service": care_words.service(row.service), "provider": one.organisation.name,
        "list": one.member.vehicle.title, "asked": one.asked_at, "answered": one.answered_at,
        "answer": ANSWERS[Answer(one.answer)], "reason": one.reason,
        "price": care_words.price(row.service, price) if price else "",
        "list_price": care_words.price(row.service, one.list_price), "place": line.place if line else None,
        "points": line.points / 100 if line and line.place else None, "ended": _ended(one, made),
        "why": _why(one, made, own=own),
    }  # fmt: skip


def _why(one: Offer, made: Any, *, own: bool) -> str:
    """Why one was chosen: on its line, and on the own line of a provider that answered and lost."""
    if made is None or not (made.offer_id == one.pk or (own and one.answer != Answer.WAITING.value)):
        return ""
    return made.why or "The first of the ranking was chosen."


def _ended(one: Offer, made: Any) -> str:
    if made is not None:
        return "Awarded" if made.offer_id == one.pk else "Went to another"
    return "Withdrawn" if one.request.state == Step.WITHDRAWN.value else "Open"


@does(TAUGHT)
@reading
def finding_page(request: HttpRequest) -> HttpResponse:
    """How well care is found."""
    return list_page(
        request, TAUGHT, finding_of(request), here=FOUND, crumbs=(_CRUMB, ("How care is found", "")),
        intro="By service: how long it takes from asking to the award, prices beside those of the lists, how much "
        "rests on one provider, and how often the first of the ranking gets it.",
        aside=("What is quoted, from quarter to quarter", "/work/quotes/"),
    )  # fmt: skip


@does(TAUGHT)
@reading
def finding_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, TAUGHT, finding_of(request), kind)


def finding_of(request: HttpRequest) -> Listing:
    """How well care is found, by service."""
    rows = [
        {
            "service": care_words.service(one.service), "awards": one.awards, "median": one.median,
            "nine_in_ten": one.nine_in_ten, "price": f"{one.price_to_list:.1%}", "above": f"{one.above_list:.0%}",
            "providers": one.providers, "largest": f"{one.largest:.0%}", "evenness": f"{one.evenness:.2f}",
            "first": f"{one.first:.0%}",
        }
        for one in measured(Request.objects.reached(request.principal, TAUGHT))
    ]  # fmt: skip
    columns = (
        Column("service", "Service", filtered=True),
        Column("awards", "Awards", numeric=True),
        Column("median", "Half within, days", numeric=True),
        Column("nine_in_ten", "Nine in ten within, days", numeric=True),
        Column("price", "Prices, of those of the lists", numeric=True),
        Column("above", "Above the list", numeric=True),
        Column("providers", "Providers", numeric=True),
        Column("largest", "With the largest", numeric=True),
        Column("evenness", "Sum of squared shares", numeric=True),
        Column("first", "To the first", numeric=True),
    )
    return listed(
        request.principal, TAUGHT, "sourced", columns, rows, id="finding", title="How care is found",
        empty="Nothing has been awarded yet.",
    )  # fmt: skip
