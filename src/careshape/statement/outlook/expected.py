"""What is to come of one segment and client group, as its own page and the statement's pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from careshape.evaluate.gap.directions import DIRECTIONS
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.statement.charts import Chart
from careshape.statement.formatting import month
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.market import group_label
from careshape.statement.outlook.tables import series_table, tag_of
from careshape.statement.outlook.words import how_sure, interval_of, size_of
from careshape.statement.pictures import Fan, FanPoint
from careshape.statement.tables import Table


@dataclass(frozen=True)
class Coming:
    """What is to come: the gaps of the whole area by year, and the one that it is summed up by."""

    outlook: Kept
    segment: Segment
    group: str
    gaps: tuple[Gap, ...]
    gap: Gap

    @property
    def title(self) -> str:
        """The client group, or everybody."""
        label = group_label(self.group)
        return label[:1].upper() + label[1:]

    @property
    def name(self) -> str:
        """Segment and client group."""
        return self.segment.label if self.group == ALL else f"{self.segment.label}, {group_label(self.group)}"

    @property
    def direction(self) -> str:
        """What follows, in words."""
        return DIRECTIONS[self.gap.decision.direction]

    @property
    def tag(self) -> str:
        """Class of the tag that it is shown with."""
        return tag_of(self.gap.decision.direction)

    @property
    def said(self) -> str:
        """By when and how much, in a sentence; how much was taken, and whose share it rests on if one was borrowed."""
        said = f"By {month_of(self.gap)}: {size_of(self.gap)} (80% interval {interval_of(self.gap)})."
        return " ".join(one for one in (said, self.gap.room_said, self.gap.borrowed_said) if one)

    @property
    def sure(self) -> str:
        """How wide the interval is, in words; empty where it is narrow."""
        what = "What the council itself will arrange" if self.gap.counts_others else "This"
        return how_sure(self.gap.demand, self.gap.unit, what)

    @cached_property
    def fan(self) -> Fan:
        """The series with its intervals."""
        past, coming = self.outlook.series(self.segment, self.group)
        points = [FanPoint(one.day, one.value, **(one.limits or {})) for one in coming]
        unit = "hours-per-week" if self.segment.unit == "hours a week" else "persons"
        recorded = [(one.day, one.value) for one in past if not one.withheld]
        return Fan(f"outlook-{self.segment.id}-{self.group}", self.name, unit, recorded, points)

    @property
    def chart(self) -> Chart:
        """The fan chart, as it was drawn when this was worked out."""
        return self.outlook.charts[self.segment.id, self.group]

    @cached_property
    def series(self) -> Table:
        """The values of the chart."""
        return series_table(self.outlook, self.segment, self.group)


def expected(outlook: Kept, segment: Segment, group: str) -> Coming:
    """What is to come of a segment for a client group."""
    gaps = tuple(outlook.gaps_of(segment.id, group, ALL))
    ahead = next(each for each in gaps if outlook.in_years(each) == outlook.ahead)
    return Coming(outlook, segment, group, gaps, ahead)


def heading(segment: Segment) -> str:
    """A segment as a heading, with its client group where it is for one only."""
    groups = segment.client_groups
    return segment.label if len(groups) != 1 else f"{segment.label} for {group_label(groups[0])}"


def month_of(gap: Gap) -> str:
    """The month of a gap: June 2024."""
    return month(gap.on)
