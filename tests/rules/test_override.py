from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from careshape.errors import CallError
from careshape.rules import Override, Recorded, breaches, find, overridden, rules, told
from tests.rules.cases import ON, written

GOOD = Override("home-first", "Her daughter died and nobody can stay tonight.", "P-2", "commissioner", ON)
NOTHING_ASSESSED = "service=nursing long-term=yes reablement-assessed=no technology-assessed=no equipment-assessed=no"


def found(text=NOTHING_ASSESSED, rule="home-first"):
    return find(rules()[rule], "admission", told(written(text)), ON)


def test_an_override_lets_the_act_go_and_leaves_the_finding_broken():
    assert found().stops
    let_go = overridden(found(), GOOD, acted_by="P-1")
    assert (let_go.stops, let_go.state, let_go.overridden) == (False, "broken", True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rule": "voids-first"}, "the rule that stops the act is 'home-first'"),
        ({"role": "broker"}, "A broker cannot let this go. It takes a practitioner or a commissioner."),
        ({"by": "P-1"}, "Whoever acts cannot let it go as well"),
        ({"on": date(2021, 6, 2)}, "which is after the act on 2021-06-01"),
        ({"reason": "Urgent."}, "The reason is at least a sentence"),
        ({"reason": "   "}, "The reason is at least a sentence"),
        ({"reason": "x x x x x x x"}, "The reason is at least a sentence"),
        ({"reason": "1 2 3 4 5 6"}, "The reason is at least a sentence"),
    ],
)
def test_an_override_that_is_not_authorised_or_not_reasoned_is_refused(changed, said):
    with pytest.raises(CallError, match=said):
        overridden(found(), replace(GOOD, **changed), acted_by="P-1")


@pytest.mark.parametrize(
    "text",
    ["service=nursing long-term=yes reablement-assessed=no technology-assessed=no", "service=nursing long-term=yes"],
)
def test_what_is_not_known_is_said_before_anything_is_let_go(text):
    with pytest.raises(CallError, match=r"First say what is not known\. .*Was it assessed whether equipment"):
        overridden(found(text), GOOD, acted_by="P-1")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("home-first", "service=home-care"),
        ("first-conversation", "technology-raised=no direct-payment-raised=no"),
        ("micro-enterprise-size", "largest-micro-enterprise=10"),
    ],
)
def test_nobody_lets_go_what_is_no_broken_gate(rule, text):
    with pytest.raises(CallError, match="There is nothing here to let go"):
        overridden(found(text, rule), replace(GOOD, rule=rule), acted_by="P-1")


def test_breaches_are_acts_that_went_ahead_against_a_rule_that_nobody_let_go():
    recorded = [
        Recorded("home-first", "met", False, True),
        Recorded("home-first", "broken", True, True),
        Recorded("home-first", "broken", False, False),  # stopped
        Recorded("home-first", "broken", False, True),  # a breach
        Recorded("home-first", "not-known", True, True),  # a breach: what is not known cannot be let go
        Recorded("home-first", "not-applicable", False, True),
        Recorded("first-conversation", "broken", False, True),  # a prompt takes any answer
        Recorded("first-conversation", "not-known", False, True),  # a breach: it was not asked
        Recorded("no-rule-any-more", "broken", False, True),
    ]
    counts = {one.rule: one for one in breaches(recorded, rules())}
    first, asked = counts["home-first"], counts["first-conversation"]
    assert (first.judged, first.stopped, first.met, first.overridden, first.breaches) == (5, 1, 1, 1, 2)
    assert (asked.judged, asked.met, asked.overridden, asked.breaches) == (2, 1, 0, 1)
    assert {one.target for one in counts.values()} == {0}
    assert {name for name, one in counts.items() if one.breaches} == {"home-first", "first-conversation"}
    assert set(counts) == {rule.id for rule in rules().values() if rule.kind != "counting"}
