"""``careshape rules``: what the rules are, and what they say of an act."""

from __future__ import annotations

import csv
import io
import json

import pytest

from careshape.cli import main
from careshape.rules import facts, rules

HOME_FIRST = {
    "service": "nursing",
    "long-term": True,
    "after-crisis": False,
    "age": 52,
    **dict.fromkeys(("reablement-assessed", "technology-assessed", "equipment-assessed"), False),
}
CHECK = ("check", "--authority", "worcestershire", "--act", "admission", "--on", "2021-06-01", "--facts")


@pytest.fixture
def run(capsys, tmp_path):
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", str(tmp_path), "rules", *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


@pytest.fixture
def written(tmp_path):
    def write(what: object, name: str = "facts.json") -> str:
        file = tmp_path / name
        file.write_text(what if isinstance(what, str) else json.dumps(what), encoding="utf-8")
        return str(file)

    return write


def test_list_gives_the_rules_of_a_council_at_an_act(run):
    code, out, _ = run("list", "--authority", "thurrock", "--act", "tender", "--format", "csv")
    listed = [row["rule"] for row in csv.DictReader(io.StringIO(out))]
    wanted = [rule.id for rule in rules().values() if "thurrock" in rule.councils and "tender" in rule.acts]
    assert (code, listed) == (0, wanted)
    assert len(json.loads(run("list", "--format", "json")[1])) == len(rules())


def test_show_says_what_a_rule_demands_and_asks(run):
    code, out, _ = run("show", "voids-mean-no-new-extra-care")
    assert code == 0
    assert "Demands: extra-care-waiting is over extra-care-voids" in out
    assert facts()["extra-care-voids"].ask in out
    shown = json.loads(run("show", "only-gold-and-silver", "--format", "json")[1])
    assert shown["requires"]["is"] == ["gold", "silver"]


def test_facts_lists_the_vocabulary(run):
    rows = json.loads(run("facts", "--format", "json")[1])
    assert [row["fact"] for row in rows] == list(facts())


def test_check_tells_what_stops_an_act_and_what_would_clear_it(run, written):
    code, out, _ = run(*CHECK, written(HOME_FIRST), "--format", "json")
    found = {row["rule"]: row for row in json.loads(out)}
    assert code == 1
    assert (found["home-first"]["state"], found["home-first"]["stops"]) == ("broken", True)
    assert len(found["home-first"]["clears"]) == 3
    assert found["setting-of-choice"]["missing"][0] == "home-considered"
    assert found["recovery-before-decision"]["state"] == "not-applicable"


def test_check_ends_well_where_nothing_stops_the_act(run, written):
    code, out, _ = run(*CHECK, written({"service": "home-care", "long-term": False}), "--format", "csv")
    assert code == 0
    assert {row["stops"] for row in csv.DictReader(io.StringIO(out))} == {"no"}


def test_facts_of_a_csv_file_are_those_of_a_json_file(run, written):
    made = {"on": "2021-05-01", "by": "P-1", "result": "would-help"}
    as_json = written(HOME_FIRST | {"equipment-assessed": made, "older-people-care-home-voids": 4.9})
    lines = [
        f"{name},{'yes' if value is True else 'no' if value is False else value},,,"
        for name, value in HOME_FIRST.items()
    ]
    lines = [line for line in lines if not line.startswith("equipment")]
    lines += ["equipment-assessed,would-help,2021-05-01,P-1,", "older-people-care-home-voids,4.9,,,", "frailty,,,,"]
    as_csv = written("\n".join(("fact,value,on,by,why", *lines)), "facts.csv")
    assert run(*CHECK, as_csv, "--format", "json") == run(*CHECK, as_json, "--format", "json")


@pytest.mark.parametrize(
    ("text", "name", "code", "said"),
    [
        ("{", "f.json", 1, "f.json is not JSON"),
        ('{"service": "nursng"}', "f.json", 2, "'nursng' is not in the list service. Did you mean nursing"),
        ("fact,value\nservice,nursng", "f.csv", 2, "Did you mean nursing"),
        ('{"service": 7}', "f.json", 2, "The fact 'service' cannot be 7"),
        ("[1]", "f.json", 1, "f.json holds no facts"),
        ('{"home": true}', "f.json", 2, "There is no fact 'home'"),
        ('{"age": NaN}', "f.json", 2, "The fact 'age' cannot be"),
        ("fact;value\nage;7", "f.csv", 1, "does not have the columns"),
        ("", "f.csv", 1, "does not have the columns"),
        ("fact,value\nage,7\nage,8", "f.csv", 1, "line 3: the fact 'age' stands there twice"),
        ("fact,value\nage,old", "f.csv", 2, "The fact 'age' cannot be 'old'"),
        ("fact,value\nhome,1", "f.csv", 2, "There is no fact 'home'"),
        ("fact,value\nhome-considered,would-do", "f.csv", 2, "It is false where it was not made"),
    ],
)
def test_a_file_of_facts_that_cannot_be_is_refused_with_a_sentence(run, written, text, name, code, said):
    ended, out, err = run(*CHECK, written(text, name))
    assert (ended, out) == (code, "")
    assert said in err


def test_a_rule_or_a_council_that_there_is_not_is_refused(run):
    assert "There is no rule 'home-frist'. Did you mean home-first?" in run("show", "home-frist")[2]
    assert "Did you mean worcestershire" in run("list", "--authority", "worcester-shire")[2]
