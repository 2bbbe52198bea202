"""The page of the empty places that suit a request, and that do not and why; and the choice at an award."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.audit.change import reading, tell
from careshape.ledger.posting import uk_day
from careshape.paying.words import pounds
from careshape.policy.views import does
from careshape.providers.rooms.words import parts
from careshape.rules.judge import Finding
from careshape.source.judged.gate import OPEN
from careshape.source.judged.voids import rules_that_ask
from careshape.source.models import Request
from careshape.source.models.brokerage import Step
from careshape.source.requests.candidates import admitted
from careshape.source.requests.rooms import ON_NO_LIST, Fit, empty_for, fits, place_name, untold
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page

HOME: Final = "/work/requests/"
BROKER: Final = "source.broker"
NAMED: Final = 5
"""Places that are named beside a rule, at most."""


@does(BROKER)
@reading
def fits_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty places for a request: those that suit, paid ones first, and the others with why not."""
    row = Request.objects.select_related("person").reach(request.principal, BROKER, pk=pk)
    stands = empty_for(row)
    found = fits(row, stands, _barred(row, {one.room.location.place.organisation_id for one in stands}))
    tell(request.principal, BROKER, row, rooms=len(found))
    may = desk_of(request).may("providers.rooms")
    return page(
        request, "fits.html", here=HOME, row=row,
        crumbs=(("Requests for care", HOME), (f"Request {pk}", f"{HOME}{pk}/"), ("Empty places", "")),
        title="Empty places", wanted=f"{care_words.service(row.service)}, from {day(row.starts_on)}",
        said=partial(_said, may=may), suit=[one for one in found if one.may],
        others=[one for one in found if not one.may],
        more=[(one.location.name, one.location.organisation.name, one.part, one.many, day(one.day))
              for one in untold(row, stands)],
    )  # fmt: skip


def _barred(row: Request, organisations: set[int]) -> dict[int, str]:
    """Why providers with empty places may not be asked for a request; once it is sent, who was asked is not barred."""
    if row.state == Step.OPEN.value:
        may, barred = admitted(row)
        ids, why = {one.organisation_id for one in may}, {one.organisation_id: "; ".join(said) for one, said in barred}
    else:
        ids, why = set(row.offers.values_list("organisation_id", flat=True)), {}
    return {one: why.get(one, ON_NO_LIST) for one in organisations if one not in ids}


def _said(one: Fit, *, may: bool) -> dict[str, Any]:
    """A place as the page words it, once nothing is held any more that others wait for."""
    today = uk_day(timezone.now())
    room, since = one.room, one.stands.since
    free = one.stands.free_from
    assert free is not None  # a place that is never free is not laid before a request
    days = (today - since).days + 1 if since is not None else 0
    return {
        "name": place_name(room), "href": f"/work/rooms/{room.pk}/" if may else "",
        "provider": room.location.organisation.name, "part": parts()[room.part],
        "free": f"Empty since {day(since)}: {days} void days" if since else f"Free from {day(free)}",
        "saves": f"The council pays {pounds(one.stands.weekly)} a week while it stands empty: filling it saves that."
        if one.paid else "",
        "points": f"{one.suit.points / 100:g}", "met": one.suit.met, "unmet": one.suit.unmet,
        "why_not": one.suit.why_not,
    }  # fmt: skip


def beside_rules(row: Request, found: Iterable[Finding], fitting: list[Fit] | None, desk: Desk) -> dict[str, str]:
    """What was counted for the rules that ask for empty places that suit, in words: which they are; rule -> words.

    Who may not see places reads how many there are. fitting: the places, as ``voids.asked`` gave them to the rules.
    """
    if fitting is None:
        return {}
    asking = rules_that_ask(OPEN, row) & {one.rule for one in found if one.state != "not-applicable"}
    many = len(fitting)
    words = f"{many or 'No'} empty {'places suit' if many > 1 else 'place suits'}"
    if fitting and (desk.may(BROKER) or desk.may("providers.rooms")):
        rest = f" and {many - NAMED} more" if many > NAMED else ""
        words += f": {'; '.join(place_name(one.room) for one in fitting[:NAMED])}{rest}"
    return dict.fromkeys(asking, f"{words}.")


def choices(found: list[Fit], organisation: int) -> list[tuple[str, str]]:
    """The empty places of a provider that suit, to choose from at an award; the best first."""
    return [
        (str(one.room.pk), f"{place_name(one.room)}" + (
            f" (saves {pounds(one.stands.weekly)} a week)" if one.paid else ""
        ))
        for one in found if one.may and one.organisation == organisation
    ]  # fmt: skip
