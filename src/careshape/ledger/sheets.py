"""Workbooks: the one sheet of records in an XLSX file, as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from careshape.errors import InputError

BATCH: Final = 20_000
TABLE: Final = "sheet_rows"


def load_sheet(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], str, int]:
    """Give a connection a workbook's sheet of records: its header, SQL for its rows, the row of the first record.

    Raises InputError where the workbook is damaged or protected, has no records, or several sheets that hold something.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        filled = [sheet for name in book.sheet_names if (sheet := book.get_sheet_by_name(name)).start]
    except CalamineError as error:
        reason = "protected by a password" if "password" in str(error).casefold() else "damaged"
        raise InputError(
            f"{path.name} is a workbook that is {reason}: it cannot be opened. Save it again without."
        ) from None
    if len(filled) > 1:
        titles = ", ".join(f"'{sheet.name}'" for sheet in filled)
        raise InputError(
            f"{path.name} has {len(filled)} sheets with content ({titles}). Save the one with the records by itself."
        )
    if not filled:
        raise InputError(f"{path.name} is a workbook without records. Put a header line and the records on one sheet.")
    rows = _rows(filled[0])
    first, header = next(((number, row) for number, row in rows if any(row)), (0, []))
    width = len(header)
    columns = [f"c{position}" for position in range(width)]
    batches = [
        pa.table([pa.array(column, pa.string()) for column in zip(*batch, strict=True)], columns)
        for batch in _batches(rows, width)
    ]
    if not batches:
        raise InputError(f"{path.name} holds a header row and no records. Save it again with the records.")
    # Registered and not copied: a table of the engine could spill to disk, and these rows name people.
    connection.register(TABLE, pa.concat_tables(batches))
    return header, TABLE, first + 1


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as the spreadsheet shows them, and the cells as text; blank rows at the top are rows too."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(value) for value in row]


def _batches(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[list[list[str | None]]]:
    """Rows cut or filled up to the width of the header; blank rows stay, so that row numbers hold."""
    batch: list[list[str | None]] = []
    for _, row in rows:
        cells = [cell or None for cell in row[:width]]
        batch.append([*cells, *[None] * (width - len(cells))])
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _text(value: Any) -> str:
    """A cell as a CSV would give it: dates as ISO, whole numbers without a point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()
