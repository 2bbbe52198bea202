"""What the rules say of any act that the council does, letting it go ahead against one, and what is kept of both.

An act is described by a ``Case``: which act, of which council, about what, and with which facts. The rooms that act
build their cases (see ``gate``, ``decide``, ``admission``) and do three things: show ``findings``, ``refuse`` while one
stops the act, and ``keep`` what was found in the transaction in which the act is done.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils import timezone

from careshape.audit.change import Told
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.people.known import current
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.rules.facts import told as checked
from careshape.rules.judge import Finding, find, standing
from careshape.rules.override import Override, as_read, overridden
from careshape.source.models import CouncilFact, Judged, Request, SetAside

ACT: Final = "source.override"


@dataclass(frozen=True)
class Case:
    """An act that the rules are asked about.

    Attributes:
        act: one of ``rules.ACTS``.
        council: the council's slug.
        subject: the row that is judged, as ``audit.named`` writes it; see ``subject_of`` for one about a provider.
        facts: what is known, by name; what is not known is left out.
        on: the day of the act.
        made_by: the account that asks for the act; it sets no rule aside where the rule wants another person.
        person: whom it is about, if anybody: what is kept of the case is erased with them.
        request: the request that it is about, if any.
    """

    act: str
    council: str
    subject: str
    facts: Mapping[str, object]
    on: date
    made_by: int | None = None
    person: Person | None = None
    request: Request | None = field(default=None, compare=False)


def today() -> date:
    """Today, as people in the United Kingdom read it."""
    return uk_day(timezone.now())


def subject_of(row: str, organisation: int | None = None) -> str:
    """What a case is about: a row, and the provider where one row is judged for each."""
    return row if organisation is None else f"{row}/{organisation}"


def council_facts(council: str, on: date) -> dict[str, object]:
    """What a council told of itself that counts on a day, by fact."""
    found = CouncilFact.objects.filter(council=council).order_by("on", "pk")
    last = {one.fact: one for one in found if one.on <= on}
    return {name: json.loads(one.value) for name, one in current(last.values(), on).items()}


def findings(case: Case) -> tuple[Finding, ...]:
    """What every rule says of a case, with what was set aside for it and still counts."""
    return judged_each([case])[0]


def judged_each(cases: Sequence[Case]) -> list[tuple[Finding, ...]]:
    """What every rule says of each of some cases of one act and council; one query for all of them."""
    if not cases:
        return []
    first = cases[0]
    rules = standing(first.act, first.council, first.on, Home(settings.CARESHAPE_DIR).council_path(first.council))
    aside: dict[tuple[str, str], set[str]] = defaultdict(set)
    subjects = {one.subject for one in cases}
    for one in SetAside.objects.filter(council=first.council, act=first.act, subject__in=subjects):
        aside[one.subject, one.rule].add(one.read)
    return [_found(case, rules, aside) for case in cases]


def _found(case: Case, rules: Iterable[Any], aside: Mapping[tuple[str, str], set[str]]) -> tuple[Finding, ...]:
    known = checked(case.facts)
    made = []
    for rule in rules:
        finding = find(rule, case.act, known, case.on)
        read = aside.get((case.subject, rule.id), ())
        if finding.state == "broken" and read and _digest(as_read(rule, known, case.on)) in read:
            finding = replace(finding, overridden=True)
        made.append(finding)
    return tuple(made)


def stopping(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of some findings that stop their act."""
    return tuple(one for one in found if one.stops)


def barred_by(found: Iterable[Finding]) -> tuple[str, ...]:
    """Why an act is stopped, a sentence each with what would clear it; empty where nothing stops it."""
    return tuple(f"{one.said} {' '.join(one.clears)}".strip() for one in stopping(found))


class Tells(Protocol):
    """A row that keeps what was said of it: JSON of fact and value."""

    told: str


class RefusedError(CallError):
    """An act is stopped by a rule; the message says which, and what would clear it.

    Attributes:
        found: what every rule said of the act, for the page that shows it.
    """

    def __init__(self, words: str, found: tuple[Finding, ...]) -> None:
        super().__init__(words)
        self.found = found


def refuse(found: Iterable[Finding]) -> None:
    """Raises RefusedError with the first thing that stops an act, and what would clear it."""
    found = tuple(found)
    if words := barred_by(found):
        raise RefusedError(words[0], found)


def said(row: Tells) -> dict[str, object]:
    """What was said of a request, a decision or whatever else is judged, by fact."""
    told: dict[str, object] = json.loads(row.told)
    return told


def keep(told: Told, case: Case, found: Iterable[Finding], passed: Collection[str] = ()) -> Judged:
    """Keep with an act that goes ahead what the rules said of it; within the ``change`` that does it.

    ``passed`` are the rules that are not known and bar nobody at this act: they are kept as such, and no breach.

    Raises RefusedError where a rule stops it, and CallError where who acts has set aside themselves what another person
    must.
    """
    found = tuple(found)
    let_go(told.principal, case, [one for one in found if one.rule not in passed])
    about = [one for one in found if one.state != "not-applicable"]
    made = Judged.objects.create(
        council=case.council, act=case.act, subject=case.subject, person=case.person,
        found=as_json(about, passed),
        let_go=sum(one.overridden for one in about),
        breached=sum(one.stops and one.rule not in passed for one in about),
        by_id=told.principal.account, role=told.principal.role, on=case.on,
    )  # fmt: skip
    return made


def let_go(principal: Principal, case: Case, found: Iterable[Finding]) -> None:
    """Raises CallError where a rule stops an act, and where who acts has set aside themselves what another must."""
    found = tuple(found)
    refuse(found)
    _another_person(principal, case, found)


def as_json(found: Iterable[Finding], passed: Collection[str] = ()) -> str:
    """Findings as they are kept with the act."""
    kept: list[dict[str, Any]] = [
        {"rule": one.rule, "state": one.state, "overridden": one.overridden}
        | ({"passed": True} if one.rule in passed else {})
        for one in found
    ]
    return json.dumps(kept)


def _another_person(principal: Principal, case: Case, found: Iterable[Finding]) -> None:
    own = [one.rule for one in found if one.overridden and one.another_person]
    if own and SetAside.objects.filter(
        council=case.council, act=case.act, subject=case.subject, rule__in=own, by_id=principal.account
    ).exists():  # fmt: skip
        raise CallError("You set a rule aside for this yourself. Somebody else must do it.")


def set_aside(told: Told, case: Case, rule: str, reason: str) -> SetAside:
    """Let a case go ahead against a rule; within a ``change`` that holds the row that is judged. It counts as not kept.

    It counts as long as the facts that the rule asks for stay as they are now.

    Raises CallError where the rule does not stop it, for a role or a person that may not, and without a reason.
    """
    finding = next((one for one in findings(case) if one.rule == rule and one.stops), None)
    if finding is None:
        raise CallError("This rule does not stop it: there is nothing to set aside.")
    who, reason = told.principal, reason.strip()
    overridden(finding, Override(rule, reason, str(who.account), who.role, case.on), str(case.made_by))
    known = checked(case.facts)
    entry = next(one for one in _rules(case) if one.id == rule)
    made = SetAside.objects.create(
        council=case.council, act=case.act, subject=case.subject, person=case.person, request=case.request, rule=rule,
        reason=reason, read=_digest(as_read(entry, known, case.on)), by_id=who.account, role=who.role, on=case.on,
    )  # fmt: skip
    return made


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rules(case: Case) -> tuple[Any, ...]:
    return standing(case.act, case.council, case.on, Home(settings.CARESHAPE_DIR).council_path(case.council))
