"""Pages of the outcome of a tender: what would follow, recording it as one act, and who won which place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.catalogue import catalogue
from careshape.ledger.posting import uk_day
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.models import Tender
from careshape.providers.standing import TENDER
from careshape.source.lists.outcome import Placed, as_rows, check, read_outcome
from careshape.source.lists.running import Runs, running_of
from careshape.source.lists.settling import Follows, follows, settle
from careshape.source.lists.shown import mark
from careshape.source.models import Member, Settlement, Vehicle
from careshape.source.models.vehicles import Standing
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.list_views import rank_of
from careshape.work.care.provider_views import CRUMB, REGISTER
from careshape.work.care.provider_views import HOME as PROVIDERS
from careshape.work.care.settle_forms import ConfirmForm, OutcomeForm, PlacesForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/tenders/"
_CRUMB: Final = ("Tenders", HOME)


@does(REGISTER)
def outcome_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How a tender came out: who won which place, and who keeps packages and gets no new work."""
    row = _one(request, REGISTER, pk)
    made = row.settlements.select_related("vehicle").order_by("-pk").first()
    may = desk_of(request).may(TENDER)
    return page(
        request, "tender_outcome.html", here=PROVIDERS, row=row, decided=day(row.decided_on) if row.decided_on else "",
        title=f"How {row.title} came out", crumbs=(CRUMB, _CRUMB, (row.title, "")),
        vehicle=made.vehicle if made else None,
        places=_as_they_stand(request, row, made), arranged=arrange(_listing(request, row, made), request.GET.dict()),
        download=f"{HOME}{pk}/outcome", may=may, home=f"{HOME}{pk}/",
    )  # fmt: skip


@does(REGISTER)
def outcome_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Who took part or has care of the tender's service, as a file."""
    row = _one(request, REGISTER, pk)
    made = row.settlements.select_related("vehicle").order_by("-pk").first()
    return download(arrange(_listing(request, row, made), request.GET.dict()), kind, "outcome")


@does(TENDER, POST=TENDER)
def settle_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who won which place on a list; what follows is shown before anything is done."""
    row = _one(request, TENDER, pk)
    vehicle, lists = _vehicle(request, row)
    if vehicle is None:
        return page(
            request, "tender_list.html", here=PROVIDERS, row=row, lists=lists, back=f"{HOME}{pk}/outcome/",
            crumbs=(CRUMB, _CRUMB, (row.title, f"{HOME}{pk}/outcome/"), ("Record it", "")),
            title=f"Which list does {row.title} fill?",
        )  # fmt: skip
    form = PlacesForm(request.POST or None, vehicle=vehicle, principal=request.principal)

    def read(given: dict[str, Any]) -> list[Placed]:
        rows = form.rows()
        check(vehicle, rows)
        return rows

    return _entered(request, row, vehicle, form, done(request, form, read), file=False)


@does(TENDER, POST=TENDER)
def file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the outcome of a tender as a file, or as pasted rows."""
    row = _one(request, TENDER, pk)
    vehicle, _ = _vehicle(request, row)
    if vehicle is None:
        return HttpResponseRedirect(f"{HOME}{pk}/settle/")
    form = OutcomeForm(request.POST or None, request.FILES or None)
    found = done(request, form, lambda given: read_outcome(vehicle, _organisations(request), form.text()))
    return _entered(request, row, vehicle, form, found, file=True)


def _entered(
    request: HttpRequest, row: Tender, vehicle: Vehicle, form: Any, rows: list[Placed] | None, *, file: bool
) -> HttpResponse:  # fmt: skip
    """The form; or what would follow, where it was sent and can be."""
    back = f"{HOME}{row.pk}/settle/"
    if rows is not None:
        given = {"on": f"{form.cleaned_data['on']:%d/%m/%Y}", "rows": as_rows(rows), "list": vehicle.pk}
        return _preview(request, row, vehicle, rows, ConfirmForm(initial=given), given)
    return page(
        request, "tender_settle.html", here=PROVIDERS, form=form, row=row, vehicle=vehicle, file=file, back=back,
        crumbs=(CRUMB, _CRUMB, (row.title, f"{HOME}{row.pk}/outcome/"), ("Record it", "")),
        title=f"How did {row.title} come out?", status=422 if form.errors else 200,
    )  # fmt: skip


@does(TENDER, POST=TENDER)
def confirm_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was shown, as one act."""
    row = _one(request, TENDER, pk)
    vehicle, _ = _vehicle(request, row, request.POST.get("list", ""))
    if request.method != "POST" or vehicle is None:
        return HttpResponseRedirect(f"{HOME}{pk}/settle/")
    brought = OutcomeForm({"on": request.POST.get("on", ""), "pasted": request.POST.get("rows", "")})
    rows = done(request, brought, lambda given: read_outcome(vehicle, _organisations(request), brought.text()))
    if rows is None:  # the list or the register has changed meanwhile: what was brought stands there to be put right
        return _entered(request, row, vehicle, brought, None, file=True)
    form = ConfirmForm(request.POST)
    made = done(request, form, lambda given: settle(request.principal, row, vehicle, given["on"], rows, given["read"]))
    if made is not None:
        notify(request, "It is recorded: the list stands in its new order, and the rules count it from its day.")
        return HttpResponseRedirect(f"{HOME}{pk}/outcome/")
    given = {name: request.POST.get(name, "") for name in ("on", "rows")}
    return _preview(request, row, vehicle, rows, form, given)


def _preview(
    request: HttpRequest, row: Tender, vehicle: Vehicle, rows: list[Placed], form: ConfirmForm, given: Any
) -> HttpResponse:  # fmt: skip
    shown = follows(row, vehicle, rows)
    hidden = {"on": given["on"], "rows": given["rows"], "list": vehicle.pk, "read": mark(shown)}
    return page(
        request, "tender_preview.html", here=PROVIDERS, form=form, hidden=hidden, places=_told(row.service, shown),
        crumbs=(CRUMB, _CRUMB, (row.title, f"{HOME}{row.pk}/outcome/"), ("Record it", "")), vehicle=vehicle,
        title=f"What follows from {row.title}", back=f"{HOME}{row.pk}/settle/?list={vehicle.pk}", row=row,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _told(service: str, rows: Iterable[Follows]) -> list[tuple[str, ...]]:
    """What follows, as a table: a row a place."""
    return [
        (
            _where(one.place), one.primary or "Nobody", ", ".join(one.backups) or "None",
            ", ".join(one.lost) or "Nobody",
            care_words.amount(service, one.with_winners), care_words.amount(service, one.with_lost), str(one.people),
        )
        for one in rows
    ]  # fmt: skip


def _where(place: str) -> str:
    if not place:
        return "Elsewhere, or not known"
    return label_of("zone" if place in catalogue().lists["zone"].by_id else "district", place)


def _as_they_stand(request: HttpRequest, row: Tender, made: Settlement | None) -> list[tuple[str, ...]]:
    """The places of the list as they are today."""
    if made is None:
        return []
    rows = [Placed(one.organisation, one.lot, one.rank) for one in _members(request, made)]
    return _told(row.service, follows(row, made.vehicle, [*rows, *_losers(row)]))


def _members(request: HttpRequest, made: Settlement) -> list[Member]:
    found = Member.objects.reached(request.principal, REGISTER).filter(
        vehicle=made.vehicle_id, rank__isnull=False, lot__isnull=False
    )
    return list(found.select_related("organisation", "lot", "vehicle").order_by("lot__number", "rank"))


def _losers(row: Tender) -> list[Placed]:
    return [Placed(one.organisation) for one in row.outcomes.filter(won=False).select_related("organisation")]


def _listing(request: HttpRequest, row: Tender, made: Settlement | None) -> Listing:
    """Who took part, or has care of the service, each with what follows for it."""
    outcomes = dict(row.outcomes.values_list("organisation", "won"))
    places: dict[int, list[str]] = {}
    for member in _members(request, made) if made else ():
        asked = "" if member.state == Standing.ADMITTED.value else ", suspended"
        places.setdefault(member.organisation_id, []).append(f"{rank_of(member)} in {member.lot.title}{asked}")
    runs: dict[int, list[Runs]] = {}
    for one in running_of(row.council, row.service, uk_day(timezone.now())):
        runs.setdefault(one.organisation, []).append(one)
    found = Organisation.objects.reached(request.principal, REGISTER).filter(pk__in={*outcomes, *runs, *places})
    rows = [
        {
            "provider": one.name, "outcome": _outcome(outcomes.get(one.pk), decided=row.decided_on),
            "places": "; ".join(places.get(one.pk, ())),
            "work": "Asked in its turn" if outcomes.get(one.pk) else "Keeps packages, no new work",
            "hours": sum(care.units for care in runs.get(one.pk, ())) / 100,
            "packages": sum(len(care.packages) for care in runs.get(one.pk, ())),
            "people": len({who for care in runs.get(one.pk, ()) for who in care.people}),
        }
        for one in found.order_by("name")
    ]  # fmt: skip
    columns = (
        Column("provider", "Provider"),
        Column("outcome", "Outcome", filtered=True),
        Column("places", "Places", wide=True),
        Column("work", "New work", filtered=True),
        Column("hours", "Has a week", numeric=True, text=lambda value: f"{value:g}"),
        Column("packages", "Packages", numeric=True),
        Column("people", "People", numeric=True),
    )
    return Listing("outcome", "Providers", columns, rows if row.decided_on else [], "It is not decided yet.")


def _outcome(won: bool | None, *, decided: date | None) -> str:
    if decided is None:
        return "Not decided"
    return {True: "Successful", False: "Not successful", None: "Took no part"}[won]


def _one(request: HttpRequest, act: str, pk: int) -> Tender:
    found: Tender = Tender.objects.reach(request.principal, act, pk=pk)
    return found


def _organisations(request: HttpRequest) -> Any:
    return Organisation.objects.reached(request.principal, TENDER).select_related("council").order_by("name")


def _vehicle(request: HttpRequest, row: Tender, chosen: str = "") -> tuple[Vehicle | None, list[Vehicle]]:
    """The ranked list that was chosen, and those of the council with lots for the tender's service."""
    found = Vehicle.objects.reached(request.principal, TENDER).filter(lots__service=row.service).distinct()
    lists = [one for one in found.order_by("title") if one.is_of.ranked]
    given = chosen or request.GET.get("list", "")
    return next((one for one in lists if str(one.pk) == given), None), lists
