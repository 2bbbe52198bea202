"""The keys of people: each person's number in the ledger is drawn by chance, and one entry alone says whose it is.

An entry pairs a handle, which the holder of the council's key can work out from an identifier, with a number, which
nobody can work out from anything. It is made at first sight and kept beside the council's key, outside the ledger and
its copies. Once an entry is destroyed the rows stay as care of nobody: no file posted later meets them. References of
lines are kept in the same way, since a reference may name the person, and a source system knows whose it is.

    people/<authority>/id                 tells whether a ledger and these keys belong together
    people/<authority>/persons-*.parquet  handle and number of each person
    people/<authority>/lines-*.parquet    handle and number of each line
"""

from __future__ import annotations

import os
import secrets
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from careshape.errors import InputError
from careshape.ledger.durable import flush
from careshape.ledger.store import quote, scan, write_lock

FOLDER: Final = "people"
ID_FILE: Final = "id"
LOCK_FILE: Final = "lock"
PERSONS, LINES = "persons", "lines"
SCHEMA: Final = pa.schema([pa.field("handle", pa.int64()), pa.field("number", pa.int64())])
_AT_ONCE: Final = 4_096


@dataclass
class KeyTable:
    """The keys of one council's people."""

    folder: Path
    forgotten: frozenset[int] = frozenset()
    """Numbers whose entries were destroyed: an older copy of the keys does not bring them back."""
    fresh: dict[int, int] = field(default_factory=dict)
    """Entries made since the table was opened, not kept yet."""
    _chance: list[int] = field(default_factory=list, repr=False)

    @property
    def id(self) -> str:
        """What tells this table from another; empty before the first entry."""
        file = self.folder / ID_FILE
        return file.read_text("ascii").strip() if file.exists() else ""

    @cached_property
    def known(self) -> dict[int, int]:
        """Handle -> number of every person who has been seen."""
        found: dict[int, int] = {}
        for file in self._files(PERSONS):
            table = parquet.read_table(file, schema=SCHEMA)
            found.update(zip(table["handle"].to_pylist(), table["number"].to_pylist(), strict=True))
        if self.forgotten:
            return {handle: number for handle, number in found.items() if number not in self.forgotten}
        return found

    def number(self, handle: int) -> int:
        """The number of a person, drawn where there is none yet."""
        number = self.known.get(handle)
        if number is None:
            number = self.fresh.get(handle)
        # Several threads may meet the same person at once: whoever is first decides.
        return self.fresh.setdefault(handle, self._drawn()) if number is None else number

    def _drawn(self) -> int:
        """A number by chance from the system's own source, which is asked for many at once."""
        while True:
            try:
                return self._chance.pop() >> 1
            except IndexError:
                self._chance.extend(array("Q", secrets.token_bytes(8 * _AT_ONCE)))

    def lines(self) -> str:
        """SQL for the entries of lines, to stand after FROM; '' where there is none."""
        files = [str(file) for file in self._files(LINES)]
        if not files:
            return ""
        return f"(SELECT * FROM {scan(files, SCHEMA)} WHERE number NOT IN (FROM forgotten_numbers))"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else adds or destroys entries in this block."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / LOCK_FILE).touch(0o600)
        with write_lock(self.folder / LOCK_FILE):
            self.__dict__.pop("known", None)  # as it is now, not as it was before waiting
            yield

    def save(self, connection: duckdb.DuckDBPyConnection, lines: str) -> None:
        """Keep the new entries: of people, and of a query (handle, number) of lines.

        When this returns they are on disk, so that a posting which rests on them can follow.
        """
        if not self.id:
            self._write_whole(self.folder / ID_FILE, lambda file: file.write_text(secrets.token_hex(16) + "\n"))
        if self.fresh:
            columns = [_column(self.fresh), _column(self.fresh.values())]
            table = pa.Table.from_arrays(columns, schema=SCHEMA)
            self._write_whole(self._new(PERSONS), lambda file: _write(table, file))
        if lines:
            self._write_whole(
                self._new(LINES),
                lambda file: connection.execute(
                    f"COPY (SELECT handle, number FROM ({lines})) TO {quote(str(file))} (FORMAT parquet, "
                    "COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, WRITE_BLOOM_FILTER false)"
                ),
            )

    def destroy(self, numbers: Collection[int]) -> int:
        """Destroy the entries of these people and lines; how many there were.

        Each file that held one is written anew without it, and the old content is overwritten where it lies.
        """
        gone, unwanted = 0, pa.array(sorted(numbers), pa.int64())
        with self.held():
            for file in (*self._files(PERSONS), *self._files(LINES)):
                table = parquet.read_table(file, schema=SCHEMA)
                kept = table.filter(compute.invert(compute.is_in(table["number"], value_set=unwanted)))
                if kept.num_rows < table.num_rows:
                    gone += table.num_rows - kept.num_rows
                    self._replace(file, kept)
        self.__dict__.pop("known", None)
        return gone

    def _files(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def _new(self, kind: str) -> Path:
        return self.folder / f"{kind}-{len(self._files(kind)) + 1:05}-{secrets.token_hex(4)}.parquet"

    def _replace(self, file: Path, table: pa.Table) -> None:
        with file.open("r+b") as old:
            self._write_whole(file, lambda draft: _write(table, draft))
            size = os.fstat(old.fileno()).st_size
            old.write(b"\0" * size)
            old.flush()
            os.fsync(old.fileno())

    def _write_whole(self, file: Path, write: Callable[[Path], Any]) -> None:
        """Write a file for its owner alone, so that it appears whole or not at all."""
        draft = file.with_name(f".{file.name}.part")
        draft.touch(0o600)
        write(draft)
        draft.chmod(0o600)
        flush(draft)
        draft.replace(file)
        flush(self.folder)


def _column(numbers: Iterable[int]) -> pa.Array:
    """Whole numbers as a column, without the packages that pa.array would load."""
    held = array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(held), [None, pa.py_buffer(held)])


def _write(table: pa.Table, file: Path) -> None:
    parquet.write_table(table, file, use_dictionary=False, compression="none", write_statistics=False)


def check_belongs(table: KeyTable, wanted: str, name: str) -> None:
    """Refuse keys that are not those of a ledger's postings. Raises InputError."""
    if wanted and table.id != wanted:
        what = "are missing" if not table.id else "are not those with which its earlier files were posted"
        raise InputError(
            f"The keys of {name}'s people {what}: people would be counted twice. Restore the folder {table.folder} "
            "from its backup."
        )
