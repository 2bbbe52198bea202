"""Place the requests of a week together: who is proposed for each, why, and what no plan could be worth more than."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.ledger.posting import uk_day
from careshape.matching.check import check
from careshape.matching.criteria import criteria
from careshape.matching.place import place
from careshape.matching.rank import Candidate, Line, rank
from careshape.matching.rank import Request as Asked
from careshape.matching.week import NOBODY, first_come, week_of
from careshape.policy import Principal
from careshape.source.judged import gate
from careshape.source.models import Member, Offer, Placing, Proposal, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.models.together import Became
from careshape.source.requests.award import said_of
from careshape.source.requests.ranked import stand, unit_of
from careshape.source.together.stand import Market, Needed
from careshape.source.together.weeks import days_of

ACT: Final = "source.place"


@dataclass(frozen=True)
class Waiting:
    """A request that waits to be placed, and who could take it.

    Attributes:
        request: the request.
        asked: as it is ranked.
        candidates: providers by their organisations' keys, as text; those that may not or will not with why.
        offers, members: what each would rest on: a yes, or a place on a list.
        why: why it cannot be placed at all; empty where it can.
    """

    request: Request
    asked: Asked
    candidates: tuple[Candidate, ...] = ()
    offers: dict[str, Offer] | None = None
    members: dict[str, Member] | None = None
    why: str = ""


@dataclass(frozen=True)
class Chosen:
    """What a plan gives one request: a provider's line of the ranking, or nobody and why."""

    waiting: Waiting
    provider: str = ""
    line: Line | None = None
    in_turn: str = ""
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """The requests of a week as they are placed, with the proof of how good that is."""

    chosen: tuple[Chosen, ...]
    method: str
    value: int
    bound: int
    in_turn: int


def begin(principal: Principal, week: str) -> Placing:
    """Write down that a week is to be placed. Raises CallError for what is no week."""
    days_of(week)
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council]) as told:
        row = Placing.objects.create(council=council.slug, week=week.strip().upper(), made_by_id=principal.account)
        told(row, week=row.week)
    return row


def work_out(placing: Placing) -> Placing:
    """Place the week and keep what is proposed; once, however often it is tried."""
    if placing.worked_at is not None:
        return placing
    plan = plan_of(waiting(placing.council, placing.week))
    with change(SYSTEM, ACT, lock=[placing], chain=placing.council) as told:
        placing.refresh_from_db()
        if placing.worked_at is None:
            Proposal.objects.bulk_create(_proposal(placing, one) for one in plan.chosen)
            placing.criteria, placing.method = criteria().version, plan.method
            placing.value, placing.bound, placing.in_turn = plan.value, plan.bound, plan.in_turn
            placing.worked_at = timezone.now()
            placing.save()
        told(placing, requests=len(plan.chosen), placed=sum(1 for one in plan.chosen if one.provider))
    return placing


def waiting(council: str, week: str) -> list[Waiting]:
    """The requests that are not awarded and should begin by the end of a week, with who could take each.

    Who said yes could take one that is out with providers; any provider of a list one that was not sent yet, where no
    rule stops it.
    """
    _, sunday = days_of(week)
    found = list(
        Request.objects.filter(
            person__council=council, state__in=(Step.OPEN.value, Step.SENT.value), starts_on__lte=sunday
        )
        .select_related("person")
        .order_by("pk")
    )
    market = Market(council, uk_day(timezone.now()))
    return [_sent(one, market) if one.state == Step.SENT.value else _open(one, market) for one in found]


def plan_of(rows: Sequence[Waiting]) -> Plan:
    """The plan for some requests: each service and place by itself, since hours and places are free somewhere."""
    chosen: dict[int, Chosen] = {}
    methods, totals = [], [0, 0, 0]
    able = [one for one in rows if not one.why]
    for kind in sorted({_kind(one) for one in able}):
        of_it = [one for one in able if _kind(one) == kind]
        found, method, worth = _place(of_it)
        chosen.update({one.waiting.request.pk: one for one in found})
        methods.append(method)
        totals = [so_far + more for so_far, more in zip(totals, worth, strict=True)]
    said = ", ".join(dict.fromkeys(methods))
    ordered = tuple(chosen.get(one.request.pk, Chosen(one, why=one.why)) for one in rows)
    return Plan(ordered, said, *totals)


def _kind(one: Waiting) -> tuple[str, str, str]:
    return one.request.service, one.request.district, one.request.zone


def _place(rows: Sequence[Waiting]) -> tuple[list[Chosen], str, tuple[int, int, int]]:
    """The requests of one service placed together; by which method; what that, the bound, and first come are worth."""
    by_reference = {one.asked.reference: one.candidates for one in rows}
    week = week_of([one.asked for one in rows], by_reference, _room(rows))
    placed = place(week)
    turn = first_come(week)
    judged = check(week, tuple(turn.tolist()), placed.proof)
    found = []
    for number, one in enumerate(rows):
        provider = "" if placed.given[number] == NOBODY else week.providers[placed.given[number]]
        lines = {line.provider: line for line in rank(one.asked, one.candidates).lines}
        found.append(
            Chosen(
                one, provider, lines.get(provider),
                in_turn="" if turn[number] == NOBODY else week.providers[turn[number]],
                why="" if provider else named(placed.reasons[one.asked.reference], one),
            )
        )  # fmt: skip
    return found, placed.method, (placed.checked.value, placed.checked.bound, judged.value)


def _room(rows: Sequence[Waiting]) -> dict[str, int]:
    """What each provider has left; where nothing fresh says so, as much as all that it could take."""
    room: dict[str, int] = {}
    for one in rows:
        for candidate in one.candidates:
            if candidate.free is None:
                room[candidate.provider] = sum(other.asked.hours for other in rows)
            else:
                room[candidate.provider] = max(room.get(candidate.provider, 0), candidate.free)
    return room


def named(reason: str, one: Waiting) -> str:
    """A reason with the provider's name in the place of its key."""
    for key, member in (one.members or {}).items():
        reason = reason.replace(f"provider, {key},", f"provider, {member.organisation.name},")
        reason = reason.replace(f"them, {key},", f"them, {member.organisation.name},")
    return reason[:500]


def _asked(row: Request) -> Asked:
    return Asked(f"request {row.pk}", row.units, row.starts_on, unit=unit_of(row.service))


def _sent(row: Request, market: Market) -> Waiting:
    standing = stand(row)
    offers = {str(one.pk): one for one in row.offers.select_related("organisation", "member__vehicle")}
    yes = [one for one in offers.values() if one.answer in (Answer.YES.value, Answer.COUNTER.value)]
    if not yes:
        no = sum(1 for one in offers.values() if one.answer == Answer.NO.value)
        return Waiting(row, standing.asked, why=f"Nobody has said yes: {len(offers)} asked, {no} said no.")
    free = market.free(row.service, row.district, row.zone, [one.organisation_id for one in offers.values()])
    found = tuple(_as_organisation(one, offers[one.provider], row, free) for one in standing.candidates)
    by_key = {str(one.organisation_id): one for one in offers.values()}
    return Waiting(row, standing.asked, found, by_key, {key: one.member for key, one in by_key.items()})


def _as_organisation(one: Candidate, offer: Offer, row: Request, free: dict[int, int | None]) -> Candidate:
    """A candidate by the key of its organisation, whose hours all requests share; a part of a request fills none."""
    part = offer.units is not None and offer.units < row.units
    barred = (*one.barred, "offers a part of it only") if part else one.barred
    left = free.get(offer.organisation_id)
    at_least = None if left is None else max(left, row.units)  # it said yes to this one, whatever its return says
    return replace(one, provider=str(offer.organisation_id), free=at_least, barred=barred)


def _open(row: Request, market: Market) -> Waiting:
    stopping = [one for one in gate.findings(row) if one.stops]
    if stopping:
        return Waiting(row, _asked(row), why=f"A rule stops it: {stopping[0].said}"[:500])
    found = market.candidates(needed_by(row))
    if not found:
        return Waiting(row, _asked(row), why="No list of the council has a provider for it.")
    return Waiting(
        row, _asked(row), tuple(one for _, one in found), {}, {one.provider: member for member, one in found}
    )


def needed_by(row: Request) -> Needed:
    """The care that a request asks for."""
    return Needed(
        f"request {row.pk}", row.person_id, row.service, row.units, row.district, row.starts_on, row.zone, row.outward,
        row.person.client_group,
    )  # fmt: skip


def _proposal(placing: Placing, one: Chosen) -> Proposal:
    made = Proposal(placing=placing, request=one.waiting.request, became=Became.NOBODY.value, why=one.why)
    made.in_turn_id = int(one.in_turn) if one.in_turn else None
    if one.provider and one.line is not None:
        offer = (one.waiting.offers or {}).get(one.provider)
        made.became, made.offer, made.read = Became.PROPOSED.value, offer, said_of(offer) if offer else ""
        made.member = (one.waiting.members or {})[one.provider]
        made.place, made.points = one.line.place, one.line.points
        made.terms = json.dumps([asdict(term) for term in one.line.terms])
    return made
