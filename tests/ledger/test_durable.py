"""What an import told of is on disk before it is told: data before the commit that names it, names after files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from careshape.ledger import Ledger
from careshape.ledger.durable import flush
from careshape.ledger.imports import import_file
from tests.ledger.writing import package


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that the system was asked to write to disk, in order; it is asked all the same."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("Only Linux says which file a descriptor stands for.")
    asked: list[Path] = []
    really: Callable[[int], None] = os.fsync

    def note(descriptor: int) -> None:
        asked.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return asked


def test_flush_takes_files_and_folders_in_order(tmp_path: Path, flushed: list[Path]) -> None:
    file = tmp_path / "file"
    file.write_text("content")
    flush(file, tmp_path)
    assert flushed == [file, tmp_path]


def test_flush_says_when_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "missing")


def test_posting_is_on_disk_when_it_is_reported(ledger: Ledger, write, flushed: list[Path]) -> None:
    report = import_file(ledger, write("p.csv", [package("L-1")]))
    assert report.posting == 1
    table = ledger.table.path
    (data,) = (Path(file) for file in ledger.files())
    commit = table / "_delta_log" / f"{1:020}.json"
    places = [flushed.index(one) for one in (data, table, commit, commit.parent)]
    assert places == sorted(places)
    register = ledger.path / "register" / "providers" / "_delta_log" / commit.name
    assert flushed.index(register) < places[0]


def test_new_ledger_is_on_disk_before_it_is_one(tmp_path: Path, flushed: list[Path]) -> None:
    made = Ledger.create(tmp_path / "councils" / "worcestershire", "worcestershire", demonstration=True)
    first = made.table.path / "_delta_log" / f"{0:020}.json"
    assert flushed.index(first) < flushed.index(made.path / "council.toml.new")
    assert flushed[-1] == made.path


def test_table_needs_no_checkpoint_to_be_read(ledger: Ledger, write) -> None:
    for number in range(3):
        import_file(ledger, write(f"p{number}.csv", [package(f"L-{number}")]))
    log = ledger.table.path / "_delta_log"
    assert sorted(one.name for one in log.iterdir() if one.is_file()) == [f"{number:020}.json" for number in range(4)]
    assert len(ledger.postings()) == 3
