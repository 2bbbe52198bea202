"""Cells of the regulator's files as values: text, days, whole numbers, numbers, and yes or no."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from careshape.records.official.source import ColumnType

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NONE: Final = ("-", "n/a", "N/A", "NULL")
"""What stands for nothing in the regulator's files; a brand of "-" is no brand."""
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
_BRITISH: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?: .*)?")
_WRITTEN: Final = re.compile(r"(\d\d?)[/ -]([A-Z][a-z]{2})[a-z]*[/ -](\d{4})(?: .*)?")


def read_cell(kind: ColumnType, text: str, parted_by: str = "") -> Any:
    """A cell as the value of its column; None where it is blank, ``()`` where it holds several and none.

    Args:
        parted_by: what stands between the parts of a cell of several.

    Raises:
        ValueError: it cannot be read; the message says what it should be, such as "a day such as 31/03/2021".
    """
    plain = "" if text in NONE else text
    if parted_by:
        return tuple(part.strip() for part in plain.split(parted_by) if part.strip())
    if kind == "text":
        return plain
    if not plain:
        return None
    if kind == "flag":
        if plain.upper() not in ("Y", "N"):
            raise ValueError("Y, N or blank")
        return plain.upper() == "Y"
    if kind == "day":
        return read_day(plain)
    return _number(plain, kind != "number")


def read_day(text: str) -> date:
    """A day written 31/03/2021, 2021-03-31 or 31/Mar/2021, a time after it left out. Raises ValueError otherwise."""
    if fits := _ISO.fullmatch(text):
        year, month, day = fits.groups()
    elif fits := _BRITISH.fullmatch(text):
        day, month, year = fits.groups()
    elif (fits := _WRITTEN.fullmatch(text)) and fits[2] in MONTHS:
        day, month, year = fits[1], str(MONTHS.index(fits[2]) + 1), fits[3]
    else:
        raise ValueError("a day such as 31/03/2021")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("a day of the calendar, written as 31/03/2021") from None


def _number(text: str, whole: bool) -> int | float:
    plain = text.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise ValueError("a whole number" if whole else "a number")
    if not whole:
        return float(plain)
    if "." in plain and float(plain) != int(float(plain)):
        raise ValueError("a whole number")
    return int(float(plain)) if "." in plain else int(plain)
