"""The reporting period of a Client Level Data file: what it states, and what its events say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from careshape.catalogue.periods import day_date, day_number, month_end, month_label, month_ordinal, month_start

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
        return day_number(month_start(month_ordinal(day_date(self.end)) - 2))


def reporting(first: int | None, last: int | None, endings: Sequence[tuple[int, int, int]]) -> Reporting:
    """Choose the period.

    first, last: the days that the file states. endings: month ordinal, event type and number of ended events.

    The national processing found stated periods to be wrong often enough to derive them: from the months in which
    events ended, leaving out months with under 2% of a year's events or fewer than three event types. Where the file
    has enough events, the stated period is cut to the months that its events bear out, and the difference is reported.
    Events that ended before the stated period do not widen it.
    """
    months = _busy_months(endings)
    known = first is not None and last is not None
    if first is not None and last is not None and last < first:
        stated = f"{day_date(first).isoformat()} to {day_date(last).isoformat()}"
        found = reporting(None, None, endings) if months else Reporting(None, None)
        return Reporting(
            found.start,
            found.end,
            f"Reporting period: the file states {stated}, which ends before it begins. "
            + ("The months that its events bear out are used; " if months else "No period is used; ")
            + "put the dates in the file right.",
        )
    if not months:
        return Reporting(first, last, "" if known else "The file states no reporting period that can be read.")
    stated, borne_out = "no period that can be read", months
    if first is not None and last is not None:
        start, end = month_ordinal(day_date(first)), month_ordinal(day_date(last))
        borne_out = [month for month in months if start <= month <= end] or months
        if (borne_out[0], borne_out[-1]) == (start, end):
            return Reporting(first, last)
        stated = f"{day_date(first).isoformat()} to {day_date(last).isoformat()}"
    return Reporting(
        day_number(month_start(borne_out[0])),
        day_number(month_end(borne_out[-1])),
        f"Reporting period: the file states {stated}, and its events bear out {month_label(borne_out[0])} to "
        f"{month_label(borne_out[-1])}. Those months are used; put the dates in the file right.",
    )


def _busy_months(endings: Sequence[tuple[int, int, int]]) -> list[int]:
    """The months in which enough events of enough types ended, in order; none where the file has too few events."""
    events: Counter[int] = Counter()
    types: dict[int, set[int]] = {}
    for month, kind, count in endings:
        events[month] += count
        types.setdefault(month, set()).add(kind)
    total = sum(events.values())
    if total < ENOUGH_EVENTS:
        return []
    # Extracts of one event type are judged by their counts alone, and those of several years by shares of a year.
    several = max(len(kinds) for kinds in types.values())
    years = max(1.0, sum(count * 12 >= total * LEAST_SHARE for count in events.values()) / 12)
    return sorted(
        month
        for month, count in events.items()
        if len(types[month]) >= min(LEAST_TYPES, several) and count >= LEAST_SHARE * total / years
    )
