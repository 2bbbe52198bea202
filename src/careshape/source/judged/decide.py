"""Decide how a need is met: proposed first, so that the rules can be looked at; decided when none of them stops it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from careshape.audit.change import change, named
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.people import known
from careshape.people.keep import note
from careshape.people.models import Need
from careshape.policy import Principal
from careshape.rules.facts import told as checked
from careshape.rules.judge import Finding
from careshape.source.judged import judging
from careshape.source.judged.gate import can_be_said
from careshape.source.judged.judging import Case, council_facts, said, today
from careshape.source.models import Decision, SetAside
from careshape.source.models.judged import SETTLED, Settled

DECIDE: Final = "need.decide"
"""The act of the rules."""
ACT: Final = "source.decide"
LONGEST: Final = 500


def propose(principal: Principal, need: Need, service: str, long_term: bool, words: str) -> Decision:
    """Propose how a need is met.

    Args:
        principal: who proposes it.
        need: the need.
        service: the care by which it is met, of the catalogue; '' where the council arranges none.
        long_term: whether it is meant to last.
        words: how it is met, for the care and support plan.

    Raises CallError for a need that was taken back or that has a proposal or a decision, and where nothing is said.
    """
    words = words.strip()
    if service:
        catalogue().entry("service", service)
    if not words:
        raise CallError("Say how the need is met: it goes into the care and support plan.")
    if len(words) > LONGEST:
        raise CallError(f"Say it in at most {LONGEST} characters.")
    with change(principal, ACT, lock=[need.person, need]) as told:
        need.refresh_from_db()
        if need.withdrawn_at is not None:
            raise CallError("This need was taken back.")
        if need.person.closed_at is not None:
            raise CallError("The record of this person is closed. Open it again first.")
        if Decision.objects.filter(need=need).exclude(state=Settled.WITHDRAWN.value).exists():
            raise CallError("How this need is met is proposed or decided already. Withdraw that first.")
        row = Decision.objects.create(
            need=need, service=service, long_term=long_term, words=words, state=Settled.PROPOSED.value,
            made_by_id=principal.account,
        )  # fmt: skip
        told(row, need=need.pk)
    return row


def findings(row: Decision) -> tuple[Finding, ...]:
    """What every rule says of a decision today, with what was set aside for it."""
    return judging.findings(case_of(row))


def case_of(row: Decision) -> Case:
    """A decision as the rules are asked about it."""
    person = row.need.person
    return Case(DECIDE, person.council, named(row), facts_of(row), today(), row.made_by_id, person)


def facts_of(row: Decision) -> dict[str, object]:
    """The facts that are known of a decision: of the council, the person, the need, and what its maker said."""
    need, day = row.need, today()
    carer = need.carer
    return {
        **council_facts(need.person.council, day), **known.facts(need.person, day), **said(row),
        "eligible": need.eligible, "long-term": row.long_term, "for-carer": carer is not None,
        **({"service": row.service} if row.service else {"service": "not-applicable"}),
        **({"carer-assessed-by": carer.assessed_by} if carer is not None and carer.assessed_by else {}),
    }  # fmt: skip


def say(principal: Principal, row: Decision, facts: Mapping[str, object]) -> None:
    """Say what the rules ask for; what is of the person goes into their record, and counts from today.

    Raises CallError for what no fact can be, and once it is decided.
    """
    if strange := [name for name in facts if not can_be_said(name)]:
        raise CallError(f"Nobody is asked for '{strange[0]}' here.")
    checked(facts)
    person = row.need.person
    with change(principal, ACT, lock=[person, row]) as told:
        row.refresh_from_db()
        _proposed(row)
        stands = known.facts(person, today())
        for name in set(facts) & set(known.noted_of()):
            if stands.get(name) != facts[name]:
                note(told, person, name, facts[name], today())
        row.told = json.dumps(
            {name: one for name, one in (said(row) | dict(facts)).items() if name not in known.noted_of()},
            sort_keys=True, default=str,
        )  # fmt: skip
        row.save(update_fields=["told"])
        told(row, said=sorted(facts))


def decide(principal: Principal, row: Decision) -> None:
    """Decide what was proposed; what the rules said of it is kept. Raises CallError where a rule stops it."""
    with change(principal, ACT, lock=[row.need.person, row.need, row]) as told:
        row.refresh_from_db(fields=["state", "told"])
        _proposed(row)
        row.need = Need.objects.select_related("person", "carer").get(pk=row.need_id)
        case = case_of(row)
        found = judging.findings(case)
        judging.keep(told, case, found)
        row.state, row.decided_by_id, row.decided_at = Settled.DECIDED.value, principal.account, timezone.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])
        told(row, to=row.state, set_aside=[one.rule for one in found if one.overridden])


def withdraw(principal: Principal, row: Decision) -> None:
    """Withdraw a proposal or a decision, so that another can be made. Raises CallError where it was withdrawn."""
    with change(principal, ACT, lock=[row.need.person, row]) as told:
        row.refresh_from_db()
        if row.state == Settled.WITHDRAWN.value:
            raise CallError("It is withdrawn already.")
        row.state = Settled.WITHDRAWN.value
        row.save(update_fields=["state"])
        told(row, to=row.state)


def set_aside(principal: Principal, row: Decision, rule: str, reason: str) -> SetAside:
    """Let a decision be made against a rule: it counts as not kept. Raises CallError as ``judging.set_aside`` does."""
    with change(principal, judging.ACT, lock=[row]) as told:
        row.refresh_from_db()
        _proposed(row)
        made = judging.set_aside(told, case_of(row), rule, reason)
        told(row, set_aside=rule, at=DECIDE)
    return made


def _proposed(row: Decision) -> None:
    if row.state != Settled.PROPOSED.value:
        raise CallError(f"It is {SETTLED[Settled(row.state)].lower()} already.")
