"""``careshape bench``: the keys that others rely on, and what a wrong call says."""

from __future__ import annotations

import json

import pytest

from careshape.cli import main


def test_measures_gives_ratios_for_machines_and_progress_for_people(capsys):
    assert main(["bench", "measures", "--lines", "2000,4000", "--no-pandas", "--format", "json"]) in (0, 1)
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["lines"] == 4_000
    assert found["scan_ratio"] == pytest.approx(found["cpu_seconds"] / found["scan_cpu_seconds"])
    assert found["pandas_ratio"] is None
    assert found["peak_mb"] > 50
    assert [one["lines"] for one in found["sizes"]] == [2_000, 4_000]
    assert found["growth"] > 0
    assert {"measure", "cpu", "scan_cpu", "wall", "known"} <= set(found["each"][0])
    assert "Made 2,000 of 2,000 lines." in said.err


def test_measures_gives_a_table_for_people(capsys):
    assert main(["bench", "measures", "--lines", "2000"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("measure ")
    assert "pandas_ratio" in said


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


def test_work_folder_stays_and_is_used_again(tmp_path, capsys):
    call = ["bench", "measures", "--lines", "2000", "--no-pandas", "--work", str(tmp_path / "work")]
    assert [main(call), main(call)] == [0, 0]
    assert "Using the ledger in" in capsys.readouterr().err
