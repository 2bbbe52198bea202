from __future__ import annotations

import re
from pathlib import Path

import pytest

from careshape.catalogue import catalogue
from careshape.evaluate.measure import measures
from careshape.policy.roles import roles
from careshape.records import observations
from careshape.records.descriptor import dataset
from careshape.rules import facts, rules

SHARED = Path(__file__).parents[2].parent / "shared"
DOCUMENTS = {"W": ("worcestershire", "000_a6ecfc05098d5ad0.txt"), "T": ("thurrock", "002_1427089d4069f884.txt")}
LONGEST_RUN = 11
"""Words in a row that our wording may share with a document by chance."""


def test_the_numbers_are_those_of_the_25_rules():
    assert {rule.number for rule in rules().values()} == set(range(1, 26))
    assert {rule.number for rule in rules().values() if rule.kind == "counting"} == set(range(21, 26))


def test_every_rule_cites_the_statement_of_the_council_that_it_binds():
    for rule in rules().values():
        assert {DOCUMENTS[source.split(":")[0]][0] for source in rule.sources} == set(rule.councils), rule.id


def test_every_fact_is_asked_for_by_a_rule():
    assert {name for rule in rules().values() for name in rule.facts()} == set(facts())


def test_every_id_stands_in_the_catalogue():
    for rule in rules().values():
        for clause in filter(None, (rule.applies, rule.requires)):
            for leaf in clause.leaves():
                if facts()[leaf.fact].kind == "id":
                    ids = (leaf.is_,) if isinstance(leaf.is_, str) else leaf.is_
                    assert set(ids) <= set(catalogue().lists[facts()[leaf.fact].list].by_id), rule.id


def test_every_role_that_may_override_is_one_of_the_council_s():
    staff = {role.id for role in roles().values() if role.kind == "staff"}
    assert {name for rule in rules().values() if rule.override for name in rule.override.by} <= staff


def test_every_measure_and_observation_that_is_named_is_there():
    known = set(measures())
    for authority in ("worcestershire", "thurrock"):
        known |= {row.id for row in observations(authority).find()} | set(dataset(authority).tables)
    named = {name for rule in rules().values() for name in rule.stands_on}
    assert named | {name for fact in facts().values() for name in fact.measures} <= known


@pytest.mark.data
def test_every_rule_stands_at_the_lines_it_cites_and_copies_no_sentence():
    if not (SHARED / "seeds").is_dir():
        pytest.skip("The councils' documents are not beside this checkout.")
    lines = {
        letter: (SHARED / "seeds" / name).read_text("utf-8").split("\n") for letter, (_, name) in DOCUMENTS.items()
    }
    for rule in rules().values():
        cited = " ".join(lines[one.split(":")[0]][int(one.split(":")[1]) - 1] for one in rule.sources).lower()
        assert len({word for word in words(rule.words) if len(word) > 5 and word[:6] in cited}) >= 2, rule.id
        own = words(rule.words)
        runs = {tuple(own[at : at + LONGEST_RUN]) for at in range(len(own) - LONGEST_RUN + 1)}
        document = words(cited)
        assert not runs & {tuple(document[at : at + LONGEST_RUN]) for at in range(len(document))}, rule.id


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
