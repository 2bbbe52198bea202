"""Periods as they are written in data files: a year, a month, a day, a span, or a financial year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_FINANCIAL_YEAR = re.compile(r"(\d{4})/(\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """When a figure is true.

    Attributes:
        text: as written in the file (ISO 8601: "2021", "2021-03", "2021-03-31", "2018/2030"); empty if none was given.
        start, end: first and last day, both inside; None where no period was given.
        label: the period as printed or as it must be understood ("2018/19", "current at publication").
    """

    text: str = ""
    start: date | None = None
    end: date | None = None
    label: str = ""

    def __str__(self) -> str:
        return self.label or self.text


def parse_period(text: str, label: str = "") -> Period:
    """Read a period.

    Args:
        text: ISO 8601 year, month, day or start/end, or a financial year as "2018/19" (1 April to 31 March).
        label: the period as printed.

    Raises:
        ValueError: the text is none of these, names a day that does not exist, or ends before it starts.
    """
    text = text.strip()
    if not text:
        return Period(label=label)
    financial = _FINANCIAL_YEAR.fullmatch(text)
    if financial:
        year = int(financial[1])
        if (year + 1) % 100 != int(financial[2]):
            raise ValueError(f"'{text}' is not a financial year: the second part must be the year after the first")
        return Period(text, date(year, 4, 1), date(year + 1, 3, 31), label or text)
    first, _, last = text.partition("/")
    start, end = _days(first)[0], _days(last or first)[1]
    if end < start:
        raise ValueError(f"'{text}' ends before it starts")
    return Period(text, start, end, label)


def _days(text: str) -> tuple[date, date]:
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        year, month = int(text[:4]), int(text[5:])
        if not 1 <= month <= 12:
            raise ValueError(f"'{text}' has no such month")
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return day, day
    raise ValueError(
        f"'{text}' is not a year, a month, a day, a span of these (start/end) or a financial year (2018/19)"
    )
