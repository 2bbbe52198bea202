"""Pages of what providers show: recorded, looked at, and taken back."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.accounts.times import moment
from careshape.errors import CareshapeError
from careshape.ledger.posting import uk_day
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.evidence import kinds_of, states
from careshape.providers.models import Evidence, Location
from careshape.providers.show import CHECK, SHOW, Shown, check, show, withdraw
from careshape.statement.formatting import day
from careshape.work.care.forms import ReasonForm, done
from careshape.work.care.provider_forms import EvidenceForm
from careshape.work.care.words import EVIDENCE_STATES
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/shown/"
SEE: Final = "providers.see"
_BEFORE: Final = "The council looks at it before it counts."
_CRUMB: Final = ("Evidence", HOME)


@does(SEE)
def evidence(request: HttpRequest) -> HttpResponse:
    """What providers have shown: of one's own organisation, or of each of the council's."""
    own = request.principal.organisation
    add = (
        ("Record something", f"/work/providers/{own}/show/") if own is not None and desk_of(request).may(SHOW) else None
    )
    return page(
        request, "care_list.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()),
        title="Evidence", download=HOME.rstrip("/"), add=add,
        intro="Insurance, registration and what else is asked for, each with its last day. What lapses stops new work.",
    )  # fmt: skip


@does(SEE)
def evidence_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same, as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "evidence")


def _listing(request: HttpRequest) -> Listing:
    found = list(
        Evidence.objects.reached(request.principal, SEE)
        .select_related("organisation", "location__place").order_by("last_on", "pk")
    )  # fmt: skip
    state, kinds = states(found, uk_day(timezone.now())), kinds_of(request.principal.council)
    rows = [
        {
            "title": kinds[one.kind].title if one.kind in kinds else one.kind, "href": f"{HOME}{one.pk}/",
            "provider": one.organisation.name, "where": one.location.name if one.location else "",
            "begins": one.begins_on, "last": one.last_on or "", "state": EVIDENCE_STATES[state[one.pk]],
            "reference": one.reference, "issuer": one.issuer, "recorded": one.at, "by": _by(one),
            "why": one.withdrawn_why,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("title", "What", link="href", filtered=True),
        Column("provider", "Provider", filtered=True),
        Column("where", "Location"),
        Column("begins", "First day", text=day),
        Column("last", "Last day", text=lambda value: day(value) if value else "Does not lapse"),
        Column("state", "Stands", filtered=True),
        Column("reference", "Number", shown=False),
        Column("issuer", "Issued by", shown=False),
        Column("recorded", "Recorded", text=moment, shown=False),
        Column("by", "Recorded by", shown=False),
        Column("why", "Why taken back", shown=False),
    )
    return Listing("evidence", "Evidence", columns, rows, "Nothing has been shown yet.", sort="last")


def _by(one: Evidence) -> str:
    """Whether the council or the provider recorded it; who it was stands in the audit log."""
    return "The council" if one.by_id == one.checked_by_id else "The provider"


@does(SHOW, POST=SHOW)
def show_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a provider shows."""
    one = Organisation.objects.select_related("council").reach(request.principal, SHOW, pk=pk)
    back, own = f"/work/providers/{pk}/", request.principal.organisation is not None
    places = Location.objects.reached(request.principal, SHOW).filter(place__organisation=one).select_related("place")
    form = EvidenceForm(
        request.POST or None, kinds=kinds_of(one.council.slug).values(), locations=places.order_by("place__name")
    )
    made = done(request, form, lambda given: show(request.principal, one, Shown(**given)))
    if made is not None:
        notify(
            request,
            "It is recorded. It counts once the council looked at it." if own else "It is recorded, and counts.",
        )
        return HttpResponseRedirect(back)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, title="Record what it shows", button="Record it",
        crumbs=(_CRUMB, (one.name, back), ("Record", "")), status=422 if form.errors else 200,
        intro=(_BEFORE if own else "Record what you have seen. It counts at once.",),
    )  # fmt: skip


@does(SEE)
def one_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of evidence."""
    return _page(request, _one(request, SEE, pk))


@does(CHECK, POST=CHECK)
def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the council looked at a piece of evidence."""
    row = _one(request, CHECK, pk)
    if request.method == "POST":
        try:
            check(request.principal, row)
        except CareshapeError as error:
            return _page(request, row, str(error))
        notify(request, "It counts from now, for its days.")
    return HttpResponseRedirect(f"{HOME}{pk}/")


@does(SHOW, POST=SHOW)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece of evidence back."""
    row = _one(request, SHOW, pk)
    form = ReasonForm(request.POST or None)

    def taken(given: dict[str, Any]) -> bool:
        withdraw(request.principal, row, given["reason"])
        return True

    if done(request, form, taken):
        notify(request, "It is taken back, and counts for nothing.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", warning=True, title="Take it back",
        crumbs=(_CRUMB, (_title(row), f"{HOME}{pk}/"), ("Take it back", "")), button="Take it back",
        intro=(f"{_title(row)} of {row.organisation.name}.", "Lists that need it stop new work."),
        status=422 if form.errors else 200,
    )  # fmt: skip


def _one(request: HttpRequest, act: str, pk: int) -> Evidence:
    rows = Evidence.objects.select_related("organisation__council", "location__place")
    found: Evidence = rows.reach(request.principal, act, pk=pk)
    return found


def _title(row: Evidence) -> str:
    kinds = kinds_of(row.organisation.council.slug)
    return kinds[row.kind].title if row.kind in kinds else row.kind


def _page(request: HttpRequest, row: Evidence, problem: str = "") -> HttpResponse:
    desk = desk_of(request)
    near = Evidence.objects.reached(request.principal, SEE).filter(organisation=row.organisation_id, kind=row.kind)
    state = states(near.select_related("location__place"), uk_day(timezone.now()))[row.pk]
    own = request.principal.organisation is not None
    lines = [
        ("Provider", row.organisation.name), ("Location", row.location.name if row.location else ""),
        ("First day", day(row.begins_on)), ("Last day", day(row.last_on) if row.last_on else "Does not lapse"),
        ("Number", row.reference), ("Issued by", row.issuer),
        ("Recorded", f"{moment(row.at)}, by {_by(row).lower()}"),
        ("Looked at", moment(row.checked_at) if row.checked_at else "Not yet"),
        ("Taken back", f"{moment(row.withdrawn_at)}: {row.withdrawn_why}" if row.withdrawn_at else ""),
    ]  # fmt: skip
    gone = row.withdrawn_at is not None
    return page(
        request, "evidence.html", here=HOME, crumbs=(_CRUMB, (_title(row), "")), row=row, title=_title(row),
        state=state, said=EVIDENCE_STATES[state], problem=problem, lines=[(name, text) for name, text in lines if text],
        may_check=desk.may(CHECK) and row.checked_at is None and not gone,
        may_withdraw=desk.may(SHOW) and not gone and not (own and row.checked_at is not None),
        status=422 if problem else 200,
    )  # fmt: skip
