"""Export: the curated lines of one or more councils as one Parquet file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from careshape.errors import CallError
from careshape.ledger.columns import NAMES, SCHEMA
from careshape.ledger.engine import session
from careshape.ledger.ledger import Ledger
from careshape.ledger.store import ROW_GROUP_ROWS, quote, scan


def export(ledgers: Sequence[Ledger], path: Path | str) -> int:
    """Write every row of the ledgers, with the columns of ``columns.py``, and return how many there are.

    Rows taken back stand there with ``sign`` -1: sum over ``sign`` for what is known now, and keep the postings up to a
    number for what was known then. Postings are numbered by council. The file appears whole or not at all.

    Raises CallError where there is no ledger to export, or the file cannot be written there.
    """
    if not ledgers:
        raise CallError("There is no ledger to export. Import a file first, or check --dir.")
    path = Path(path)
    if path.suffix.casefold() != ".parquet":
        raise CallError(f"The export is a Parquet file, and '{path.name}' does not end in .parquet. Name it so.")
    if not path.parent.is_dir():
        raise CallError(f"There is no folder {path.parent} to write {path.name} to. Create it first.")
    files = [file for ledger in ledgers for file in ledger.files()]
    draft = path.with_name(f".{path.name}.part")
    with session() as (connection, _):
        connection.execute(
            f"COPY (SELECT {', '.join(NAMES)} FROM {scan(files, SCHEMA)} "
            "ORDER BY authority, posting, service, start_day, person) "
            f"TO {quote(str(draft))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
        )
        rows = connection.execute(f"SELECT count(*) FROM read_parquet({quote(str(draft))})").fetchall()[0][0]
    draft.replace(path)
    return int(rows)
