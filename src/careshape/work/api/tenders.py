"""What programs may do about tenders: read them and their outcome, record one, and settle who is asked where."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from careshape.accounts.models import Organisation
from careshape.errors import CallError
from careshape.providers.models import Tender, TenderOutcome
from careshape.providers.standing import TENDER, begin_tender
from careshape.source.lists.outcome import read_outcome
from careshape.source.lists.settling import follows, settle
from careshape.source.lists.shown import mark
from careshape.source.models import Vehicle
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand, as_written
from careshape.work.api.people_shapes import DoneOut, Key
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged

SEE = "providers.register"
router = Router(tags=["Tenders"])


class TenderOut(Schema):
    """A tender of the council."""

    id: int
    title: str
    service: str
    decided_on: date | None = Field(description="null: not decided yet")


class TenderIn(Schema):
    """A tender that is not decided yet."""

    title: Annotated[str, Field(max_length=200)]
    service: Annotated[str, Field(max_length=60)]


class OutcomeOut(Schema):
    """How a provider did in a tender."""

    organisation: int
    provider: str
    won: bool


class SettleIn(Schema):
    """The outcome of a tender, place by place."""

    vehicle: Key = Field(description="Key of a ranked list with lots for the service")
    on: date = Field(description="The day on which it was decided")
    rows: Annotated[str, Field(max_length=1_000_000)] = Field(
        description="CSV: lot, provider, place, price, reason, id"
    )
    read: Annotated[str, Field(max_length=100)] = Field(
        "", description="The mark of what was shown; left out, what would follow is shown and nothing is done"
    )


class FollowsOut(Schema):
    """What follows at a place."""

    place: str
    primary: str
    backups: list[str]
    lost: list[str]
    with_winners: int = Field(description="Hundredths a week of the service's unit that run with those who won")
    with_lost: int = Field(description="The same with those who did not, who keep them")
    people: int


class SettledOut(Schema):
    """What follows from an outcome, and whether it was recorded."""

    done: str = Field(description="shown or settled")
    read: str = Field(description="The mark of what is shown: handed back, it is recorded")
    places: list[FollowsOut]


@router.get("/tenders", response=Page[TenderOut], **doing(SEE))
def council_tenders(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The tenders of the council."""
    return paged(Tender.objects.reached(request.principal, SEE).order_by("pk"), paging, _tender)


@router.post("/tenders", response={201: DoneOut}, **doing(TENDER))
@once
def record_tender(request: HttpRequest, asked: TenderIn) -> Any:
    """Record a tender that is not decided yet."""
    with as_written():
        made = begin_tender(request.principal, asked.title, asked.service)
    return 201, {"id": made.pk, "done": "recorded"}


@router.get("/tenders/{int:pk}/outcome", response=Page[OutcomeOut], **doing(SEE))
def tender_outcome(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """Who took part in a tender, and who was successful."""
    row = Tender.objects.reach(request.principal, SEE, pk=pk)
    found = TenderOutcome.objects.reached(request.principal, SEE).filter(tender=row).select_related("organisation")
    return paged(found.order_by("pk"), paging, _outcome)


@router.post("/tenders/{int:pk}/settle", response=SettledOut, **doing(TENDER))
@once
def settle_tender(request: HttpRequest, pk: int, asked: SettleIn) -> Any:
    """Show what would follow from the outcome of a tender; with the mark of what was shown, record it as one act."""
    row = Tender.objects.reach(request.principal, TENDER, pk=pk)
    with as_things_stand():
        vehicle = Vehicle.objects.reached(request.principal, TENDER).filter(pk=asked.vehicle).first()
        if vehicle is None:
            raise CallError(f"The council has no list with the key {asked.vehicle}.")
        known = Organisation.objects.reached(request.principal, TENDER).select_related("council")
        rows = read_outcome(vehicle, known, asked.rows)
        shown = follows(row, vehicle, rows)
        if asked.read:
            settle(request.principal, row, vehicle, asked.on, rows, asked.read)
    done = "settled" if asked.read else "shown"
    return 200, {"done": done, "read": mark(shown), "places": [vars(one) for one in shown]}


def _tender(one: Tender) -> dict[str, Any]:
    return {"id": one.pk, **{name: getattr(one, name) for name in ("title", "service", "decided_on")}}


def _outcome(one: TenderOutcome) -> dict[str, Any]:
    return {"organisation": one.organisation_id, "provider": one.organisation.name, "won": one.won}
