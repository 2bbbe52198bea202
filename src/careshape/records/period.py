"""Periods as they are written in data files: a year, a month, a day, a span, or a financial year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from careshape.catalogue import periods
from careshape.errors import CallError


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
    try:
        found = periods.parse_period(text)
    except CallError as error:
        raise ValueError(str(error).rstrip(".")) from error
    return Period(text, found.start, found.end, label or (text if found.kind == "financial_year" else ""))
