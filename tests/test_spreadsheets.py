"""The writer of CSV and XLSX: nothing in a cell is run, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careshape.spreadsheets import RUN, as_csv, as_xlsx, plain, safe

LETTERS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
RISKY = st.tuples(st.sampled_from(["", " ", "'", "''", "\0", " '"]), st.sampled_from([*RUN]), LETTERS).map("".join)
TEXTS = st.one_of(LETTERS, RISKY)


def is_run(text: str) -> bool:
    """Whether a spreadsheet would run a cell of a CSV, judged apart from the writer."""
    stripped = text.lstrip(" \u00a0")
    if not stripped or stripped[0] not in "=+-@\t\r\n\0＝＋－＠":
        return "\0" in text
    try:
        float(stripped)
    except ValueError:
        return True
    return stripped[0] != "-"


@given(TEXTS)
@example("=1+1")
@example("'=1")
@example(" =cmd")
@example("-2+3")
@example("-")
def test_safe_text_is_never_run_and_can_be_had_back(text: str) -> None:
    made = safe(text)
    assert not is_run(made)
    assert plain(made) == text.replace("\0", "")


@given(st.lists(st.tuples(TEXTS, st.integers(), st.decimals(-(10**9), 10**9, places=2)), max_size=5))
def test_csv_round_trip_keeps_text_and_numbers(rows: list[tuple[str, int, Decimal]]) -> None:
    text = as_csv(("a", "b", "c"), [{"a": a, "b": b, "c": c} for a, b, c in rows])
    found = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [(plain(a), int(b), Decimal(c)) for a, b, c in found] == [(a.replace("\0", ""), b, c) for a, b, c in rows]
    assert not any(is_run(cell) for row in found for cell in row)


@given(st.lists(st.tuples(TEXTS, st.integers(-(10**12), 10**12)), min_size=1, max_size=4))
def test_xlsx_holds_text_as_text_and_numbers_as_numbers(rows: list[tuple[str, int]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(("a", "b"), [{"a": a, "b": b} for a, b in rows])))
    sheet = book.active
    for (text, number), (first, second) in zip(rows, sheet.iter_rows(min_row=2), strict=True):
        assert first.data_type in ("s", "inlineStr", "n")
        assert not is_run(first.value or "")
        assert first.value is None or isinstance(first.value, str)
        assert second.value == number
        assert second.data_type == "n"
        assert bool(first.value) == bool(text.replace("\0", ""))


def test_negative_numbers_of_every_kind_stay_numbers() -> None:
    rows = [{"n": value} for value in (-5, Decimal("-1.50"), Fraction(-1, 3), -0.5, "-7")]
    assert as_csv(("n",), rows).splitlines()[1:] == ["-5", "-1.50", "-0.333333", "-0.5", "-7"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(("n",), rows[:4]))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [-5, -1.5, -0.333333, -0.5]


def test_the_same_rows_give_the_same_workbook() -> None:
    rows = [{"a": "x", "b": 1}]
    assert as_xlsx(("a", "b"), rows) == as_xlsx(("a", "b"), rows)


@pytest.mark.parametrize("text", ["=1", "+1", "-1+1", "@a", "\t=1", "\r=1", "\0=1"])
def test_the_check_of_these_tests_knows_what_is_run(text: str) -> None:
    """The control: without the writer each of these is caught."""
    assert is_run(text)
