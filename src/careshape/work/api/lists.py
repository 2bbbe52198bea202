"""What programs may do about the lists by which the council buys: read them, bring prices, move a provider."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from careshape.source.lists.price_list import keep_prices, read_prices, units_of
from careshape.source.lists.vehicles import move
from careshape.source.models import Member, Price, Vehicle
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut, Words
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged

SEE, KEEP, STAND = "source.lists", "source.vehicles", "source.stand"
router = Router(tags=["Lists to buy from"])


class ListOut(Schema):
    """A list by which the council buys."""

    id: int
    title: str
    kind: str
    begins_on: date
    ends_on: date | None
    priced_by: str = Field(description="district, zone or rate_zone; empty for one price everywhere")
    complex_needs: bool


class MemberOut(Schema):
    """A provider on a list."""

    id: int
    organisation: int
    provider: str
    service: str
    client_group: str
    zone: str
    district: str
    rank: int | None = Field(description="1 is the primary provider of a ranked list")
    places: int | None
    price: int | None = Field(
        description="Pence for one of the service's usual unit; null where the price list says it"
    )
    state: str
    since: date
    reason: str
    by_evidence: bool = Field(description="Suspended for evidence that lapsed, and for that alone")


class PriceOut(Schema):
    """A price of a list."""

    id: int
    service: str
    zone: str
    tier: str
    unit: str
    pence: int
    begins_on: date
    ends_on: date | None
    source: str


class MoveIn(Schema):
    """A move of the list's course."""

    move: Words = Field(description="suspend, take-back, remove and what else the course has")
    reason: str = Field("", max_length=500)


class PricesIn(Schema):
    """Prices as the rows of a CSV file, with their headings."""

    rows: str = Field(max_length=1_000_000)


@router.get("/lists", response=Page[ListOut], **doing(SEE))
def lists(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The lists by which the council buys."""
    return paged(Vehicle.objects.reached(request.principal, SEE).order_by("pk"), paging, _list)


@router.get("/lists/{int:pk}/members", response=Page[MemberOut], **doing(SEE))
def members(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """Who is on a list, and how each stands."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    found = Member.objects.reached(request.principal, SEE).filter(vehicle=row).select_related("organisation")
    return paged(found.order_by("pk"), paging, _member)


@router.get("/lists/{int:pk}/prices", response=Page[PriceOut], **doing(SEE))
def prices(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The price list of a list."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    found = Price.objects.reached(request.principal, SEE).filter(vehicle=row, member__isnull=True)
    return paged(found.order_by("pk"), paging, _price)


@router.post("/lists/{int:pk}/prices", response={201: DoneOut}, **doing(KEEP))
@once
def bring_prices(request: HttpRequest, pk: int, asked: PricesIn) -> Any:
    """Put prices in force, all of them or none."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    with as_things_stand():
        keep_prices(request.principal, row, read_prices(row, asked.rows))
    return 201, {"id": row.pk, "done": "kept"}


@router.post("/members/{int:pk}/move", response=DoneOut, **doing(STAND))
@once
def move_member(request: HttpRequest, pk: int, asked: MoveIn) -> Any:
    """Suspend a provider on a list, take it back, and what else its course has."""
    row = Member.objects.select_related("vehicle", "organisation").reach(request.principal, STAND, pk=pk)
    with as_things_stand():
        move(request.principal, row, asked.move, asked.reason)
    return 200, {"id": row.pk, "done": row.state}


def _list(one: Vehicle) -> dict[str, Any]:
    names = ("title", "kind", "begins_on", "ends_on", "priced_by", "complex_needs")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def _member(one: Member) -> dict[str, Any]:
    names = (
        "service", "client_group", "zone", "district", "rank", "places", "price", "state", "since", "reason",
        "by_evidence",
    )  # fmt: skip
    said = {name: getattr(one, name) for name in names}
    return {"id": one.pk, "organisation": one.organisation_id, "provider": one.organisation.name, **said}


def _price(one: Price) -> dict[str, Any]:
    names = ("service", "zone", "tier", "pence", "begins_on", "ends_on", "source")
    said = {name: getattr(one, name) for name in names}
    return {"id": one.pk, "unit": one.unit or units_of(one.service)[0], **said}
