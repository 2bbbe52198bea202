"""How far records reach, and what to say of a figure that was asked for a day outside of them.

Care that is open on the last day of the records is counted as going on for ever, and of the time before the first
recorded end only those are known who stayed: a figure of either is no count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import narwhals as nw

from careshape.catalogue.periods import Period, day_date, day_number, month_ordinal
from careshape.evaluate.measure.dimensions import one_of
from careshape.evaluate.measure.entry import Measure
from careshape.evaluate.measure.evaluate import RECORDS, Context, parts_of, recorded_day
from careshape.evaluate.measure.frames import rows_of
from careshape.evaluate.measure.unmet import is_unmet
from careshape.language import day_of, say

OUTRUN_DAYS: Final = 92
"""Days past the first or last of the records for which lines may well have gone on unseen: no more is said of these."""
SILENT_DAYS: Final = 366
"""Days after the last of the records from which it is sure that they say nothing: in no council of any size does a
whole year pass in which no care begins and none ends."""
YOUNG_SHARE: Final = 0.6
"""Records are young where the year before the first end has so large a share of the starts of the year after it. Of
those who came long before records began, most have left unseen: four in ten are there on the demonstration's."""


@dataclass(frozen=True)
class Reach:
    """The days between which records of a kind tell the whole.

    Attributes:
        first: the first recorded end, since of the time before it only those are known who stayed; the first start
            where records are young: nothing has ended yet, or lines began before that end as often as after it.
        last: the last day on which anything is known to have started or ended.
        posted: the day of the last posting: what lies after it, nobody can have recorded.
    """

    first: date
    last: date
    posted: date

    def beyond(self, entry: Measure, periods: Sequence[Period], surely: bool = False) -> str:
        """What is amiss with a figure of these periods, in a sentence; empty where the records cover them.

        ``surely`` leaves out days between the last that the records speak of and the last posting, up to a year: where
        few people are supported, nothing may have happened on them.
        """
        last = max(one.end for one in periods)
        known = min(self.posted, self.last + timedelta(days=SILENT_DAYS)) if surely else self.last
        if (last - known).days > OUTRUN_DAYS:
            return say(
                "The records reach {last}: care that was open then is counted as going on to {until}.",
                last=_day(self.last),
                until=_day(last),
            )
        first = min(one.end if entry.is_stock else one.start for one in periods)
        if (self.first - first).days > OUTRUN_DAYS:
            return say(
                "The records begin on {first}: of {asked} only what had not ended by then is known.",
                first=_day(self.first),
                asked=_day(first),
            )
        return ""


def _day(day: date) -> str:
    return day_of(day)


def reach(context: Context, entry: Measure) -> Reach:
    """How far the records of the kinds that a measure takes reach, as they were known.

    Two scans, kept for as long as the context is. They look at versions that were taken back too: those can only make
    the reach longer. The day of the last posting where there is no such line.
    """
    kinds = parts_of(entry)
    if is_unmet(entry):
        return Reach(context.unmet.first, context.unmet.last, context.unmet.last)
    with context.lock:
        if kinds not in context.reached:
            context.reached[kinds] = _reach(context, kinds)
        return context.reached[kinds]


def _reach(context: Context, kinds: Sequence[str]) -> Reach:
    recorded = recorded_day(context)
    day = day_number(recorded)
    taken = context.frame.filter(one_of("record", [RECORDS[one] for one in kinds]))
    start, end = (nw.when(nw.col(name) <= day).then(nw.col(name)) for name in ("start_day", "end_day"))
    columns = (
        start.min().alias("first_start"), start.max().alias("last_start"),
        end.min().alias("first_end"), end.max().alias("last_end"),
    )  # fmt: skip
    ((first_start, last_start, first_end, last_end),) = rows_of(taken.select(*columns))
    ends = [day_date(int(one)) for one in (last_start, last_end) if one is not None]
    if first_start is None:
        return Reach(recorded, max(ends, default=recorded), recorded)
    begins = first_start if first_end is None or _young(taken, day_date(int(first_end))) else first_end
    return Reach(day_date(int(begins)), max(ends), recorded)


def _young(taken: nw.LazyFrame[Any], first_end: date) -> bool:
    """Whether lines began in the year before the first end about as often as in the year after it."""
    month = month_ordinal(first_end)
    counted = taken.group_by("start_month").agg(nw.col("sign").cast(nw.Int64).sum().alias("n"))
    starts = {int(at): int(many) for at, many in rows_of(counted.select("start_month", "n"))}
    before, after = (sum(starts.get(at, 0) for at in range(one, one + 12)) for one in (month - 12, month))
    return before >= YOUNG_SHARE * after


def beyond(context: Context, entry: Measure, periods: Sequence[Period]) -> str:
    """What is amiss with a figure of these periods, in a sentence; empty where the records cover them."""
    return reach(context, entry).beyond(entry, periods) if periods else ""
