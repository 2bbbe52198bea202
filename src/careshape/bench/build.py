"""A ledger of any size to measure on: synthetic lines in one posting, two in a hundred corrected in a second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from careshape.bench.lines import synthesise_lines
from careshape.catalogue.periods import day_number, month_ordinal
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.columns import NAMES, OPEN_DAY
from careshape.ledger.ledger import LOCK_FILE
from careshape.ledger.posting import METADATA_KEY, Posting
from careshape.ledger.store import scan, write_lock

AUTHORITY: Final = "worcestershire"
FIRST_POSTING: Final = datetime(2021, 8, 1, 12, tzinfo=UTC)
CORRECTION: Final = datetime(2021, 10, 1, 12, tzinfo=UTC)
KNOWN_ON: Final = {"before the correction": date(2021, 9, 1), "after the correction": date(2021, 11, 1)}
"""The two days as known on which everything is measured."""
CORRECTED_PERCENT: Final = 2
CORRECTED: Final = 2
"""Code of the reason "correction"."""
CLOSED: Final = date(2021, 6, 15)
"""Last day of the corrected lines that stood open."""
MEMORY_LIMIT: Final = "3GB"
"""For sorting; building a ledger is no part of what is measured."""
ORDER: Final = "service, start_day, person, line, sign"
"""The order in which an import writes its rows."""

Say = Callable[[str], None]


def build_ledger(folder: Path, lines: int, seed: int, say: Say) -> Ledger:
    """Build the ledger of ``lines`` line items in ``folder``, or open the one that an earlier run left there.

    Raises CallError where the folder holds a ledger of another size or seed.
    """
    wanted, note = {"lines": lines, "seed": seed}, folder / "bench.json"
    if note.exists():
        found = json.loads(note.read_text("utf-8"))
        if found != wanted:
            raise CallError(
                f"{folder} holds a ledger of {found['lines']:,} lines (seed {found['seed']}), "
                f"not of {lines:,} (seed {seed}). "
                "Name another folder with --work, or empty this one."
            )
        say(f"Using the ledger in {folder}.")
        return Ledger.open(folder / "council")
    if folder.exists() and any(folder.iterdir()):
        raise CallError(
            f"{folder} is not empty and holds no finished benchmark ledger. Name another folder with --work."
        )
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger.create(folder / "council", authority=AUTHORITY, demonstration=True)
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spilled")}) as connection:
        _post_lines(ledger, connection, folder / "unsorted.parquet", lines, seed, say)
        _post_corrections(ledger, connection, say)
    note.write_text(json.dumps(wanted), "utf-8")
    return ledger


def _post_lines(
    ledger: Ledger, connection: duckdb.DuckDBPyConnection, draft: Path, lines: int, seed: int, say: Say
) -> None:
    with pq.ParquetWriter(draft, ledger.table.schema, compression="zstd") as writer:
        written = 0
        for batch in _of(lines, synthesise_lines(lines, seed)):
            writer.write_table(batch)
            written += len(batch)
            say(f"Made {written:,} of {lines:,} lines.")
    say("Sorting and posting them.")
    _post(ledger, connection, f"SELECT * FROM {scan([str(draft)], ledger.table.schema)}", 1, FIRST_POSTING)
    draft.unlink()


def _of(lines: int, batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Exactly ``lines`` rows of what a generator gives, all as the first posting."""
    left = lines
    for batch in batches:
        kept = batch.slice(0, left)
        left -= len(kept)
        yield kept
        if not left:
            return


def _post_corrections(ledger: Ledger, connection: duckdb.DuckDBPyConnection, say: Say) -> None:
    """Take lines back and enter them again: a little dearer, and those that were still open as closed after all."""
    say(f"Correcting {CORRECTED_PERCENT} lines in a hundred.")
    chosen = f"SELECT * FROM {ledger.table.relation()} WHERE hash(line) % 100 < {CORRECTED_PERCENT}"
    taken = _columns({"sign": "-1", "reason": str(CORRECTED)})
    closing = f"end_day = {OPEN_DAY} AND start_day <= {day_number(CLOSED)}"
    closed = {
        "end_day": day_number(CLOSED),
        "end_month": month_ordinal(CLOSED),
        "close_month": month_ordinal(CLOSED + timedelta(days=1)),
    }
    new = {name: f"CASE WHEN {closing} THEN {value} ELSE {name} END" for name, value in closed.items()}
    new |= {"weekly_cost": "weekly_cost + weekly_cost // 50", "quantity": "quantity + quantity // 20"}
    again = _columns({"reason": str(CORRECTED), **new})
    query = f"WITH chosen AS ({chosen}) SELECT {taken} FROM chosen UNION ALL SELECT {again} FROM chosen"
    _post(ledger, connection, query, 2, CORRECTION)


def _columns(new: dict[str, str]) -> str:
    """Every column of the ledger as SQL, some of them with a new value."""
    return ", ".join(f"{new[name]} AS {name}" if name in new else name for name in NAMES)


def _post(ledger: Ledger, connection: duckdb.DuckDBPyConnection, query: str, number: int, moment: datetime) -> None:
    """Append the rows of a query as one posting, typed and ordered as an import writes them."""
    name = f"synthetic posting {number}"
    posting = Posting(number, moment, name, hashlib.sha256(name.encode()).hexdigest(), "packages")
    typed = ", ".join(f"{sql_cast(field)} AS {field.name}" for field in ledger.table.schema if field.name != "posting")
    rows = f"SELECT {typed}, {number}::INTEGER AS posting FROM ({query}) ORDER BY {ORDER}"
    with write_lock(ledger.path / LOCK_FILE):
        ledger.table.append(
            connection, rows, posting.checksum, lambda count: {METADATA_KEY: replace(posting, rows=count).to_json()}
        )


def sql_cast(field: pa.Field) -> str:
    """A column of the ledger as SQL in exactly its type."""
    bits = {8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}
    return f"{field.name}::{bits[field.type.bit_width]}"
