"""A ledger of any size to measure on: the synthetic county's lines in one posting, some corrected in a second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from careshape.demo.scale import synthesise_lines
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.columns import SCHEMA
from careshape.ledger.ledger import LOCK_FILE
from careshape.ledger.posting import METADATA_KEY, Posting
from careshape.ledger.store import scan, write_lock

AUTHORITY: Final = "worcestershire"
RECORDED: Final = {1: datetime(2021, 8, 1, 12, tzinfo=UTC), 2: datetime(2021, 10, 1, 12, tzinfo=UTC)}
"""When the lines were recorded, and when two in a hundred of them were corrected."""
KNOWN_ON: Final = {"before the correction": date(2021, 9, 1), "after the correction": date(2021, 11, 1)}
"""The two days as known on which everything is measured."""
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
    drafts = {number: folder / f"unsorted-{number}.parquet" for number in RECORDED}
    _write(drafts, lines, seed, say)
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spilled")}) as connection:
        for number, draft in drafts.items():
            say(f"Sorting and posting: {number} of {len(drafts)}.")
            _post(ledger, connection, draft, number)
            draft.unlink()
    note.write_text(json.dumps(wanted), "utf-8")
    return ledger


def _write(drafts: Mapping[int, Path], lines: int, seed: int, say: Say) -> None:
    """Write the rows as they are made, those of each posting into its own file."""
    made = 0
    with ExitStack() as stack:
        writers = {
            number: stack.enter_context(pq.ParquetWriter(draft, SCHEMA, compression="zstd"))
            for number, draft in drafts.items()
        }
        for table in synthesise_lines(lines, seed):
            if not len(table):
                continue
            number = table["posting"][0].as_py()
            writers[number].write_table(table)
            if number == 1:
                made += len(table)
                say(f"Made {made:,} of {lines:,} lines.")


def _post(ledger: Ledger, connection: duckdb.DuckDBPyConnection, draft: Path, number: int) -> None:
    """Append the rows of a file as one posting, ordered as an import orders them."""
    name = f"synthetic posting {number}"
    posting = Posting(number, RECORDED[number], name, hashlib.sha256(name.encode()).hexdigest(), "packages")
    query = f"SELECT * FROM {scan([str(draft)], SCHEMA)} ORDER BY {ORDER}"
    with write_lock(ledger.path / LOCK_FILE):
        ledger.table.append(
            connection, query, posting.checksum, lambda rows: {METADATA_KEY: replace(posting, rows=rows).to_json()}
        )
