"""What programs may do about teams, organisations and their locations."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from ninja import Query, Router

from careshape.accounts import listing, register
from careshape.accounts.councils import council_of
from careshape.accounts.models import Organisation, OrganisationLocation, Team
from careshape.accounts.people_forms import LocationForm, NameForm, OrganisationForm
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand, held, over, read
from careshape.work.api.people_shapes import (
    DoneOut,
    LocationIn,
    NameIn,
    OrganisationIn,
    OrganisationOut,
    TeamOut,
)
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.desk import desk_of

READ, TEAMS, ORGANISATIONS = listing.READ, register.TEAMS, register.ORGANISATIONS
PEOPLE = Count("memberships", filter=Q(memberships__ended_at__isnull=True), distinct=True)
router = Router()


@router.get("/teams", response=Page[TeamOut], tags=["Teams"], **doing(READ))
def teams(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The council's teams."""
    found = Team.objects.reached(desk_of(request).principal, READ).annotate(people=PEOPLE).order_by("pk")
    return paged(found, paging, lambda one: {"id": one.pk, "name": one.name, "people": one.people})


@router.post("/teams", response={201: DoneOut}, tags=["Teams"], **doing(TEAMS))
@once
def add_team(request: HttpRequest, asked: NameIn) -> Any:
    """Add a team."""
    return 201, {"id": _team(request, asked, None).pk, "done": "added"}


@router.post("/teams/{int:pk}", response=DoneOut, tags=["Teams"], **doing(TEAMS))
@once
def rename_team(request: HttpRequest, pk: int, asked: NameIn) -> Any:
    """Give a team another name."""
    row = Team.objects.reach(request.principal, TEAMS, pk=pk)
    return 200, {"id": _team(request, asked, row).pk, "done": "changed"}


@router.post("/teams/{int:pk}/remove", response=DoneOut, tags=["Teams"], **doing(TEAMS))
@once
def remove_team(request: HttpRequest, pk: int) -> Any:
    """Remove a team in which nobody is or was."""
    row = Team.objects.reach(request.principal, TEAMS, pk=pk)
    with as_things_stand():
        register.remove_team(request.principal, row)
    return 200, {"id": pk, "done": "removed"}


@router.get("/organisations", response=Page[OrganisationOut], tags=["Organisations"], **doing(READ))
def organisations(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The organisations that work with the council, and their locations."""
    return paged(_organisations(request).order_by("pk"), paging, _shaped)


@router.post("/organisations", response={201: DoneOut}, tags=["Organisations"], **doing(ORGANISATIONS))
@once
def add_organisation(request: HttpRequest, asked: OrganisationIn) -> Any:
    """Add an organisation."""
    return 201, {"id": _organisation(request, asked, None).pk, "done": "added"}


@router.get("/organisations/{int:pk}", response=OrganisationOut, tags=["Organisations"], **doing(READ))
def one_organisation(request: HttpRequest, pk: int) -> Any:
    """One organisation."""
    return _shaped(_organisations(request).reach(request.principal, READ, pk=pk))


@router.post("/organisations/{int:pk}", response=DoneOut, tags=["Organisations"], **doing(ORGANISATIONS))
@once
def change_organisation(request: HttpRequest, pk: int, asked: OrganisationIn) -> Any:
    """Change an organisation. What is left out stays as it is."""
    row = Organisation.objects.select_related("council").reach(request.principal, ORGANISATIONS, pk=pk)
    with held(row, row.council):
        return 200, {"id": _organisation(request, asked, row).pk, "done": "changed"}


@router.post(
    "/organisations/{int:pk}/locations", response={201: DoneOut}, tags=["Organisations"], **doing(ORGANISATIONS)
)
@once
def add_location(request: HttpRequest, pk: int, asked: LocationIn) -> Any:
    """Add a location of an organisation."""
    row = Organisation.objects.reach(request.principal, ORGANISATIONS, pk=pk)
    return 201, {"id": _location(request, asked, row, None).pk, "done": "added"}


@router.post("/locations/{int:pk}", response=DoneOut, tags=["Organisations"], **doing(ORGANISATIONS))
@once
def change_location(request: HttpRequest, pk: int, asked: LocationIn) -> Any:
    """Change a location. What is left out stays as it is."""
    rows = OrganisationLocation.objects.select_related("organisation")
    row = rows.reach(request.principal, ORGANISATIONS, pk=pk)
    with held(row, row.organisation):
        return 200, {"id": _location(request, asked, row.organisation, row).pk, "done": "changed"}


def _team(request: HttpRequest, asked: NameIn, row: Team | None) -> Team:
    given = read(NameForm, asked.model_dump()).cleaned_data
    return register.keep_team(request.principal, council_of(request.principal), given["name"], row)


def _organisations(request: HttpRequest) -> Any:
    found = Organisation.objects.reached(desk_of(request).principal, READ)
    return found.annotate(people=PEOPLE).prefetch_related("locations")


def _organisation(request: HttpRequest, asked: OrganisationIn, row: Organisation | None) -> Organisation:
    stands = {"kind": row.kind, "reference": row.reference} if row else {}
    given = read(OrganisationForm, over(stands, asked)).cleaned_data
    named = (given["kind"], given["name"], given["reference"])
    return register.keep_organisation(request.principal, council_of(request.principal), *named, row)


def _location(
    request: HttpRequest, asked: LocationIn, owner: Organisation, row: OrganisationLocation | None
) -> OrganisationLocation:
    stands = {"reference": row.reference} if row else {}
    given = read(LocationForm, over(stands, asked)).cleaned_data
    return register.keep_location(request.principal, owner, given["name"], given["reference"], row)


def _shaped(row: Any) -> dict[str, Any]:
    locations = sorted(row.locations.all(), key=lambda one: one.pk)
    return {
        "id": row.pk, "kind": row.kind, "name": row.name, "reference": row.reference, "people": row.people,
        "locations": [{"id": one.pk, "name": one.name, "reference": one.reference} for one in locations],
    }  # fmt: skip
