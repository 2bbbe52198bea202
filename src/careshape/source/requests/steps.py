"""Ask providers in steps: all at once, one after another by rank, or the best few and then the next few.

Each step has a time by which to answer. When it is over and nobody said yes, the next step follows by itself; when
nobody is left and the request is urgent, the in-house service of last resort is asked. What waits for a person is told:
a yes waits for the award, and a request that nobody is left for waits for a decision.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from careshape.audit.change import SYSTEM, Told, change
from careshape.errors import CallError
from careshape.jobs.enqueue import enqueue
from careshape.policy import Principal
from careshape.source.courses import OFFER, REQUEST, moved
from careshape.source.judged.gate import OPEN, as_json, findings, keep, refuse
from careshape.source.lists.courses import NOWHERE
from careshape.source.models import Member, Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.asking import asking
from careshape.source.requests.candidates import admitted, in_order, of_last_resort
from careshape.source.requests.notices import write_soon
from careshape.source.requests.rooms import empty_for, fits

SEND: Final = "source.broker"
STEP: Final = "source.step"
"""The act, and the kind of background work, by which the next step follows by itself."""
VOIDS: Final = "voids"
"""The way of asking by which those with an empty place that suits are asked first."""
FEW: Final = 3
MOST_FEW: Final = 50


def send(principal: Principal, row: Request, way: str = "all", few: int = FEW) -> list[Offer]:
    """Ask the providers that the lists and the rules admit. Nothing that tells who the person is goes with it.

    Args:
        principal: who sends it.
        row: the request.
        way: ``all`` at once, one after another by ``rank``, the ``best`` few and then the next few, or those with an
            empty place that suits (``voids``) and then all others.
        few: how many are asked at a time, of the best few.

    Raises CallError where a rule stops the request, where it was sent, where no list of the council admits anybody, and
    where one of the lists awards by competition and not all would be asked.
    """
    if way not in asking().ways:
        raise CallError(f"There is no way of asking '{way}'. Choose from {', '.join(asking().ways)}.")
    if way == "best" and not 1 <= few <= MOST_FEW:
        raise CallError(f"Ask 1 to {MOST_FEW} at a time.")
    with change(principal, SEND, lock=[row]) as told:
        row.refresh_from_db()
        sent = moved(REQUEST, "send", row.state, "It is {}, and cannot be sent again.")
        found = findings(row)
        refuse(found)
        may, barred = admitted(row)
        if not may:
            raise CallError(
                "No list of the council admits a provider for this service here. "
                + (f"{len(barred)} are on a list and may not be asked: see why below." if barred else
                   "Add providers to a list first.")
            )  # fmt: skip
        if why := _why_all(way, may):
            raise CallError(why)
        row.state, row.sent_at, row.judged = sent, timezone.now(), as_json(found)
        row.way, row.few = way, few if way == "best" else 0
        row.save(update_fields=["state", "sent_at", "judged", "way", "few"])
        keep(told, OPEN, row, found)
        made = _ask(row, _first_of(row, may))
        told(row, asked=len(made), way=way, set_aside=[one.rule for one in found if one.overridden])
    return made


def _why_all(way: str, may: list[Member]) -> str:
    """Why all have to be asked at once: a list of theirs awards by competition. Empty where they need not.

    A place that stands empty already is filled and not competed for: those who have one may be asked first.
    """
    if way in ("all", VOIDS):
        return ""
    lists = sorted({one.vehicle.title for one in may if one.vehicle.is_of.awards == "competition"})
    if not lists:
        return ""
    return f"{lists[0]} awards by competition: all who are admitted for it are asked. Choose to ask all at once."


def ask_next(principal: Principal, row: Request) -> list[Offer]:
    """Ask the next now, without waiting longer; those who were asked before may still answer.

    Raises CallError where the request is not out, and where nobody is left who may be asked.
    """
    with change(principal, SEND, lock=[row]) as told:
        row.refresh_from_db()
        moved(REQUEST, "next", row.state, "It is {}: nobody is asked any more.")
        made = _next(row, told)
        if not made:
            raise CallError("Nobody is left who is on a list for this, may be asked, and was not asked yet.")
    return made


def due(council: str, pk: int, step: int) -> str:
    """Look at a request when the time of a step is over, or everybody has answered; what followed, in a word.

    Nothing is done where the request ended, another step came meanwhile, or there still is time.
    """
    row = Request.objects.filter(pk=pk, person__council=council).first()
    if row is None:  # erased meanwhile
        return "gone"
    with change(SYSTEM, STEP, lock=[row], chain=council) as told:
        row.refresh_from_db()
        followed = _followed(row, step, told)
        told(row, step=step, followed=followed)
    return followed


def soon(row: Request) -> None:
    """Have a request looked at when the caller's transaction has ended, since nobody may be left to wait for."""
    many = row.offers.filter(answer=Answer.NO.value).count()
    arguments = {"request": row.pk, "step": row.step}
    enqueue(SYSTEM, STEP, arguments, key=f"{STEP} {row.pk} {row.step} {many} no", council=row.person.council)


def said_yes(row: Request) -> bool:
    """Whether somebody who was asked could take it."""
    return row.offers.filter(answer__in=(Answer.YES.value, Answer.COUNTER.value)).exists()


def left(row: Request) -> list[Member]:
    """Who may be asked and was not yet, in the order in which they would be."""
    asked = set(row.offers.values_list("organisation_id", flat=True))
    return [one for one in in_order(row, admitted(row)[0]) if one.organisation_id not in asked]


def _followed(row: Request, step: int, told: Told) -> str:
    if row.state != Step.SENT.value or row.step != step:
        return "nothing"
    waits = row.offers.filter(step=step, answer=Answer.WAITING.value).exists()
    if waits and row.answer_by is not None and timezone.now() < row.answer_by:
        return "nothing"
    if said_yes(row):
        return "waits-for-award"
    if _next(row, told):
        return "next"
    row.answer_by = None
    row.save(update_fields=["answer_by"])
    return "nobody-left"


def _next(row: Request, told: Told) -> list[Offer]:
    """The next step of a request, in the caller's change; nobody where none are left."""
    resort = False
    members = _first_of(row, left(row))
    if not members and row.urgency == "urgent":
        asked = set(row.offers.values_list("organisation_id", flat=True))
        members = [one for one in of_last_resort(row) if one.organisation_id not in asked]
        resort = True
    if not members:
        return []
    made = _ask(row, members, resort=resort)
    told(row, asked=len(made), step=row.step, resort=resort)
    return made


def _first_of(row: Request, members: list[Member]) -> list[Member]:
    """Those of a step: as many as the way of asking takes at a time."""
    many = {"rank": 1, "best": row.few}.get(row.way)
    if row.way == VOIDS and members:
        stands = empty_for(row, [one.organisation_id for one in members])
        suit = {one.organisation for one in fits(row, stands, {}) if one.may}
        return [one for one in members if one.organisation_id in suit] or members
    return in_order(row, members)[:many] if many else members


def _ask(row: Request, members: list[Member], *, resort: bool = False) -> list[Offer]:
    """Ask members of lists, in the caller's transaction: a row each, the time, a reminder, and what follows."""
    now = timezone.now()
    limit = timedelta(hours=asking().resort_hours) if resort else asking().urgencies[row.urgency].limit
    row.step, row.answer_by = row.step + 1, now + limit
    row.save(update_fields=["step", "answer_by"])
    made = Offer.objects.bulk_create(
        Offer(
            request=row, organisation=one.organisation, member=one, list_price=one.price,
            answer=moved(OFFER, "asked", NOWHERE),
            step=row.step, asked_at=now, answer_by=row.answer_by, resort=resort,
        )
        for one in members
    )  # fmt: skip
    write_soon(row)
    _later(row, "remind", now + limit * asking().remind_after)
    _later(row, "due", row.answer_by)
    return made


def _later(row: Request, what: str, at: datetime) -> None:
    arguments = {"request": row.pk, "step": row.step, "what": what}
    key = f"{STEP} {row.pk} {row.step} {what}"
    enqueue(SYSTEM, STEP, arguments, key=key, council=row.person.council, run_after=at)
