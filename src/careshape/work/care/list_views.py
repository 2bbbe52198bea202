"""Pages of the lists by which a council buys, and of who is on them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.kinds import kinds
from careshape.source.models import Member, Vehicle
from careshape.source.models.vehicles import STANDINGS, Standing
from careshape.source.vehicles import admit, begin, stand
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import AdmitForm, ListForm, StandForm, done, hundredths
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/lists/"
SEE: Final = "source.lists"
KEEP: Final = "source.vehicles"
_CRUMB: Final = ("Lists we buy from", HOME)


@does(SEE)
def lists(request: HttpRequest) -> HttpResponse:
    """The lists by which the council buys."""
    return page(
        request, "care_list.html", here=HOME, arranged=arrange(_lists(request), request.GET.dict()),
        title="Lists we buy from", download="/work/lists",
        intro="Frameworks, dynamic markets and other lists: a request for care goes to the providers on them.",
        add=("Begin a list", f"{HOME}add/") if desk_of(request).may(KEEP) else None,
    )  # fmt: skip


@does(SEE)
def lists_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The lists as a file."""
    return download(arrange(_lists(request), request.GET.dict()), kind, "lists")


def _lists(request: HttpRequest) -> Listing:
    rows = [
        {
            "title": one.title, "kind": kinds()[one.kind].title, "begins": one.begins_on, "ends": one.ends_on,
            "href": f"{HOME}{one.pk}/",
        }
        for one in Vehicle.objects.reached(request.principal, SEE).order_by("title")
    ]  # fmt: skip
    columns = (
        Column("title", "List", link="href"),
        Column("kind", "Kind", filtered=True),
        Column("begins", "First day", text=day),
        Column("ends", "Last day", text=lambda value: day(value) if value else "No end"),
    )
    return Listing("lists", "Lists we buy from", columns, rows, "The council buys from no list yet.", sort="title")


@does(KEEP, POST=KEEP)
def begin_page(request: HttpRequest) -> HttpResponse:
    """Begin a list."""
    form = ListForm(request.POST or None)
    made = done(request, form, lambda given: begin(request.principal, **given))
    if made is not None:
        notify(request, f"{made.title} is begun. Admit providers to it.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    return page(
        request, "care_form.html", here=HOME, crumbs=(_CRUMB, ("Begin a list", "")), form=form, back=HOME,
        title="Begin a list", button="Begin it", intro=(), status=422 if form.errors else 200,
    )  # fmt: skip


@does(SEE)
def list_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, and who is on it."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    may = desk_of(request).may(KEEP)
    kind = kinds()[row.kind].title
    ends = f"until {day(row.ends_on)}" if row.ends_on else "without an end"
    return page(
        request, "care_list.html", here=HOME, crumbs=(_CRUMB, (row.title, "")), title=row.title,
        arranged=arrange(_members(request, row, keeps=may), request.GET.dict()),
        intro=f"{kind}, from {day(row.begins_on)} {ends}.", download=f"{HOME}{pk}/members",
        add=("Admit a provider", f"{HOME}{pk}/admit/") if may else None,
    )  # fmt: skip


@does(SEE)
def members_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Who is on a list, as a file."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    return download(arrange(_members(request, row), request.GET.dict()), kind, "members")


def _members(request: HttpRequest, row: Vehicle, *, keeps: bool = False) -> Listing:
    found = Member.objects.reached(request.principal, SEE).filter(vehicle=row).select_related("organisation")
    rows: list[dict[str, Any]] = [
        {
            "provider": one.organisation.name, "service": care_words.service(one.service),
            "where": label_of("district", one.district) if one.district else "Everywhere",
            "price": care_words.price(one.service, one.price), "state": STANDINGS[Standing(one.state)],
            "since": one.since, "reason": one.reason,
            "href": f"/work/members/{one.pk}/" if keeps and one.state != Standing.REMOVED.value else "",
        }
        for one in found.order_by("organisation__name", "service", "district")
    ]  # fmt: skip
    columns = (
        Column("provider", "Provider", link="href"),
        Column("service", "Service", filtered=True),
        Column("where", "Where", filtered=True),
        Column("price", "Price"),
        Column("state", "Stands", filtered=True),
        Column("since", "Since", text=day),
        Column("reason", "Why", wide=True),
    )
    return Listing("members", f"Who is on {row.title}", columns, rows, "Nobody is on it yet.")


@does(KEEP, POST=KEEP)
def admit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Admit a provider to a list."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    form = AdmitForm(request.POST or None, principal=request.principal)

    def admitted(given: dict[str, Any]) -> Member:
        return admit(
            request.principal, row, given["organisation"], given["service"], hundredths(given["price"]),
            given["district"],
        )  # fmt: skip

    made = done(request, form, admitted)
    if made is not None:
        notify(request, f"{made.organisation.name} is admitted.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (row.title, f"{HOME}{pk}/"), ("Admit a provider", "")),
        title=f"Admit a provider to {row.title}", button="Admit it", intro=(),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend a provider on a list, take it back, or remove it."""
    row = Member.objects.select_related("vehicle", "organisation").reach(request.principal, KEEP, pk=pk)
    form, back = StandForm(request.POST or None, now=Standing(row.state)), f"{HOME}{row.vehicle_id}/"

    def stands(given: dict[str, Any]) -> bool:
        stand(request.principal, row, Standing(given["state"]), given["reason"])
        return True

    if done(request, form, stands):
        notify(request, f"{row.organisation.name} is {STANDINGS[Standing(row.state)].lower()}.")
        return HttpResponseRedirect(back)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(_CRUMB, (row.vehicle.title, back), (row.organisation.name, "")), button="Do it",
        title=f"{row.organisation.name} on {row.vehicle.title}",
        intro=(f"For {care_words.service(row.service).lower()}. Packages that it has go on.",),
    )  # fmt: skip
