"""A ledger for the counting tests: rows written straight as the curated columns, without the reading and checking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_number, month_ordinal
from careshape.ledger.columns import CODED, NAMES, OPEN_DAY, PLANNED, SCHEMA


@dataclass
class RowLedger:
    """Rows in one Parquet file; postings are numbered by the rows themselves and dated by ``recorded``."""

    file: Path
    recorded: dict[int, date]
    authority: str = "worcestershire"

    def files(self) -> list[str]:
        return [str(self.file)]

    def posting_on(self, moment: date | datetime | None) -> int:
        return max((n for n, day in self.recorded.items() if moment is None or day <= moment), default=0)

    def recorded_on(self, number: int) -> date | None:
        return self.recorded.get(number)


def row(line: int, start: str, end: str | None = None, **values: Any) -> dict[str, int]:
    """One curated row; coded columns take catalogue ids, and everything unsaid is 0."""
    found = dict.fromkeys(NAMES, 0) | {"line": line, "sign": 1, "posting": 1, "reason": 1, "record": PLANNED}
    first = date.fromisoformat(start)
    last = date.fromisoformat(end) if end else None
    found["start_day"], found["start_month"] = day_number(first), month_ordinal(first)
    found["end_day"] = day_number(last) if last else OPEN_DAY
    found["end_month"] = month_ordinal(last) if last else 2100 * 12 + 11
    after = date.fromordinal(last.toordinal() + 1) if last else date(2101, 1, 1)
    found["close_month"] = month_ordinal(after)
    for name, value in values.items():
        found[name] = catalogue().code(CODED[name], value) if isinstance(value, str) else int(value)
    return found


def table(rows: list[dict[str, int]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture
def make_ledger(tmp_path: Path):
    """Return a function from rows to a ledger of them."""

    def make(rows: list[dict[str, int]], recorded: dict[int, date] | None = None) -> RowLedger:
        file = tmp_path / f"rows-{len(list(tmp_path.iterdir()))}.parquet"
        pq.write_table(table(rows), file)
        return RowLedger(file, recorded or {1: date(2030, 1, 1)})

    return make
