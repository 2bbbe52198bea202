"""Pages on which the requests of a week are placed together, and what is proposed is accepted whole or in part."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.errors import CallError
from careshape.policy.fields import seen
from careshape.policy.listing import Arranged, Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.source.models import Placing, Proposal
from careshape.source.models.together import BECAME, Became
from careshape.source.together.accept import accept_soon
from careshape.source.together.propose import ACT as PLACE
from careshape.source.together.propose import place_soon
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.round_forms import ReadForm, WeekForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

SMALLEST: Final = 0.0001
"""The least share that is shown."""
HOME: Final = "/work/rounds/"
SEE: Final = "source.rounds"
_CRUMBS: Final = (("Requests for care", "/work/requests/"), ("Weeks placed together", HOME))
_WITH: Final = ("request__person", "offer", "member__organisation", "in_turn")


@does(SEE)
@reading
def rounds(request: HttpRequest) -> HttpResponse:
    """The weeks whose requests were placed together."""
    return list_page(
        request, SEE, rounds_of(request), here=HOME, crumbs=(_CRUMBS[0], ("Weeks placed together", "")),
        intro="The requests of a week, placed together: who is proposed for each, and what became of it.",
        add=("Place a week", f"{HOME}add/") if desk_of(request).may(PLACE) else None,
    )  # fmt: skip


@does(SEE)
@reading
def rounds_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, rounds_of(request), kind)


def rounds_of(request: HttpRequest) -> Listing:
    """The weeks that were placed together."""
    found = Placing.objects.reached(request.principal, SEE).select_related("made_by").prefetch_related("proposals")
    rows = [{**_told(one), "href": f"{HOME}{one.pk}/"} for one in found.order_by("-pk")]
    columns = (
        Column("number", "Round", numeric=True, link="href"),
        Column("week", "Week", filtered=True),
        Column("placed", "Proposed", numeric=True),
        Column("left", "Nobody proposed", numeric=True),
        Column("gap", "Below the best there is, at most", numeric=True),
        Column("in_turn", "First come, first served", numeric=True),
        Column("made", "Made", text=moment),
        Column("by", "By"),
    )
    return listed(
        request.principal, SEE, "round", columns, rows, id="rounds", title="Weeks placed together",
        empty="No week has been placed together yet.",
    )  # fmt: skip


def _told(one: Placing) -> dict[str, Any]:
    became = [proposal.became for proposal in one.proposals.all()]
    return {
        "number": one.pk, "week": one.week, "placed": sum(1 for what in became if what != Became.NOBODY.value),
        "left": became.count(Became.NOBODY.value), "gap": _gap(one) if one.worked_at else "",
        "in_turn": in_turn(one), "made": one.made_at, "by": one.made_by.name if one.made_by else "The installation",
    }  # fmt: skip


def _gap(one: Placing) -> str:
    """How far below the bound a plan is at most; a distance that would be rounded to nothing is said to be there."""
    return f"{one.gap:.2%}" if not one.gap or one.gap >= SMALLEST else f"{SMALLEST:.2%}"


def in_turn(one: Placing) -> str:
    """What first come, first served comes to beside a plan, in words; empty where there is nothing to set beside."""
    if not one.value:
        return ""
    return f"{abs(one.in_turn_gap):.1%} {'less' if one.in_turn_gap > 0 else 'more'}" if one.in_turn_gap else "The same"


@does(PLACE, POST=PLACE)
def round_new_page(request: HttpRequest) -> HttpResponse:
    """Place the requests of a week together."""
    asked = {"week": request.GET["week"][:8]} if "week" in request.GET else {}
    form = WeekForm(request.POST or None, initial=asked)
    made = done(request, form, lambda given: place_soon(request.principal, given["week"]))
    if made is not None:
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    return page(
        request, "care_form.html", here="/work/requests/", form=form, back=HOME, status=422 if form.errors else 200,
        crumbs=(*_CRUMBS, ("Place a week", "")), title="Place a week together", button="Place it",
        intro=(
            "Every request that is not awarded and should begin by the end of the week is placed: with a provider that "
            "said yes, or, where nobody was asked yet, with one of a list. Nothing is awarded by this.",
        ),
    )  # fmt: skip


@does(SEE)
@reading
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One week: what is proposed for each request, and how good the plan is."""
    row = Placing.objects.select_related("made_by").reach(request.principal, SEE, pk=pk)
    arranged = arrange(proposals_of(request, row), request.GET.dict())
    tell(request.principal, SEE, row, rows=len(arranged.cells))
    became = list(row.proposals.values_list("became", flat=True))
    return page(
        request, "round.html", here="/work/requests/", crumbs=(*_CRUMBS, (row.week, "")), row=row, arranged=arranged,
        moment=moment, told=_told(row), states=[(words, became.count(one.value)) for one, words in BECAME.items()],
        open=_to_accept(arranged) if desk_of(request).may(PLACE) else [], download=f"{HOME}{pk}/proposals",
        filtered=len(arranged.rows) < len(arranged.listing.rows), accept=_accept_address(pk, arranged),
    )  # fmt: skip


def _accept_address(pk: int, arranged: Arranged) -> str:
    return f"{HOME}{pk}/accept/{arranged.address(page=None)}"


def _to_accept(arranged: Arranged) -> list[int]:
    """Keys of the proposals of a list, as it is filtered, that wait to be accepted."""
    waits = BECAME[Became.PROPOSED]
    return [int(row["href"].split("/")[-2]) for row in arranged.rows if row.get("became") == waits]


@does(SEE)
@reading
def proposals_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What is proposed, as it is filtered, as a file."""
    row = Placing.objects.reach(request.principal, SEE, pk=pk)
    arranged = arrange(proposals_of(request, row), request.GET.dict())
    answer = download(arranged, kind, "proposals")
    tell(request.principal, SEE, row, rows=len(arranged.rows), file=kind)
    return answer


def proposals_of(request: HttpRequest, row: Placing) -> Listing:
    """What is proposed for a week."""
    found = Proposal.objects.reached(request.principal, SEE).filter(placing=row).select_related(*_WITH)
    rows = [{**_said(one), "href": f"/work/proposals/{one.pk}/"} for one in found.order_by("pk")]
    columns = (
        Column("number", "Request", numeric=True, link="href"),
        Column("who", "For"),
        Column("service", "Service", filtered=True),
        Column("amount", "How much"),
        Column("where", "Where", filtered=True),
        Column("starts", "From", text=day, shown=False),
        Column("provider", "Proposed", filtered=True),
        Column("price", "Price"),
        Column("points", "Points", numeric=True),
        Column("place", "Place by itself", numeric=True),
        Column("in_turn", "First come, first served", shown=False),
        Column("became", "What became of it", filtered=True),
        Column("why", "Why not", wide=True),
    )
    return listed(
        request.principal, SEE, "proposal", columns, rows, id="proposals", title="What is proposed",
        empty="No request waits that should begin by the end of this week.",
    )  # fmt: skip


def _said(one: Proposal) -> dict[str, Any]:
    row, pence = one.request, _price(one)
    return {
        "number": row.pk, "who": row.person.name, "service": care_words.service(row.service),
        "amount": care_words.amount(row.service, row.units), "where": label_of("district", row.district),
        "starts": row.starts_on, "provider": one.member.organisation.name if one.member else "",
        "price": care_words.price(row.service, pence) if pence else "", "points": one.points / 100 if pence else None,
        "place": one.place, "in_turn": one.in_turn.name if one.in_turn else "Nobody", "why": one.why,
        "became": BECAME[Became(one.became)],
    }  # fmt: skip


def _price(one: Proposal) -> int:
    """Pence a unit: what the provider asks, or its price on the list; 0 where nobody is proposed."""
    if one.offer is not None and one.offer.price:
        return int(one.offer.price)
    return int(one.member.price) if one.member else 0


@does(SEE)
@reading
def proposal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal, with every point of it."""
    one = Proposal.objects.select_related(*_WITH, "placing").reach(request.principal, SEE, pk=pk)
    tell(request.principal, SEE, one)
    desk = desk_of(request)
    return page(
        request, "proposal.html", here="/work/requests/", one=one, day=day, Became=Became,
        found=seen(request.principal, SEE, "proposal", _said(one)), terms=json.loads(one.terms),
        may=desk.may(PLACE) and one.became == Became.PROPOSED.value, may_see=desk.may("source.see"),
        crumbs=(*_CRUMBS, (one.placing.week, f"{HOME}{one.placing_id}/"), (f"Request {one.request_id}", "")),
    )  # fmt: skip


@does(PLACE, POST=PLACE)
@reading
def accept_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what is proposed, all of it or what is filtered, after asking whether that is meant."""
    row = Placing.objects.reach(request.principal, PLACE, pk=pk)
    back, arranged = f"{HOME}{pk}/", arrange(proposals_of(request, row), request.GET.dict())
    chosen = _to_accept(arranged)
    form = ReadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        only = set(form.keys()) & set(_to_accept(arrange(proposals_of(request, row), {})))
        try:
            many = accept_soon(request.principal, row, only)
            notify(request, f"{_many(many)} accepted. Each is awarded now, or its provider asked; see below.")
        except CallError as error:  # it was accepted, or changed, meanwhile
            notify(request, str(error))
        return HttpResponseRedirect(back)
    tell(request.principal, PLACE, row, rows=len(chosen))
    return page(
        request, "care_form.html", here="/work/requests/", form=form, back=back, status=422 if form.errors else 200,
        crumbs=(*_CRUMBS, (row.week, back), ("Accept", "")), title=f"Accept {len(chosen)} of what is proposed?",
        button="Accept", hidden={"only": ",".join(map(str, chosen))},
        intro=(
            "A provider that said yes gets the request, and reads who it is for. A request that was not sent yet is "
            "sent, in its own way of asking.",
            "What changed since is left, with the reason, and everything else goes on.",
        ),
    )  # fmt: skip


def _many(number: int) -> str:
    return "1 proposal is" if number == 1 else f"{number} proposals are"
