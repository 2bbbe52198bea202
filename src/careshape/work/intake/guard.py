"""Is a file safe to read? Looked at by what it holds, whatever its name says, without holding it in memory.

A small file can ask for a large memory: an archive that unpacks to a thousand times its size, a sheet with one cell in
its last row and column, a table whose rows are all one. What a file claims of itself is compared with limits first,
then counted while it is read, since it may lie.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from careshape.errors import InputError

BLOCK: Final = 1 << 18
MEGABYTE: Final = 1 << 20
_OVERLAP: Final = 64
_CELL: Final = re.compile(rb'\br="([A-Z]{1,4})([0-9]{1,9})"')
_CELLS: Final = re.compile(rb"<c[ />]")
_DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ARCHIVES: Final = (".zip", ".xlsx", ".xlsm", ".docx", ".jar", ".7z", ".gz", ".rar", ".tar", ".bz2", ".xz")
_MARKUP: Final = (".xml", ".rels", ".vml")
_SPREADSHEET: Final = "Give the records as CSV UTF-8: a CSV may be large."


@dataclass(frozen=True)
class Limits:
    """What a file that people bring may ask for."""

    size: int = 200 * MEGABYTE
    """Bytes of the file."""
    columns: int = 500
    unpacked: int = 120 * MEGABYTE
    """Bytes of an archive's parts together, unpacked."""
    part_ratio: int = 100
    """How many times larger than packed an archive of more than a megabyte may be."""
    parts: int = 300
    cells: int = 2_000_000
    """Cells of a workbook's sheets, the empty ones between the first and the last row and column among them."""
    rows: int = 5_000_000
    """Rows of a Parquet file."""
    parquet_unpacked: int = 1024 * MEGABYTE
    footer: int = 4 * MEGABYTE
    """Bytes of the description at the end of a Parquet file."""


LIMITS: Final = Limits()


def inspect(path: Path, limits: Limits = LIMITS) -> None:
    """Look at a file before it is read.

    Raises InputError, in a sentence that says what is wrong and what to do, where it is larger or stranger than any
    file of records.
    """
    size = path.stat().st_size
    if size > limits.size:
        raise InputError(
            f"{path.name} has {size / MEGABYTE:,.0f} MB; files of up to {limits.size / MEGABYTE:,.0f} MB are taken. "
            "Bring it in parts, each with the header line."
        )
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"PK"):
        _archive(path, limits)
    elif head == b"PAR1":
        _parquet(path, limits)
    else:
        _text(path, limits)


def _text(path: Path, limits: Limits) -> None:
    with path.open("rb") as file:
        first = file.read(MEGABYTE).split(b"\n", 1)[0]
    columns = 1 + max(first.count(mark) for mark in (b",", b";", b"\t", b"|"))
    if columns > limits.columns:
        raise InputError(
            f"{path.name} has {columns:,} columns; no file of records has more than {limits.columns}. "
            "Keep the columns that docs/reference/files.md lists."
        )


def _archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_claims(path, parts, limits)
            _count(path, archive, parts, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError):
        raise InputError(
            f"{path.name} is a damaged archive or workbook: it cannot be opened. Export it again."
        ) from None


def _check_claims(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the archive's directory says of its parts, before any is unpacked."""
    if len(parts) > limits.parts:
        raise InputError(f"{path.name} has {len(parts):,} parts; no workbook of records has so many. {_SPREADSHEET}")
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise InputError(f"{path.name} has two parts of one name, as no program writes them. Export it again.")
    for part in parts:
        name = part.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\\" in name:
            raise InputError(f"{path.name} holds a part that would be written outside of its place. Export it again.")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise InputError(f"{path.name} holds a link to another file. Export it again.")
        if part.flag_bits & 1:
            raise InputError(f"{path.name} is protected by a password: it cannot be opened. Save it again without.")
        if name.lower().endswith(_ARCHIVES):
            raise InputError(f"{path.name} holds another archive. Unpack it, and give the CSV, XLSX or Parquet file.")
    claimed = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if claimed > limits.unpacked or (claimed > MEGABYTE and claimed > limits.part_ratio * packed):
        raise InputError(
            f"{path.name} would unpack to {claimed / MEGABYTE:,.0f} MB, {claimed // packed:,} times its size. "
            f"{_SPREADSHEET}"
        )


def _count(path: Path, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack each part in blocks and throw it away: what comes is counted, whatever the directory said."""
    total = cells = 0
    packed = max(1, path.stat().st_size)
    for part in parts:
        sheet = Sheet() if part.filename.startswith("xl/worksheets/") else None
        markup = part.filename.lower().endswith(_MARKUP)
        for block, text in _blocks(archive, part):
            total += block
            if total > limits.unpacked or (total > MEGABYTE and total > limits.part_ratio * packed):
                raise InputError(
                    f"{path.name} unpacks to more than {total / MEGABYTE:,.0f} MB, though it is small. {_SPREADSHEET}"
                )
            if markup:
                _check_markup(path, text)
            if sheet is not None:
                sheet.read(text, block)
                if sheet.torn:
                    raise InputError(
                        f"{path.name} is a workbook that is damaged: it cannot be opened. Export it again."
                    )
        cells += sheet.area if sheet else 0
        if cells > limits.cells:
            raise InputError(
                f"{path.name} has room for {cells:,} cells; workbooks of up to {limits.cells:,} are taken. "
                f"{_SPREADSHEET}"
            )


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    """How long each block of a part is, and its text with the end of the block before it."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(BLOCK):
            yield len(block), rest + block
            rest = block[-_OVERLAP:]


def _check_markup(path: Path, text: bytes) -> None:
    if _DECLARED.search(text):
        raise InputError(
            f"{path.name} declares parts of its own language (DOCTYPE), as no spreadsheet program does. "
            "Export it again."
        )
    if b"\0" in text:
        raise InputError(f"{path.name} is a workbook that is damaged: it cannot be opened. Export it again.")


class Sheet:
    """How large a sheet is, from the places that its cells name and from how many there are."""

    def __init__(self) -> None:
        self.rows = self.columns = self.count = 0
        self.torn = False

    def read(self, text: bytes, new: int) -> None:
        """Look at a block, of which the last ``new`` bytes are new."""
        for column, row in _CELL.findall(text):
            self.rows = max(self.rows, int(row))
            self.columns = max(self.columns, _number(column))
        self.count += len(_CELLS.findall(text, max(0, len(text) - new - 2)))
        # Tags that never end are no markup, and would be slow to look through.
        self.torn = self.torn or text.count(b"<") > text.count(b">") + 64

    @property
    def area(self) -> int:
        """Cells that a program makes room for."""
        return max(self.rows * self.columns, self.count)


def _number(letters: bytes) -> int:
    """A column's number by its letters: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _parquet(path: Path, limits: Limits) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    damaged = InputError(f"{path.name} is a damaged Parquet file: it cannot be opened. Export it again.")
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < 12:
            raise damaged
        file.seek(-8, 2)
        end = file.read(8)
    footer = int.from_bytes(end[:4], "little")
    if end[4:] != b"PAR1" or footer > size - 12:
        raise damaged
    if footer > limits.footer:
        raise InputError(f"{path.name} describes itself at {footer / MEGABYTE:,.0f} MB. Export fewer columns.")
    try:
        about = pq.read_metadata(path)
        unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise damaged from None
    if about.num_columns > limits.columns:
        raise InputError(
            f"{path.name} has {about.num_columns:,} columns; no file of records has more than {limits.columns}."
        )
    if about.num_rows > limits.rows or not 0 <= unpacked <= limits.parquet_unpacked:
        raise InputError(
            f"{path.name} has {about.num_rows:,} rows that unpack to {unpacked / MEGABYTE:,.0f} MB; up to "
            f"{limits.rows:,} rows are taken. Bring it in parts."
        )
