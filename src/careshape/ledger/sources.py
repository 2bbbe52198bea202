"""Files as they come: what a file really is, and its rows as text, whatever it was saved as.

A file that is not what it says gets one sentence that says what it is and how to save it as what is needed.
"""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from careshape.errors import InputError
from careshape.ledger.lines import Survey, survey
from careshape.ledger.sheets import load_sheet
from careshape.ledger.store import name, quote

SIZE_LIMIT: Final = 64 * 2**30
"""Largest file that is read, in bytes. A line item takes 100 to 600 bytes: 64 GiB is far beyond any council's
records.
"""
HEAD_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 2**21
"""Longest row of a CSV that is read, in bytes."""

_PICTURES: Final = {b"%PDF": "a PDF", b"\x89PNG": "a picture (PNG)", b"\xff\xd8\xff": "a picture (JPEG)"}
_PACKED: Final = {b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive"}


@dataclass(frozen=True)
class Source:
    """A file opened for reading: its header, and SQL for its rows as text columns c0, c1, …"""

    path: Path
    kind: str
    """csv, xlsx or parquet."""
    header: tuple[str, ...]
    relation: str
    """SQL to stand after FROM; columns are named c0, c1, … in the order of the header."""
    survey: Survey
    first_line: int
    """Line (CSV) or row (XLSX, Parquet) of the first record after the header."""
    options: str = ""
    """For CSV: the call of read_csv up to its closing bracket, so that the import can add what keeps the rejected
    rows.
    """


def open_source(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """Open a file of records. Raises InputError, in one sentence, where it is not a CSV, XLSX or Parquet file of
    records.
    """
    _check_readable(path)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError(f"{path.name} is empty. Export it again with a header line and the records.")
    for signature, what in (_PICTURES | _PACKED).items():
        if head.startswith(signature):
            raise InputError(f"{path.name} is {what}, not a file of records. Give a CSV, XLSX or Parquet file.")
    if head.startswith(b"PAR1"):
        return _parquet(connection, path)
    if head.startswith(b"PK\x03\x04"):
        return _workbook(connection, path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            f"{path.name} is an old Excel file (.xls). Open it in Excel and save it as .xlsx or CSV UTF-8."
        )
    return _csv(path, head)


def _check_readable(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Check the path and who may read it.") from None
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path} is a folder. Give the files in it one by one.")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is a device or a pipe, not a file. Save the records to a file first.")
    if status.st_size > SIZE_LIMIT:
        raise InputError(
            f"{path.name} holds {status.st_size / 2**30:.0f} GiB; the limit is {SIZE_LIMIT / 2**30:.0f}. "
            "Split it by period."
        )
    try:
        path.open("rb").close()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Ask its owner for permission to read it.") from None


def _csv(path: Path, head: bytes) -> Source:
    found = survey(path)
    _check_text(path, head, found)
    text = head.decode("utf-8-sig", errors="ignore")
    delimiter = max(",;\t|", key=_first_record(text, path).count)
    header = _header(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)))
    if found.newlines == 0 or not found.records_follow:
        raise InputError(f"{path.name} holds a header line and no records. Export it again with the records.")
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(header)))
    options = (
        f"read_csv({quote(str(path))}, auto_detect=false, header=true, delim={quote(delimiter)}, quote='\"', "
        f"escape='\"', columns={{{columns}}}, max_line_size={LONGEST_LINE}, strict_mode=true"
    )
    return Source(path, "csv", header, f"{options}, ignore_errors=true)", found, 2, options)


def _check_text(path: Path, head: bytes, found: Survey) -> None:
    """Refuse what is not UTF-8 text, saying what it looks like instead."""
    advice = "Save it again as 'CSV UTF-8'."
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:200].count(b"\0") > 40:
        raise InputError(f"{path.name} is text in UTF-16 ('Unicode text'), not UTF-8. {advice}")
    if found.has_nul:
        raise InputError(f"{path.name} is not a text file: it holds zero bytes. Give a CSV, XLSX or Parquet file.")
    if found.bad_line is not None:
        raise InputError(
            f"{path.name} is not in UTF-8: line {found.bad_line} holds a byte that looks like Windows-1252 "
            f"(a plain 'CSV' from Excel). {advice}"
        )


def _first_record(text: str, path: Path) -> str:
    line = text.split("\n", 1)[0]
    if len(line) > HEAD_BYTES // 2:
        raise InputError(
            f"{path.name} has no line breaks where a header line should end. Give a CSV, XLSX or Parquet file."
        )
    return line


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells)


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quote(str(path))})").fetchall()
        rows = connection.execute(f"SELECT count(*) FROM read_parquet({quote(str(path))})").fetchall()[0][0]
    except duckdb.Error:
        raise InputError(f"{path.name} is a damaged Parquet file: it cannot be opened. Export it again.") from None
    if not rows:
        raise InputError(f"{path.name} holds columns and no records. Export it again with the records.")
    header = _header([column[0] for column in described])
    nested = [column[0] for column in described if column[1].endswith("]") or column[1].startswith(("STRUCT", "MAP"))]
    if nested:
        raise InputError(f"{path.name} has the nested column '{nested[0]}'. Give one value in each column.")
    columns = ", ".join(f"{name(column[0])}::VARCHAR AS c{position}" for position, column in enumerate(described))
    relation = f"(SELECT {columns} FROM read_parquet({quote(str(path))}))"
    return Source(path, "parquet", header, relation, survey(path, text=False), 1)


def _workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    try:
        names = zipfile.ZipFile(path).namelist()
    except zipfile.BadZipFile:
        raise InputError(
            f"{path.name} is a damaged archive or workbook: it cannot be opened. Export it again."
        ) from None
    if not any(entry.startswith("xl/") for entry in names):
        what = "a Word or other Office document" if "[Content_Types].xml" in names else "a zip archive"
        raise InputError(
            f"{path.name} is {what}, not a file of records. Unpack it, and give the CSV, XLSX or Parquet file."
        )
    header, table, first = load_sheet(connection, path)
    return Source(path, "xlsx", _header(header), table, survey(path, text=False), first)
