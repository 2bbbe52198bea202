"""Files of decisions: every fault is a sentence with its row and field, and no file breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import InputError
from careshape.records import council_intentions, intentions
from careshape.records.intentions import FILE, SHEET

GOOD = {
    "id": "X-1", "service": "home-care", "client_group": "all", "statement": "Do more.", "direction": "grow",
}  # fmt: skip


def sheet(*rows: dict[str, str]) -> str:
    return SHEET.write([{**GOOD, **row} for row in rows])


def test_rows_good_file_is_read_with_types():
    (one,) = SHEET.read(sheet({"target_value": "27", "target_measure": "share", "by_date": "2022-03-31"}))
    assert (one.id, one.target_value, one.by_date.text, one.dropped, one.area) == ("X-1", 27, "2022-03-31", False, "")


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"direction": "up"}, "direction", "It must be one of grow, hold"),
        ({"area": "atlantis"}, "area", "id of a district or zone"),
        ({"by_date": "2022-13"}, "by_date", "a month, a day"),
        ({"target_value": "many"}, "target_value", "It must be a number"),
        ({"target_value": "1e400"}, "target_value", "can be counted"),
        ({"target_value": "5"}, "target_measure", "needs the name of what is counted"),
        ({"baseline": "5"}, "baseline_on", "needs the day"),
        ({"dropped_on": "2022-01-01"}, "dropped_because", "needs its reason"),
        ({"dropped_because": "no money"}, "dropped_on", "needs the day"),
        ({"owner": "Mrs Example"}, "owner", "reads like a person"),
        ({"statement": "a\x08b"}, "statement", "nobody sees"),
        ({"statement": "a\x00b"}, "statement", "nobody sees"),
        ({"statement": ""}, "statement", "must be filled in"),
        ({"id": "a b"}, "id", "must look like W-CI-001"),
        ({"source_line": "x"}, "source_line", "whole number"),
        ({"baseline": "5", "baseline_on": "2023-01-01", "by_date": "2022"}, "baseline_on", "must not be later"),
    ],
)
def test_rows_fault_names_file_row_field_and_rule(row, field, said):
    _, faults = SHEET.check(sheet({}, {"id": "X-2", **row}))
    assert [(one.file, one.row, one.field) for one in faults] == [(FILE, 3, field)]
    assert said in str(faults[0])
    with pytest.raises(InputError, match="row 3, field"):
        SHEET.read(sheet({}, {"id": "X-2", **row}))


def test_rows_id_that_stands_twice_is_a_fault_of_the_second():
    (fault,) = SHEET.check(sheet({}, {}))[1]
    assert (fault.row, fault.field, fault.value) == (3, "id", "X-1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "are missing"),
        ("id,service\n", "are missing"),
        (sheet({}).replace("id,", "ident,", 1), "There is no such column"),
        (sheet({}).replace("id,section", "id,id", 1), "stands twice"),
        (sheet({}) + "X-2,only\n", "It has 2 fields and the header 23"),
        ("x" * 2_000_001, "at most 2,000,000"),
        ('"open', "no CSV file"),
    ],
)  # fmt: skip
def test_rows_broken_file_is_told_in_a_sentence(text, said):
    faults = SHEET.check(text)[1]
    assert any(said in str(fault) for fault in faults), [str(fault) for fault in faults]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=20), min_size=23, max_size=23))
def test_rows_no_text_breaks_the_reader(text, values):
    for given_ in (
        text,
        SHEET.write([]) + ",".join(values),
        SHEET.write([dict(zip(SHEET.names, values, strict=True))]),
    ):
        rows, faults = SHEET.check(given_)
        assert all(str(fault) for fault in faults)
        assert len(rows) <= len(given_)


def test_intentions_council_reads_its_own_file_first(tmp_path):
    assert council_intentions("worcestershire", tmp_path) == intentions("worcestershire")
    (tmp_path / "design").mkdir()
    (tmp_path / FILE).write_text(sheet({"statement": "Ours."}), "utf-8")
    assert [one.statement for one in council_intentions("worcestershire", tmp_path)] == ["Ours."]
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"intentions\.csv cannot be read"):
        council_intentions("worcestershire", tmp_path)
