from __future__ import annotations

import pyarrow.compute as pc

from careshape.bench import lines
from careshape.bench.lines import synthesise_lines
from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date, month_ordinal
from careshape.ledger.columns import CODED, SCHEMA


def test_batches_hold_the_rows_asked_for_in_the_columns_of_the_ledger(monkeypatch):
    monkeypatch.setattr(lines, "BATCH", 400)
    batches = list(synthesise_lines(1_000, 1))
    assert [len(batch) for batch in batches] == [400, 400, 200]
    assert all(batch.schema == SCHEMA for batch in batches)
    assert len(set().union(*(batch["line"].to_pylist() for batch in batches))) == 1_000


def test_equal_seeds_give_equal_rows_and_others_do_not():
    (first,), (again,), (other,) = (synthesise_lines(500, seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_rows_are_what_the_ledger_could_hold():
    (table,) = synthesise_lines(2_000, 3)
    for row in table.to_pylist():
        assert row["start_day"] <= row["end_day"]
        assert row["start_month"] == month_ordinal(day_date(row["start_day"]))
        assert row["close_month"] == month_ordinal(day_date(row["end_day"] + 1))
    for column, listing in CODED.items():
        assert set(pc.unique(table[column]).to_pylist()) <= set(catalogue().list(listing).by_code)
