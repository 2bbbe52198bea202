"""Positive control: a cell that is changed in memory is found, whatever rule relates it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from careshape.evaluate.consistency import Finding, declared_checks, find_discrepancies
from careshape.evaluate.consistency.rules import RULES
from careshape.records import Observation, observations, parse_period

CELLS = list(observations())
RESULT = find_discrepancies(CELLS)
CHECKS = {(check.authority, check.id): check for check in declared_checks()}
AGREEING_RULES = sorted({finding.rule for finding in RESULT.agreed})

CURED = {
    # Rules of which nothing agrees in the two statements: a cell that is put right makes the finding go away.
    "number-of": ("worcestershire", "neighbours.ascof-2a1", lambda row: replace(row, value=Decimal(12))),
    "implied-mix": ("worcestershire", "younger-share.nursing", lambda row: replace(row, value=Decimal("906.30"))),
    "twins": ("worcestershire", "same-mean-two-groups.555-28", lambda row: replace(row, value=row.value + 1)),
    "week-begins": ("worcestershire", "weeks.table-13.2021-06-05-2021-06-11", None),
    "multiple": ("thurrock", "growth-of-65-against-all", lambda row: replace(row, value=Decimal("13.5"))),
    "product": ("thurrock", "carers", lambda row: replace(row, dims={"area": row.dims["area"]})),
    "rate": ("worcestershire", "older-people-rate-as-described", lambda row: replace(row, value=Decimal("885.5"))),
}


def changed(finding: Finding, cell: str, change: Callable[[Observation], Observation]) -> list[Observation]:
    return [change(row) if (row.authority, row.id) == (finding.authority, cell) else row for row in CELLS]


def scaled(by: str) -> Callable[[Observation], Observation]:
    return lambda row: replace(row, value=(row.value + 1) * Decimal(by))


def raised(finding: Finding, rows: list[Observation]) -> set[str]:
    check = CHECKS.get((finding.authority, finding.check)) or CHECKS["", finding.check]
    return {found.id for found in find_discrepancies(rows, [check]).findings if found.authority == finding.authority}


def test_every_rule_has_a_control():
    assert set(AGREEING_RULES) | set(CURED) == set(RULES)


@pytest.mark.parametrize("rule", AGREEING_RULES)
def test_changed_published_cell_is_found(rule):
    """Far too large or far too small: one of the two breaks any relation, also a bound."""
    outcomes = [finding for finding in RESULT.agreed if finding.rule == rule][:12]
    for finding in outcomes:
        found = set()
        for by in ("1000", "0.001", "-1"):
            found |= raised(finding, changed(finding, finding.cells[0], scaled(by)))
        stem = finding.id.rsplit(".", 1)[0]
        assert any(name == finding.id or name.startswith(stem) for name in found), finding


@pytest.mark.parametrize("rule", ["table-totals", "share", "growth", "mean", "sum", "same", "union", "at-most"])
def test_changed_other_cell_is_found(rule):
    """The cells that a figure is computed from are as much part of the relation as the figure."""
    outcomes = [finding for finding in RESULT.agreed if finding.rule == rule and len(finding.cells) > 1][:6]
    for finding in outcomes:
        found = set()
        for by in ("1000", "0.001", "-1000"):
            found |= raised(finding, changed(finding, finding.cells[1], scaled(by)))
        assert found, finding


@pytest.mark.parametrize("rule", sorted(CURED))
def test_finding_goes_when_the_cell_is_put_right(rule):
    authority, name, change = CURED[rule]
    finding = next(found for found in RESULT.findings if (found.authority, found.id) == (authority, name))
    assert finding.rule == rule
    if change is None:
        monday = parse_period("2021-06-07/2021-06-13")
        rows = [replace(row, period=monday) if row.id in finding.cells else row for row in CELLS]
    else:
        cell = finding.cells[2 if rule == "product" else 0]  # of a product, the rate is wrong and not the figure
        rows = changed(finding, cell, change)
    assert name not in raised(finding, rows)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("table-07/1", "contradiction"),  # people are counted: one more is one too many
        ("table-06/2", "rounding"),  # hours are rounded: a total of seven may be one out
        ("table-15/3", "contradiction"),  # so are homes
    ],
)
def test_one_more_in_a_cell_is_found_and_named_for_what_it_is(cell, kind):
    rows = [replace(row, value=row.value - 1) if row.id == cell else row for row in CELLS]
    before = {(found.authority, found.id, found.recomputed) for found in RESULT.findings}
    new = [f for f in find_discrepancies(rows).findings if (f.authority, f.id, f.recomputed) not in before]
    if cell == "table-06/2":  # the change that puts this total right takes the finding away
        gone = {found.id for found in RESULT.findings} - {found.id for found in find_discrepancies(rows).findings}
        assert gone == {"totals.table-06.hours-delivered.all.home-care.2021-03"}
        rows = [replace(row, value=row.value + 1) if row.id == cell else row for row in CELLS]
        new = [f for f in find_discrepancies(rows).findings if (f.authority, f.id, f.recomputed) not in before]
    assert next(found.kind for found in new if found.rule == "table-totals") == kind
