from __future__ import annotations

from datetime import date

import pytest

from careshape.errors import CatalogueError
from careshape.rules import rules
from careshape.rules.clauses import Clause

OWN = """
[[rule]]
id = "own"
number = 26
title = "a break is agreed with the carer"
words = "Breaks are agreed with carers."
sources = ["X:1"]
kind = "gate"
acts = ["request.open"]
requires = {fact = "in-support-plan", is = true, clear = "Agree it."}
broken = "It is not agreed."
override = {by = ["commissioner"]}
"""


def write(folder, text):
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "rules.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_council_adds_a_rule_of_its_own_and_keeps_the_others(tmp_path):
    laid = rules("somewhere", write(tmp_path, OWN))
    assert set(laid) == {*rules(), "own"}
    assert laid["own"].binds("somewhere", date(2026, 1, 1))
    assert not laid["own"].binds("worcestershire", date(2026, 1, 1))


def test_a_council_changes_what_it_states_of_a_rule_and_no_more(tmp_path):
    folder = write(tmp_path, '[[rule]]\nid = "only-gold-and-silver"\nfrom = 2026-04-01\n')
    before, after = rules()["only-gold-and-silver"], rules("worcestershire", folder)["only-gold-and-silver"]
    assert after == before.model_copy(update={"from_": date(2026, 4, 1)})
    assert not before.binds("worcestershire", date(2026, 4, 1))
    assert (after.binds("worcestershire", date(2026, 3, 31)), after.binds("worcestershire", date(2026, 4, 1))) == (
        False,
        True,
    )


def test_a_council_takes_up_a_rule_by_naming_it(tmp_path):
    laid = rules("somewhere", write(tmp_path, '[[rule]]\nid = "home-first"\n'))
    bound = {rule.id for rule in laid.values() if rule.binds("somewhere", date(2026, 1, 1))}
    assert bound == {"home-first"}
    assert laid["home-first"].requires == rules()["home-first"].requires


def test_a_file_that_is_no_utf_8_is_refused(tmp_path):
    write(tmp_path, OWN)
    (tmp_path / "rules" / "rules.toml").write_bytes(b"[[rule]]\nid = '\xff'\n")
    with pytest.raises(CatalogueError, match="written as UTF-8"):
        rules("somewhere", tmp_path)


def test_a_file_that_was_changed_is_read_again(tmp_path):
    assert "own" not in rules("somewhere", tmp_path)
    assert rules("somewhere", write(tmp_path, OWN))["own"].title == "a break is agreed with the carer"
    write(tmp_path, OWN.replace("agreed with the carer", "agreed with the carer beforehand"))
    assert rules("somewhere", tmp_path)["own"].title == "a break is agreed with the carer beforehand"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"request.open"', '"request.opened"', r"There is no act 'request\.opened'\. Acts are need\.decide"),
        ('override = {by = ["commissioner"]}', "", "A gate says who may override it"),
        ('kind = "gate"', 'kind = "prompt"', "A gate says who may override it, and nothing else can be overridden"),
        ('kind = "gate"', 'kind = "gate"\nstands_on = ["x"]', "A counting rule says which measure"),
        ('kind = "gate"', 'kind = "wall"', "Input should be 'gate', 'prompt' or 'counting'"),
        ("number = 26", 'number = "26"\nfrom = 2026-02-01\nuntil = 2026-01-01', "It ends before it begins"),
        (', clear = "Agree it."', "", "The test of 'in-support-plan' does not say what would clear it"),
        ('"in-support-plan"', '"in-support-plans"', "There is no fact 'in-support-plans' in facts.toml"),
        ("is = true", "at_least = 3", "'at_least' cannot be asked of 'in-support-plan', which is of kind yes-no"),
        ("is = true", 'is = "yes"', "'in-support-plan' is of kind yes-no, and cannot be 'yes'"),
        ("is = true", "is = true, made = true", "A clause is one of all, any and not"),
        ("is = true, ", "", "A clause is one of all, any and not"),
        ("{fact = ", "{any = [], fact = ", "A clause is one of all, any and not"),
        ('{fact = "in-support-plan", is = true, clear = "Agree it."}', "{all = []}", "holds at least one"),
        ('"in-support-plan", is = true', '"provider-grade", is = ["golden"]', "'provider-grade' is one of gold"),
        ('"in-support-plan", is = true', '"extra-care-voids", over = "ages"', "There is no fact 'ages'"),
        ('"in-support-plan", is = true', '"extra-care-voids", over = "service"', "cannot be compared with 'service'"),
        ('"in-support-plan", is = true', '"recovery-ended", on_or_before = "soon"', "There is no fact 'soon'"),
        ('sources = ["X:1"]', 'sources = ["page 1"]', "must look like"),
        ('words = "Breaks', 'said = "Breaks', "The field is required|There is no such field"),
        ("[[rule]]", "[[rules]]", "The file holds rules, each under"),
        ("[[rule]]", "[rule]", "The file holds rules, each under"),
        ("[[rule]]", "[[rule", "It must be a file of TOML"),
        ("[[rule]]\n", OWN + "[[rule]]\n", "A rule is stated once"),
    ],
)
def test_a_file_that_breaks_its_schema_is_refused_with_the_rule(tmp_path, old, new, said):
    assert old in OWN
    with pytest.raises(CatalogueError, match=said):
        rules("somewhere", write(tmp_path, OWN.replace(old, new, 1)))


def test_a_number_is_compared_with_a_number_written_in_decimals():
    clause = Clause(fact="older-people-care-home-voids", under="extra-care-voids", clear="Wait.")
    assert clause.asks() == {"older-people-care-home-voids", "extra-care-voids"}
