"""Workbooks: the one sheet of records in an XLSX file, as rows of text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from careshape.errors import InputError

BATCH: Final = 20_000
TABLE: Final = "sheet_rows"
TOP_ROWS: Final = 30
"""Rows from the top among which the header must be."""
LONGEST_CELL: Final = 10_000
BARE_FORMULA: Final = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]* t="str")[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
"""A cell with a formula and no result; a result that is an empty text says so."""


@dataclass(frozen=True)
class Sheet:
    """The sheet of records of a workbook."""

    header: list[str]
    relation: str
    """SQL for its rows."""
    first: int
    """Row of the first record, as the spreadsheet shows it."""
    top: tuple[tuple[int, list[str]], ...]
    """Its first filled rows with their numbers, the header among them."""
    notes: tuple[str, ...] = ()
    """What of the workbook was not read."""


def load_sheet(connection: duckdb.DuckDBPyConnection, path: Path) -> Sheet:
    """Give a connection the rows of a workbook's sheet of records.

    Raises InputError where the workbook is damaged or protected, has no records, several sheets that hold something, or
    formulas without results.
    """
    sheet, notes = _choose_sheet(path)
    if formula := first_bare_formula(path):
        raise InputError(
            f"{path.name} has formulas that were never computed, the first in cell {formula}, so that their results "
            "are not in the file. Open it in a spreadsheet program, save it, and give that file."
        )
    numbered = list(islice(_rows(sheet), TOP_ROWS))
    top = tuple((number, row) for number, row in numbered if any(row))
    first, header = top[0] if top else (0, [])
    rows = (row for number, row in _rows(sheet) if number > first)
    columns = [f"c{position}" for position in range(len(header))]
    batches = [
        pa.table([pa.array(column, pa.string()) for column in zip(*batch, strict=True)], columns)
        for batch in _batches(rows)
    ]
    if not batches:
        batches = [pa.table([pa.array([], pa.string()) for _ in columns], columns)]
    # Registered and not copied: a table of the engine could spill to disk, and these rows name people.
    connection.register(TABLE, pa.concat_tables(batches))
    return Sheet(header, TABLE, first + 1, top, tuple(notes))


def _choose_sheet(path: Path) -> tuple[CalamineSheet, list[str]]:
    """The one sheet that holds something, hidden ones aside; and what is said of those."""
    try:
        with path.open("rb") as file:
            # By its content and not by its name, which may be that of another kind of file.
            book = CalamineWorkbook.from_filelike(file)
            filled = [sheet for name in book.sheet_names if (sheet := book.get_sheet_by_name(name)).start]
            shown = {one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible}
    except CalamineError as error:
        reason = "protected by a password" if "password" in str(error).casefold() else "damaged"
        raise InputError(
            f"{path.name} is a workbook that is {reason}: it cannot be opened. Save it again without."
        ) from None
    visible = [sheet for sheet in filled if sheet.name in shown] or filled
    if len(visible) > 1:
        titles = ", ".join(f"'{sheet.name}'" for sheet in visible)
        raise InputError(
            f"{path.name} has {len(visible)} sheets with content ({titles}). Save the one with the records by itself."
        )
    if not visible:
        raise InputError(f"{path.name} is a workbook without records. Put a header line and the records on one sheet.")
    hidden = [f"'{sheet.name}'" for sheet in filled if sheet is not visible[0]]
    names = f"sheet {hidden[0]} was" if len(hidden) == 1 else f"sheets {', '.join(hidden)} were"
    return visible[0], [f"The hidden {names} not read."] if hidden else []


def first_bare_formula(path: Path) -> str | None:
    """The first cell of a workbook with a formula and without its result, as programs write them; None if none."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        rest = b""
                        while block := part.read(1 << 20):
                            if b"<f" in block and (found := BARE_FORMULA.search(rest + block)):
                                return found[1].decode()
                            rest = block[-LONGEST_CELL:]
    except (zipfile.BadZipFile, OSError):
        return None  # whether it can be opened at all is said by whoever reads it
    return None


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as the spreadsheet shows them, and the cells as text; blank rows at the top are rows too."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(value) for value in row]


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str | None]]]:
    """Rows, several at a time; a blank cell is None, and blank rows stay, so that row numbers hold."""
    while batch := [[cell or None for cell in row] for row in islice(rows, BATCH)]:
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
