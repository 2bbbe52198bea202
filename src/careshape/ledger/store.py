"""The ledger's store: Delta Lake tables to which rows are only ever added, each posting as one commit.

Parquet files are written first and become part of a table when the commit that names them appears, in one rename. A
process killed before that leaves a file that no commit names: readers never see it. Writers wait for one another;
readers never wait. Files and commits are flushed to disk in that order, so that a posting that was told of outlives a
power cut.
"""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from careshape.errors import InputError
from careshape.ledger.durable import flush

CONFIGURATION: Final = {
    "delta.appendOnly": "true",
    # The history of commits is the record of what was known when, so it is never cleaned away (a hundred years).
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
ROW_GROUP_ROWS: Final = 122_880
"""Rows of a Parquet row group: what DuckDB reads as one unit, and small enough that sorted files prune well."""
DICTIONARY: Final = 4_096
"""Values of a column from which a Parquet file holds them as they are: identities are never worth a dictionary."""


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the only permission to write; a second writer waits. The system lets go of it when a process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Table:
    """One append-only Delta table."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema

    @classmethod
    def create(cls, path: Path, schema: pa.Schema) -> Table:
        """Create an empty table, or leave the one that is there."""
        path.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(str(path), schema, mode="ignore", configuration=dict(CONFIGURATION))
        table = cls(path, schema)
        table._keep_commit(0)
        flush(path, path.parent)
        return table

    def open(self) -> DeltaTable:
        """The table as its latest commit left it. Raises InputError where there is no table."""
        try:
            return DeltaTable(str(self.path))
        except TableNotFoundError:
            raise InputError(
                f"There is no ledger table in {self.path}. Create the council first, or check --dir."
            ) from None

    def files(self) -> list[str]:
        """Paths of the Parquet files that commits have made part of the table."""
        return [uri.removeprefix("file://") for uri in self.open().file_uris()]

    def relation(self) -> str:
        """SQL for the rows of the table, to stand after FROM."""
        return scan(self.files(), self.schema)

    def commits(self) -> list[dict[str, Any]]:
        """Metadata of every commit, oldest first."""
        return sorted(self.open().history(), key=lambda commit: commit["version"])

    def append(
        self,
        connection: duckdb.DuckDBPyConnection,
        query: str,
        transaction: str,
        metadata: Callable[[int], Mapping[str, str]] = lambda rows: {},
    ) -> int:
        """Add the rows of a query in one commit, under the name of a transaction; returns how many.

        metadata: from the number of rows to what the commit says. Either all rows and the metadata become visible, or
        nothing does. When this returns, the commit is on disk. The caller holds the write lock.
        """
        action, rows = self._write(connection, query, f"part-{secrets.token_hex(16)}.zstd.parquet")
        actions: list[AddAction | RemoveAction] = [action] if rows else []
        table = self.open()
        table.create_write_transaction(
            actions,
            mode="append",
            schema=self.schema,
            commit_properties=CommitProperties(
                custom_metadata=dict(metadata(rows)), app_transactions=[Transaction(transaction, 1)]
            ),
            # A checkpoint would be found after a power cut that took what it says, and nothing here needs one: the
            # commits are read anyway, since they hold the postings.
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )
        self._keep_commit(table.version() + 1)
        return rows

    def _keep_commit(self, version: int) -> None:
        """Make a commit durable: its entry of the log, and that entry's name."""
        log = self.path / "_delta_log"
        flush(log / f"{version:020}.json", log)

    def _write(self, connection: duckdb.DuckDBPyConnection, query: str, name: str) -> tuple[AddAction, int]:
        file = self.path / name
        connection.execute(
            f"COPY ({query}) TO {quote(str(file))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
            f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}, DICTIONARY_SIZE_LIMIT {DICTIONARY}, WRITE_BLOOM_FILTER false)"
        )
        rows, low, high, nulls = _statistics(connection, file, self.schema)
        if rows:
            flush(file, self.path)  # before the commit that names it
        else:
            file.unlink()
        status = json.dumps({"numRecords": rows, "minValues": low, "maxValues": high, "nullCount": nulls})
        size = file.stat().st_size if rows else 0
        modified = int(file.stat().st_mtime * 1000) if rows else 0
        return AddAction(name, size, {}, modified, True, status), rows


def scan(files: list[str], schema: pa.Schema) -> str:
    """SQL for the rows of Parquet files, to stand after FROM; an empty relation of the schema where there are none."""
    if files:
        return f"read_parquet([{', '.join(quote(file) for file in files)}])"
    types = ", ".join(f"NULL::{sql_type(field.type)} AS {field.name}" for field in schema)
    return f"(SELECT {types} WHERE false)"


def quote(text: str) -> str:
    """A string as SQL text."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A column name as SQL text."""
    return '"' + text.replace('"', '""') + '"'


def sql_type(kind: pa.DataType) -> str:
    """The engine's name of an Arrow type."""
    names = {pa.int8(): "TINYINT", pa.int16(): "SMALLINT", pa.int32(): "INTEGER", pa.int64(): "BIGINT"}
    return names.get(kind, "VARCHAR")


def _statistics(
    connection: duckdb.DuckDBPyConnection, file: Path, schema: pa.Schema
) -> tuple[int, dict[str, int], dict[str, int], dict[str, int]]:
    """Rows, and the lowest and highest value of each whole-number column, from the Parquet footer alone."""
    found = connection.execute(
        "SELECT path_in_schema, sum(num_values), min(stats_min_value::BIGINT), max(stats_max_value::BIGINT) "
        "FROM parquet_metadata(?) WHERE type IN ('INT32', 'INT64') GROUP BY ALL",
        [str(file)],
    ).fetchall()
    rows = connection.execute("SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(?)", [str(file)])
    whole = {field.name for field in schema if pa.types.is_integer(field.type)}
    low = {column: least for column, _, least, _ in found if column in whole and least is not None}
    high = {column: most for column, _, _, most in found if column in whole and most is not None}
    return int(rows.fetchall()[0][0]), low, high, dict.fromkeys(low, 0)
