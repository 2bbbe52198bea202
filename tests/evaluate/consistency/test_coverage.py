"""What the finder finds, against the two lists made by hand from the same documents.

Only tests read those lists; the program works from the published cells alone.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from careshape.evaluate.consistency import AGREES, Finding, Result, find_discrepancies
from careshape.records import observations

SHARED = Path(__file__).parents[3].parent / "shared"
WANTED_KINDS = ("error", "contradiction", "rounding")

FOUND_BY = {
    # The recomputable errors, contradictions and roundings, and the checks whose findings they are.
    "D-004": ["contact-tiers"],
    "D-007": ["ethnic-groups.west-midlands"],
    "D-008": ["ethnic-groups.england"],
    "D-010": ["in-employment.worcestershire.rate.16-64"],
    "D-011": ["in-employment.west-midlands.rate.16-64"],
    "D-012": ["in-employment.great-britain.rate.16-64"],
    "D-015": ["totals.table-04.claimant-count-change.all.2021-03-2021-04"],
    "D-027": ["totals.table-06.hours-delivered.all.home-care.2020-03"],
    "D-028": ["totals.table-06.hours-delivered.all.home-care.2021-03"],
    "D-036": ["supported-living-client-groups.physical-disability"],
    "D-038": ["supported-living-client-groups.older-people"],
    "D-039": ["totals.table-09.annual-cost.supported-living-visits.all.2021-03-31"],
    "D-040": ["supported-living-share-subtotal.supported-living-visits"],
    "D-042": ["totals.table-09.annual-cost.supported-living-all.all.2021-03-31.of-subtotals"],
    "D-044": ["supported-living-people-two-tables"],
    "D-049": ["learning-disability-residential"],
    "D-056": ["cluster-flats.2021", "mental-health-higher-level.2021"],
    "D-057": ["complex-needs.2021", "complex-needs.2022", "complex-needs.2023", "complex-needs.2024"],
    "D-064": ["ratings-hundred"],
    "D-068": ["neighbours.ascof-2a1", "neighbours.ascof-2a2"],
    "D-069": ["younger-share.nursing", "younger-share.residential"],
    "D-071": ["older-people-rate-as-described"],
    "D-080": ["younger-adults-rate-as-described"],
    "D-082": ["mean-cost-younger-adults.residential"],
    "D-083": ["unit-cost-copied.nursing.england.18-64.2019-04-01-2020-03-31"],
    "D-085": ["learning-disability-residential-fall", "learning-disability-residential-fall-in-table"],
    "D-093": ["transport-spend-share"],
    "D-097": ["micro-enterprises"],
    "D-104": ["homes-closed"],
    "D-105": ["share-female", "share-male"],
    "D-106": ["growth-of-65-against-all"],
    "D-110": ["mental-disorder-growth.18-64.2015-2030"],
    "D-111": ["carers-over-50-hours"],
    "D-112": ["carers"],
    "D-122": ["grants"],
}
NOT_RECOMPUTABLE = {
    "D-096": "a year in running text, of an earlier document; no published cell holds it",
    "D-119": "two directions in words, without a figure",
}
OTHERS_FOUND = {
    # Ambiguities, dates, and the like that the same rules come across; not asked for, and not false.
    "D-009": ["in-employment.worcestershire.number.16+"],
    "D-043": ["supported-living-annual-cost"],
    "D-054": ["new-schemes"],
    "D-061": ["weeks.table-13.2021-06-05-2021-06-11"],
    "D-078": ["same-mean-learning-disability.1256"],
    "D-079": ["same-mean-two-groups.555-28"],
    "D-084": ["mean-cost-younger-adults.nursing"],
    "D-092": ["totals.table-29.spend.2020-04-01-2021-03-31"],
}

AGREE_BY = [
    # (line, table, words of the item) of agreeing checks that are not of two numbers, and the checks that make them.
    (156, "most of the growth", ["most-growth-is-65"]),
    (188, "Wychavon largest", ["largest-population-65", "largest-growth-65"]),
    (226, "rate higher in Worcestershire", ["employment-higher"]),
    (620, "largest increase", ["home-care-largest-increase"]),
    (855, "cluster flats", ["cluster-flats"]),
    (1101, "every Total lies between", ["unit-cost-between-ages"]),
    (1179, "every Total lies between", ["unit-cost-between-ages"]),
    (
        1232,
        "residential above region",
        ["older-cost-above-region", "older-cost-below-england", "older-nursing-cost-above"],
    ),
    (1304, "above region and England", ["younger-cost-above"]),
    (1407, "replacement care fell", ["replacement-care-fell"]),
    (252, "implied by the rates", ["claimant-rate"]),
    (1101, "implied by each Total", ["unit-cost-between-ages"]),
    (1179, "implied by each Total", ["unit-cost-between-ages"]),
]

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` is not beside the checkout"),
]


@pytest.fixture(scope="module")
def result() -> Result:
    return find_discrepancies(observations())


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    with (SHARED / "published" / "discrepancies.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agreeing_rows() -> list[list[str]]:
    """The rows of the table of checks that agree: authority, line, table, item, published, recomputed."""
    text = (SHARED / "reference" / "consistency.md").read_text(encoding="utf-8")
    table = text.split("## Checks that agree")[1].split("## Derived values")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| ")]
    return rows[1:]


def numbers(*texts: str) -> set[float]:
    """The numbers in a text; "179.5k" is also a hundred and seventy-nine thousand five hundred."""
    found = re.findall(r"(\d[\d,]*(?:\.\d+)?)(k?)", " ".join(texts))
    return {float(text.replace(",", "")) * (1000 if thousands else 1) for text, thousands in found}


def by_id(findings: tuple[Finding, ...]) -> dict[tuple[str, str], Finding]:
    return {(finding.authority, finding.id): finding for finding in findings}


def test_every_wanted_discrepancy_is_found_or_cannot_be_recomputed(result, listed):
    wanted = {row["id"] for row in listed if row["kind"] in WANTED_KINDS}
    assert wanted == set(FOUND_BY) | set(NOT_RECOMPUTABLE)
    found = by_id(result.findings)
    missed = [
        (row["id"], name)
        for row in listed
        for name in FOUND_BY.get(row["id"], [])
        if (row["authority"], name) not in found or found[row["authority"], name].kind != row["kind"]
    ]
    assert missed == []


def test_finding_shows_the_values_that_the_list_shows(result, listed):
    found = by_id(result.findings)
    for row in listed:
        for name in FOUND_BY.get(row["id"], []):
            finding = found[row["authority"], name]
            theirs = numbers(row["published"], row["recomputed"], row["explanation"])
            shown = numbers(finding.published, finding.recomputed, finding.explanation)
            assert theirs & shown, f"{row['id']}: {row['published']} / {row['recomputed']} against {finding}"


def test_counts_are_those_of_the_documentation(result, listed):
    counted = Counter((row["authority"], row["kind"]) for row in listed if row["id"] in FOUND_BY)
    assert counted == {
        ("worcestershire", "error"): 3,
        ("worcestershire", "contradiction"): 10,
        ("worcestershire", "rounding"): 14,
        ("thurrock", "contradiction"): 5,
        ("thurrock", "rounding"): 3,
    }
    page = (Path(__file__).parents[3] / "docs" / "explanation" / "discrepancies.md").read_text(encoding="utf-8")
    for name in NOT_RECOMPUTABLE:
        assert f"| {name} |" in page
    found = {finding.id: finding for finding in result.findings}
    for place, names in (*FOUND_BY.items(), *OTHERS_FOUND.items()):
        for finding in (found[name] for name in names):
            row = f" | {finding.kind} | {finding.item} | {finding.published} | {finding.recomputed} |"
            assert re.search(rf"^\| {place} \|.*{re.escape(row)}$", page, re.M), f"{place}: {row}"


def test_no_finding_is_beside_the_list(result, listed):
    known = {name for names in (*FOUND_BY.values(), *OTHERS_FOUND.values()) for name in names}
    assert {finding.id for finding in result.findings} == known
    assert set(OTHERS_FOUND) <= {row["id"] for row in listed}


def test_every_agreeing_check_is_made_and_agrees(result):
    rows = agreeing_rows()
    assert len(rows) == 169
    lines = {(row.authority, row.id): row.source_line for row in observations()}
    unmatched = [row for row in rows if not agrees(result, row, lines)]
    assert unmatched == []


def agrees(result: Result, row: list[str], lines: dict[tuple[str, str], int | None]) -> bool:
    """Whether the finder agrees on this row, and raises nothing on the check that makes it."""
    authority, line, _, item, published, _ = row
    named = next((names for at, words, names in AGREE_BY if at == int(line) and words in item), None)
    mine = [finding for finding in result.agreed if finding.authority == authority.lower()]
    if named is not None:
        raised = {finding.check for finding in result.findings} & (set(named) - {"cluster-flats"})
        value = numbers(published) if named == ["cluster-flats"] else set()
        made = {finding.check for finding in mine if value <= numbers(finding.published)}
        return set(named) <= made and not raised

    def is_it(finding: Finding) -> bool:
        near = any(abs((lines[finding.authority, cell] or 0) - int(line)) <= 1 for cell in finding.cells)
        return near and bool(numbers(finding.published)) and numbers(finding.published) <= numbers(published, row[5])

    return any(is_it(finding) for finding in mine) and not any(
        finding.kind != AGREES and is_it(finding) and numbers(finding.recomputed) <= numbers(row[5])
        for finding in result.findings
    )
