"""What programs may do about only gold and silver on a list: read what it would cost, propose it, and move it on."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.source.lists.losses import Loss, from_json, losses, parts
from careshape.source.lists.shown import mark
from careshape.source.lists.standards import GOLD_AND_SILVER
from careshape.source.lists.switches import ACT, move, propose
from careshape.source.models import Lot, Switch, Vehicle
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut, Key, Words
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged

SEE = "source.lists"
router = Router(tags=["Lists to buy from"])


class LossOut(Schema):
    """What would be lost of a service at a place: providers there that would be asked no more."""

    service: str
    place: str = Field(description="A home care zone or a district; empty: everywhere, or not known")
    providers: int = Field(description="Who is asked there now")
    lost: int = Field(description="How many of them would be asked no more")
    elsewhere: int = Field(description="How many of the lost are still asked from another list")
    in_use: int = Field(description="Hundredths a week of the service's unit that the lost give, by fresh returns")
    free: int = Field(description="Hundredths a week of it that could begin with the lost")
    unknown: int = Field(description="How many of the lost have no fresh return: theirs is in no sum")
    packages: int = Field(description="Packages with the lost: they go on")
    people: int


class SwitchOut(Schema):
    """A switch: from which day a list, or one lot of it, asks only gold and silver."""

    id: int
    vehicle: int = Field(description="Key of the list")
    lot: int | None = Field(description="null: the whole list")
    state: str = Field(description="proposed, on, off or taken-back")
    begins_on: date
    why: str
    ended_why: str
    shown: list[LossOut] = Field(description="What would be lost, as who proposed it read it")


class SwitchIn(Schema):
    """A switch that is proposed."""

    begins_on: date = Field(description="Today, or a day in the year to come")
    why: Annotated[str, Field(max_length=500)]
    lot: Key | None = Field(None, description="Key of one lot; left out: the whole list")
    read: Annotated[str, Field(max_length=100)] = Field(
        "", description="The mark of what was shown; left out, what would be lost is shown and nothing is done"
    )


class ProposedOut(Schema):
    """What would be lost, and whether the switch was proposed."""

    done: str = Field(description="shown or proposed")
    id: int | None = Field(description="Key of the switch; null where it is only shown")
    read: str = Field(description="The mark of what is shown: handed back, it is proposed")
    lost: list[LossOut]


class SwitchMoveIn(Schema):
    """A move of a switch."""

    move: Words = Field(description="agree, take-back or switch-off")
    why: str = Field("", max_length=500)


@router.get("/switches", response=Page[SwitchOut], **doing(SEE))
def switches_of_lists(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The switches of the council's lists, those that ended too."""
    return paged(Switch.objects.reached(request.principal, SEE).order_by("pk"), paging, _switch)


@router.get("/switches/{int:pk}", response=SwitchOut, **doing(SEE))
def switch_of_list(request: HttpRequest, pk: int) -> Any:
    """One switch."""
    return _switch(Switch.objects.reach(request.principal, SEE, pk=pk))


@router.post("/lists/{int:pk}/switches", response=ProposedOut, **doing(ACT))
@once
def propose_switch(request: HttpRequest, pk: int, asked: SwitchIn) -> Any:
    """Show what a list would lose by asking only gold and silver; with the mark of what was shown, propose it.

    Somebody else has to agree before it changes anything.
    """
    vehicle = Vehicle.objects.reach(request.principal, ACT, pk=pk)
    with as_things_stand():
        lot = _lot(vehicle, asked.lot)
        lost = losses(parts(vehicle, GOLD_AND_SILVER, uk_day(timezone.now()), lot))
        made = None
        if asked.read:
            made = propose(request.principal, vehicle, asked.begins_on, asked.why, asked.read, lot=lot)
    said = {"done": "proposed" if made else "shown", "id": made.pk if made else None}
    return 200, {**said, "read": mark(lost), "lost": _lost(lost)}


@router.post("/switches/{int:pk}/move", response=DoneOut, **doing(ACT))
@once
def move_switch(request: HttpRequest, pk: int, asked: SwitchMoveIn) -> Any:
    """Agree to a switch that somebody else proposed, take its proposal back, or switch it off."""
    row = Switch.objects.select_related("vehicle", "lot").reach(request.principal, ACT, pk=pk)
    with as_things_stand():
        move(request.principal, row, asked.move, asked.why)
    return 200, {"id": pk, "done": row.state}


def _lot(vehicle: Vehicle, key: int | None) -> Lot | None:
    if key is None:
        return None
    found: Lot | None = vehicle.lots.filter(pk=key).first()
    if found is None:
        raise CallError(f"{vehicle.title} has no lot with the key {key}.")
    return found


def _lost(rows: Iterable[Loss]) -> list[dict[str, Any]]:
    return [vars(one) for one in rows]


def _switch(one: Switch) -> dict[str, Any]:
    names = ("state", "begins_on", "why", "ended_why")
    said = {name: getattr(one, name) for name in names}
    return {"id": one.pk, "vehicle": one.vehicle_id, "lot": one.lot_id, **said, "shown": _lost(from_json(one.loss))}
