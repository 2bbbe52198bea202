"""Package line items: what a row becomes in the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_number, month_ordinal
from careshape.ledger import Ledger
from careshape.ledger.columns import NAMES, ONE_OFF, OPEN_DAY, PLANNED, SCHEMA
from careshape.ledger.imports import import_file
from careshape.ledger.postcodes import postcode_text
from careshape.ledger.pseudonym import DEMONSTRATION_KEY
from tests.ledger.numbers import line_number, person_number, public_number
from tests.ledger.writing import package


def test_package_becomes_the_integers_of_its_row(ledger: Ledger, write, standing) -> None:
    report = import_file(ledger, write("p.csv", [package("L-1")]))
    assert report.counts == {"accepted": 1, "repaired": 0, "refused": 0, "unchanged": 0, "not_line_items": 0}
    (row,) = standing(ledger)
    code = catalogue().code
    assert row["line"] == line_number(DEMONSTRATION_KEY, "worcestershire", "L-1")
    assert row["person"] == person_number(DEMONSTRATION_KEY, "worcestershire", "PERSON-L-1")
    assert row["birth_month"] == 1940 * 12 + 4
    assert row["authority"] == code("authority", "worcestershire")
    assert (row["service"], row["district"]) == (code("service", "nursing"), code("district", "wychavon"))
    assert postcode_text(row["postcode_district"]) == "WR11"
    assert (row["provider"], row["setting"]) == (public_number("W-017"), public_number("Synthetic home W-003"))
    assert (row["start_day"], row["end_day"]) == (day_number(date(2020, 5, 1)), OPEN_DAY)
    assert (row["start_month"], row["close_month"]) == (
        month_ordinal(date(2020, 5, 1)),
        month_ordinal(date(2101, 1, 1)),
    )
    assert (row["record"], row["quantity"], row["unit_price"], row["weekly_cost"]) == (PLANNED, 100, 70_000, 70_000)


def test_ledger_files_have_the_declared_columns_and_are_sorted(ledger: Ledger, write) -> None:
    rows = [
        package(f"L-{n}", start_date=f"2020-05-{28 - n:02}", service=("home-care", "nursing")[n % 2]) for n in range(20)
    ]
    import_file(ledger, write("p.csv", rows))
    (file,) = ledger.files()
    schema = pq.read_schema(file)
    assert schema.names == list(NAMES)
    assert schema.types == SCHEMA.types
    order = duckdb.sql(f"SELECT service, start_day, person FROM read_parquet('{file}')").fetchall()
    assert order == sorted(order)


def test_registers_name_providers_and_settings(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2", provider_reference="W-018", provider_name="")]))
    assert ledger.providers() == {public_number("W-017"): "Synthetic provider W-017", public_number("W-018"): "W-018"}
    assert ledger.settings() == {public_number("Synthetic home W-003"): "Synthetic home W-003"}
    import_file(ledger, write("q.csv", [package("L-1", provider_name="Synthetic provider W-017, renamed")]))
    assert ledger.providers()[public_number("W-017")] == "Synthetic provider W-017, renamed"


@pytest.mark.parametrize(
    ("said", "pence"),
    [
        ("700", 70_000),
        ("£1,234.50", 123_450),
        (" 0.01 ", 1),
        ("12.345", 1_235),  # halves are rounded away from zero
        ("9999999.99", 999_999_999),
    ],
)
def test_money_is_read_to_the_penny(ledger: Ledger, write, standing, said: str, pence: int) -> None:
    import_file(ledger, write("p.csv", [package("L-1", weekly_cost=said)]))
    assert standing(ledger)[0]["weekly_cost"] == pence


@pytest.mark.parametrize("said", ["2020-05-01", "01/05/2020", " 2020-05-01 ", "2020-05-01 00:00:00", "1/5/2020"])
def test_dates_are_read_in_the_usual_forms(ledger: Ledger, write, standing, said: str) -> None:
    assert import_file(ledger, write("p.csv", [package("L-1", start_date=said)])).ok
    assert standing(ledger)[0]["start_day"] == day_number(date(2020, 5, 1))


@pytest.mark.parametrize(
    "said",
    [
        "2020-02-30",  # no such day
        "05-01-2020",  # no way to tell day from month
        "epoch",  # the engine would read the word
        "01/05/20",  # a year of two digits
        "soon",
    ],
)
def test_unreadable_date_is_refused(ledger: Ledger, write, said: str) -> None:
    report = import_file(ledger, write("p.csv", [package("L-1", start_date=said)]))
    (finding,) = report.findings
    shown = "x" * len(said) if said.isalpha() else said  # a word may be a name
    assert (report.refused, finding.line, finding.column, finding.value) == (1, 2, "start_date", shown)
    assert "2021-03-31" in finding.remedy


@pytest.mark.parametrize("said", ["nursing", "Nursing care", "NURSING-CARE", " nursing  care"])
def test_coded_values_match_without_case_and_punctuation(ledger: Ledger, write, standing, said: str) -> None:
    assert import_file(ledger, write("p.csv", [package("L-1", service=said)])).accepted == 1
    assert standing(ledger)[0]["service"] == catalogue().code("service", "nursing")


def test_one_off_purchase_is_a_record_of_its_own(ledger: Ledger, write, standing) -> None:
    row = package("L-1", service="community-equipment", weekly_cost="", unit_price="", one_off_cost="85.20")
    import_file(ledger, write("p.csv", [row]))
    found = standing(ledger)[0]
    assert (found["record"], found["one_off_cost"], found["weekly_cost"]) == (ONE_OFF, 8_520, 0)


def test_client_group_follows_from_reason_and_age_where_it_is_blank(ledger: Ledger, write, standing) -> None:
    reason = "physical-personal-care"
    rows = [
        package("L-1", client_group="", primary_support_reason=reason, birth_date="1940-05-06"),
        package("L-2", client_group="", primary_support_reason=reason, birth_date="1980-05-06"),
        package("L-3", client_group="", primary_support_reason=""),
        package("L-4", client_group="", primary_support_reason=reason, birth_date=""),
    ]
    import_file(ledger, write("p.csv", rows))
    found = {row["line"]: row["client_group"] for row in standing(ledger)}
    groups = ("older-people", "physical-disability", "unknown", "unknown")
    wanted = {
        line_number(DEMONSTRATION_KEY, "worcestershire", f"L-{n}"): catalogue().code("client_group", group)
        for n, group in enumerate(groups, start=1)
    }
    assert found == wanted


def test_all_three_forms_of_file_give_the_same_ledger(tmp_path: Path, write, standing) -> None:
    rows = [package(f"L-{n}", end_date="" if n % 2 else "2021-01-31", weekly_cost=f"{600 + n}.50") for n in range(5)]
    book = Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        days = {key: date.fromisoformat(row[key]) if row[key] else None for key in ("start_date", "end_date")}
        sheet.append(list((row | days | {"weekly_cost": float(row["weekly_cost"])}).values()))
    book.save(tmp_path / "p.xlsx")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    results = []
    for file in (write("p.csv", rows), tmp_path / "p.xlsx", tmp_path / "p.parquet"):
        council = Ledger.create(tmp_path / file.suffix / "councils" / "w", "worcestershire", demonstration=True)
        assert import_file(council, file).accepted == 5
        results.append(standing(council))
    assert results[0] == results[1] == results[2]
