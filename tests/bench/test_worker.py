from __future__ import annotations

import pytest

from careshape.bench.importing import bench_import
from careshape.bench.measuring import bench_measures
from careshape.bench.questions import questions
from careshape.bench.worker import run
from careshape.demo.generate import SEED
from careshape.errors import CallError, CareshapeError

from .conftest import LINES


def test_one_run_times_every_question_on_both_days_and_compares_the_answers(work):
    said: list[str] = []
    run_ = bench_measures(work, LINES, SEED, True, said.append)
    assert run_.lines == LINES
    assert {one.known for one in run_.timings} == {"before the correction", "after the correction"}
    assert len(run_.timings) == 2 * len(questions())
    assert all(one.cpu > 0 and one.scan_cpu > 0 and one.plain_scan_cpu > 0 and one.pandas_cpu for one in run_.timings)
    assert run_.peak_mb > 50
    assert any(text.startswith("Pandas: 200 of") for text in said)


def test_what_stops_a_process_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CareshapeError, match="The benchmark of measures stopped: There is no council in"):
        list(run("measures", str(tmp_path), "0"))


def test_import_accounts_for_the_rows_of_the_file(tmp_path):
    found = bench_import(tmp_path / "work", 3_000, 1, lambda text: None)
    assert found.rows == 3_000
    assert 0 < found.refused < found.accepted + found.repaired <= found.rows - found.refused
    assert found.cpu > 0
    with pytest.raises(CallError, match="not empty"):
        bench_import(tmp_path / "work", 3_000, 1, lambda text: None)
