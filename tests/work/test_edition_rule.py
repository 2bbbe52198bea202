"""The rule by which figures are kept back: read by all at work, chosen by a commissioner, pinned with an edition."""

from __future__ import annotations

import json

import pytest

from careshape.audit.models import Event
from careshape.disclosure import Rule, default_rule, read_rule
from careshape.disclosure.choice import as_toml, below_floor
from careshape.editions.choose import choose
from careshape.editions.chosen import chosen_text, rule_in_force
from careshape.editions.folders import INPUTS, MANIFEST, digest, edition_path
from careshape.editions.inputs import RULE, inputs_now, pin_inputs, rule_of
from careshape.editions.models import DisclosureRule, Edition
from careshape.editions.since import changed_since
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.work.rule_words import parts, read_form, sent_of
from tests.policy.editions import make_edition
from tests.work.asking import ROOT, send

HERE = "/work/editions/rule/"
CHANGE = f"{HERE}change/"
COUNCIL = "worcestershire"
STRICT = Rule(method="suppress", threshold=7, width=7, dominance_percent=80)


@pytest.fixture
def prepared(data) -> Edition:
    """An edition of one page with the inputs that are in force, as one that was prepared has them."""
    home, row = Home(data), make_edition(data, COUNCIL, "prepared")
    folder = edition_path(home, COUNCIL, 1)
    pin_inputs(home, COUNCIL, folder / INPUTS, chosen_text(COUNCIL))
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["inputs"] = {"files": {name: digest(content) for name, content in inputs_now(home, COUNCIL).items()}}
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    row.manifest = digest((folder / MANIFEST).read_bytes())
    row.save()
    return row


def form(rule: Rule = STRICT, why: str = "Our towns are small.", instead_of: int = 0, **other: str) -> dict[str, str]:
    """A form as a browser sends it."""
    return {**sent_of(rule), "why": why, "instead_of": str(instead_of), **other}


def test_rule_is_read_with_examples_by_everybody_at_work(signed_in, data):
    page = signed_in("practitioner").get(HERE).content.decode()
    assert "A count of 3 is shown as 0 or 5, and one of 23 as 20 or 25" in page
    assert "it is the one that comes with careshape" in page
    assert CHANGE not in page, "who may not change it is not asked to"
    (data / "councils" / COUNCIL / RULE).write_text('method = "suppress"\nthreshold = 3\n', "utf-8")
    page = signed_in("commissioner").get(HERE).content.decode()
    assert "A count of 2 reads “suppressed”" in page
    assert "This rule protects less than the one that comes with careshape" in page
    assert f'href="{CHANGE}"' in page
    (data / "councils" / COUNCIL / RULE).write_text("threshold = 'few'\n", "utf-8")
    assert "has faults, so no edition can be prepared by it" in signed_in("analyst").get(HERE).content.decode()


def test_rule_is_changed_with_a_reason_and_pinned_with_the_next_edition(signed_in, data, prepared, tmp_path):
    home, client = Home(data), signed_in("commissioner")
    assert not changed_since(home, prepared)
    done = client.post(CHANGE, form(), follow=True).content.decode()
    assert "It holds from the next edition that is prepared" in done
    assert "Our towns are small." in done
    assert "Commissioner worcestershire" in done
    assert "Another rule than the one in force" in done, "of the edition that was prepared before"
    assert "Commissioner worcestershire" not in signed_in("practitioner").get(HERE).content.decode()
    told = json.loads(Event.objects.get(act="editions.choose_rule").detail)
    assert (told["was"]["threshold"], told["now"]["threshold"], "near_percent" in told["now"]) == (5, 7, False)
    assert rule_in_force(home, COUNCIL) == STRICT
    pin_inputs(home, COUNCIL, tmp_path / "pinned", chosen_text(COUNCIL))
    assert rule_of(tmp_path / "pinned") == STRICT
    assert rule_of(edition_path(home, COUNCIL, 1) / INPUTS) == default_rule(), "what is prepared stays as it is"
    assert changed_since(home, prepared).names == (RULE,)
    edition = client.get("/work/editions/1/").content.decode()
    assert "it was made by “Rounded to 5; fewer than 5 people protected”" in edition
    assert "“Exact or suppressed; fewer than 7 people protected” is in force" in edition
    client.post(CHANGE, form(default_rule(), "As before.", 1))
    assert not changed_since(home, prepared), "the same rule again, though it is written otherwise"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(signed_in, data):
    client = signed_in("commissioner")
    wrong = form(why="", threshold="3", dominance_percent="95", width="many", method="guess")
    answer = client.post(CHANGE, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "write a whole number from 5 to 100. No council’s rule protects less" in page
    assert "write a whole number from 0 to 90. No council’s rule protects less" in page
    assert "write a whole number from 5 to 1000." in page
    assert "Choose how counts are printed." in page
    assert "Say why you change the rule" in page
    assert 'value="many"' in page
    rounded = form(Rule(width=5), base="5", width="9")
    assert "Rounding to 5 cannot leave a reader a room of 9" in client.post(CHANGE, rounded).content.decode()
    assert "That is the rule already" in client.post(CHANGE, form(default_rule())).content.decode()
    assert not DisclosureRule.objects.exists()


def test_what_a_colleague_chose_meanwhile_is_not_overwritten(signed_in, data, people):
    client = signed_in("commissioner")
    client.post(CHANGE, form())
    late = client.post(CHANGE, form(Rule(threshold=6, width=6, base=10), "So it is."))
    page = late.content.decode()
    assert (late.status_code, "was changed since you opened this page" in page) == (409, True)
    assert "In force now: Exact or suppressed; fewer than 7 people protected" in page
    assert 'name="instead_of" value="1"' in page
    assert DisclosureRule.objects.count() == 1
    with pytest.raises(CallError, match="since you opened"):
        choose(people.principal("commissioner"), Home(data), default_rule(), "So it is.", 0)
    with pytest.raises(InputError, match="protects less than the rule that comes with careshape"):
        choose(people.principal("commissioner"), Home(data), Rule(threshold=3), "So it is.", 1)


def test_programs_read_the_rule_and_choose_another(asking):
    client = asking("commissioner")
    now = client.get(f"{ROOT}/editions/rule").json()
    assert (now["number"], now["rule"]["threshold"], now["chosen"]) == (0, 5, None)
    given = {"rule": {**now["rule"], "threshold": 10, "width": 10, "base": 10}, "why": "As the board asked."}
    done = send(client, "editions/rule", {**given, "instead_of": 0})
    assert (done.status_code, done.json()) == (200, {"id": 1, "done": "chosen"})
    assert send(client, "editions/rule", {**given, "instead_of": 0}).status_code == 409
    now = client.get(f"{ROOT}/editions/rule").json()
    assert (now["number"], now["rule"]["base"], now["why"]) == (1, 10, "As the board asked.")
    weak = {**given, "rule": {**now["rule"], "few": 0}, "instead_of": 1}
    refused = send(client, "editions/rule", weak)
    assert (refused.status_code, "few: 0 protects less" in refused.json()["detail"]) == (422, True)
    narrow = {**given, "rule": {**now["rule"], "width": 50}, "instead_of": 1}
    assert "Rounding to 10 cannot leave" in send(client, "editions/rule", narrow).json()["detail"]
    assert send(asking("analyst"), "editions/rule", {**given, "instead_of": 1}).status_code == 403
    seen = asking("practitioner").get(f"{ROOT}/editions/rule").json()
    assert (seen["number"], seen["by"]) == (1, None)


@pytest.mark.parametrize("rule", [default_rule(), STRICT, Rule(zeros=True, ratios="where safe")])
def test_rule_comes_back_as_it_was_written(rule):
    assert read_rule(as_toml(rule)) == rule
    assert read_form(sent_of(rule)) == (rule, {})
    assert below_floor(rule) == {}
    assert all(one.value and one.example for one in parts(rule))
