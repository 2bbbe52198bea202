"""``careshape market``: what was read, its faults in sentences, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.cli import main
from tests.market.synthetic import ACTIVE, JULY, as_csv


def test_read_says_rows_and_faults_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = as_csv(tmp_path / f"{JULY}.csv", [ACTIVE, ACTIVE | {"Location ID": "1-101", "Care home?": "perhaps"}])
    kept = tmp_path / "faults.csv"
    assert main(["market", "read", str(path), "--faults", str(kept)]) == 1
    said = capsys.readouterr().out
    assert "cqc-directory" in said
    assert f"{path.name}, row 3, Care home?: 'perhaps' is not Y, N or blank." in said
    assert "no real file of this layout was at hand" in said
    assert kept.read_text().startswith("file,row,column,value,outcome,message\n")
    assert main(["market", "read", str(path), "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["refused_rows"], found["as_of"]) == (1, 1, "2021-07-01")
    assert found["findings"][0]["row"] == 3


def test_read_of_another_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["market", "read", str(as_csv(tmp_path / "other.csv", [{"a": 1, "b": 2}]))]) == 1
    assert "is not a file of a source that careshape knows" in capsys.readouterr().err
