"""Going ahead against a gate: who may, with which reason; and how often it was done, counted against nought."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from careshape.errors import CallError
from careshape.rules.entries import Rule
from careshape.rules.facts import Assessment, Facts, facts
from careshape.rules.judge import Finding

LEAST_WORDS: Final = 5
"""A reason is at least a sentence: as many words, and the letters that they take."""
TARGET: Final = 0


@dataclass(frozen=True)
class Override:
    """Why an act may go ahead against a rule: the reason, who authorised it (a reference, a role), and on which day."""

    rule: str
    reason: str
    by: str
    role: str
    on: date


def overridden(finding: Finding, override: Override, acted_by: str) -> Finding:
    """The finding with the override, so that it stops the act no longer.

    Args:
        finding: what the rule says.
        override: the authorisation.
        acted_by: the reference of the person who acts.

    Raises:
        CallError: nobody may override this, or not this person, or the reason is not a sentence, or the day is later.
    """
    if override.rule != finding.rule:
        raise CallError(f"This lets '{override.rule}' go, and the rule that stops the act is '{finding.rule}'.")
    if finding.missing:
        asked = " ".join(facts()[name].ask for name in finding.missing)
        raise CallError(f"First say what is not known. {asked}")
    if not finding.override_by:
        raise CallError(f"There is nothing here to let go: {finding.title}.")
    if override.role not in finding.override_by:
        raise CallError(f"A {override.role} cannot let this go. It takes a {' or a '.join(finding.override_by)}.")
    if finding.another_person and override.by == acted_by:
        raise CallError("Whoever acts cannot let it go as well. Ask somebody else to look at it.")
    if override.on > finding.on:
        raise CallError(f"The override is of {override.on}, which is after the act on {finding.on}. It comes first.")
    words = [word for word in override.reason.split() if any(letter.isalpha() for letter in word)]
    if len(words) < LEAST_WORDS or len(set(words)) < LEAST_WORDS - 1:
        raise CallError(f"The reason is at least a sentence of {LEAST_WORDS} words, for whoever reads it later.")
    return replace(finding, overridden=True)


def as_read(rule: Rule, known: Facts, on: date) -> str:
    """The facts that a rule asks for as they stand, as JSON: who lets an act go ahead has read these, and no others.

    Of a number it holds what the tests say of it, so that a birthday alone changes nothing. An assessment that has
    grown too old is another one.
    """
    tests = [leaf for clause in (rule.applies, rule.requires) if clause is not None for leaf in clause.leaves()]
    found: dict[str, object] = {}
    for name in rule.facts():
        value, fact = known.get(name), facts()[name]
        if fact.kind == "number":
            found[name] = [leaf.judge(known, on).holds for leaf in tests if name in leaf.asks()]
        elif isinstance(value, Assessment):
            found[name] = [value.on.isoformat(), value.by, value.result, value.why, fact.fresh(value.on, on)]
        else:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return json.dumps(found, sort_keys=True)


@dataclass(frozen=True)
class Recorded:
    """A finding as it was recorded with an act, and whether the act went ahead.

    ``passed``: it went ahead although the rule was not known, where what is not known of a provider bars nobody.
    """

    rule: str
    state: str
    overridden: bool
    went_ahead: bool
    passed: bool = False


@dataclass(frozen=True)
class Count:
    """How one rule was kept: acts judged, and of those that went ahead the met, the overridden, the unknown and the
    breaches.

    A breach is an act that went ahead although the rule stopped it; the target is nought. Of the unknown nobody knows
    whether they met the rule, which lets them go ahead (see ``Recorded.passed``).
    """

    rule: str
    number: int
    judged: int
    stopped: int
    met: int
    overridden: int
    breaches: int
    unknown: int = 0
    target: int = TARGET


def breaches(recorded: Iterable[Recorded], by_id: Mapping[str, Rule]) -> tuple[Count, ...]:
    """How every gate and prompt was kept, by what was recorded; rules that judged nothing count nought.

    ``by_id`` is as ``entries.rules`` gives it. What is recorded of a rule that there is no more is left out.
    """
    kept = {name: rule for name, rule in by_id.items() if rule.kind != "counting"}
    found: dict[str, list[Recorded]] = {name: [] for name in kept}
    for one in recorded:
        if one.rule in found and one.state != "not-applicable":
            found[one.rule].append(one)
    return tuple(_count(kept[name], ones) for name, ones in found.items())


def _count(rule: Rule, ones: list[Recorded]) -> Count:
    done = [one for one in ones if one.went_ahead]
    met = sum(one.state == "met" or (rule.kind == "prompt" and one.state == "broken") for one in done)
    let_go = sum(one.overridden for one in done if one.state == "broken" and rule.kind == "gate")
    unknown = sum(one.passed and one.state == "not-known" for one in done)
    breached = len(done) - met - let_go - unknown
    return Count(rule.id, rule.number, len(ones), len(ones) - len(done), met, let_go, breached, unknown)
