"""Physical lines: where a fault stands in the file that the person has open."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.ledger.writing import package

HEADER = "line_reference,service,start_date,provider_name"


def test_line_is_physical_where_quoted_values_hold_line_breaks(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    lines = [
        HEADER,
        'L-1,nursing,2020-05-01,"Synthetic provider',
        'on two lines"',
        "",
        "L-2,nursing,soon,W-017",  # line 5
        "L-3,nursing",  # line 6: too few cells
        'L-4,nursing,"soon","Synthetic ""provider""',
        '"',
        "L-5,nursing,later,W-017",  # line 9
        "L-6,nursing,2020-05-01,W-017,more",  # line 10: too many cells
        "L-7,nursing,never,W-017",  # line 11
    ]
    file.write_text("\r\n".join(lines) + "\r\n", "utf-8", newline="")
    report = import_file(ledger, file)
    assert [(one.line, one.rule) for one in report.findings] == [
        (5, "value-unreadable"),
        (6, "row-shape"),
        (7, "value-unreadable"),
        (9, "value-unreadable"),
        (10, "row-shape"),
        (11, "value-unreadable"),
    ]
    assert (report.rows, report.accepted, report.refused) == (7, 1, 6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_line_of_every_fault_is_right_whatever_stands_before_it(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    lines, wanted, rows = [HEADER], [], 0
    for number in range(draw.randint(1, 40)):
        kind = draw.choice(["good", "bad", "broken", "blank", "quoted", "bad quoted"])
        here = sum(line.count("\n") + 1 for line in lines) + 1
        rows += kind != "blank"
        if kind in ("bad", "bad quoted", "broken"):
            wanted.append(here)
        name = '"a\nb, ""c"""' if "quoted" in kind else "W-017"
        day = "soon" if "bad" in kind else "2020-05-01"
        text = {"blank": "", "broken": "only,two"}.get(kind, f"L-{seed}-{number},nursing,{day},{name}")
        lines.append(text)
    if not rows:
        return
    file = tmp_path / f"{seed}.csv"
    file.write_text("\n".join(lines) + draw.choice(["", "\n"]), "utf-8")
    council = Ledger.create(tmp_path / "councils" / "w", "worcestershire", demonstration=True)
    report = import_file(council, file, "packages", dry_run=True)
    assert [one.line for one in report.findings] == wanted
    assert report.rows == rows


@pytest.mark.parametrize("count", [1, 300])
def test_row_of_a_sheet_is_its_own(ledger: Ledger, tmp_path: Path, count: int) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([])
    book.active.append(list(package("L-0")))
    for number in range(count):
        book.active.append(list(package(f"L-{number}").values()))
    book.active.append(list(package("L-bad", start_date="soon").values()))
    book.save(tmp_path / "p.xlsx")
    report = import_file(ledger, tmp_path / "p.xlsx")
    assert (report.counted_in, [one.line for one in report.findings]) == ("row", [count + 3])
