"""How old the records of each kind are: when their latest file came, and up to which day they tell of care."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from careshape.evaluate.measure import measures
from careshape.evaluate.measure.reach import reach
from careshape.ledger.posting import Posting
from careshape.ledger.readers import reader
from careshape.statement.council import Council
from careshape.statement.formatting import day

STALE_DAYS: Final = 92
"""Days after which records of a kind are told to be old: a quarter, by which the national returns are made."""
_TOLD_BY: Final = {"planned": "people_supported", "delivered": "home_care_hours"}
"""Kind of record -> a measure that takes it, by which its last day is found."""


@dataclass(frozen=True)
class Age:
    """How old the records of a kind are.

    Attributes:
        title: the kind. came: the day of their latest file. ends: the last day on which any of them says that something
            began or ended; None where they cannot be read.
    """

    title: str
    came: date
    ends: date | None

    def is_old(self, on: date) -> bool:
        """Whether they came, or end, more than a quarter before a day: a file of today may tell of last year alone."""
        before = on - timedelta(days=STALE_DAYS)
        return self.came < before or (self.ends is not None and self.ends < before)

    @property
    def said(self) -> str:
        """The same in words."""
        ends = "" if self.ends is None else f", tells of care up to {day(self.ends)}"
        return f"{self.title} (came on {day(self.came)}{ends})"


def ages(council: Council | None, latest: Iterable[Posting]) -> list[Age]:
    """The age of each kind of records, by its latest posting."""
    return [Age(reader(one.kind).title, one.day, _last_day(council, one.kind)) for one in latest]


def _last_day(council: Council | None, kind: str) -> date | None:
    context = None if council is None else council.sources.context
    return None if context is None else reach(context, measures()[_TOLD_BY[reader(kind).record]]).last
