"""What programs may do with weeks placed together and with providers that fail: read, begin, agree, place anew."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from careshape.accounts.models import Organisation
from careshape.audit.change import reading
from careshape.source.failing.act import anew_soon
from careshape.source.failing.act import begin as begin_failure
from careshape.source.failing.drill import drill
from careshape.source.models import Failure, Placing
from careshape.source.together.accept import accept_soon
from careshape.source.together.propose import place_soon
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.placing_shapes import (
    AcceptIn,
    AffectedOut,
    FailIn,
    FailureOut,
    HitOut,
    ProposalOut,
    RoundOut,
    WeekIn,
)
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging
from careshape.work.api.told import told_page
from careshape.work.care.failure_views import affected_of, failures_of, hits_of
from careshape.work.care.round_views import proposals_of, rounds_of

ROUNDS, PLACE, FAILURES, FAIL, BROKER = (f"source.{one}" for one in ("rounds", "place", "failures", "fail", "broker"))
WEEKS, FAILING = "Weeks placed together", "Providers that fail"
router = Router()


@router.get("/rounds", response=Page[RoundOut], tags=[WEEKS], **doing(ROUNDS))
@reading
def rounds(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The weeks whose requests were placed together, the latest first."""
    return told_page(request, ROUNDS, "rounds", rounds_of(request).rows, paging)


@router.post("/rounds", response={202: DoneOut}, tags=[WEEKS], **doing(PLACE))
@once
def place_a_week(request: HttpRequest, asked: WeekIn) -> Any:
    """Place the requests of a week together, in the background. It proposes: nothing is awarded by it."""
    with as_things_stand():
        row = place_soon(request.principal, asked.week)
    return 202, {"id": row.pk, "done": "begun"}


@router.get("/rounds/{int:pk}", response=Page[ProposalOut], tags=[WEEKS], **doing(ROUNDS))
@reading
def proposals(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """What one of them proposes for each request, and what became of it; empty while it is worked out."""
    row = Placing.objects.reach(request.principal, ROUNDS, pk=pk)
    found = [{**one, "id": int(one["href"].split("/")[-2])} for one in proposals_of(request, row).rows]
    return told_page(request, ROUNDS, row, found, paging)


@router.post("/rounds/{int:pk}/accept", response={202: DoneOut}, tags=[WEEKS], **doing(PLACE))
@once
def accept_proposals(request: HttpRequest, pk: int, asked: AcceptIn) -> Any:
    """Agree what is proposed, whole or in part: each is awarded or asked in the background, as any other is."""
    row = Placing.objects.reach(request.principal, PLACE, pk=pk)
    with as_things_stand():
        many = accept_soon(request.principal, row, asked.proposals)
    return 202, {"id": pk, "done": f"{many} accepted"}


@router.get("/failures", response=Page[FailureOut], tags=[FAILING], **doing(FAILURES))
@reading
def failures(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Providers that failed, the latest first, and how many of whom they left are placed anew."""
    rows = [{**one, "id": one["number"]} for one in failures_of(request).rows]
    return told_page(request, FAILURES, "failures", rows, paging)


@router.get("/failures/drill/{int:pk}", response=Page[HitOut], tags=[FAILING], **doing(FAILURES))
@reading
def failure_drill(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """Whose care would end if a provider (by its organisation's id) failed today, and what could replace it."""
    organisation = Organisation.objects.select_related("council").reach(request.principal, FAILURES, pk=pk)
    return told_page(request, FAILURES, organisation, hits_of(request, drill(organisation)).rows, paging)


@router.post("/failures", response={201: DoneOut}, tags=[FAILING], **doing(FAIL))
@once
def provider_fails(request: HttpRequest, asked: FailIn) -> Any:
    """Say that a provider stops: it is suspended on every list, and care is asked for anew for all whom it leaves."""
    organisation = Organisation.objects.select_related("council").reached(request.principal, FAIL)
    found = organisation.filter(pk=asked.provider).first()
    if found is None:
        raise HttpError(422, "provider: There is no provider of this number.")
    with as_things_stand():
        row = begin_failure(request.principal, found, asked.last_day, asked.because)
    return 201, {"id": row.pk, "done": "said"}


@router.get("/failures/{int:pk}", response=Page[AffectedOut], tags=[FAILING], **doing(FAILURES))
@reading
def affected(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """Whom a provider that failed leaves, and how far each of them is placed anew."""
    row = Failure.objects.reach(request.principal, FAILURES, pk=pk)
    return told_page(request, FAILURES, row, affected_of(request, row).rows, paging)


@router.post("/failures/{int:pk}/anew", response={202: DoneOut}, tags=[FAILING], **doing(BROKER))
@once
def place_all_anew(request: HttpRequest, pk: int) -> Any:
    """End the packages of a provider that failed with its last day, and send the requests, in the background."""
    anew_soon(request.principal, Failure.objects.reach(request.principal, BROKER, pk=pk))
    return 202, {"id": pk, "done": "begun"}
