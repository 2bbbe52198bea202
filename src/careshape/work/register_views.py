"""Pages of the registers: providers and settings, and what the council knows of one's own organisation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from careshape.accounts.models import OrganisationLocation
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.statement.formatting import money_week
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page
from careshape.work.registers import WHICH, counted_on, entries, entry_of, known_of

HOME: Final = "/work/registers/"
TITLES: Final = {"providers": "Providers", "settings": "Homes, houses and schemes"}


def listing(desk: Desk, which: str) -> Listing:
    """A register as a list. Raises Http404 for one that there is not."""
    if which not in WHICH:
        raise Http404("There is no such register.")
    found = entries(desk.council, which) if desk.council else []
    rows = [{**one.as_row(), "href": f"{HOME}{which}/{one.id}/"} for one in found]
    columns = (
        Column("name", "Name", link="href"),
        Column("reference", "Reference"),
        Column("type", "Type", filtered=True, shown=which == "providers"),
        Column("services", "Services"),
        Column("districts", "Districts"),
        Column("people", "People", numeric=True, text=_whole),
        Column("lines", "Line items", numeric=True, text=_whole),
        Column("weekly_cost", "Cost a week", numeric=True, text=_cost),
        Column("id", "Number in the ledger", shown=False),
    )
    return Listing(which, TITLES[which], columns, rows, "The records name none yet.", "-people")


@does("work.registers")
def register(request: HttpRequest, which: str) -> HttpResponse:
    """A register."""
    desk = desk_of(request)
    arranged = arrange(listing(desk, which), request.GET.dict())
    return page(
        request, "register.html", here=f"{HOME}providers/", arranged=arranged, which=which, titles=TITLES,
        counted=counted_on(desk.council) if desk.council else "",
    )  # fmt: skip


@does("work.registers")
def register_download(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """A register as a file."""
    return download(arrange(listing(desk_of(request), which), request.GET.dict()), kind, which)


@does("work.registers")
def entry(request: HttpRequest, which: str, number: str) -> HttpResponse:
    """One provider or setting."""
    desk = desk_of(request)
    found = entry_of(desk.records, which, number) if which in WHICH else None
    if found is None:
        raise Http404("The register has no such entry.")
    crumbs = ((TITLES[which], f"{HOME}{which}/"), (found.name, ""))
    return page(
        request, "entry.html", here=f"{HOME}providers/", crumbs=crumbs, entry=found, which=which,
        dimension=WHICH[which], counted=counted_on(desk.records), cost=money_week(found.weekly_cost),
    )  # fmt: skip


@does("work.organisation")
def organisation(request: HttpRequest) -> HttpResponse:
    """What the council's records know of the reader's own organisation, and nothing of any other."""
    desk = desk_of(request)
    if desk.organisation is None:
        raise Http404("Your organisation is not known here.")
    known = known_of(desk.council, desk.organisation)
    return page(
        request, "organisation.html", crumbs=(("Your organisation", ""),), organisation=desk.organisation, entry=known,
        counted=counted_on(desk.council) if desk.council else "", cost=money_week(known.weekly_cost) if known else "",
        locations=OrganisationLocation.objects.reached(desk.principal, "work.organisation").order_by("name"),
        linked=desk.may("accounts.colleagues"),
    )  # fmt: skip


def _whole(value: Any) -> str:
    return f"{value:,}"


def _cost(value: Any) -> str:
    return f"£{Decimal(value):,.2f}"
