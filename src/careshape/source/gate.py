"""What the rules say of a request for care, and letting it go on against one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.people import record
from careshape.policy import Principal
from careshape.rules.facts import facts as vocabulary
from careshape.rules.facts import told as checked
from careshape.rules.judge import Finding, judge
from careshape.rules.override import Override, overridden
from careshape.source.models import Request, SetAside
from careshape.source.models.brokerage import STEPS, Step

OPEN: Final = "request.open"
"""The act of the rules that is judged before a request goes to anybody."""
ACT: Final = "source.override"


def findings(row: Request) -> tuple[Finding, ...]:
    """What every rule says of a request today, with what was set aside for it."""
    council = row.person.council
    found = judge(
        OPEN, facts_of(row), council, uk_day(timezone.now()), Home(settings.CARESHAPE_DIR).council_path(council)
    )
    aside = {one.rule for one in row.set_aside.all()}
    return tuple(replace(one, overridden=True) if one.rule in aside and one.state == "broken" else one for one in found)


def facts_of(row: Request) -> dict[str, object]:
    """The facts that are known of a request: of itself, of the person's record, and what its maker said."""
    return {**record.facts(row.person, uk_day(timezone.now())), "service": row.service, **said(row)}


def to_say(found: Iterable[Finding]) -> list[str]:
    """The facts that its maker can say, and that are not known: what the rules wait for, each once."""
    asked = [name for one in found if one.stops for name in one.missing if _can_be_said(name)]
    return list(dict.fromkeys(asked))


def said(row: Request) -> dict[str, object]:
    """What its maker said of a request, by fact."""
    known: dict[str, object] = json.loads(row.told)
    return known


def say(principal: Principal, row: Request, facts: Mapping[str, object], act: str) -> None:
    """Say of a request what the rules ask for. Raises CallError for what no fact can be, and after it was sent."""
    if strange := [name for name in facts if not _can_be_said(name)]:
        raise CallError(f"Nobody is asked for '{strange[0]}' here.")
    checked(facts)
    with change(principal, act, lock=[row]) as told:
        row.refresh_from_db()
        _still_open(row)
        row.told = json.dumps(said(row) | dict(facts), sort_keys=True, default=str)
        row.save(update_fields=["told"])
        told(row, said=sorted(facts))


def set_aside(principal: Principal, row: Request, rule: str, reason: str) -> SetAside:
    """Let a request go on against a rule: it counts as not kept.

    Raises CallError where the rule does not stop it, for a role or a person that may not, and without a reason.
    """
    with change(principal, ACT, lock=[row]) as told:
        row.refresh_from_db()
        _still_open(row)
        finding = next((one for one in findings(row) if one.rule == rule and one.stops), None)
        if finding is None:
            raise CallError("This rule does not stop the request: there is nothing to set aside.")
        today = uk_day(timezone.now())
        asked = Override(rule, reason.strip(), str(principal.account), principal.role, today)
        overridden(finding, asked, str(row.made_by_id))
        made = SetAside.objects.create(
            request=row, rule=rule, reason=reason.strip(), by_id=principal.account, role=principal.role, on=today
        )
        told(row, set_aside=rule)
    return made


def as_json(found: Iterable[Finding]) -> str:
    """Findings as they are kept with the request that went out."""
    kept: list[dict[str, Any]] = [{"rule": one.rule, "state": one.state, "overridden": one.overridden} for one in found]
    return json.dumps(kept)


def _can_be_said(name: str) -> bool:
    """Whether who makes a request can say a fact: not what is measured, and not what was looked at, which is recorded
    with its day and its result.
    """
    one = vocabulary().get(name)
    return one is not None and one.told_by != "measure" and one.kind != "assessment"


def _still_open(row: Request) -> None:
    if row.state != Step.OPEN.value:
        raise CallError(f"It is {STEPS[Step(row.state)].lower()}: what the rules ask for was said before.")
