"""Telling more never turns what was decided: nothing passes that a fact nobody asked for would have stopped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careshape.rules import Assessment, Rule, facts, find, rules, told
from careshape.rules.clauses import Truth
from careshape.rules.facts import Fact
from tests.rules.cases import ON

DAYS = st.integers(-2, 2).map(lambda days: ON + timedelta(days=days))


def values(fact: Fact, named: list[str]) -> st.SearchStrategy[Any]:
    """Values of a fact that can decide a rule: those it names, their neighbours, days before and after."""
    if fact.kind == "yes-no":
        return st.booleans()
    if fact.kind == "day":
        return st.just(value=False) | DAYS
    if fact.kind == "number":
        return st.sampled_from([Decimal(one) for one in (0, 1, 4, 5, 9, 10, 64, 65)])
    if fact.kind == "assessment":
        made = st.builds(Assessment, DAYS, st.just("P-1"), st.sampled_from(fact.values), st.just("It was looked into."))
        return st.just(value=False) | made
    return st.sampled_from([*(fact.values or named), *(() if fact.values else ("something-else",))])


def named(rule: Rule, fact: str) -> list[str]:
    clauses = [leaf for clause in (rule.applies, rule.requires) if clause for leaf in clause.leaves()]
    found = [leaf.is_ for leaf in clauses if leaf.fact == fact and isinstance(leaf.is_, str | tuple)]
    return [name for one in found for name in ((one,) if isinstance(one, str) else one)]


def turned(rule: Rule, all_known: dict[str, Any], some: set[str], on: date = ON) -> bool:
    """Whether more facts turn what fewer had decided, or let pass what they stopped without asking."""
    before = find(rule, rule.acts[0], told({name: all_known[name] for name in some}), on)
    after = find(rule, rule.acts[0], told(all_known), on)
    if before.state == "not-known":
        return not set(before.missing) or bool(set(before.missing) & some)
    if before.state == "met":
        return after.state not in ("met", "not-applicable")
    return after.state != before.state


def asked(rule: Rule) -> st.SearchStrategy[tuple[dict[str, Any], set[str]]]:
    whole = st.fixed_dictionaries({name: values(facts()[name], named(rule, name)) for name in rule.facts()})
    return st.tuples(whole, st.sets(st.sampled_from(rule.facts())))


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_what_is_decided_stays_decided_when_more_is_told(rule):
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(asked(rule))
    def holds(drawn: tuple[dict[str, Any], set[str]]) -> None:
        assert not turned(rule, *drawn)

    holds()


def test_a_judge_that_took_what_is_not_known_for_a_no_is_caught(monkeypatch):
    rule = rules()["home-first"]
    clause = type(rule.requires)
    true_judge = clause.judge

    def guessing(self: Any, known: Any, on: date) -> Truth:
        found = true_judge(self, known, on)
        return Truth(holds=False) if found.holds is None else found

    monkeypatch.setattr(clause, "judge", guessing)
    all_known = {"service": "nursing", "long-term": True} | {
        name: Assessment(ON, "P-1", "would-help") for name in rule.facts() if name.endswith("assessed")
    }
    assert turned(rule, all_known, {"service"})
