"""The finder works from cells alone, on any council's figures, and its declarations hold no figures."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import careshape
from careshape.errors import CatalogueError
from careshape.evaluate.consistency import AGREES, KINDS, declared_checks, find_discrepancies, read_checks
from careshape.evaluate.consistency.declaration import CHECKS
from careshape.evaluate.consistency.rules import SPECS
from careshape.records import Observations, load_observations, observations

RESULT = find_discrepancies(observations())


def test_every_declared_check_compares_something():
    assert RESULT.idle == ()
    assert {finding.check for finding in (*RESULT.findings, *RESULT.agreed)} == {c.id for c in declared_checks()}


def test_ids_are_unique_and_kinds_known():
    every = [*RESULT.findings, *RESULT.agreed]
    assert len({(finding.authority, finding.id) for finding in every}) == len(every)
    assert {finding.kind for finding in RESULT.findings} <= set(KINDS)
    assert {finding.kind for finding in RESULT.agreed} == {AGREES}


def test_every_finding_explains_itself_and_names_its_cells():
    rows = {(row.authority, row.id) for row in observations()}
    for finding in RESULT.findings:
        assert finding.explanation.endswith(".")
        assert re.search(r"\d|Monday", finding.explanation)
        assert {(finding.authority, cell) for cell in finding.cells} <= rows


def test_each_council_alone_gives_the_same_findings_as_both_together():
    alone = [
        found for name in ("thurrock", "worcestershire") for found in find_discrepancies(observations(name)).findings
    ]
    assert tuple(alone) == RESULT.findings


def test_declarations_hold_no_figures():
    """Only periods, ids of cells, the weeks of a year and tolerances: no published and no recomputed value."""
    allowed = {"multiplier": {52}, "allow": {10, 25}}
    for file in CHECKS.iterdir():
        for check in tomllib.loads(file.read_text(encoding="utf-8"))["check"]:
            for name, value in check.items():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    assert value in allowed.get(name, set()), f"{check['id']}: {name} = {value}"
            roles = {name: value for name, value in check.items() if isinstance(value, dict)}
            for selector in roles.values():
                assert "value" not in selector


def test_package_neither_holds_nor_reads_the_list_made_by_hand():
    root = Path(careshape.__file__).parent
    assert not list(root.rglob("discrepancies.csv"))
    reading = [path for path in root.rglob("*.py") if "discrepancies.csv" in path.read_text(encoding="utf-8")]
    assert reading == []


def test_totals_of_a_councils_own_table_are_checked_without_a_declaration(tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(
        "district,measure,unit,period,value,row_kind\n"
        "North,visits,visits,2024,10,part\nSouth,visits,visits,2024,15,part\nall,visits,visits,2024,27,total\n"
    )
    result = find_discrepancies(Observations(load_observations(path, "newtown")))
    assert [(found.published, found.recomputed, found.kind) for found in result.findings] == [
        ("27", "25", "contradiction")
    ]


def test_every_rule_is_in_the_reference():
    page = Path(__file__).parents[3] / "docs" / "reference" / "consistency-rules.md"
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", page.read_text(encoding="utf-8"), re.M))
    assert documented == set(SPECS)


def test_nothing_to_compare_is_no_finding():
    result = find_discrepancies(Observations())
    assert (result.findings, result.agreed) == ((), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[check]]\nid = 'a'\nrule = 'summ'\nitem = 'x'", "Near it: sum"),
        ("[[check]]\nid = 'a'\nrule = 'sum'\nitem = 'x'\nvalue = {id='1'}", "needs this role"),
        (
            "[[check]]\nid = 'a'\nrule = 'sum'\nitem = 'x'\nvalue = {id='1'}\nplus = {id='2'}\nfrom = {id='3'}",
            "knows only",
        ),
        ("[[check]]\nid = 'a'\nrule = 'sum'\nitem = 'x'\nvalue = 5\nplus = {id='2'}", "table of criteria"),
        ("[[check]]\nid = 'a'\nrule = 'sum'\nitem = 'x'\nvalue = {at='start'}\nplus = {id='2'}", "'first' or 'last'"),
        ("[[check]]\nid = 'a'\nrule = 'week-begins'\n", "must be given"),
        ("[[check]]\nid='a'\nrule='week-begins'\nitem='x'\n" * 2, "id of its own"),
        ("[[check]\n", "valid TOML"),
    ],
)
def test_declaration_that_breaks_its_schema_is_refused(tmp_path, text, said):
    path = tmp_path / "checks.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=r"checks\.toml") as refused:
        read_checks(path)
    assert said in str(refused.value)
