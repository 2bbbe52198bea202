"""The synthetic county gives the published cells back, follows when they change, and is the same for the same seed."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.demo.counting import Rows, cells, differing

from careshape.demo import Files, generate_council
from careshape.evaluate.published import check_published
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.records import Observations, observations

CELLS = 276
CHANGES = {
    # Home care: one district by 100 hours, and the total with it.
    "table-06/1": 4290,
    "table-06/15": 30055,
    # Shared Lives: one group by two people.
    "table-07/13": 71,
    "table-07/18": 102,
    # Supported living: the year's cost of one cell, the subtotal and the total.
    "table-09/59": 75489,
    "table-09/67": 2910337,
    "table-09/70": 29470605,
    # Supported living: a group in March 2020, and the total.
    "table-10/9": 405,
    "table-10/8": 612,
    # Day services: spend of a group, and the total.
    "table-13/5": 50160,
    "table-13/8": 62601,
    # Direct payment day services: providers.
    "table-14/1": 31,
    # Nights of one district in one year, the subtotal and the total.
    "table-16/1": 43580,
    "table-16/22": 273024,
    "table-16/73": 731527,
    # Older people in nursing care.
    "table-17/1": 541,
    # A mean price of placements.
    "table-22/8": Decimal("1022.22"),
    # Replacement care in an emergency.
    "table-26/2": 7,
    # Transport: people, total, spend.
    "table-29/5": 206,
    "table-29/9": 225,
    "table-29/6": 1_600_000,
}
"""Published cells by id with other values, each with the totals that it is part of."""


def with_values(changes: Mapping[str, Decimal | int]) -> Observations:
    """The published figures with other values in place."""
    found = observations("worcestershire")
    unknown = set(changes) - {row.id for row in found}
    assert not unknown
    return Observations(replace(row, value=Decimal(changes[row.id])) if row.id in changes else row for row in found)


def test_cells_all_come_back_from_rows(county_files: Files) -> None:
    found = cells(Rows(county_files.packages, county_files.deliveries), observations("worcestershire"))
    assert len(found) == CELLS
    assert differing(found) == {}


def test_cells_follow_when_published_figures_change(tmp_path: Path) -> None:
    figures = with_values(CHANGES)
    files = generate_council("worcestershire", tmp_path, seed=1, observations=figures)
    found = cells(Rows(files.packages, files.deliveries), figures)
    assert differing(found) == {}


def test_cells_of_other_figures_do_not_come_back(county_files: Files) -> None:
    """The comparison can fail: against other figures exactly the changed cells differ, and shares that follow them."""
    found = cells(Rows(county_files.packages, county_files.deliveries), with_values(CHANGES))
    assert {one[0] for group in differing(found).values() for one in group} == set(CHANGES)


@pytest.mark.parametrize("seed", [10, 17])
def test_cells_come_back_for_other_seeds(seed: int, tmp_path: Path) -> None:
    files = generate_council("worcestershire", tmp_path, seed=seed)
    assert differing(cells(Rows(files.packages, files.deliveries), observations("worcestershire"))) == {}


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_files_are_the_same_for_the_same_seed_in_another_process(county_files: Files, tmp_path: Path) -> None:
    code = f"from careshape.demo import generate_council; generate_council('worcestershire', {str(tmp_path)!r}, seed=1)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=900, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert _digests(tmp_path) == _digests(county_files.packages.parent)


@pytest.fixture(scope="module")
def ledger(county_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The files imported in the order of the demonstration."""
    made = Ledger.create(tmp_path_factory.mktemp("ledger") / "w", authority="worcestershire", demonstration=True)
    for file in (*county_files.cld, county_files.packages, county_files.deliveries):
        report = import_file(made, file)
        assert (report.refused, report.repaired) == (0, 0)
    return made


def test_check_finds_no_figure_that_differs(ledger: Ledger) -> None:
    found = check_published("worcestershire", ledger)
    assert [one for one in found if one.status == "differs"] == []
    assert sum(one.status == "equal" for one in found) > CELLS


def test_check_says_differs_when_one_line_is_corrupted(county_files: Files, tmp_path: Path) -> None:
    with county_files.packages.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    day = "2021-03-31"
    line = next(row for row in rows if row["service"] == "shared-lives" and row["start_date"] < day == row["end_date"])
    line["end_date"] = "2021-03-30"  # one line, closed a day too soon
    bad = tmp_path / "packages.csv"
    with bad.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(line))
        writer.writeheader()
        writer.writerows(rows)
    made = Ledger.create(tmp_path / "w", authority="worcestershire", demonstration=True)
    import_file(made, bad)
    import_file(made, county_files.deliveries)
    differs = [one for one in check_published("worcestershire", made) if one.status == "differs"]
    # The group, the total, and the sentence that repeats it.
    assert sorted(one.file for one in differs) == ["prose-figures.csv", *2 * ["table-07-shared-lives.csv"]]
