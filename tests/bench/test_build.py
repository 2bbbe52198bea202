from __future__ import annotations

import duckdb
import pytest

from careshape.bench.build import KNOWN_ON, build_ledger
from careshape.demo.generate import SEED
from careshape.errors import CallError

from .conftest import LINES


def test_ledger_has_two_postings_between_which_the_days_as_known_lie(ledger):
    assert [posting.number for posting in ledger.postings()] == [1, 2]
    assert [ledger.posting_on(day) for day in KNOWN_ON.values()] == [1, 2]


def test_two_lines_in_a_hundred_are_taken_back_and_entered_again(ledger):
    rows = duckdb.sql(
        f"SELECT posting, sign, count(*), count(DISTINCT line) FROM {ledger.table.relation()} GROUP BY ALL"
    )
    found = {(posting, sign): (count, lines) for posting, sign, count, lines in rows.fetchall()}
    taken = found[2, -1][0]
    assert found == {(1, 1): (LINES, LINES), (2, -1): (taken, taken), (2, 1): (taken, taken)}
    assert 0.015 < taken / LINES < 0.025


def test_rows_lie_in_the_order_in_which_an_import_writes_them(ledger):
    for file in ledger.files():
        rows = duckdb.sql(f"SELECT service, start_day FROM read_parquet('{file}')").fetchall()
        assert rows == sorted(rows)


def test_a_built_ledger_is_used_again_and_another_size_refused(work, ledger):
    said: list[str] = []
    assert build_ledger(work, LINES, SEED, said.append).files() == ledger.files()
    assert said == [f"Using the ledger in {work}."]
    with pytest.raises(CallError, match=r"20,000 lines .*, not of 30 "):
        build_ledger(work, 30, SEED, said.append)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CallError, match="not empty"):
        build_ledger(tmp_path, 30, 1, lambda text: None)
