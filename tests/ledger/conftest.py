"""A synthetic council, and files of records for it: nobody in them is a real person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from careshape.ledger import Ledger
from tests.ledger.writing import Rows, write_csv

Write = Callable[..., Path]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty demonstration ledger."""
    return Ledger.create(tmp_path / "data" / "councils" / "worcestershire", "worcestershire", demonstration=True)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows as a CSV beside the data folder: ``write("name.csv", rows)``."""

    def write_file(name: str, rows: Rows, **options: str) -> Path:
        return write_csv(tmp_path / name, rows, **options)

    return write_file


@pytest.fixture
def standing() -> Callable[[Ledger], list[dict[str, int]]]:
    """The versions of lines that stand in a ledger now, after everything taken back."""

    def read(ledger: Ledger) -> list[dict[str, int]]:
        meaning = "* EXCLUDE (sign, reason, posting)"
        found = duckdb.sql(
            f"SELECT {meaning}, sum(sign)::INTEGER AS times FROM {ledger.table.relation()} GROUP BY ALL "
            "HAVING sum(sign) <> 0 ORDER BY line, record, start_day"
        ).to_arrow_table()
        rows: list[dict[str, int]] = found.to_pylist()
        assert all(row["times"] == 1 for row in rows)
        return rows

    return read
