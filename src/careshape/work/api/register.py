"""What programs may do with the register of providers: read and keep it, record what is shown, look at it, grade."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from careshape.accounts.models import Organisation
from careshape.ledger.posting import uk_day
from careshape.providers import facts
from careshape.providers.evidence import states
from careshape.providers.models import Evidence, Location
from careshape.providers.quality import ratings_of
from careshape.providers.register import KEEP, Particulars, Where, add, correct, keep_location
from careshape.providers.show import CHECK, SHOW, Shown, check, show, withdraw
from careshape.providers.standing import GRADE, grade
from careshape.work.api.acts import doing
from careshape.work.api.given import as_written, held, over
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.register_shapes import (
    EvidenceIn,
    EvidenceOut,
    GradeIn,
    LocationChangeIn,
    ProviderChangeIn,
    ProviderIn,
    ProviderLocationIn,
    ProviderLocationOut,
    ProviderOut,
    WhyIn,
)
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged

REGISTER, SEE = "providers.register", "providers.see"
router = Router(tags=["Providers"])


@router.get("/providers", response=Page[ProviderOut], **doing(REGISTER))
def registered_providers(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The providers that the council knows, by name."""
    found = list(
        Organisation.objects.reached(request.principal, REGISTER).select_related("provider").order_by("name", "pk")
    )
    some = found[paging.offset : paging.offset + paging.limit]
    shaped = _providers(request, some)
    return paged(found, paging, lambda one: shaped[one.pk])


@router.post("/providers", response={201: DoneOut}, **doing(KEEP))
@once
def add_provider(request: HttpRequest, asked: ProviderIn) -> Any:
    """Add a provider. It needs no account to be put on lists."""
    with as_written():
        made = add(request.principal, Particulars(**asked.model_dump()))
    return 201, {"id": made.organisation_id, "done": "added"}


@router.get("/providers/{int:pk}", response=ProviderOut, **doing(SEE))
def registered_provider(request: HttpRequest, pk: int) -> Any:
    """One provider."""
    return _providers(request, [_one(request, SEE, pk)])[pk]


@router.post("/providers/{int:pk}", response=DoneOut, **doing(KEEP))
@once
def correct_provider(request: HttpRequest, pk: int, asked: ProviderChangeIn) -> Any:
    """Correct what is kept of a provider. What is left out stays as it is."""
    one = _one(request, KEEP, pk)
    with held(one, one.council, one), as_written():
        known = getattr(one, "provider", None)
        names = ("type", "staff", "regulator_id", "brand")
        stands = {"name": one.name, "reference": one.reference} | (
            {name: getattr(known, name) for name in names} if known else {}
        )
        correct(request.principal, one, Particulars(**over(stands, asked)))
    return 200, {"id": pk, "done": "corrected"}


@router.get("/providers/{int:pk}/locations", response=Page[ProviderLocationOut], **doing(SEE))
def registered_locations(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The locations of a provider; those that closed too."""
    one = _one(request, SEE, pk)
    found = Location.objects.reached(request.principal, SEE).filter(place__organisation=one)
    return paged(found.select_related("place").order_by("place__name"), paging, _location)


@router.post("/providers/{int:pk}/locations", response={201: DoneOut}, **doing(KEEP))
@once
def add_registered_location(request: HttpRequest, pk: int, asked: ProviderLocationIn) -> Any:
    """Record a location of a provider."""
    one = _one(request, KEEP, pk)
    with as_written():
        made = keep_location(request.principal, one, _where(request, asked.model_dump()))
    return 201, {"id": made.pk, "done": "added"}


@router.post("/provider-locations/{int:pk}", response=DoneOut, **doing(KEEP))
@once
def correct_registered_location(request: HttpRequest, pk: int, asked: LocationChangeIn) -> Any:
    """Correct a location, or close it. What is left out stays as it is."""
    row = Location.objects.select_related("place__organisation__council").reach(request.principal, KEEP, pk=pk)
    with held(row, row.organisation.council, row.organisation), as_written():
        given = over({name: value for name, value in _location(row).items() if name not in ("id", "provider")}, asked)
        keep_location(request.principal, row.organisation, _where(request, given), row)
    return 200, {"id": pk, "done": "corrected"}


@router.get("/evidence", response=Page[EvidenceOut], **doing(SEE))
def shown_evidence(request: HttpRequest, paging: Query[Paging]) -> Any:
    """What providers have shown, the latest first: of one's own organisation, or of each of the council's."""
    found = list(Evidence.objects.reached(request.principal, SEE).select_related("location__place").order_by("-pk"))
    state = states(found, uk_day(timezone.now()))
    return paged(found, paging, lambda one: _evidence(one, state[one.pk]))


@router.post("/providers/{int:pk}/evidence", response={201: DoneOut}, **doing(SHOW))
@once
def show_evidence(request: HttpRequest, pk: int, asked: EvidenceIn) -> Any:
    """Record what a provider shows. What the council records counts at once; what a provider does waits."""
    one = _one(request, SHOW, pk)
    given = asked.model_dump()
    if asked.location is not None:
        given["location"] = Location.objects.reach(request.principal, SHOW, pk=asked.location)
    with as_written():
        made = show(request.principal, one, Shown(**given))
    return 201, {"id": made.pk, "done": "recorded"}


@router.post("/evidence/{int:pk}/check", response=DoneOut, **doing(CHECK))
@once
def check_evidence(request: HttpRequest, pk: int) -> Any:
    """Say that the council looked at what a provider recorded: from then it counts."""
    row = Evidence.objects.reach(request.principal, CHECK, pk=pk)
    with as_written():
        check(request.principal, row)
    return 200, {"id": pk, "done": "looked-at"}


@router.post("/evidence/{int:pk}/withdraw", response=DoneOut, **doing(SHOW))
@once
def withdraw_evidence(request: HttpRequest, pk: int, asked: WhyIn) -> Any:
    """Take back what was recorded wrongly: it counts for nothing, and stays to be read."""
    row = Evidence.objects.reach(request.principal, SHOW, pk=pk)
    with as_written():
        withdraw(request.principal, row, asked.why)
    return 200, {"id": pk, "done": "withdrawn"}


@router.post("/providers/{int:pk}/grades", response={201: DoneOut}, **doing(GRADE))
@once
def grade_provider(request: HttpRequest, pk: int, asked: GradeIn) -> Any:
    """Grade a provider from a day. The newest grade that has begun counts."""
    one = _one(request, GRADE, pk)
    with as_written():
        made = grade(request.principal, one, asked.grade, asked.on, asked.why)
    return 201, {"id": made.pk, "done": "graded"}


def _one(request: HttpRequest, act: str, pk: int) -> Organisation:
    found: Organisation = Organisation.objects.select_related("council", "provider").reach(
        request.principal, act, pk=pk
    )
    return found


def _providers(request: HttpRequest, rows: Iterable[Organisation]) -> dict[int, dict[str, Any]]:
    given, council, today = list(rows), request.principal.council, uk_day(timezone.now())
    ids = [one.pk for one in given]
    rated, told = ratings_of(council, ids, today), facts.of(council, ids, "", today)
    found = {}
    for one in given:
        held_ = getattr(one, "provider", None)
        found[one.pk] = {
            "id": one.pk, "name": one.name, "reference": one.reference, "type": held_.type if held_ else "unknown",
            "staff": held_.staff if held_ else None, "regulator_id": held_.regulator_id if held_ else "",
            "brand": held_.brand if held_ else "", "grade": told[one.pk].get("provider-grade"),
            "rating": rated.get(one.pk),
        }  # fmt: skip
    return found


def _location(row: Location) -> dict[str, Any]:
    names = ("kind", "regulator_id", "outward", "district", "services", "client_groups", "registered_beds",
             "opened_on", "closed_on")  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "provider": row.place.organisation_id, "name": row.name, "landlord": row.landlord_id,
    }  # fmt: skip


def _where(request: HttpRequest, given: dict[str, Any]) -> Where:
    landlord = given["landlord"]
    if landlord is not None:
        landlord = Organisation.objects.reach(request.principal, KEEP, pk=landlord)
    chosen = {name: tuple(given[name]) for name in ("services", "client_groups")}
    return Where(**{**given, **chosen, "landlord": landlord})


def _evidence(row: Evidence, state: str) -> dict[str, Any]:
    return {
        "id": row.pk, "provider": row.organisation_id, "location": row.location_id, "kind": row.kind,
        "reference": row.reference, "issuer": row.issuer, "begins_on": row.begins_on, "last_on": row.last_on,
        "state": state, "recorded": row.at, "withdrawn_why": row.withdrawn_why,
    }  # fmt: skip
