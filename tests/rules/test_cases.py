from __future__ import annotations

from collections import defaultdict

import pytest

from careshape.rules import Rule, rules
from careshape.rules.clauses import Clause
from tests.rules.cases import cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.rule}-line-{case.line}")
def test_every_case_is_found_as_the_statements_say(case):
    assert case.found(rules()[case.rule]) == case.expected


def test_every_rule_has_a_case_met_one_broken_and_one_not_known():
    expected = defaultdict(set)
    for case in cases():
        expected[case.rule].add(case.expected)
    assert set(expected) == set(rules())
    assert {name for name, states in expected.items() if not states >= {"met", "broken", "not-known"}} == set()
    asked = {rule.id for rule in rules().values() if rule.applies}
    assert {name for name in asked if "not-applicable" not in expected[name]} == set()


def _caught(rule: Rule) -> bool:
    return any(case.found(rule) != case.expected for case in cases() if case.rule == rule.id)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_a_rule_that_demands_the_contrary_is_caught_by_its_cases(rule):
    assert not _caught(rule)
    assert _caught(rule.model_copy(update={"requires": Clause(not_=rule.requires)}))


@pytest.mark.parametrize("rule", [rule for rule in rules().values() if rule.applies], ids=lambda rule: rule.id)
def test_a_rule_that_is_asked_of_every_act_is_caught_by_its_cases(rule):
    assert _caught(rule.model_copy(update={"applies": None}))
