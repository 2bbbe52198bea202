"""Dates that are written month first: told once for the column, and none of them taken for another day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.ledger.writing import event, package


def test_month_first_column_is_told_once_and_none_of_its_dates_is_taken(ledger: Ledger, write, standing) -> None:
    days = ["04/03/2020", "05/13/2020", "06/07/2020", "12/31/2020", "2020-05-01"]
    rows = [package(f"L-{n}", start_date=day) for n, day in enumerate(days)]
    report = import_file(ledger, write("p.csv", rows))
    assert report.by_rule == {"date-month-first": 2, "date-either-way": 2}
    assert (report.accepted, report.refused, len(standing(ledger))) == (1, 4, 1)
    (note,) = report.notes
    assert note.startswith("start_date: 2 dates cannot be day first (the first on line 3)")
    assert "The 2 that could be either are refused too. Save the column as YYYY-MM-DD" in note
    told = {finding.line: (finding.column, finding.value) for finding in report.findings}
    assert told == {n + 2: ("start_date", day) for n, day in enumerate(days[:4])}


def test_column_of_both_orders_is_told_and_read_day_first(ledger: Ledger, write) -> None:
    rows = [package(f"L-{n}", start_date=day) for n, day in enumerate(["04/03/2020", "05/13/2020", "31/12/2020"])]
    report = import_file(ledger, write("p.csv", rows))
    assert (report.accepted, report.refused) == (2, 1)
    assert "1 cannot be month first: the column mixes two orders" in report.notes[0]


@pytest.mark.parametrize("days", [["04/03/2020", "05/06/2020"], ["04/03/2020", "31/12/2020"], ["2020-05-13"]])
def test_column_without_hard_evidence_is_read_day_first_and_nothing_is_said(ledger: Ledger, write, days) -> None:
    report = import_file(ledger, write("p.csv", [package(f"L-{n}", start_date=day) for n, day in enumerate(days)]))
    assert (report.accepted, report.notes) == (len(days), ())


def test_either_way_date_of_birth_is_left_unknown_and_never_shown(ledger: Ledger, write, standing) -> None:
    rows = [package(f"L-{n}", birth_date=day) for n, day in enumerate(["05/06/1940", "05/13/1941", "1942-05-06"])]
    report = import_file(ledger, write("p.csv", rows))
    assert (report.accepted, report.repaired) == (1, 2)
    assert sorted(row["birth_month"] for row in standing(ledger)) == [0, 0, 1942 * 12 + 4]
    assert report.by_rule == {"birth-either-way": 1, "date-month-first": 1}
    assert not {"1940", "1941"} & set(re.findall(r"19\d\d", report.to_json()))
    assert "The one that could be either is left unknown too" in report.notes[0]


def test_month_first_dates_of_client_level_data_are_told_the_same_way(ledger: Ledger, write, standing) -> None:
    rows = [
        event("E-1", Event_Start_Date="05/13/2020"),
        event("E-2", Event_Start_Date="05/06/2020"),
        event("E-3", Event_Type="Review", Event_Start_Date="05/06/2020"),
    ]
    report = import_file(ledger, write("c.csv", rows))
    assert (report.refused, report.not_line_items, len(standing(ledger))) == (2, 1, 0)
    assert report.notes[0].startswith("Event_Start_Date: 1 date cannot be day first")


def test_row_with_both_days_either_way_is_refused_once(ledger: Ledger, write, tmp_path) -> None:
    rows = [
        package("L-1", start_date="05/13/2020", end_date="06/14/2020"),
        package("L-2", start_date="05/06/2020", end_date="06/07/2020"),
    ]
    report = import_file(ledger, write("p.csv", rows), refused_to=tmp_path / "refused.csv")
    assert (report.refused, report.by_rule["date-either-way"], len(report.notes)) == (2, 1, 2)
    assert "can be month first only" in (tmp_path / "refused.csv").read_text("utf-8").splitlines()[2]


def test_row_of_a_workbook_is_named_as_the_spreadsheet_shows_it(ledger: Ledger, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append([])
    book.active.append(["line_reference", "service", "start_date"])
    for n, day in enumerate(["04/03/2020", "05/13/2020"]):
        book.active.append([f"L-{n}", "nursing", day])
    book.save(tmp_path / "p.xlsx")
    report = import_file(ledger, tmp_path / "p.xlsx")
    assert "(the first on row 4)" in report.notes[0]
