"""Opening a file of official statistics: plain, gzip, zip, or a workbook, as sheets of text."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine
from pyarrow import csv as arrow_csv

from careshape.errors import InputError

HEAD_LINES = 60
"""How many lines are looked at to find the header: official tables have their title and notes above it."""

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXT = (".csv", ".txt")


@dataclass(frozen=True)
class Sheet:
    """A table of text: a file of CSV, or a sheet of a workbook.

    Attributes:
        file: the name of the file that it stands in; name: that of the sheet, or of the file.
        head: its first lines.
    """

    file: str
    name: str
    head: tuple[tuple[str, ...], ...]
    _body: Callable[[int, int], list[pa.Array]]
    _lines: Callable[[int], list[int]]

    def lines(self, below: int) -> list[int]:
        """The line, or row of the sheet, counted from 1, at which each row of the body below line `below` begins."""
        return self._lines(below)

    def body(self, below: int, width: int) -> list[pa.Array]:
        """The columns below line `below` (counted from 0: the first line of the body), as text, `width` of them."""
        return self._body(below, width)


def open_sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet of a file.

    Raises:
        InputError: the file is not there, is cut off, or is of no kind that can be read.
    """
    if not path.is_file():
        raise InputError(f"There is no file '{path}'.")
    content = path.read_bytes()
    if not content:
        raise InputError(f"{path.name} is empty.")
    yield from _open(path.name, content)


def _open(name: str, content: bytes) -> Iterator[Sheet]:
    suffix = Path(name).suffix.lower()
    if suffix == ".gz":
        yield from _open(Path(name).stem, _unpack(name, content))
    elif suffix == ".zip":
        yield from _members(name, content)
    elif suffix in WORKBOOKS:
        yield from _workbook(name, content)
    elif suffix in TEXT:
        yield _text(name, content)
    else:
        raise InputError(f"{name} is not a kind of file that can be read: csv, {', '.join(WORKBOOKS)}, in zip or gz.")


def _unpack(name: str, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise InputError(f"{name} is cut off or damaged ({fault}). Download it again.") from None


def _members(name: str, content: bytes) -> Iterator[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [one for one in archive.namelist() if Path(one).suffix.lower() in (*WORKBOOKS, *TEXT)]
            if not names:
                raise InputError(f"{name} holds no table (csv, {', '.join(WORKBOOKS)}).")
            for one in names:
                yield from _open(Path(one).name, archive.read(one))
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise InputError(f"{name} is cut off or damaged ({fault}). Download it again.") from None


def _workbook(name: str, content: bytes) -> Iterator[Sheet]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        for title in book.sheet_names:
            rows = [[_cell(cell) for cell in row] for row in book.get_sheet_by_name(title).to_python(False)]
            head = tuple(tuple(row) for row in rows[:HEAD_LINES])
            yield Sheet(name, title, head, _rows_body(rows), _rows_lines(len(rows)))
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise InputError(f"{name} cannot be read as a workbook ({fault}). Download it again.") from None


def _cell(cell: Any) -> str:
    """A cell as text: a whole number without decimals, so that a year or an age reads as one."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).strip()


def _rows_body(rows: Sequence[Sequence[str]]) -> Callable[[int, int], list[pa.Array]]:
    def body(below: int, width: int) -> list[pa.Array]:
        kept = [[*row[:width], *[""] * (width - len(row))] for row in rows[below:]]
        return [pa.array([row[place] for row in kept], pa.string()) for place in range(width)]

    return body


def _rows_lines(rows: int) -> Callable[[int], list[int]]:
    return lambda below: list(range(below + 1, rows + 1))


def _text(name: str, content: bytes) -> Sheet:
    text = _decode(content)
    lines = text.split("\n", HEAD_LINES)[:HEAD_LINES]
    try:
        head = list(csv.reader(io.StringIO("\n".join(lines))))
    except csv.Error as fault:
        raise InputError(f"{name} is not a table of text ({fault}). Download it again, or save it as CSV.") from None
    rows = tuple(tuple(cell.strip() for cell in row) for row in head)
    return Sheet(name, Path(name).stem, rows, _csv_body(name, text), _csv_lines(text))


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_lines(text: str) -> Callable[[int], list[int]]:
    def lines(below: int) -> list[int]:
        reader = csv.reader(io.StringIO(text))
        for _ in range(below):
            next(reader)
        found, before = [], reader.line_num
        for row in reader:
            if row:  # a blank line is no row
                found.append(before + 1)
            before = reader.line_num
        return found

    return lines


def _csv_body(name: str, text: str) -> Callable[[int, int], list[pa.Array]]:
    def body(below: int, width: int) -> list[pa.Array]:
        reader = csv.reader(io.StringIO(text))
        for _ in range(below):
            next(reader)
        skipped = reader.line_num
        wrong: list[arrow_csv.InvalidRow] = []

        def refuse(row: arrow_csv.InvalidRow) -> str:
            wrong.append(row)
            return "skip"

        names = [f"f{place}" for place in range(width)]
        try:
            table = arrow_csv.read_csv(
                io.BytesIO(text.encode()),
                arrow_csv.ReadOptions(use_threads=False, skip_rows=skipped, column_names=names, block_size=1 << 24),
                arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
                ),
            )
        except pa.ArrowInvalid as fault:
            raise InputError(f"{name} has no rows below its header, or is cut off ({fault}).") from None
        if wrong:
            raise InputError(
                f"{name}: a row has {wrong[0].actual_columns} cells where the header has {wrong[0].expected_columns}: "
                f"'{wrong[0].text[:60]}'. The file is cut off or was changed. Download it again."
            )
        return [table.column(one).combine_chunks() for one in names]

    return body
