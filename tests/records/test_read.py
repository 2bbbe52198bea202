"""The declared format is checked field by field; a fault names file, row, field, value and rule."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.errors import CallError, CatalogueError, InputError
from careshape.records import council_observations, load_observations, parse_period, read_table
from careshape.records.descriptor import read_dataset

HEAD = 'authority = "newtown"\ndocument = "A plan"\npublisher = "Newtown"\npublished = "2024"\nlicence = "own"\n'
TABLE = (
    '[[table]]\nfile = "v.csv"\nname = "v"\nnumber = "1"\ntitle = "Visits"\n'
    'rows = 1\ndims = ["district"]\nunits = ["visits"]\n'
)


def collection(folder: Path, descriptor: str = HEAD + TABLE, row: str = "North,visits,visits,2024,10,part") -> Path:
    (folder / "dataset.toml").write_text(descriptor)
    (folder / "v.csv").write_text(f"district,measure,unit,period,value,row_kind\n{row}\n")
    return folder


def read(folder: Path):
    data = read_dataset(folder)
    return read_table(data, data.tables["v"])


def test_good_collection_is_read(tmp_path):
    row = read(collection(tmp_path))[0]
    assert (row.id, row.value, row.source, row.kind) == ("v/1", Decimal(10), "A plan", "observed")


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        ("North,visits,visits,2024,1e400x,part", "value", "plain number"),
        ("North,visits,visits,2024,NaN,part", "value", "plain number"),
        ("North,visits,visits,2024,,part", "value", "must not be blank"),
        ("North,,visits,2024,1,part", "measure", "must not be blank"),
        ("North,visits,miles,2024,1,part", "unit", "declares the units visits"),
        ("North,visits,visits,2024-13,1,part", "period", "does not exist"),
        ("North,visits,visits,2024-02-30,1,part", "period", "does not exist"),
        ("North,visits,visits,2024/2023,1,part", "period", "ends before it starts"),
        ("North,visits,visits,lately,1,part", "period", "is not a period"),
        ("North,visits,visits,2024,1,piece", "row_kind", "part, subtotal"),
    ],
)
def test_packaged_row_that_breaks_the_schema_is_refused(tmp_path, row, field, rule):
    with pytest.raises(CatalogueError) as refused:
        read(collection(tmp_path, row=row))
    assert (refused.value.entry, refused.value.field) == ("row 1", field)
    assert rule in str(refused.value)


@pytest.mark.parametrize(
    ("descriptor", "rule"),
    [
        ("[[table]\n", "valid TOML"),
        (TABLE, "must be given"),
        (HEAD + TABLE.replace("rows = 1", "rows = 2"), "has 2 rows"),
        (HEAD + TABLE.replace("rows = 1", "rows = 0"), "1 or more"),
        (HEAD + TABLE.replace('["district"]', '["zone"]'), "declares the dimensions zone"),
        (HEAD + TABLE.replace('dims = ["district"]\n', ""), "must declare its dimensions"),
        (HEAD + TABLE + 'kind = "guess"\n', "must be one of observed"),
        (HEAD + TABLE + 'colour = "red"\n', "Unknown field"),
        (HEAD + TABLE + TABLE, "name of its own"),
    ],
)
def test_descriptor_that_breaks_its_schema_is_refused(tmp_path, descriptor, rule):
    with pytest.raises(CatalogueError, match=rule):
        read(collection(tmp_path, descriptor))


def test_councils_own_file_lists_its_faults_up_to_ten(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("measure,unit,period,value\n" + "a,b,2024,x\n" * 12)
    with pytest.raises(InputError) as refused:
        load_observations(path, "newtown")
    text = str(refused.value)
    assert text.startswith("own.csv, row 1, column 'value': 'x'.")
    assert text.endswith("... and 2 more")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"measure,unit,value\na,b,1\n", "column 'period'"),
        (b"measure,unit,period,value,value\na,b,2024,1,1\n", "name of its own"),
        (b"", "column 'measure'"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_file_that_is_not_in_the_format_gets_one_clear_sentence(tmp_path, content, said):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_observations(path, "newtown")


def test_own_observations_stand_beside_the_packaged_ones(tmp_path):
    (tmp_path / "visits.csv").write_text("district,measure,unit,period,value\nNorth,visits,visits,2024/25,10\n")
    both = council_observations("thurrock", tmp_path)
    assert both["visits/1"].value == 10
    assert both["T-PF-013"].authority == "thurrock"
    assert len(council_observations("newtown", tmp_path)) == 1


def test_own_observation_cannot_take_the_id_of_a_packaged_one(tmp_path):
    (tmp_path / "visits.csv").write_text("id,measure,unit,period,value\nT-PF-013,visits,visits,2024,10\n")
    with pytest.raises(CallError, match="T-PF-013"):
        council_observations("thurrock", tmp_path)


@given(st.dates(min_value=parse_period("1900").start, max_value=parse_period("2190").end), st.integers(0, 400))
def test_span_of_days_is_read_back(first, length):
    from datetime import timedelta

    last = min(first + timedelta(days=length), first.max)
    period = parse_period(f"{first.isoformat()}/{last.isoformat()}")
    assert (period.start, period.end) == (first, last)
