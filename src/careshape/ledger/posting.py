"""A posting: what one import added to the ledger, when, from which file, with which result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from careshape.errors import CallError

METADATA_KEY = "careshape.posting"
"""Key of the Delta commit's metadata under which the posting is kept, as JSON."""


@dataclass(frozen=True)
class Posting:
    """One commit of the ledger."""

    number: int
    """1 for the first posting of a ledger, then counting up."""
    recorded_at: datetime
    """When it was recorded, in UTC."""
    source: str
    """Name of the file, without its folder."""
    checksum: str
    """SHA-256 of the file's bytes and of the reader's name: what makes a second posting of the file a repetition."""
    kind: str
    """Reader: cld, packages, deliveries."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows of the file by outcome: accepted, repaired, refused, unchanged, not_line_items."""
    coverage: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Service id -> first and last start day that the file covers; a later line inside was entered late."""
    period: tuple[int, int] | None = None
    """First and last day of the reporting period, where the kind of file has one."""
    rows: int = 0
    """Rows appended to the ledger."""
    reverses: int | None = None
    """Number of the posting that it withdraws; None for a file that was imported."""

    @property
    def day(self) -> date:
        """The day in the United Kingdom on which it was recorded."""
        return uk_day(self.recorded_at)

    def to_json(self) -> str:
        """The posting as JSON, for the commit's metadata."""
        content = asdict(self) | {"recorded_at": self.recorded_at.isoformat()}
        if self.reverses is None:
            del content["reverses"]  # so that an earlier version, which knows no withdrawals, reads it
        return json.dumps(content, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Posting:
        """The posting that ``to_json`` wrote."""
        content: dict[str, Any] = json.loads(text)
        content["recorded_at"] = datetime.fromisoformat(content["recorded_at"])
        content["coverage"] = {service: (low, high) for service, (low, high) in content["coverage"].items()}
        content["period"] = tuple(content["period"]) if content["period"] else None
        return cls(**content)


def in_force(postings: Sequence[Posting]) -> list[Posting]:
    """The postings of files that nobody withdrew, in their order."""
    withdrawn = {one.reverses for one in postings}
    return [one for one in postings if one.reverses is None and one.number not in withdrawn]


def moment_after(postings: Sequence[Posting], recorded_at: datetime | date | None) -> datetime:
    """When the next posting is recorded: now, or as the caller says, but never before an earlier posting.

    Raises CallError where the caller says a moment before the latest one.
    """
    moment = datetime.now(UTC) if recorded_at is None else _instant(recorded_at)
    if postings and moment < postings[-1].recorded_at:
        if recorded_at is None:
            return postings[-1].recorded_at
        raise CallError(
            f"recorded_at {moment:%Y-%m-%d %H:%M} lies before the latest posting "
            f"({postings[-1].recorded_at:%Y-%m-%d %H:%M}). What was known is never changed afterwards: "
            "give that moment or a later one."
        )
    return moment


def _instant(moment: datetime | date) -> datetime:
    """Noon of a day, so that it counts on that day in every time zone of the United Kingdom; a time in UTC."""
    if isinstance(moment, datetime):
        return end_of(moment)
    return datetime.combine(moment, time(12), UTC)


def end_of(moment: date | datetime) -> datetime:
    """The last instant that ``moment`` covers, in UTC: a day ends at midnight in the United Kingdom; a time is itself
    (UTC where it has no zone).
    """
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    ahead = _first_summer_day(moment.year) <= moment < _first_winter_day(moment.year)
    return datetime.combine(moment, time.max, UTC) - timedelta(hours=ahead)


def uk_day(moment: datetime) -> date:
    """The day of an instant in the United Kingdom."""
    utc = moment.astimezone(UTC)
    changes = (_first_summer_day(utc.year), _first_winter_day(utc.year))
    first, last = (datetime.combine(day, time(1), UTC) for day in changes)
    return (utc + timedelta(hours=first <= utc < last)).date()


def _first_summer_day(year: int) -> date:
    """Summer time begins on the last Sunday of March at one in the morning, Greenwich time (Summer Time Act 1972, as
    amended in 2002).

    The rule stands here since a computer may have no list of time zones.
    """
    return _last_sunday(date(year, 3, 31))


def _first_winter_day(year: int) -> date:
    """It ends on the last Sunday of October at the same hour."""
    return _last_sunday(date(year, 10, 31))


def _last_sunday(end: date) -> date:
    return end - timedelta(days=end.isoweekday() % 7)
