"""Pages of the council's tenders, and of how providers did in them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.models import Tender
from careshape.providers.standing import TENDER, begin_tender, decide
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care.forms import done
from careshape.work.care.provider_forms import DecideForm, TenderForm
from careshape.work.care.provider_views import CRUMB, REGISTER
from careshape.work.care.provider_views import HOME as PROVIDERS
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/tenders/"
_CRUMB: Final = ("Tenders", HOME)


@does(REGISTER)
def tenders(request: HttpRequest) -> HttpResponse:
    """The tenders of the council."""
    return page(
        request, "care_list.html", here=PROVIDERS, arranged=arrange(_listing(request), request.GET.dict()),
        crumbs=(CRUMB, ("Tenders", "")), title="Tenders", download=HOME.rstrip("/"),
        intro="After the tender of home care, who was not successful keeps its packages and gets no new work.",
        add=("Record a tender", f"{HOME}add/") if desk_of(request).may(TENDER) else None,
    )  # fmt: skip


@does(REGISTER)
def tenders_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same, as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "tenders")


def _listing(request: HttpRequest) -> Listing:
    found = Tender.objects.reached(request.principal, REGISTER).annotate(
        won=Count("outcomes", filter=Q(outcomes__won=True)), part=Count("outcomes")
    )
    rows = [
        {
            "title": one.title, "href": f"{HOME}{one.pk}/outcome/", "service": label_of("service", one.service),
            "decided": one.decided_on or "", "won": one.won if one.decided_on else None,
            "part": one.part if one.decided_on else None,
        }
        for one in found.order_by("title")
    ]  # fmt: skip
    columns = (
        Column("title", "Tender", link="href"),
        Column("service", "Service", filtered=True),
        Column("decided", "Decided", text=lambda value: day(value) if value else "Not yet"),
        Column("won", "Successful", numeric=True),
        Column("part", "Took part", numeric=True),
    )
    return Listing("tenders", "Tenders", columns, rows, "No tender is recorded yet.", sort="title")


@does(TENDER, POST=TENDER)
def add_page(request: HttpRequest) -> HttpResponse:
    """Record a tender."""
    form = TenderForm(request.POST or None)
    made = done(request, form, lambda given: begin_tender(request.principal, given["title"], given["service"]))
    if made is not None:
        notify(request, f"{made.title} is recorded. Say how it was decided when it is.")
        return HttpResponseRedirect(HOME)
    return page(
        request, "care_form.html", here=PROVIDERS, form=form, back=HOME, title="Record a tender", button="Record it",
        crumbs=(CRUMB, _CRUMB, ("Record a tender", "")), intro=(), status=422 if form.errors else 200,
    )  # fmt: skip


@does(TENDER, POST=TENDER)
def decide_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how a tender was decided, or put that right."""
    row = Tender.objects.reach(request.principal, TENDER, pk=pk)
    outcomes = list(row.outcomes.values_list("organisation", "won"))
    known = {
        "on": f"{row.decided_on:%d/%m/%Y}" if row.decided_on else "",
        "won": [str(pk) for pk, won in outcomes if won], "lost": [str(pk) for pk, won in outcomes if not won],
    }  # fmt: skip
    form = DecideForm(request.POST or None, tender=row, principal=request.principal, initial=known)

    def decided(given: dict[str, Any]) -> bool:
        decide(request.principal, row, given["on"], form.outcome)
        return True

    if done(request, form, decided):
        notify(request, "It is recorded. Rules that ask for it count it from its day.")
        return HttpResponseRedirect(HOME)
    return page(
        request, "care_form.html", here=PROVIDERS, form=form, back=HOME, title=f"How was {row.title} decided?",
        crumbs=(CRUMB, _CRUMB, (row.title, "")), button="Record it", status=422 if form.errors else 200,
        intro=(f"For {label_of('service', row.service).lower()}.",),
    )  # fmt: skip
