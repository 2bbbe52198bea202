"""The reporting period of a Client Level Data file: what it states, and what its events say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from careshape.catalogue.periods import day_number, month_end, month_label, month_ordinal, month_start
from careshape.ledger.codes import EVENT_TYPES

ENOUGH_EVENTS: Final = 500
"""Ended events below which the months of a file say nothing reliable about its period."""
LEAST_SHARE: Final = 0.02
"""A month with a smaller share of a year's ended events does not belong to the period (DHSC)."""
LEAST_TYPES: Final = 3
"""Event types, of four, that a month of the period has (DHSC)."""


@dataclass(frozen=True)
class Reporting:
    """The reporting period that a file is taken to have, in day numbers; None where nothing says it."""

    start: int | None
    end: int | None
    note: str = ""

    @property
    def days(self) -> tuple[int, int] | None:
        """First and last day, where both are known."""
        return None if self.start is None or self.end is None else (self.start, self.end)

    @property
    def quarter_start(self) -> int | None:
        """First day of the last three months of the period."""
        if self.end is None:
            return None
        last = date.fromordinal(self.end + date(1970, 1, 1).toordinal())
        return day_number(month_start(month_ordinal(last) - 2))


def reporting(starts: list[str] | None, ends: list[str] | None, endings: Mapping[str, int]) -> Reporting:
    """Choose the period.

    starts, ends: the distinct values that the file states. endings: 'month ordinal|event type' -> ended events. The
    national processing found stated periods to be wrong often enough to derive them: from the months in which events ended,
    leaving out months with under 2% of a year's events or fewer than three event types. The derived period is used where
    the file has enough events, and the difference is reported.
    """
    first, last = _read(starts, min), _read(ends, max)
    stated = f"{first} to {last}" if first and last else "none"
    derived = _derive(endings)
    if derived is None:
        note = "" if first and last else "The file states no reporting period that can be read."
        return Reporting(_number(first), _number(last), note)
    low, high = derived
    if first and last and (month_ordinal(first), month_ordinal(last)) == (low, high):
        return Reporting(_number(first), _number(last))
    used = Reporting(day_number(month_start(low)), day_number(month_end(high)))
    return Reporting(
        used.start,
        used.end,
        f"Reporting period: the file states {stated}, and its events say {month_label(low)} to {month_label(high)}. "
        "The months of the events are used; put the dates in the file right.",
    )


def _derive(endings: Mapping[str, int]) -> tuple[int, int] | None:
    """First and last month of the run of months in which enough events of enough types ended."""
    events: Counter[int] = Counter()
    types: dict[int, set[str]] = {}
    for key, count in endings.items():
        month, _, kind = key.partition("|")
        events[int(month)] += count
        types.setdefault(int(month), set()).update(word for word in EVENT_TYPES if word in kind.casefold())
    total = sum(events.values())
    if total < ENOUGH_EVENTS:
        return None
    # Extracts of one event type are judged by their counts alone, and those of several years by shares of a year.
    several = max(len(kinds) for kinds in types.values())
    busy = [month for month in events if len(types[month]) >= min(LEAST_TYPES, several)]
    years = max(1.0, sum(count * 12 >= total * LEAST_SHARE for count in events.values()) / 12)
    kept = [month for month in busy if events[month] >= LEAST_SHARE * total / years]
    return (min(kept), max(kept)) if kept else None


def _read(values: list[str] | None, choose: object) -> date | None:
    dates = [one for value in values or () if value and (one := _date(value))]
    if not dates:
        return None
    return min(dates) if choose is min else max(dates)


def _date(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 (a calendar day has no time zone)
        except ValueError:
            continue
    return None


def _number(day: date | None) -> int | None:
    return day_number(day) if day else None
