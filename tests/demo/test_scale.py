"""Curated rows of any size: typed, repeatable, corrected in part, and like the county that they are copied from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from careshape.catalogue import catalogue
from careshape.demo.scale import mixed, synthesise_lines
from careshape.ledger.columns import DELIVERED, OPEN_DAY, SCHEMA

LINES = 180_000


@pytest.fixture(scope="module")
def tables() -> list[pa.Table]:
    return list(synthesise_lines(LINES, seed=5, batch=50_000))


def test_tables_are_in_the_schema_of_the_ledger_and_no_larger_than_a_batch(tables: list[pa.Table]) -> None:
    assert all(table.schema == SCHEMA for table in tables)
    first = [table for table in tables if table["posting"][0].as_py() == 1]
    assert [len(table) for table in first] == [50_000, 50_000, 50_000, 30_000]


def test_two_lines_in_a_hundred_are_corrected_later(tables: list[pa.Table]) -> None:
    whole = pa.concat_tables(tables)
    later = whole.filter(pc.equal(whole["posting"], 2))
    assert len(later) / 2 / LINES == pytest.approx(0.02, rel=0.1)
    assert pc.sum(later["sign"]).as_py() == 0
    lines = whole.group_by("line").aggregate([("sign", "sum")])
    assert pc.unique(lines["sign_sum"]).to_pylist() == [1]
    assert len(lines) == LINES


def test_reversal_says_what_the_first_row_said(tables: list[pa.Table]) -> None:
    whole = pa.concat_tables(tables)
    taken = {row["line"]: row for row in whole.filter(pc.equal(whole["sign"], -1)).to_pylist()}
    first = whole.filter(pc.and_(pc.equal(whole["posting"], 1), pc.is_in(whole["line"], pa.array(list(taken)))))
    for row in first.to_pylist():
        assert taken[row["line"]] == row | {"sign": -1, "reason": 2, "posting": 2}


def test_rows_are_the_same_for_the_same_seed_whatever_the_batch(tables: list[pa.Table]) -> None:
    again = list(synthesise_lines(60_000, seed=5, corrected=0.0, batch=7_000))
    first = [table for table in tables if table["posting"][0].as_py() == 1]
    assert pa.concat_tables(again).equals(pa.concat_tables(first).slice(0, 60_000))


def test_rows_keep_the_mix_of_the_county(tables: list[pa.Table]) -> None:
    table = tables[0]
    services = set(pc.unique(table["service"]).to_pylist())
    assert {catalogue().code("service", name) for name in ("nursing", "home-care", "supported-living")} <= services
    assert pc.sum(pc.equal(pa.concat_tables(tables)["record"], DELIVERED)).as_py() > 10_000
    ended = table.filter(pc.less(table["end_day"], OPEN_DAY))
    assert pc.all(pc.greater_equal(ended["end_day"], ended["start_day"])).as_py()


def test_mixed_numbers_are_spread_and_never_negative() -> None:
    numbers = mixed(np.arange(100_000, dtype=np.int64), 1, 1)
    assert numbers.min() >= 0
    assert len(np.unique(numbers)) == 100_000
    assert abs(float((numbers % 2).mean()) - 0.5) < 0.01
