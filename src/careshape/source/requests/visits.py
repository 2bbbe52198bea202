"""The visits of a week as they are asked for: on which days, from when, how long, and with how many carers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import time
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.numbers import rounded

DAYS: Final = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
SHORTEST: Final = 5
LONGEST: Final = 24 * 60
"""Minutes of a visit."""
MOST_CARERS: Final = 4
MOST: Final = 30
"""Rows of a week."""


@dataclass(frozen=True)
class Visit:
    """A visit, on every day that is named.

    Attributes:
        days: keys of ``DAYS``.
        start: UK time at which it begins: "08:00".
        minutes: how long it takes.
        carers: how many come; each of them is paid for.
    """

    days: tuple[str, ...]
    start: str
    minutes: int
    carers: int = 1

    def __post_init__(self) -> None:
        if not self.days or set(self.days) - set(DAYS) or len(set(self.days)) != len(self.days):
            raise CallError(f"A visit is on one or more of {', '.join(DAYS)}, each named once.")
        try:
            time.fromisoformat(self.start)
        except ValueError:
            raise CallError(f"'{self.start}' is no time of day. Write it as 08:00.") from None
        if not SHORTEST <= self.minutes <= LONGEST:
            raise CallError(
                f"A visit takes from {SHORTEST} minutes to a whole day: {self.minutes} minutes cannot be asked for."
            )
        if not 1 <= self.carers <= MOST_CARERS:
            raise CallError(f"One to {MOST_CARERS} carers come to a visit, and not {self.carers}.")

    @property
    def words(self) -> str:
        """The visit in words: Every day from 08:00, 30 minutes, 2 carers."""
        named = [DAYS[one] for one in DAYS if one in self.days]
        on = "Every day" if len(named) == len(DAYS) else ", ".join(named)
        many = f", {self.carers} carers" if self.carers > 1 else ""
        return f"{on} from {self.start}, {self.minutes} minutes{many}"

    @property
    def minutes_a_week(self) -> int:
        """The minutes of all carers together in a week."""
        return len(self.days) * self.minutes * self.carers


def is_by_visits(service: str) -> bool:
    """Whether a service is bought by the hour, so that visits say how much of it a week has."""
    return catalogue().lists["service"].by_id[service].unit == "hour"


def units_of(visits: Iterable[Visit]) -> int:
    """Hundredths of an hour a week, halves away from nought."""
    return int(rounded(Fraction(sum(one.minutes_a_week for one in visits) * 100, 60), 0))


def check_visits(service: str, visits: tuple[Visit, ...]) -> None:
    """Raises CallError for visits of what is not bought by the hour, for too many, and for two at the same time."""
    if not visits:
        return
    if not is_by_visits(service):
        raise CallError("This service is not bought by the hour: it has no visits. Say how much a week.")
    if len(visits) > MOST:
        raise CallError(f"A week holds at most {MOST} lines of visits.")
    for day in DAYS:
        _apart(day, [one for one in visits if day in one.days])


def _apart(day: str, visits: list[Visit]) -> None:
    """Raises CallError where one visit of a day begins before another ends."""
    ordered = sorted(visits, key=lambda one: one.start)
    for one, after in pairwise(ordered):
        if _minute(one) + one.minutes > _minute(after):
            raise CallError(
                f"On {DAYS[day]} the visit from {after.start} begins before that from {one.start} ends. "
                "Where two carers come together, write one visit with two carers."
            )


def _minute(one: Visit) -> int:
    at = time.fromisoformat(one.start)
    return at.hour * 60 + at.minute


def as_json(visits: Iterable[Visit]) -> str:
    """Visits as they are kept with a request."""
    return json.dumps([asdict(one) for one in visits])


def read(text: str) -> tuple[Visit, ...]:
    """The visits that are kept with a request."""
    kept: list[dict[str, Any]] = json.loads(text or "[]")
    return tuple(Visit(**{**one, "days": tuple(one["days"])}) for one in kept)
