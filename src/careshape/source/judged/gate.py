"""What the rules say of a request for care, at each act that is done with it, and letting it go on against one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from careshape.audit.change import Told, change, named
from careshape.errors import CallError
from careshape.people import known
from careshape.people.keep import note
from careshape.policy import Principal
from careshape.rules.facts import facts as vocabulary
from careshape.rules.facts import told as checked
from careshape.rules.judge import Finding
from careshape.source.judged import judging
from careshape.source.judged.judging import Case, as_json, barred_by, council_facts, refuse, said, subject_of, today
from careshape.source.judged.voids import counted
from careshape.source.models import Judged, Request, SetAside
from careshape.source.models.brokerage import STEPS, Step

__all__ = [
    "ACT", "OPEN", "as_json", "barred_by", "case_of", "counted", "facts_of", "findings", "judge_each", "judge_many",
    "judge_request", "keep", "refuse", "said", "say", "set_aside", "to_say",
]  # fmt: skip
OPEN: Final = "request.open"
"""The act of the rules that is judged before a request goes to anybody."""
ACT: Final = judging.ACT


def findings(row: Request, counts: Mapping[str, object] | None = None) -> tuple[Finding, ...]:
    """What every rule says of asking for the care of a request today, with what was set aside for it.

    counts: what is counted for the rules, where that was done already, as ``counted`` gives it.
    """
    counts = counted(OPEN, row) if counts is None else counts
    return judging.findings(_case(OPEN, row, {**facts_of(row), **counts}, None))


def judge_request(
    act: str, row: Request, extra: Mapping[str, object] | None = None, organisation: int | None = None
) -> tuple[Finding, ...]:
    """What every rule says of an act with a request today, with what was set aside for it.

    Args:
        act: ``request.open``, ``request.offer``, ``award`` or ``admission``.
        row: the request.
        extra: facts beside those of the request, the person and the council, by the names of ``facts.toml``: of the
            provider and of the way of buying. What is not known is left out, never guessed.
        organisation: the key of the provider, at the acts that are judged for each; what is set aside counts for it
            alone.

    For many providers of one request call ``judge_each``, which reads the person's record once.
    """
    return judging.findings(case_of(act, row, extra, organisation))


def judge_each(
    act: str, row: Request, extras: Mapping[int, Mapping[str, object]]
) -> dict[int, tuple[Finding, ...]]:  # fmt: skip
    """What every rule says of an act with a request for each of some providers: facts by the provider's key."""
    return dict(zip(extras, judge_many(act, row, extras.items()), strict=True))


def judge_many(
    act: str, row: Request, extras: Iterable[tuple[int, Mapping[str, object]]]
) -> list[tuple[Finding, ...]]:  # fmt: skip
    """The same of providers and facts in a line, where one provider may stand in it by several lists."""
    facts = {**facts_of(row), **counted(act, row)}
    return judging.judged_each([_case(act, row, {**facts, **extra}, key) for key, extra in extras])


def case_of(
    act: str, row: Request, extra: Mapping[str, object] | None = None, organisation: int | None = None
) -> Case:  # fmt: skip
    """An act with a request, as the rules are asked about it."""
    return _case(act, row, {**facts_of(row), **counted(act, row), **(extra or {})}, organisation)


def _case(act: str, row: Request, facts: Mapping[str, object], organisation: int | None) -> Case:
    subject = subject_of(named(row), organisation)
    return Case(act, row.person.council, subject, facts, today(), row.made_by_id, row.person, row)


def facts_of(row: Request) -> dict[str, object]:
    """The facts that are known of a request: of the council, of what its maker said, of the person, and of itself."""
    day = today()
    return {
        **council_facts(row.person.council, day), **said(row), **known.facts(row.person, day), "service": row.service
    }  # fmt: skip


def keep(
    told: Told, act: str, row: Request, found: Iterable[Finding], organisation: int | None = None,
    passed: Collection[str] = (),
) -> Judged:  # fmt: skip
    """Keep with an act that goes ahead what the rules said of it; ``passed`` is as in ``judging.keep``.

    Raises CallError where a rule stops it.
    """
    return judging.keep(told, _case(act, row, {}, organisation), found, passed)


def to_say(found: Iterable[Finding]) -> list[str]:
    """The facts that who makes it can say, and that are not known: what the rules wait for, each once."""
    asked = [name for one in found if one.stops for name in one.missing if can_be_said(name)]
    return list(dict.fromkeys(asked))


def say(principal: Principal, row: Request, facts: Mapping[str, object], act: str) -> None:
    """Say of a request what the rules ask for; what is of the person goes into their record, and counts from today.

    Raises CallError for what no fact can be, and after it was sent.
    """
    if strange := [name for name in facts if not can_be_said(name)]:
        raise CallError(f"Nobody is asked for '{strange[0]}' here.")
    if sure := set(facts) & set(counted(OPEN, row)):
        raise CallError(f"'{min(sure)}' is counted from what is recorded of places to live, and is not said.")
    checked(facts)
    with change(principal, act, lock=[row, row.person]) as told:
        row.refresh_from_db()
        _still_open(row)
        of_person = {name: value for name, value in facts.items() if name in known.noted_of()}
        stands = known.facts(row.person, today())
        for name, value in of_person.items():
            if stands.get(name) != value:
                note(told, row.person, name, value, today())
        row.told = json.dumps(
            {name: value for name, value in (said(row) | dict(facts)).items() if name not in of_person},
            sort_keys=True, default=str,
        )  # fmt: skip
        row.save(update_fields=["told"])
        told(row, said=sorted(facts))


def set_aside(principal: Principal, row: Request, rule: str, reason: str) -> SetAside:
    """Let a request go on against a rule: it counts as not kept.

    Raises CallError where the rule does not stop it, for a role or a person that may not, and without a reason.
    """
    with change(principal, ACT, lock=[row]) as told:
        row.refresh_from_db()
        _still_open(row)
        made = judging.set_aside(told, case_of(OPEN, row), rule, reason)
        told(row, set_aside=rule, at=OPEN)
    return made


def can_be_said(name: str) -> bool:
    """Whether who acts can say a fact: of what is done, or of the person. What was looked at is recorded with its day
    and its result; what is of a provider or of the whole council is told where that is kept.
    """
    one = vocabulary().get(name)
    return one is not None and ((one.about == "act" and one.told_by != "measure") or name in known.noted_of())


def _still_open(row: Request) -> None:
    if row.state != Step.OPEN.value:
        raise CallError(f"It is {STEPS[Step(row.state)].lower()}: what the rules ask for was said before.")
