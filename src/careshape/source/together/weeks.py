"""Weeks as people write them: 2027-W05, from Monday to Sunday."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from careshape.errors import CallError

_WRITTEN: Final = re.compile(r"(\d{4})-W(\d{2})")


def week_of_day(day: date) -> str:
    """The week in which a day lies: 2027-W05."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def days_of(week: str) -> tuple[date, date]:
    """Monday and Sunday of a week. Raises CallError for what is none."""
    found = _WRITTEN.fullmatch(week.strip().upper())
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None:
        raise CallError(f"'{week}' is not a week. Write it as 2027-W05: the year, W, and the number of the week.")
    return monday, monday + timedelta(days=6)
