"""What programs may do about applications to lists: apply as a provider, consider them as the council."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from careshape.errors import CallError
from careshape.providers.models import Evidence
from careshape.source.lists import applying
from careshape.source.lists.applying import APPLY, CONSIDER, JOIN, Wanted
from careshape.source.models import Application, ApplicationPart, Approach, Vehicle
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut, Key
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged

SEE, LISTS, SHOWN = "source.applications", "source.lists", "providers.see"
router = Router(tags=["Applications to lists"])
Id = Annotated[str, Field(max_length=60)]


class WantedIn(Schema):
    """One thing that a provider applies for: a lot, or a service somewhere on a list without lots."""

    lot: Key | None = None
    service: Id = ""
    client_group: Id = ""
    zone: Id = ""
    district: Id = ""
    price: int | None = Field(
        None, ge=1, le=10**9, description="Pence for one of the service's usual unit; left out where the list says it"
    )


class ApplyIn(Schema):
    """An application to a list."""

    parts: Annotated[list[WantedIn], Field(max_length=200)]
    evidence: Annotated[list[Key], Field(max_length=200)] = Field(default_factory=list, description="Keys of evidence")
    words: Annotated[str, Field(max_length=2000)] = ""
    send: bool = Field(True, description="false: it is kept, and not sent yet")


class ConsiderIn(Schema):
    """What the council does with an application."""

    move: Id = Field(description="ask, admit or turn-away")
    words: Annotated[str, Field(max_length=500)] = ""
    parts: Annotated[list[Key], Field(max_length=200)] = Field(
        default_factory=list, description="For admit: the parts; left out: all of them"
    )


class AppliedForOut(Schema):
    """What is applied for."""

    id: int
    lot: int | None
    service: str
    client_group: str
    zone: str
    district: str
    price: int | None


class ApplicationOut(Schema):
    """An application to a list."""

    id: int
    vehicle: int = Field(description="Key of the list")
    organisation: int
    provider: str
    state: str
    words: str
    sent: datetime | None
    parts: list[AppliedForOut]
    evidence: list[int]
    said: str = Field(description="What was said last")


class ApproachOut(Schema):
    """A provider that came to a list that takes nobody."""

    id: int
    vehicle: int
    organisation: int
    provider: str
    words: str
    why: str
    itself: bool
    at: datetime


@router.get("/applications", response=Page[ApplicationOut], **doing(SEE))
def applications_to_lists(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Applications to lists: one's own, or all that were sent to the council."""
    return paged(_rows(request).order_by("pk"), paging, _application)


@router.get("/applications/{int:pk}", response=ApplicationOut, **doing(SEE))
def application_to_list(request: HttpRequest, pk: int) -> Any:
    """One application."""
    return _application(_reach(request, SEE, pk))


@router.post("/lists/{int:pk}/applications", response={201: DoneOut}, **doing(JOIN))
@once
def apply_to_list(request: HttpRequest, pk: int, asked: ApplyIn) -> Any:
    """Apply to a list as a provider; it is sent at once, or kept. Who comes to a closed list is recorded as such."""
    vehicle = Vehicle.objects.reach(request.principal, JOIN, pk=pk)
    with as_things_stand():
        if applying.why_not(vehicle):
            applying.begin(request.principal, vehicle, asked.words)  # refuses, and records that somebody came
        with transaction.atomic():
            row = applying.begin(request.principal, vehicle, asked.words)
            _keep(request, row, asked)
            if asked.send:
                applying.send(request.principal, row)
    return 201, {"id": row.pk, "done": row.state}


@router.post("/applications/{int:pk}/send", response=DoneOut, **doing(APPLY))
@once
def send_application(request: HttpRequest, pk: int, asked: ApplyIn) -> Any:
    """Change an application, and send it: the first time, or after the council asked for more."""
    row = _reach(request, APPLY, pk)
    with as_things_stand(), transaction.atomic():
        _keep(request, row, asked)
        if asked.send:
            applying.send(request.principal, row)
    return 200, {"id": pk, "done": row.state}


@router.post("/applications/{int:pk}/consider", response=DoneOut, **doing(CONSIDER))
@once
def consider_application(request: HttpRequest, pk: int, asked: ConsiderIn) -> Any:
    """Ask a provider that applies for more, admit it or turn it away."""
    row = _reach(request, CONSIDER, pk)
    with as_things_stand():
        if asked.move == "admit":
            chosen = asked.parts or [one.pk for one in row.parts.all()]
            applying.admit(request.principal, row, set(chosen), asked.words)
        elif asked.move == "ask":
            applying.ask(request.principal, row, asked.words)
        elif asked.move == "turn-away":
            applying.turn_away(request.principal, row, asked.words)
        else:
            raise CallError(f"There is no '{asked.move}'. Choose ask, admit or turn-away.")
    return 200, {"id": pk, "done": row.state}


@router.get("/approaches", response=Page[ApproachOut], **doing(LISTS))
def approaches_to_lists(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Providers that came to a list that takes nobody."""
    found = Approach.objects.reached(request.principal, LISTS).select_related("organisation")
    return paged(found.order_by("pk"), paging, _approach)


def _rows(request: HttpRequest) -> Any:
    rows = Application.objects.reached(request.principal, SEE).select_related("organisation")
    return rows.prefetch_related("parts", "attached", "steps")


def _reach(request: HttpRequest, act: str, pk: int) -> Application:
    found: Application = Application.objects.select_related("vehicle", "organisation").reach(
        request.principal, act, pk=pk
    )
    return found


def _keep(request: HttpRequest, row: Application, asked: ApplyIn) -> None:
    lots, wanted = {one.pk: one for one in row.vehicle.lots.all()}, []
    for one in asked.parts:
        if one.lot is not None and one.lot not in lots:
            raise CallError(f"{row.vehicle.title} has no lot with the key {one.lot}.")
        lot = lots[one.lot] if one.lot is not None else None
        wanted.append(Wanted(lot, one.service, one.client_group, one.zone, one.district, one.price))
    shown = Evidence.objects.reached(request.principal, SHOWN).filter(pk__in=asked.evidence)
    applying.keep(request.principal, row, wanted, shown, asked.words)


def _application(one: Application) -> dict[str, Any]:
    said = [step.words for step in sorted(one.steps.all(), key=lambda step: step.pk)]
    return {
        "id": one.pk, "vehicle": one.vehicle_id, "organisation": one.organisation_id, "provider": one.organisation.name,
        "state": one.state, "words": one.words, "sent": one.sent_at, "parts": [_part(part) for part in one.parts.all()],
        "evidence": [row.evidence_id for row in one.attached.all()], "said": said[-1] if said else "",
    }  # fmt: skip


def _part(one: ApplicationPart) -> dict[str, Any]:
    names = ("service", "client_group", "zone", "district", "price")
    return {"id": one.pk, "lot": one.lot_id, **{name: getattr(one, name) for name in names}}


def _approach(one: Approach) -> dict[str, Any]:
    names = ("words", "why", "itself", "at")
    said = {name: getattr(one, name) for name in names}
    return {
        "id": one.pk, "vehicle": one.vehicle_id, "organisation": one.organisation_id, "provider": one.organisation.name,
        **said,
    }  # fmt: skip
