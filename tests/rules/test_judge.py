from __future__ import annotations

from datetime import date

import pytest

from careshape.errors import CallError
from careshape.rules import judge, needed
from tests.rules.cases import ON, written

HOME = "service=nursing long-term=yes"


def one(name, act, text, on=ON, authority="worcestershire", folder=None):
    return next(found for found in judge(act, written(text), authority, on, folder) if found.rule == name)


def test_only_rules_that_bind_the_council_at_the_act_are_asked():
    assert [found.rule for found in judge("request.open", {}, "thurrock", ON)] == ["commissioned-services-last"]
    assert judge("request.open", {}, "elsewhere", ON) == ()


def test_the_facts_that_an_act_may_need_are_those_of_its_rules():
    assert [fact.id for fact in needed("request.open", "thurrock", ON)] == ["community-considered"]
    offer = {fact.id for fact in needed("request.offer", "worcestershire", ON)}
    assert {"landlord-provides-support", "package-kept"} <= offer
    assert not offer & {"provider-grade", "reablement-assessed"}  # of a rule that awaits its day, and of another act
    assert needed("request.open", "elsewhere", ON) == ()


@pytest.mark.parametrize(("day", "asked"), [(date(2022, 1, 31), True), (date(2022, 2, 1), False)])
def test_a_rule_ends_on_its_last_day(day, asked):
    found = {found.rule for found in judge("tender", {}, "worcestershire", day)}
    assert ("complex-needs-framework" in found) is asked


def test_a_rule_that_awaits_a_day_is_asked_from_that_day(tmp_path):
    def asked(day):
        return {found.rule for found in judge("award", {}, "worcestershire", day, tmp_path)}

    assert "only-gold-and-silver" not in asked(date(2030, 1, 1))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.toml").write_text('[[rule]]\nid = "only-gold-and-silver"\nfrom = 2026-04-01\n')
    assert "only-gold-and-silver" not in asked(date(2026, 3, 31))
    assert "only-gold-and-silver" in asked(date(2026, 4, 1))


def test_a_gate_stops_while_a_fact_is_not_known_and_asks_for_it():
    found = one("home-first", "admission", f"{HOME} reablement-assessed=would-help@2021-05-01")
    assert (found.state, found.stops) == ("not-known", True)
    assert found.missing == ("technology-assessed", "equipment-assessed")
    assert found.clears[0].startswith("Was it assessed whether technology would help")
    assert found.override_by == ()


def test_a_gate_asks_first_whether_it_is_about_the_act():
    assert one("home-first", "admission", "service=nursing").missing == ("long-term",)


def test_a_broken_gate_says_what_clears_it_and_what_it_still_has_to_know():
    found = one("home-first", "admission", f"{HOME} reablement-assessed=no technology-assessed=no")
    assert (found.state, found.stops, found.sources) == ("broken", True, ("W:333",))
    assert found.said.startswith("Home First: nobody is admitted")
    assert [text.split(" ")[0] for text in found.clears] == ["Assess", "Assess", "Was"]
    assert (found.missing, found.override_by) == (("equipment-assessed",), ())


def test_of_several_ways_to_clear_a_gate_one_is_enough():
    text = (
        "service=home-care home-care-tender-decided=2021-05-01 provider-won-home-care-tender=no package-kept=no "
        "purchase-type=spot"
    )
    (said,) = one("after-home-care-tender", "request.offer", text).clears
    assert said == (
        "One of these is enough. Choose a provider that was successful in the tender. "
        "Or: Leave with the provider only a package that it gives already. "
        "Or: Let the council's own service of last resort give it."
    )


def test_a_prompt_stops_until_it_is_answered_and_takes_any_answer():
    asked = one("first-conversation", "need.decide", "technology-raised=yes")
    answered = one("first-conversation", "need.decide", "technology-raised=yes direct-payment-raised=no")
    assert (asked.state, asked.stops) == ("not-known", True)
    assert (answered.state, answered.stops, answered.clears) == (
        "broken",
        False,
        ("Speak of direct payments before you decide.",),
    )


def test_a_counting_rule_stops_nothing():
    found = judge("statement.release", {}, "worcestershire", ON)
    assert {one.state for one in found} == {"not-known"}
    assert {one.kind for one in found} == {"counting"}
    assert not any(one.stops for one in found)


def test_no_gate_or_prompt_lets_an_act_pass_of_which_nothing_is_known():
    for council in ("worcestershire", "thurrock"):
        for act in ("need.decide", "request.open", "request.offer", "award", "admission", "tender"):
            assert all(found.stops for found in judge(act, {}, council, ON)), (council, act)


def test_an_act_that_there_is_not_is_refused_with_a_near_one():
    with pytest.raises(CallError, match=r"There is no act 'request\.opne'\. Did you mean request\.open\?"):
        judge("request.opne", {}, "worcestershire", ON)
