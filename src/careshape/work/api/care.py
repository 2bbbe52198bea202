"""What programs may do about care: ask for it, send and award requests, and answer them."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from careshape.audit.change import reading, tell
from careshape.people.models import Person
from careshape.policy.fields import seen
from careshape.source.judged import gate
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.packages.units import unit_of
from careshape.source.requests import needs as need_list
from careshape.source.requests import visits as visit_list
from careshape.source.requests.award import award, said_of
from careshape.source.requests.offers import Said, answer_with
from careshape.source.requests.ranked import kept, ranked
from careshape.source.requests.request import Wanted, ask, ask_again, withdraw
from careshape.source.requests.steps import ask_next, send
from careshape.work.api.acts import doing
from careshape.work.api.care_shapes import (
    AskedOut,
    AwardedOut,
    AwardIn,
    OfferAnswerIn,
    OffersOut,
    RequestIn,
    RequestOut,
    SendIn,
)
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.care.answering import ended, is_theirs
from careshape.work.care.words import where

SEE, ASK, BROKER, ANSWER = (f"source.{one}" for one in ("see", "request", "broker", "answer"))
router = Router()
_FULL = ("person", "made_by", "award")


@router.get("/requests", response=Page[RequestOut], tags=["Requests for care"], **doing(SEE))
@reading
def requests(request: HttpRequest, paging: Query[Paging], state: str = "") -> Any:
    """Requests for care, the latest first; with a `state` those that are in it."""
    rows = Request.objects.reached(request.principal, SEE).select_related("person").order_by("-pk")
    page = paged(rows.filter(state=state) if state else rows, paging, lambda one: _request(request, one))
    tell(request.principal, SEE, "requests", rows=len(page["items"]))
    return page


@router.post("/requests", response={201: DoneOut}, tags=["Requests for care"], **doing(ASK))
@once
def ask_for_care(request: HttpRequest, asked: RequestIn) -> Any:
    """Ask for care for somebody. Nobody is asked for it before it is sent."""
    person = Person.objects.reached(request.principal, ASK).filter(pk=asked.person).first()
    if person is None:
        raise HttpError(422, "person: There is nobody of this number whom the council supports.")
    plain = asked.model_dump(exclude={"person", "visits", "needs", "units"})
    visits = tuple(visit_list.Visit(tuple(one.days), one.start, one.minutes, one.carers) for one in asked.visits)
    needs = tuple(need_list.Need(one.id, one.weight, one.value) for one in asked.needs)  # type: ignore[arg-type]
    wanted = Wanted(**plain, units=asked.units or 0, visits=visits, needs=needs)
    with as_things_stand():
        row = ask(request.principal, person, wanted)
    return 201, {"id": row.pk, "done": "asked"}


@router.get("/requests/{int:pk}", response=RequestOut, tags=["Requests for care"], **doing(SEE))
@reading
def one_request(request: HttpRequest, pk: int) -> Any:
    """One request for care, with the rules that stop it while it is not sent."""
    row = Request.objects.select_related("person").reach(request.principal, SEE, pk=pk)
    tell(request.principal, SEE, row)
    return _request(request, row, judged=True)


@router.post("/requests/{int:pk}/withdraw", response=DoneOut, tags=["Requests for care"], **doing(ASK))
@once
def withdraw_request(request: HttpRequest, pk: int) -> Any:
    """Withdraw a request that is not awarded."""
    with as_things_stand():
        withdraw(request.principal, Request.objects.reach(request.principal, ASK, pk=pk))
    return 200, {"id": pk, "done": "withdrawn"}


@router.post("/requests/{int:pk}/again", response={201: DoneOut}, tags=["Requests for care"], **doing(ASK))
@once
def ask_once_more(request: HttpRequest, pk: int) -> Any:
    """Ask again for what was withdrawn: a request of its own."""
    with as_things_stand():
        row = ask_again(request.principal, Request.objects.reach(request.principal, ASK, pk=pk))
    return 201, {"id": row.pk, "done": "asked"}


@router.post("/requests/{int:pk}/send", response=DoneOut, tags=["Requests for care"], **doing(BROKER))
@once
def send_request(request: HttpRequest, pk: int, asked: SendIn) -> Any:
    """Send a request to the providers that lists and rules admit: all, by rank, or the best few at a time."""
    with as_things_stand():
        send(request.principal, Request.objects.reach(request.principal, BROKER, pk=pk), asked.way, asked.few)
    return 200, {"id": pk, "done": "sent"}


@router.post("/requests/{int:pk}/next", response=DoneOut, tags=["Requests for care"], **doing(BROKER))
@once
def ask_the_next(request: HttpRequest, pk: int) -> Any:
    """Ask the next providers now, without waiting longer."""
    with as_things_stand():
        ask_next(request.principal, Request.objects.reach(request.principal, BROKER, pk=pk))
    return 200, {"id": pk, "done": "asked"}


@router.get("/requests/{int:pk}/offers", response=OffersOut, tags=["Requests for care"], **doing(SEE))
@reading
def offers(request: HttpRequest, pk: int) -> Any:
    """Who was asked, what they said, and every point of the ranking; once awarded, as it stood then."""
    row = Request.objects.select_related(*_FULL).reach(request.principal, SEE, pk=pk)
    tell(request.principal, SEE, row)
    if row.state == Step.OPEN.value:
        return {"version": "", "items": []}
    chosen = getattr(row, "award", None)
    ranking = kept(chosen) if chosen else ranked(row)
    by_key = {str(one.pk): one for one in row.offers.select_related("organisation")}
    return {"version": ranking.version, "items": [_offer(by_key[line.provider], line) for line in ranking.lines]}


@router.post("/offers/{int:pk}/award", response={201: AwardedOut}, tags=["Requests for care"], **doing(BROKER))
@once
def award_request(request: HttpRequest, pk: int, asked: AwardIn) -> Any:
    """Award a request to an offer: a package of care begins. A request goes to one, and once."""
    row = Offer.objects.select_related("request__person", "member").reach(request.principal, BROKER, pk=pk)
    with as_things_stand():
        package = award(request.principal, row, asked.read, asked.why, asked.room, asked.member)
    return 201, {"id": package.pk, "done": "awarded"}


@router.get("/asked", response=Page[AskedOut], tags=["Requests to a provider"], **doing(ANSWER))
@reading
def asked_for(request: HttpRequest, paging: Query[Paging], waiting: bool = False) -> Any:
    """The requests that your organisation was asked for, the latest first; `waiting`: those without your answer."""
    rows = Offer.objects.reached(request.principal, ANSWER).select_related("request__person", "request__award")
    if waiting:
        rows = rows.filter(answer=Answer.WAITING.value, request__state=Step.SENT.value)
    page = paged(rows.order_by("-pk"), paging, lambda one: _asked(request, one))
    tell(request.principal, ANSWER, "asked", rows=len(page["items"]))
    return page


@router.get("/asked/{int:pk}", response=AskedOut, tags=["Requests to a provider"], **doing(ANSWER))
@reading
def one_asked(request: HttpRequest, pk: int) -> Any:
    """One request that your organisation was asked for."""
    rows = Offer.objects.select_related("request__person", "request__award")
    row = rows.reach(request.principal, ANSWER, pk=pk)
    tell(request.principal, ANSWER, row)
    return _asked(request, row)


@router.post("/asked/{int:pk}/answer", response=DoneOut, tags=["Requests to a provider"], **doing(ANSWER))
@once
def answer_request(request: HttpRequest, pk: int, asked: OfferAnswerIn) -> Any:
    """Answer a request; until it is awarded an answer can be changed."""
    if asked.answer not in [one.value for one in Answer]:
        raise HttpError(422, "answer: Choose one of yes, counter, no.")
    row = Offer.objects.select_related("request__person").reach(request.principal, ANSWER, pk=pk)
    said = Said(
        Answer(asked.answer), asked.price, asked.can_start_on, asked.units, tuple(asked.meets), asked.reason_code,
        asked.reason, asked.unit,
    )  # fmt: skip
    with as_things_stand():
        answer_with(request.principal, row, said)
    return 200, {"id": pk, "done": "answered"}


def _request(request: HttpRequest, row: Request, *, judged: bool = False) -> dict[str, Any]:
    who = seen(request.principal, SEE, "request", {"who": row.person.name})
    found = gate.findings(row) if judged and row.state == Step.OPEN.value else ()
    return {
        "id": row.pk, "person": row.person_id, **who, **_wanted(row), "district": row.district, "zone": row.zone,
        "outward": row.outward, "urgency": row.urgency, "way": row.way, "state": row.state, "sent_at": row.sent_at,
        "answer_by": row.answer_by, "stopped_by": [one.said for one in found if one.stops],
    }  # fmt: skip


def _wanted(row: Request) -> dict[str, Any]:
    return {
        "service": row.service, "units": row.units, "starts_on": row.starts_on, "ends_on": row.ends_on,
        "words": row.words, "visits": [asdict(one) for one in visit_list.read(row.visits)],
        "needs": [asdict(one) for one in need_list.read(row.needs)],
    }  # fmt: skip


def _offer(one: Offer, line: Any) -> dict[str, Any]:
    plain = (
        "answer", "reason_code", "reason", "list_price", "price", "units", "can_start_on", "step", "asked_at",
        "answer_by", "answered_at", "resort",
    )  # fmt: skip
    return {
        "id": one.pk, "provider": one.organisation.name, "place": line.place, "points": line.points,
        "terms": [asdict(term) for term in line.terms], "barred": list(line.barred), "drawn": line.drawn,
        "read": said_of(one), **{name: getattr(one, name) for name in plain},
    }  # fmt: skip


def _asked(request: HttpRequest, one: Offer) -> dict[str, Any]:
    who = {"who": one.request.person.name} if is_theirs(one) else {}
    return {
        "id": one.pk, "request": one.request_id, **seen(request.principal, ANSWER, "asked", who),
        **_wanted(one.request), "where": where(one.request), "unit": unit_of(one.request.service),
        "list_price": one.list_price, "answer": one.answer, "answer_by": one.answer_by, "ended": ended(one),
    }  # fmt: skip
