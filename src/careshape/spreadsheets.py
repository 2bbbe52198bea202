"""The one writer of CSV and XLSX: text stays text in every cell, and numbers stay numbers.

A spreadsheet runs what begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end (OWASP ASVS 5.0, 1.2.10). Such text
gets an apostrophe before it, by which spreadsheets know text; ``plain`` takes it away again. Numbers are written as
numbers, those below zero too.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from xml.sax.saxutils import escape

from careshape.errors import CallError

MARK: Final = "'"
RUN: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""First letters by which a spreadsheet takes text for something to run; the last four are their wide forms."""
MOST_CELLS: Final = 32_767
"""Letters that a cell of XLSX holds."""
MOST_ROWS: Final = 1_048_576
PLACES: Final = 6
"""Decimals to which a fraction is written."""
_QUOTED: Final = re.compile('[,;"\t\r\n]')
_NUMBER: Final = re.compile(r"-\d+(\.\d+)?")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""

Cell = str | int | float | Decimal
Row = Mapping[str, Any]


def safe(text: str) -> str:
    """Text as a cell may hold it: nothing that a spreadsheet would run, and no zero byte.

    A plain number below zero stays as it is. Text that has an apostrophe before what would be run gets another one, so
    that ``plain`` gives every text back.
    """
    text = text.replace("\0", "")
    if _NUMBER.fullmatch(text):
        return text
    # Blanks at the beginning are dropped by some programs before they look.
    first = text.lstrip(" \u00a0").lstrip(MARK)[:1]
    return MARK + text if first and first in RUN else text


def plain(text: str) -> str:
    """The text that ``safe`` made a cell of."""
    return text[1:] if text.startswith(MARK) and safe(text[1:]) == text else text


def cell(value: Any) -> Cell:
    """A value as a cell: a number where it is one, else text that nothing runs; blank for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, int | Decimal | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return safe(str(value))


def as_csv(names: Sequence[str], rows: Iterable[Row], titles: Mapping[str, str] | None = None) -> str:
    """Rows as CSV: a header line, then one line a row, with the columns ``names`` under their ``titles``."""
    lines = [[safe((titles or {}).get(name, name)) for name in names]]
    lines += [[_text(cell(row.get(name))) for name in names] for row in rows]
    return "".join(f"{csv_line(line)}\n" for line in lines)


def csv_line(cells: Sequence[str]) -> str:
    """Cells as one line of a CSV, quoted where a program could cut them otherwise: Python's own writer leaves a lone
    carriage return bare, and a program that parts cells by semicolons or tabs would find new cells to run.
    """
    if list(cells) == [""]:
        return '""'  # a blank line would be no row
    return ",".join('"' + one.replace('"', '""') + '"' if _QUOTED.search(one) else one for one in cells)


def as_xlsx(
    names: Sequence[str], rows: Iterable[Row], titles: Mapping[str, str] | None = None, sheet: str = "Rows"
) -> bytes:
    """Rows as a workbook of one sheet, with the columns ``names`` under their ``titles``.

    Raises CallError where there are more rows than a sheet holds.
    """
    lines = [_line(1, [safe((titles or {}).get(name, name)) for name in names])]
    lines += [_line(number, [cell(row.get(name)) for name in names]) for number, row in enumerate(rows, start=2)]
    if len(lines) > MOST_ROWS:
        raise CallError(f"A sheet holds {MOST_ROWS:,} rows, and there are {len(lines):,}. Take the CSV, or fewer rows.")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            # One date for all parts: the same rows give the same bytes.
            _write(book, name, text.replace("SHEET", escape(_sheet_name(sheet), {'"': "&quot;"})))
        _write(book, "xl/worksheets/sheet1.xml", _SHEET.format("".join(lines)))
    return out.getvalue()


def _decimal(value: Fraction) -> Decimal:
    scaled = round(value * 10**PLACES)
    return (Decimal(scaled) / 10**PLACES).normalize() + 0


def _text(value: Cell) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _write(book: zipfile.ZipFile, name: str, text: str) -> None:
    part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    book.writestr(part, text)


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", text)[:31].strip() or "Rows"


def _line(number: int, cells: Sequence[Cell]) -> str:
    return f'<row r="{number}">{"".join(_cell_xml(one) for one in cells)}</row>'


def _cell_xml(value: Cell) -> str:
    if not isinstance(value, str):
        return f"<c><v>{_text(value)}</v></c>"
    if not value:
        return "<c/>"
    text = escape(_UNWRITABLE.sub("\ufffd", value[:MOST_CELLS]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET: Final = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{{}}</sheetData></worksheet>'
_PARTS: Final = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="SHEET" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
