"""Place the requests of a week together: who is proposed for each, why, and what no plan could be worth more than."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.jobs.enqueue import enqueue
from careshape.ledger.posting import uk_day
from careshape.matching.criteria import Criteria, criteria
from careshape.matching.rank import Candidate, Line, rank
from careshape.matching.rank import Request as Asked
from careshape.policy import Principal
from careshape.source.courses import PROPOSAL, moved
from careshape.source.judged import gate
from careshape.source.lists.courses import NOWHERE
from careshape.source.models import Member, Offer, Placing, Proposal, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.award import said_of
from careshape.source.requests.criteria import criteria_of
from careshape.source.requests.ranked import stand, unit_of
from careshape.source.together.group import Group, Pools, Row, Together, asked, groups
from careshape.source.together.stand import Market, Needed, pools_in
from careshape.source.together.weeks import days_of

ACT: Final = "source.place"


@dataclass(frozen=True)
class Waiting:
    """A request that waits to be placed, and who could take it.

    Attributes:
        request: the request.
        asked: as it is ranked.
        candidates: providers by their organisations' keys, as text; those that may not or will not with why.
        pools: of each of them, what it has left in the pools from which this could be given.
        offers, members: what each would rest on: a yes, or a place on a list.
        why: why it cannot be placed at all; empty where it can.
    """

    request: Request
    asked: Asked
    candidates: tuple[Candidate, ...] = ()
    pools: Mapping[str, Pools] = field(default_factory=dict)
    offers: dict[str, Offer] | None = None
    members: dict[str, Member] | None = None
    why: str = ""

    @property
    def row(self) -> Row:
        """As it is placed."""
        return Row(self.request.service, self.asked, self.candidates, self.pools)


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


def place_soon(principal: Principal, week: str) -> Placing:
    """Have the requests of a week placed together in the background. Raises CallError for what is no week."""
    with transaction.atomic():
        row = begin(principal, week)
        enqueue(principal, ACT, {"placing": row.pk}, key=f"{ACT} {row.pk}")
    return row


def work_out(placing: Placing) -> Placing:
    """Place the week and keep what is proposed; once, however often it is tried."""
    if placing.worked_at is not None:
        return placing
    by = criteria_of(placing.council)
    plan = plan_of(waiting(placing.council, placing.week), by)
    with change(SYSTEM, ACT, lock=[placing], chain=placing.council) as told:
        placing.refresh_from_db()
        if placing.worked_at is None:
            # Awards are made in this order: first of what can come from few pools, since the rest has a choice.
            first = sorted(plan.chosen, key=lambda one: len(one.waiting.pools.get(one.provider) or ()))
            Proposal.objects.bulk_create(_proposal(placing, one) for one in first)
            placing.criteria, placing.method = by.version, plan.method
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
    market = Market(council, uk_day(timezone.now()), [one.person_id for one in found])
    return [_sent(one, market) if one.state == Step.SENT.value else _open(one, market) for one in found]


def plan_of(rows: Sequence[Waiting], by: Criteria | None = None) -> Plan:
    """The plan for some requests. Those that draw on the same of what providers have are placed as one, and nothing
    that a provider has is given twice.

    by: the council's criteria; the packaged ones by default.
    """
    chosen: dict[int, Chosen] = {}
    methods, totals = [], [0, 0, 0]
    by = by or criteria()
    together = Together(by, (one.row for one in rows))
    for of_it in groups([one for one in rows if not one.why], _kind, lambda one: one.row):
        group = together.place([one.row for one in of_it])
        for one, provider, in_turn in zip(of_it, group.given, group.in_turn, strict=True):
            chosen[one.request.pk] = _chosen(one, provider, in_turn, group, by)
        methods.append(group.method)
        worth = (group.value, group.bound, group.in_turn_value)
        totals = [so_far + more for so_far, more in zip(totals, worth, strict=True)]
    together.judge()
    said = ", ".join(dict.fromkeys(methods))
    ordered = tuple(chosen.get(one.request.pk, Chosen(one, why=one.why)) for one in rows)
    return Plan(ordered, said, *totals)


def _kind(one: Waiting) -> tuple[str, str, str]:
    return one.request.service, one.request.district, one.request.zone


def _chosen(one: Waiting, provider: str, in_turn: str, group: Group, by: Criteria) -> Chosen:
    lines = {line.provider: line for line in rank(one.asked, one.candidates, by).lines}
    why = "" if provider else named(group.reasons[one.asked.reference], one)
    return Chosen(one, provider, lines.get(provider), in_turn, why)


def named(reason: str, one: Waiting) -> str:
    """A reason with the provider's name in the place of its key."""
    for key, member in (one.members or {}).items():
        reason = reason.replace(f"provider, {key},", f"provider, {member.organisation.name},")
        reason = reason.replace(f"them, {key},", f"them, {member.organisation.name},")
    return reason[:500]


def _asked(row: Request, market: Market) -> Asked:
    choices = market.choices(row.person_id, row.service)
    return asked(Asked(f"request {row.pk}", row.units, row.starts_on, choices, unit_of(row.service)), row.service)


def _sent(row: Request, market: Market) -> Waiting:
    standing = stand(row)
    offers = {str(one.pk): one for one in row.offers.select_related("organisation", "member__vehicle")}
    yes = [one for one in offers.values() if one.answer in (Answer.YES.value, Answer.COUNTER.value)]
    if not yes:
        no = sum(1 for one in offers.values() if one.answer == Answer.NO.value)
        return Waiting(row, _asked(row, market), why=f"Nobody has said yes: {len(offers)} asked, {no} said no.")
    free = market.free(row.service, row.district, row.zone, [one.organisation_id for one in offers.values()])
    found = tuple(_as_organisation(one, offers[one.provider], row) for one in standing.candidates)
    by_key = {str(one.organisation_id): one for one in offers.values()}
    members = {key: one.member for key, one in by_key.items()}
    return Waiting(row, _asked(row, market), found, pools_in(free), by_key, members)


def _as_organisation(one: Candidate, offer: Offer, row: Request) -> Candidate:
    """A candidate by the key of its organisation, whose hours all requests share; a part of a request fills none."""
    part = offer.units is not None and offer.units < row.units
    barred = (*one.barred, "offers a part of it only") if part else one.barred
    return replace(one, provider=str(offer.organisation_id), barred=barred)


def _open(row: Request, market: Market) -> Waiting:
    stopping = [one for one in gate.findings(row) if one.stops]
    if stopping:
        return Waiting(row, _asked(row, market), why=f"A rule stops it: {stopping[0].said}"[:500])
    needed = needed_by(row)
    found = market.candidates(needed)
    if not found:
        return Waiting(row, _asked(row, market), why="No list of the council has a provider for it.")
    members = {one.provider: member for member, one in found}
    return Waiting(row, _asked(row, market), tuple(one for _, one in found), market.pools(needed), {}, members)


def needed_by(row: Request) -> Needed:
    """The care that a request asks for."""
    return Needed(
        f"request {row.pk}", row.person_id, row.service, row.units, row.district, row.starts_on, row.zone, row.outward,
        row.person.client_group,
    )  # fmt: skip


def _proposal(placing: Placing, one: Chosen) -> Proposal:
    made = Proposal(placing=placing, request=one.waiting.request, became=moved(PROPOSAL, "leave", NOWHERE), why=one.why)
    made.in_turn_id = int(one.in_turn) if one.in_turn else None
    if one.provider and one.line is not None:
        offer = (one.waiting.offers or {}).get(one.provider)
        made.became = moved(PROPOSAL, "propose", NOWHERE)
        made.offer, made.read = offer, said_of(offer) if offer else ""
        made.member = (one.waiting.members or {})[one.provider]
        made.place, made.points = one.line.place, one.line.points
        made.terms = json.dumps([asdict(term) for term in one.line.terms])
    return made
