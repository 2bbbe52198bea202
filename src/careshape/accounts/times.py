"""Moments as people in the United Kingdom read them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")


def uk_date(moment: datetime) -> str:
    """The day of a moment: 22 November 2026."""
    local = moment.astimezone(UK)
    return f"{local.day} {local:%B %Y}"


def uk_time(moment: datetime) -> str:
    """The day and time of a moment: 22 November 2026, 7:05am."""
    local = moment.astimezone(UK)
    return f"{uk_date(moment)}, {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def moment(at: datetime | None) -> str:
    """The day and time of a moment, for a cell that may have none: empty for None."""
    return uk_time(at) if at else ""
