"""The refused rows of a file, as they came, for correction: the one output that shows what the file says in full."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from careshape.errors import CallError
from careshape.ledger.checking import Checked
from careshape.ledger.durable import flush
from careshape.ledger.findings import crossed_message, fault_words, placing
from careshape.ledger.looks import closer
from careshape.ledger.readers import ADDED
from careshape.ledger.sources import Source

BATCH: Final = 10_000


def check_target(path: Path, what: str) -> None:
    """Refuse a file that cannot be written without harm, before anything is read.

    Nothing is overwritten: the name may be that of the records themselves. Raises CallError.
    """
    if path.exists() or path.is_symlink():
        raise CallError(f"{path} is there already, and {what} never overwrite a file. Give a new name, or remove it.")
    if not path.parent.is_dir():
        raise CallError(f"There is no folder {path.parent} to write {path.name} to. Create it first.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise CallError(f"{path} cannot be written: you may not write to {path.parent}. Choose another folder.")


def write_new(path: Path, write: Callable[[Any], None], mode: int = 0o600) -> None:
    """Write a text file so that it appears whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            write(file)
        flush(draft)
        draft.replace(path)
    except OSError as error:
        raise CallError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None
    finally:
        draft.unlink(missing_ok=True)


def write_refused(connection: duckdb.DuckDBPyConnection, source: Source, checked: Checked, path: Path) -> None:
    """Write the refused rows with the file's own columns and three more (``ADDED``) that an import ignores: why, where,
    and the whole text of rows that could not be cut into cells, whose own cells are left blank.

    It holds identifiers of people as the source does: it is written only on request, where the caller says, and
    readable by its owner alone.
    """

    def write(file: Any) -> None:
        writer = csv.writer(file)
        writer.writerow([*source.header, *ADDED])
        writer.writerows(_refused(connection, source, checked))
        writer.writerows(_rejected(connection, source, checked))

    write_new(path, write)


def _refused(connection: duckdb.DuckDBPyConnection, source: Source, checked: Checked) -> Iterator[list[str | None]]:
    """Rows that a rule refused, with their reasons in words."""
    checks = [check for check in checked.plan.checks if check.outcome == "refuse"]
    words = ", ".join(f"faults{word}" for word in range(checked.plan.words))
    found = connection.execute(
        f"""SELECT row, {words}, rule, other FROM checked
        LEFT JOIN (SELECT row, min(rule) AS rule, min(other) AS other FROM crossed
            WHERE {checked.crossed_refusals} GROUP BY row) AS told USING (row)
        WHERE ({checked.is_line} AND {checked.plan.has("refuse")}) OR rule IS NOT NULL ORDER BY row"""
    ).fetchall()
    others = {one[-1] for one in found if one[-1] is not None}
    place = placing(source, sorted({one[0] for one in found} | others), checked)
    positions = checked.plan.match.positions
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE refused_rows AS SELECT unnest(?::BIGINT[]) AS row", [[one[0] for one in found]]
    )
    cells = ", ".join(f"c{position}" for position in range(len(source.header)))
    result = connection.execute(
        f"SELECT {cells} FROM (SELECT *, row_number() OVER () - 1 AS row FROM {source.relation}) "
        "JOIN refused_rows USING (row) ORDER BY row"
    )
    told = iter(found)
    while rows := result.fetchmany(BATCH):
        for row in rows:
            number, *faults, rule, other = next(told)
            why = []
            for check in checks:
                if faults[int(check.word.removeprefix("faults"))] & check.mask:
                    column = checked.plan.match.reader.by_field(check.field)
                    position = positions[column.name]
                    cell = (row[position] or "").strip()
                    message, remedy = fault_words(column, closer(check.rule, column, cell), cell)
                    repeats = remedy.removeprefix("Write ") in message
                    why.append(f"{source.header[position]}: {message}{'' if repeats else f' {remedy}'}")
            if rule:
                why.append(crossed_message(rule, source, place, number, other))
            yield [*row, " ".join(why), str(place(number)), ""]


def _rejected(connection: duckdb.DuckDBPyConnection, source: Source, checked: Checked) -> Iterator[list[str]]:
    """Rows that could not be cut into cells, as they came."""
    if not checked.rejected:
        return
    result = connection.execute(
        "SELECT any_value(csv_line) FROM rejected GROUP BY line_byte_position ORDER BY line_byte_position"
    )
    blank = [""] * len(source.header)
    for row in checked.rejected:
        text = result.fetchone()
        assert text is not None
        yield [*blank, f"The row does not have the cells of the header: {row.fault}.", str(row.line), text[0]]
