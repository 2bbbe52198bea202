"""Pages of how a provider stands on a list: what may be done to it, its place, its history; and its own view."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.lists.kinds import title_of
from careshape.source.lists.vehicles import lapsed_of, move, rank
from careshape.source.models import Member
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.list_forms import MoveForm, RankForm
from careshape.work.care.list_views import HOME, KEEP, SEE, rank_of, said_of, where_of
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

STAND: Final = "source.stand"
OWN: Final = "source.standing"
STANDING: Final = "/work/standing/"
_WITH: Final = ("vehicle", "organisation", "lot")


@does(SEE, POST=STAND)
def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How a provider stands on a list and stood before; suspend it, take it back, and what else its course has."""
    act = STAND if request.method == "POST" else SEE
    row = Member.objects.select_related(*_WITH).reach(request.principal, act, pk=pk)
    form = _form(request, row) if desk_of(request).may(STAND) else None

    def moved(given: dict[str, Any]) -> bool:
        move(request.principal, row, given["move"], given["reason"])
        return True

    if form is not None and done(request, form, moved):
        notify(request, f"{row.organisation.name} is {title_of(row.vehicle.kind, row.state).lower()}.")
        return HttpResponseRedirect(f"{HOME}{row.vehicle_id}/")
    return _page(request, row, form)


def _form(request: HttpRequest, row: Member) -> MoveForm | None:
    now = title_of(row.vehicle.kind, row.state)
    form = MoveForm(request.POST or None, member=row, role=request.principal.role, now=now)
    return form if form.hints else None


def _page(request: HttpRequest, row: Member, form: MoveForm | None) -> HttpResponse:
    state = row.vehicle.is_of.course.state(row.state)
    ranks = row.rank is not None and desk_of(request).may(KEEP)
    price = care_words.price(row.service, row.price) if row.price else "By the price list"
    about = [
        ("For", care_words.service(row.service), "", ""),
        ("Where", where_of(row), "", ""),
        ("Price", price, f"{HOME}{row.vehicle_id}/prices/", "Price list"),
    ]
    if row.vehicle.is_of.ranked:
        about.append(("Order", rank_of(row) or "None", f"/work/members/{row.pk}/rank/" if ranks else "", "Change"))
    if row.places:
        about.append(("Places bought", str(row.places), "", ""))
    back = f"{HOME}{row.vehicle_id}/"
    return page(
        request, "list_member.html", here=HOME, row=row, form=form, state=state.title, works=state.works, back=back,
        title=f"{row.organisation.name} on {row.vehicle.title}", since=day(row.since), reason=row.reason, summary=about,
        gone=lapsed_of(row), history=_history(row), status=422 if form is not None and form.errors else 200,
        crumbs=(("Lists we buy from", HOME), (row.vehicle.title, back), (row.organisation.name, "")),
    )  # fmt: skip


def _history(row: Member) -> list[tuple[str, str, str, str]]:
    """How a provider stood, the latest first."""
    return [
        (moment(one.at), title_of(row.vehicle.kind, one.state), "Itself, by its evidence" if one.by_itself else
         "A person of the council", one.reason)
        for one in row.history.order_by("-pk")
    ]  # fmt: skip


@does(KEEP, POST=KEEP)
def rank_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a provider another place in the order of a ranked list."""
    row = Member.objects.select_related(*_WITH).reach(request.principal, KEEP, pk=pk)
    back, list_home = f"/work/members/{pk}/", f"{HOME}{row.vehicle_id}/"
    form = RankForm(request.POST or None, initial={"place": row.rank})

    def ranked(given: dict[str, Any]) -> bool:
        rank(request.principal, row, given["place"])
        return True

    if done(request, form, ranked):
        notify(request, f"{row.organisation.name} is {rank_of(row).lower()}. The others moved.")
        return HttpResponseRedirect(list_home)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(("Lists we buy from", HOME), (row.vehicle.title, list_home), (row.organisation.name, back)),
        title=f"The place of {row.organisation.name}", button="Keep it",
        intro=(f"Now: {rank_of(row).lower() or 'none'}. Requests go to the first that may take them.",),
    )  # fmt: skip


@does(OWN)
def own(request: HttpRequest) -> HttpResponse:
    """The lists on which one's organisation stands."""
    return page(
        request, "care_list.html", here=STANDING, title="Lists you are on", download="/work/standing",
        add=("Apply to a list", "/work/joining/"), links=[("Your applications", "/work/applications/")],
        arranged=arrange(_own(request), request.GET.dict()),
        intro="The lists from which the council asks you for care, how you stand on each, and why. Who is suspended "
        "keeps the packages that it has. Where evidence lapsed, you come back once the council has seen new evidence.",
    )  # fmt: skip


@does(OWN)
def own_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_own(request), request.GET.dict()), kind, "standing")


def _own(request: HttpRequest) -> Listing:
    found = Member.objects.reached(request.principal, OWN).select_related(*_WITH)
    rows = [
        {**said_of(one), "price": care_words.price(one.service, one.price) if one.price else "By the price list"}
        for one in found.order_by("vehicle__title", "service", "pk")
    ]
    columns = (
        Column("list", "List", filtered=True),
        Column("kind", "Kind", shown=False),
        Column("lot", "Lot"),
        Column("service", "Service", filtered=True),
        Column("group", "For", shown=False),
        Column("where", "Where"),
        Column("rank", "Order"),
        Column("price", "Price"),
        Column("state", "You are", filtered=True),
        Column("since", "Since", text=day),
        Column("reason", "Why", wide=True),
    )
    return Listing("standing", "Lists you are on", columns, rows, "You are on no list of the council yet.", sort="list")
