"""``careshape bench``: the keys that others rely on, and what a wrong call says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.bench.build import build_ledger
from careshape.cli import main
from careshape.demo.generate import SEED

FEW = ("--questions", "10")
"""All of them are asked in tests/bench/test_worker.py."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder that the tests build in one after another, so that each ledger is built once."""
    return str(tmp_path_factory.mktemp("bench"))


def test_measures_gives_ratios_for_machines_and_progress_for_people(work, capsys):
    call = ["bench", "measures", "--lines", "2000,4000", "--no-pandas", "--work", work, "--format", "json", *FEW]
    assert main(call) in (0, 1)
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["lines"] == 4_000
    assert found["scan_ratio"] == pytest.approx(found["cpu_seconds"] / found["scan_cpu_seconds"])
    assert found["pandas_ratio"] is None
    assert found["peak_mb"] > 50
    assert [one["lines"] for one in found["sizes"]] == [2_000, 4_000]
    assert found["growth"] > 0
    assert {"measure", "cpu", "scan_cpu", "wall", "known"} <= set(found["each"][0])
    assert found["plain_scan_ratio"] == pytest.approx(found["cpu_seconds"] / found["plain_scan_cpu_seconds"])
    assert "Measures: 10 of 10 questions" in said.err
    assert len(found["each"]) == 20, "as known on two days"


def test_measures_gives_a_table_for_people_from_the_ledger_that_is_there(work, capsys):
    build_ledger(Path(work) / "lines-2000", 2_000, SEED, lambda text: None)
    assert main(["bench", "measures", "--lines", "2000", "--no-pandas", "--work", work, *FEW]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("measure ")
    assert "scan_ratio" in said.out
    assert "left out" in said.out
    assert "Using the ledger in" in said.err


def test_measures_refuses_a_folder_of_another_seed(work, capsys):
    build_ledger(Path(work) / "lines-2000", 2_000, SEED, lambda text: None)
    assert main(["bench", "measures", "--lines", "2000", "--work", work, "--seed", "77"]) == 2
    assert "seed 77" in capsys.readouterr().err


def test_import_gives_rows_a_second_and_memory(capsys):
    main(["bench", "import", "--rows", "2000", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == 2_000
    assert found["rows_per_cpu_second"] == pytest.approx(2_000 / found["cpu_seconds"])
    assert found["peak_mb"] > 50


@pytest.mark.parametrize("lines", ["many", "0", "1000,-1"])
def test_measures_refuses_what_is_no_size(capsys, lines):
    assert main(["bench", "measures", "--lines", lines]) == 2
    assert "line" in capsys.readouterr().err
