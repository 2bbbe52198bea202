"""What is to come as it was worked out at one state of a council: plain results, which files keep and pages read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from careshape.errors import CallError
from careshape.evaluate.gap.gap import Expected, Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.language import say
from careshape.statement.charts import Chart
from careshape.statement.outlook.ahead import Ahead, NotWorkedOutError, Point
from careshape.statement.outlook.report import Report

FEW: Final = "it could tell of a few people"
"""Why an edition tells nothing of a cell."""


@dataclass(frozen=True)
class Kept(Ahead):
    """All that the pages of what is to come show; no record of a person is in it.

    Attributes:
        problem: why there is no outlook; the fields up to ``maps`` say nothing then.
        told_on: the day of the statement that tells of it, from which days to come are counted.
        notices: what a reader must be told first. notes: how the forecast was made.
        months: how many the forecast covers.
        fans: the series of each segment and client group.
        arithmetic: the steps of each segment, client group and area.
        expectations: what is expected of a segment, client group and area so many months after the origin, as far as
            the text quotes it.
        charts, maps: the pictures of each segment and client group; None where there is one district only.
        reports: the pages that stand behind the outlook, by their ids.
        verdict: what a reader of a forecast must know of how such forecasts did.
        known: as known on which day and by which posting, in words. made_at: when it was worked out.
        older: whether something was recorded since, from which it is being worked out anew.
        today: people, or hours a week, of each segment and client group by district on the last day of the records.
        kept_back: the segments and client groups of which an edition tells nothing, since it could tell of few people.
        whole_only: whether it is that of an edition, which tells of a district only where what is printed of it stands
            for more than a few people.
    """

    authority: str
    problem: str = ""
    origin: date = date.min
    told_on: date = date.min
    method: str = ""
    notices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    months: int = 0
    cells: tuple[Gap, ...] = ()
    segments: dict[str, Segment] = field(default_factory=dict)
    fans: dict[tuple[str, str], tuple[list[Point], list[Point]]] = field(default_factory=dict)
    arithmetic: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)
    expectations: dict[tuple[str, str, str, int], Expected] = field(default_factory=dict)
    charts: dict[tuple[str, str], Chart] = field(default_factory=dict)
    maps: dict[tuple[str, str], Chart | None] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    verdict: str = ""
    known: str = ""
    made_at: datetime | None = None
    older: bool = False
    today: dict[tuple[str, str, str], float] = field(default_factory=dict)
    kept_back: frozenset[tuple[str, str]] = frozenset()
    whole_only: bool = False

    def series(self, segment: Segment, client_group: str) -> tuple[list[Point], list[Point]]:
        """What was, and what is expected, in people or hours a week, at the end of each quarter."""
        return self.fans[segment.id, client_group]

    def steps(self, segment: str, client_group: str, area: str) -> list[dict[str, Any]]:
        """The arithmetic behind each service of a segment. Raises CallError where there is none."""
        try:
            return self.arithmetic[segment, client_group, area]
        except KeyError:
            raise CallError(
                say(
                    "There is no forecast of {segment}, {client_group}, {area}.",
                    segment=segment,
                    client_group=client_group,
                    area=area,
                )
            ) from None

    def expected(self, segment: Segment, client_group: str, area: str, month: int) -> Expected:
        """What the forecast expects of a cell. Raises NotWorkedOutError for one that nothing had asked for."""
        try:
            return self.expectations[segment.id, client_group, area, month]
        except KeyError:
            raise NotWorkedOutError from None

    def withheld(self, segment: str, client_group: str, area: str = ALL) -> str:
        """Why nothing is told of a cell; empty where it is not kept back."""
        if (segment, client_group) in self.kept_back:
            return FEW
        if not self.whole_only or area == ALL or self.gaps_of(segment, client_group, area):
            return ""
        return FEW if any(one.area != ALL for one in self.cells) else "this edition does not look ahead by district"

    def report(self, name: str) -> Report:
        """A page that stands behind the outlook. Raises NotWorkedOutError where it was not made yet."""
        try:
            return self.reports[name]
        except KeyError:
            raise NotWorkedOutError from None

    def as_older(self) -> Kept:
        """The same, said to be of an earlier state."""
        return replace(self, older=True)
