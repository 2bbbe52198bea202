"""Moments as people here read them: in the time of the United Kingdom."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from careshape.statement.formatting import day

UK = ZoneInfo("Europe/London")


def moment(at: datetime | None) -> str:
    """A moment as 22 November 2026 at 09:30; empty for None."""
    if at is None:
        return ""
    here = at.astimezone(UK)
    return f"{day(here.date())} at {here:%H:%M}"
