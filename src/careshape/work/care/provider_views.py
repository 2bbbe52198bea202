"""Pages of the register of providers: who there is, and what is held of one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers import facts
from careshape.providers.evidence import kinds_of, states, wanting
from careshape.providers.kinds import location_kinds
from careshape.providers.models import Evidence, Location
from careshape.providers.quality import rating_of, ratings_of
from careshape.providers.regulator import kept_of
from careshape.providers.where import working
from careshape.source.models import Member
from careshape.source.packages.package import running
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care.words import EVIDENCE_STATES
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page

HOME: Final = "/work/providers/"
REGISTER: Final = "providers.register"
SEE: Final = "providers.see"
KEEP: Final = "providers.keep"
CRUMB: Final = ("Providers", HOME)
NOT_TOLD: Final = "Not known"


@does(REGISTER)
def providers(request: HttpRequest) -> HttpResponse:
    """The providers that the council knows."""
    may = desk_of(request).may(KEEP)
    kept = kept_of(request.principal.council)
    said = f"Ratings are of {kept.title}, {day(kept.as_of)}." if kept.as_of else "No file of the regulator is kept."
    return page(
        request, "providers.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()),
        title="Providers", download=HOME.rstrip("/"), intro=f"Whom the council may buy care from. {said}",
        add=("Add a provider", f"{HOME}add/") if may else None, may_bring=may and bool(kept.of_provider),
    )  # fmt: skip


@does(REGISTER)
def providers_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The providers as they are filtered, as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "providers")


def _listing(request: HttpRequest) -> Listing:
    today, council = uk_day(timezone.now()), request.principal.council
    found = list(
        Organisation.objects.reached(request.principal, REGISTER).select_related("provider").order_by("name", "pk")
    )
    ids = [one.pk for one in found]
    places: dict[int, list[Location]] = defaultdict(list)
    for place in working(today, ids):
        places[place.place.organisation_id].append(place)
    rated, told = ratings_of(council, ids, today), facts.of(council, ids, "", today)
    shown = _shown(request.principal, ids, today)
    rows = []
    for one in found:
        held, row = getattr(one, "provider", None), places[one.pk]
        rating = rated.get(one.pk)
        rows.append({
            "name": one.name, "href": f"{HOME}{one.pk}/",
            "type": label_of("provider_type", held.type) if held else label_of("provider_type", "unknown"),
            "services": _labels("service", {name for place in row for name in place.services}),
            "districts": _labels("district", {place.district for place in row if place.district}),
            "locations": len(row), "beds": sum(place.registered_beds or 0 for place in row) or None,
            "rating": _rating_label(rating.rating) if rating else NOT_TOLD, "rated": rating.words if rating else "",
            "grade": str(told[one.pk].get("provider-grade", "Not graded")).capitalize(), "evidence": shown[one.pk],
            "reference": one.reference, "regulator_id": held.regulator_id if held else "",
            "brand": held.brand if held else "", "staff": held.staff if held else None,
        })  # fmt: skip
    columns = (
        Column("name", "Provider", link="href"),
        Column("type", "Type", filtered=True),
        Column("services", "Gives", filtered=True, many=True, wide=True),
        Column("districts", "Where", filtered=True, many=True),
        Column("locations", "Locations", numeric=True),
        Column("beds", "Registered beds", numeric=True),
        Column("rating", "Rating", filtered=True),
        Column("grade", "Grade", filtered=True),
        Column("evidence", "Evidence", filtered=True),
        Column("rated", "Rating with its age", shown=False),
        Column("reference", "Reference", shown=False),
        Column("regulator_id", "Regulator's id", shown=False),
        Column("brand", "Group", shown=False),
        Column("staff", "Staff", shown=False),
    )
    return Listing("providers", "Providers", columns, rows, "No provider is known yet. Add the first.", sort="name")


def _labels(list_name: str, names: set[str]) -> str:
    return "; ".join(sorted(label_of(list_name, name) for name in names))


def _rating_label(rating: str) -> str:
    return "Not rated" if rating == "unrated" else label_of("cqc_rating", rating)


def _shown(principal: Principal, ids: list[int], today: date) -> dict[int, str]:
    """How the evidence of each organisation stands, in a word or two: what is worst of it."""
    rows = list(Evidence.objects.reached(principal, REGISTER).select_related("location__place"))
    state = states(rows, today)
    by: dict[int, set[str]] = defaultdict(set)
    for one in rows:
        by[one.organisation_id].add(state[one.pk])
    words = (("lapsed", "Lapsed"), ("waiting", "To be looked at"), ("counts", "In order"))
    return {one: next((said for name, said in words if name in by[one]), "None shown") for one in ids}


@does(SEE)
def provider_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A provider: what is kept of it, its locations with their ratings, what it has shown, and how it stands."""
    one = Organisation.objects.select_related("provider", "council").reach(request.principal, SEE, pk=pk)
    desk, today = desk_of(request), uk_day(timezone.now())
    council, held = one.council.slug, getattr(one, "provider", None)
    places = list(Location.objects.reached(request.principal, SEE).filter(place__organisation=one)
                  .select_related("place", "landlord").order_by("place__name"))  # fmt: skip
    told = facts.of(council, [pk], "home-care", today)[pk]
    rating = ratings_of(council, [pk], today).get(pk)
    services = sorted({name for place in places for name in place.services})
    return page(
        request, "provider.html", here=HOME if desk.may(REGISTER) else "/work/organisation/", row=one, day=day,
        crumbs=((CRUMB, (one.name, "")) if desk.may(REGISTER) else (("Your organisation", "/work/organisation/"),
                                                                    ("What the register holds", ""))),
        facts=_about(one, held, told, rating), locations=[_place(place, council, today, desk) for place in places],
        evidence=_evidence(one, today), grades=list(one.grades.order_by("-on", "-pk")),
        outcomes=list(one.tender_outcomes.select_related("tender").order_by("-tender__decided_on")),
        wanting=wanting(council, pk, services, today), running=len({line["package"] for line in running([pk], today)}),
        members=_members(request, one),
        may_keep=desk.may(KEEP), may_show=desk.may("providers.show"), may_grade=desk.may("providers.grade"),
        may_lists=desk.may("source.lists"), own=request.principal.organisation is not None,
    )  # fmt: skip


def _about(one: Organisation, held: Any, told: dict[str, object], rating: Any) -> list[tuple[str, str]]:
    lines = [
        ("Type", label_of("provider_type", held.type if held else "unknown")),
        ("Staff", f"{held.staff:,}" if held and held.staff is not None else NOT_TOLD),
        ("Reference in the records of care", one.reference or NOT_TOLD),
        ("Id with the regulator", held.regulator_id if held and held.regulator_id else NOT_TOLD),
        ("Rating", f"{rating.location}: {rating.words}" if rating else NOT_TOLD),
        ("Grade", str(told.get("provider-grade", "Not graded")).capitalize()),
    ]
    return [*lines, *([("Group", held.brand)] if held and held.brand else [])]


def _place(one: Location, council: str, today: date, desk: Desk) -> dict[str, Any]:
    rated = rating_of(kept_of(council), one, today) if one.regulator_id else None
    where = ", ".join(
        part for part in (label_of("district", one.district) if one.district else "", one.outward) if part
    )
    closed = f", until {day(one.closed_on)}" if one.closed_on else ""
    return {
        "name": one.name, "href": f"/work/provider-locations/{one.pk}/" if desk.may(KEEP) else "",
        "capacity": _capacity(one) if desk.may("providers.capacity") else "",
        "kind": location_kinds()[one.kind].title + closed, "where": where or NOT_TOLD,
        "gives": ", ".join(label_of("service", name) for name in one.services) or NOT_TOLD,
        "beds": "" if one.registered_beds is None else str(one.registered_beds),
        "rating": (rated.words + (" (under a later registration)" if rated.followed else "")) if rated else NOT_TOLD,
        "landlord": one.landlord.name if one.landlord else NOT_TOLD if location_kinds()[one.kind].landlord else "",
    }  # fmt: skip


def _capacity(one: Location) -> str:
    """Where what it returned of its capacity stands."""
    if location_kinds()[one.kind].beds:
        return f"/work/capacity/locations/{one.pk}/beds/"
    return f"/work/capacity/locations/{one.pk}/hours/" if "home-care" in one.services else ""


def _evidence(one: Organisation, today: date) -> list[dict[str, Any]]:
    rows = list(one.evidence.select_related("location__place").order_by("-begins_on", "-pk"))
    state, kinds = states(rows, today), kinds_of(one.council.slug)
    return [
        {
            "href": f"/work/shown/{row.pk}/", "title": kinds[row.kind].title if row.kind in kinds else row.kind,
            "where": row.location.name if row.location else "", "from": day(row.begins_on),
            "last": day(row.last_on) if row.last_on else "Does not lapse", "state": EVIDENCE_STATES[state[row.pk]],
        }
        for row in rows
    ]  # fmt: skip


def _members(request: HttpRequest, one: Organisation) -> list[dict[str, Any]]:
    rows = (
        Member.objects.reached(request.principal, SEE)
        .filter(organisation=one)
        .select_related("vehicle")
        .order_by("vehicle__title", "service", "pk")
    )
    return [
        {
            "list": row.vehicle.title, "href": f"/work/lists/{row.vehicle_id}/",
            "service": label_of("service", row.service), "state": row.state.replace("-", " ").capitalize(),
            "reason": row.reason,
        }
        for row in rows
    ]  # fmt: skip
