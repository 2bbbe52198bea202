"""What programs may do with places to live: read which stand empty, tell of them, and of who comes and leaves."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from careshape.ledger.posting import uk_day
from careshape.providers.models import Location, Room
from careshape.providers.rooms.empty import rooms, standing
from careshape.providers.rooms.keep import KEEP, Description, keep_room, move_in, move_out
from careshape.work.api.acts import doing
from careshape.work.api.given import as_written
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.care.room_views import SEE, stands_as, year_so_far

router = Router(tags=["Places to live"])
Word = Annotated[str, Field(max_length=60)]
Words = Annotated[list[Word], Field(max_length=40)]


class RoomIn(Schema):
    """A bed, a room, a flat or a place in a carer's household, for one person. Nothing by which anybody is known."""

    location: int = Field(description="Number of the location in the council's register")
    name: Word = Field(description="As those who work there call it: Room 2")
    part: Word = Field(description="A type of bed or place, as in the return of capacity")
    begins_on: date = Field(description="From when it can be had")
    closed_on: date | None = None
    has: Words = Field([], description="Features, such as ground-floor")
    client_groups: Words = Field([], description="Whom it is for; none: any group")
    only: Words = Field([], description="Traits that whoever comes must have, such as women")
    not_for: Words = Field([], description="Traits that whoever comes must not have")
    wishes: Words = Field([], description="Traits that those who live there would like")
    lives: Words = Field([], description="Traits of those who live there, all of them together")


class RoomOut(Schema):
    """A place to live, and how it stands today."""

    id: int
    location: int
    name: str
    part: str
    stands: str = Field(description="In words: Empty, Taken and others")
    since: date | None = Field(description="Since when it is empty; null where it is not")
    free_from: date | None = Field(description="From when nobody has it; null where no such day is known")
    void_days: int = Field(description="Of the financial year so far")
    paid_days: int = Field(description="Those of them that the council pays for")
    paid_pence: int = Field(description="What it pays for them")


class InIn(Schema):
    """That somebody moves in, whom no award brings."""

    on: date
    leaves_on: date | None = None


class OutIn(Schema):
    """That who has the place leaves."""

    on: date


@router.get("/rooms", response=Page[RoomOut], **doing(SEE))
def places_to_live(request: HttpRequest, paging: Query[Paging], empty: bool = False) -> Any:
    """Places to live, with their void days; `empty`: only those that nobody has today."""
    today = uk_day(timezone.now())
    found = [standing(one, today, *year_so_far(today)) for one in rooms(request.principal, SEE)]
    some = [one for one in found if one.since is not None or not empty]
    return paged(some, paging, lambda one: {
        "id": one.room.pk, "location": one.room.location_id, "name": one.room.name, "part": one.room.part,
        "stands": stands_as(one, today), "since": one.since, "free_from": one.free_from, "void_days": one.voids.days,
        "paid_days": one.paid, "paid_pence": one.cost,
    })  # fmt: skip


@router.post("/rooms", response={201: DoneOut}, **doing(KEEP))
@once
def tell_of_room(request: HttpRequest, asked: RoomIn) -> Any:
    """Tell of a place to live."""
    given = asked.model_dump()
    location = Location.objects.reached(request.principal, KEEP).filter(pk=given.pop("location")).first()
    if location is None:
        raise HttpError(422, "location: There is no location of this number of which you may tell.")
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    with as_written():
        made = keep_room(request.principal, location, Description(**whole))
    return 201, {"id": made.pk, "done": "told"}


@router.post("/rooms/{int:pk}/in", response={201: DoneOut}, **doing(KEEP))
@once
def somebody_moves_in(request: HttpRequest, pk: int, asked: InIn) -> Any:
    """Say that somebody moves in. Who comes by an award is told by the award."""
    room = Room.objects.reach(request.principal, KEEP, pk=pk)
    with as_written():
        made = move_in(request.principal, room, asked.on, asked.leaves_on)
    return 201, {"id": made.pk, "done": "moved-in"}


@router.post("/rooms/{int:pk}/out", response=DoneOut, **doing(KEEP))
@once
def who_has_it_leaves(request: HttpRequest, pk: int, asked: OutIn) -> Any:
    """Say on which day who has a place leaves it."""
    room = Room.objects.reach(request.principal, KEEP, pk=pk)
    with as_written():
        stay = move_out(request.principal, room, asked.on)
    return 200, {"id": stay.pk, "done": "leaves"}
