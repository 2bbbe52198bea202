"""What the rules say of releasing an edition, saying what they ask for, and letting it go ahead against one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db.models import Max

from careshape.audit.change import change, named
from careshape.editions.folders import MEASURED, kept
from careshape.editions.models import Edition, State
from careshape.errors import CallError
from careshape.home import Home
from careshape.policy import Principal
from careshape.providers.models import Provider
from careshape.rules.facts import told as checked
from careshape.rules.judge import Finding
from careshape.source.judged import judging
from careshape.source.judged.gate import can_be_said
from careshape.source.judged.judging import Case, council_facts, today
from careshape.source.models import SetAside

RELEASE: Final = "statement.release"
"""The act of the rules."""
ACT: Final = "editions.release"


def findings(row: Edition) -> tuple[Finding, ...]:
    """What every rule says of releasing an edition today, with what was set aside for it."""
    return judging.findings(case_of(row))


def case_of(row: Edition) -> Case:
    """A release as the rules are asked about it; who prepared the edition asks for it."""
    return Case(RELEASE, row.council, named(row), facts_of(row), today(), row.prepared_by_id)


def facts_of(row: Edition) -> dict[str, object]:
    """The facts that are known of an edition: of the council, what was measured of it, and what was said of it."""
    measured = kept(Home(settings.CARESHAPE_DIR), row.council, row.number, MEASURED)
    return {**council_facts(row.council, today()), **_micro(row.council), **measured, **judging.said(row)}


def say(principal: Principal, row: Edition, facts: Mapping[str, object]) -> None:
    """Say of an edition what the rules ask for. Raises CallError for what no fact can be, and once it is released."""
    if strange := [name for name in facts if not can_be_said(name)]:
        raise CallError(f"Nobody is asked for '{strange[0]}' here.")
    checked(facts)
    with change(principal, ACT, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _on_its_way(row)
        row.told = json.dumps(judging.said(row) | dict(facts), sort_keys=True, default=str)
        row.save(update_fields=["told"])
        told(row, number=row.number, said=sorted(facts))


def set_aside(principal: Principal, row: Edition, rule: str, reason: str) -> SetAside:
    """Let an edition be released against a rule: it counts as not kept. Raises CallError as ``judging.set_aside``."""
    with change(principal, judging.ACT, lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _on_its_way(row)
        made = judging.set_aside(told, case_of(row), rule, reason)
        told(row, number=row.number, set_aside=rule, at=RELEASE)
    return made


def _micro(council: str) -> dict[str, object]:
    """Rule 25: the staff of the largest micro-enterprise of the register; not known while one told no number."""
    there = Provider.objects.filter(organisation__council__slug=council, type="micro-enterprise")
    if not there.exists() or there.filter(staff__isnull=True).exists():
        return {}
    return {"largest-micro-enterprise": there.aggregate(most=Max("staff"))["most"]}


def _on_its_way(row: Edition) -> None:
    if row.state not in (State.PREPARED.value, State.AGREED.value):
        raise CallError(f"Edition {row.number} is {row.state_words.lower()}: nothing is judged of it any more.")
