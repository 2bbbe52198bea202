"""Files as they come: what a file really is, and its rows as text, whatever it was saved as.

A file that is not what it says gets one sentence that says what it is and how to save it as what is needed.
"""

from __future__ import annotations

import csv
import io
import re
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb

from careshape.errors import InputError
from careshape.ledger.lines import Survey, other_line_end, survey
from careshape.ledger.readers import names_columns
from careshape.ledger.sheets import TOP_ROWS, load_sheet
from careshape.ledger.store import name, quote

SIZE_LIMIT: Final = 64 * 2**30
"""Largest file that is read, in bytes. A line item takes 100 to 600 bytes: 64 GiB is far beyond any council's
records.
"""
HEAD_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 2**21
"""Longest row of a CSV that is read, in bytes."""

_KINDS: Final = {
    "csv": ("a text file", ".csv", ".txt", ".tsv"),
    "xlsx": ("a workbook", ".xlsx", ".xlsm", ".xlsb", ".xls"),
    "parquet": ("a Parquet file", ".parquet"),
}
"""What the kinds of file are called, and the endings of their names."""
DELIMITERS: Final = ",;\t|"
_OTHER_DELIMITERS: Final = {"^": "^ (carets)", "~": "~ (tildes)", "#": "# signs", ":": "colons", " ": "spaces"}
_PICTURES: Final = {b"%PDF": "a PDF", b"\x89PNG": "a picture (PNG)", b"\xff\xd8\xff": "a picture (JPEG)"}
_CONTROLS: Final = bytes(one for one in range(1, 32) if one not in b"\t\n\r\x0b\x0c\x1a")
"""Control characters that no text has, zero bytes aside."""
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
    top: tuple[tuple[int, Sequence[str]], ...] = ()
    """The first filled rows with their numbers, the header among them."""
    notes: tuple[str, ...] = ()
    """What is said of the file as a whole."""

    @property
    def counted(self) -> str:
        """What places in the file are counted in: lines of text, or rows."""
        return "line" if self.kind == "csv" else "row"

    @property
    def called(self) -> str:
        """Name of the file, and what it is where its name says another thing."""
        return f"{self.path.name} ({self.misnamed})" if self.misnamed else self.path.name

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said of the file as a whole, its name included."""
        if not self.misnamed:
            return self.notes
        return (f"The file is {self.misnamed}, whatever its name says: it was read as such.", *self.notes)

    @property
    def misnamed(self) -> str:
        """What the file is, where its name says another thing; empty where they agree."""
        what, *endings = _KINDS[self.kind]
        other = {one for _, *several in _KINDS.values() for one in several} - {*endings}
        return what if self.path.suffix.lower() in other else ""


def open_source(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """Open a file of records. Raises InputError, in one sentence, where it is not a CSV, XLSX or Parquet file of
    records.
    """
    _check_readable(path)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head and not head.strip(b"\0"):
        raise InputError(f"{path.name} begins with zero bytes alone, so it is no text file. Export it again.")
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
        raise InputError(_old_office(path))
    if what := _markup(head):
        raise InputError(
            f"{path.name} is {what}, not a file of records{_despite_its_name(path)}. Open it in a spreadsheet program, "
            "and save it as .xlsx or CSV UTF-8."
        )
    return _csv(path, head)


def _despite_its_name(path: Path) -> str:
    ending = path.suffix.lower()
    return f", though its name ends in {ending}" if any(ending in one[1:] for one in _KINDS.values()) else ""


def _markup(head: bytes) -> str:
    """What a text is that marks its parts up, such as the web pages that some systems save as .xls; '' for others."""
    start = head[:4096].decode("utf-8-sig", errors="ignore").lstrip().casefold()
    if start.startswith("<?xml") or start.startswith("<workbook"):
        return "an XML file" if "<html" not in start else "a web page (HTML)"
    if re.match(r"<(!doctype|html|head|body|table|meta|style|div|!--)", start):
        return "a web page (HTML)"
    if start.startswith("{\\rtf"):
        return "a rich text document"
    return "a JSON file" if re.match(r'[{\[]\s*["{\[]', start) else ""


def _old_office(path: Path) -> str:
    """What is said of a file in the container of old Office files, which protected workbooks have too."""
    size = path.stat().st_size
    with path.open("rb") as file:
        text = file.read(HEAD_BYTES)
        file.seek(max(0, size - HEAD_BYTES))
        text += file.read(HEAD_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in text:
        return f"{path.name} is a workbook that is protected by a password: it cannot be opened. Save it again without."
    if "WordDocument".encode("utf-16-le") in text:
        return f"{path.name} is an old Word document (.doc), not a file of records. Give a CSV, XLSX or Parquet file."
    return f"{path.name} is an old Excel file (.xls). Open it in Excel and save it as .xlsx or CSV UTF-8."


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
    first = _first_record(text, path)
    delimiter = max(DELIMITERS, key=first.count)
    if not first.count(delimiter):
        _check_parted(path, first)
    top = _top(text, delimiter)
    header = _header(top[0][1])
    if found.newlines == 0 or not found.records_follow:
        raise InputError(_single(path, header, "line"))
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(header)))
    options = (
        f"read_csv({quote(str(path))}, auto_detect=false, header=true, delim={quote(delimiter)}, quote='\"', "
        f"escape='\"', columns={{{columns}}}, max_line_size={LONGEST_LINE}, strict_mode=true"
    )
    return Source(path, "csv", header, f"{options}, ignore_errors=true)", found, 2, options, top)


def _check_parted(path: Path, first: str) -> None:
    """Refuse a file whose cells are parted by something else than is read here."""
    for other, what in _OTHER_DELIMITERS.items():
        if names_columns(first.strip().split(other)):
            raise InputError(
                f"{path.name} parts its cells with {what}. Save it again as CSV UTF-8: with commas, semicolons, tabs "
                "or bars."
            )


def _top(text: str, delimiter: str) -> tuple[tuple[int, Sequence[str]], ...]:
    """The first records of a CSV that hold anything, with the lines on which they start."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    found, line = [], 1
    try:
        for row in islice(reader, TOP_ROWS):
            if any(row) or line == 1:
                found.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        pass  # what cannot be cut into cells is told row by row
    return tuple(found) or ((1, [""]),)


def _single(path: Path, header: Sequence[str], counted: str) -> str:
    """What is said of a file with one line: the header, or a record that has none."""
    if names_columns(header):
        return f"{path.name} holds a header {counted} and no records. Export it again with the records."
    return (
        f"{path.name} holds a single {counted}, and it names no columns: it looks like a record without its header. "
        f"Put the column names on a {counted} before it; docs/reference/files.md lists them."
    )


def _check_text(path: Path, head: bytes, found: Survey) -> None:
    """Refuse what is not UTF-8 text, saying what it looks like instead."""
    advice = "Save it again as 'CSV UTF-8'."
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:200].count(b"\0") > 40:
        raise InputError(f"{path.name} is text in UTF-16 ('Unicode text'), not UTF-8. {advice}")
    if found.newlines == 0 and head.count(b"\r") > 1:
        raise InputError(f"{path.name} ends its lines with carriage returns alone, as old Macintosh files do. {advice}")
    if len(head.translate(None, _CONTROLS)) < len(head) * 0.99:
        raise InputError(f"{path.name} is not a text file, whatever its name says. Give a CSV, XLSX or Parquet file.")
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


def cut_fault(source: Source) -> str:
    """What is said of a file of text that the engine cannot cut into rows at all."""
    name = source.path.name
    if line := other_line_end(source.path):
        return (
            f"{name} ends its lines in two ways, as two files do that were put together: line {line} ends otherwise "
            "than the first. Open it in a spreadsheet program, and save it as CSV UTF-8."
        )
    return (
        f"{name} cannot be cut into rows: a quotation mark or a line end is out of place. Open it in a spreadsheet "
        "program, and save it as CSV UTF-8."
    )


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


def _zipped(names: Sequence[str]) -> str:
    """What a zip archive without a workbook is, and what to do."""
    if "[Content_Types].xml" in names:
        return "a Word or other Office document, not a file of records. Give the CSV, XLSX or Parquet file"
    if "content.xml" in names and "mimetype" in names:
        return "an OpenDocument file (.ods), not a file that is read here. Save it as .xlsx or CSV UTF-8"
    if any(name.endswith(".iwa") for name in names):
        return "a Numbers document, not a file that is read here. Export it as Excel or CSV"
    return "a zip archive, not a file of records. Unpack it, and give the CSV, XLSX or Parquet file"


def _workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    try:
        names = zipfile.ZipFile(path).namelist()
    except zipfile.BadZipFile:
        raise InputError(
            f"{path.name} is a damaged archive or workbook: it cannot be opened. Export it again."
        ) from None
    if not any(entry.startswith("xl/") for entry in names):
        raise InputError(f"{path.name} is {_zipped(names)}.")
    sheet = load_sheet(connection, path)
    if not connection.execute(f"SELECT count(*) FROM {sheet.relation}").fetchall()[0][0]:
        raise InputError(_single(path, sheet.header, "row"))
    found, header = survey(path, text=False), _header(sheet.header)
    return Source(path, "xlsx", header, sheet.relation, found, sheet.first, top=sheet.top, notes=sheet.notes)
