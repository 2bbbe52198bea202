"""Evaluate a measure over one ledger or several: dimensions, filters, periods, and as known on a day."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from careshape.catalogue.periods import (
    Period,
    day_date,
    day_number,
    financial_year_of,
    financial_year_period,
    month_period,
    parse_periods,
)
from careshape.errors import CallError
from careshape.evaluate.measure import kinds
from careshape.evaluate.measure.dimensions import (
    BANDS,
    NAMED,
    TIME,
    Where,
    add_key,
    check_dimension,
    condition,
    labeller,
    one_of,
    values_of,
)
from careshape.evaluate.measure.entry import Measure, find_measure
from careshape.evaluate.measure.frames import LedgerLike, open_frame, rows_of, snapshot
from careshape.evaluate.measure.named import numbers_of, register_of
from careshape.evaluate.measure.population import population
from careshape.evaluate.measure.result import Cell, Change, Result
from careshape.evaluate.measure.unmet import CODE, RECORD, Told, check_split, is_unmet, told_of
from careshape.ledger.columns import CONTRIBUTION, DELIVERED, ONE_OFF, PLANNED

if TYPE_CHECKING:
    from careshape.evaluate.measure.reach import Reach

RECORDS = {"planned": PLANNED, "delivered": DELIVERED, "one-off": ONE_OFF, RECORD: CODE, "contribution": CONTRIBUTION}
_PRINTED = {"id", "label", "unit", "decimals", "good", "card", "where"}
"""What of a measure is not part of its question: how it is called and printed. Its filter stands among the others."""
REASONS = {
    1: "first entry",
    2: "correction",
    3: "late entry",
    4: "withdrawn",
    5: "closed",
    6: "detail added",
    7: "reinstated",
}


@dataclass(frozen=True)
class Context:
    """The open rows, which ledgers they are of, and when they were known."""

    frame: nw.LazyFrame[Any]
    ledgers: tuple[LedgerLike, ...]
    posting: Mapping[str, int]
    """Authority -> number of the last posting that is known; what is posted later does not enter."""
    reached: dict[tuple[str, ...], Reach] = field(default_factory=dict, compare=False, repr=False)
    """Kinds of record -> how far they reach (`careshape.evaluate.measure.reach`), once that was looked up."""
    kept: dict[str, Told] = field(default_factory=dict, compare=False, repr=False)
    counted: dict[str, kinds.Counts] | None = field(default=None, compare=False, repr=False)
    """Question -> what was counted for it; None where nothing is kept, so that no context grows that stays open. It may
    be shared by contexts of the same rows only."""
    lock: threading.RLock = field(default_factory=threading.RLock, compare=False, repr=False)
    """Held while rows are asked: the engine refuses a second thread on its connection, and does not wait."""

    @property
    def unmet(self) -> Told:
        """What is told of needs that were not met, as it is now. Raises CareshapeError where nothing is."""
        if RECORD not in self.kept:
            self.kept[RECORD] = told_of(self.ledgers)
        return self.kept[RECORD]

    def rows(self, entry: Measure) -> nw.LazyFrame[Any]:
        """The rows that a measure counts."""
        return self.unmet.frame if is_unmet(entry) else self.frame


def measure(
    ledgers: LedgerLike | Sequence[LedgerLike] | Context,
    name: str | Measure,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    period: str | Sequence[Period] | None = None,
    known_on: date | datetime | None = None,
    engine: str = "duckdb",
) -> Result:
    """Evaluate one measure.

    ``by`` names dimensions; ``financial_year`` and ``month`` split the period itself. ``where`` maps dimensions to an
    id, a group of ids or several, and a provider or setting to its name or reference. ``period`` is text for
    ``parse_periods`` ("2020/21", "2021-03", "2018/19:2020/21"); without one, flows take the complete financial years
    that the ledger covers and stocks its last day. A stock is taken on the last day of its period. Several periods that
    ``by`` does not split become the dimension ``period``.

    Returns cells in the order of their labels. Raises CallError for unknown names and CareshapeError for an empty
    ledger.
    """
    entry = name if isinstance(name, Measure) else find_measure(name)
    context = ledgers if isinstance(ledgers, Context) else open_context(ledgers, known_on, engine)
    for dimension in by:
        check_dimension(dimension)
        if list(by).count(dimension) > 1:
            raise CallError(f"The dimension '{dimension}' is given twice. Give each once.")
    check_split(entry, (*by, *(where or {})))
    time = [dimension for dimension in by if dimension in TIME]
    if len(time) > 1:
        raise CallError("A figure is split by month or by financial year, not both.")
    keys = [dimension for dimension in by if dimension not in TIME]
    with context.lock:
        periods = _periods(context, entry, time, period)
        if is_unmet(entry):
            context.unmet.check(periods)
        counts = _counts(context, entry, keys, [where or {}], periods)
        return _result(context, entry, tuple(by), keys, periods, counts, bool(time))


def open_context(
    ledgers: LedgerLike | Sequence[LedgerLike],
    known_on: date | datetime | None = None,
    engine: str = "duckdb",
    master: str | None = None,
) -> Context:
    """Open ledgers once for many measures; ``master`` is the address of a Spark cluster, for the engine ``spark``."""
    several = tuple(ledgers) if isinstance(ledgers, Sequence) else (ledgers,)
    snapshots = [snapshot(ledger, known_on) for ledger in several]
    posting = {ledger.authority: one.known for ledger, one in zip(several, snapshots, strict=True)}
    return Context(open_frame(snapshots, engine, master), several, posting)


def _periods(context: Context, entry: Measure, time: list[str], period: str | Sequence[Period] | None) -> list[Period]:
    if isinstance(period, str):
        given = parse_periods(period)
    elif period:
        given = list(period)
    else:
        given = [context.unmet.covered()] if is_unmet(entry) else _covered(context, entry, bool(time))
    if not time or time == ["period"]:
        return given
    found: dict[str, Period] = {}
    for one in given:
        parts = (
            [month_period(number) for number in one.months]
            if time == ["month"]
            else [financial_year_period(number) for number in one.financial_years]
        )
        for part in parts:
            cut = _cut(part, one.start, one.end)
            earlier = found.get(part.label, cut)
            found[part.label] = _cut(part, min(earlier.start, cut.start), max(earlier.end, cut.end))
    return list(found.values())


def _cut(part: Period, start: date, end: date) -> Period:
    """The days of a month or year from ``start`` to ``end``, under its own label."""
    if start <= part.start and part.end <= end:
        return part
    return Period(max(part.start, start), min(part.end, end), part.label, "span")


def _covered(context: Context, entry: Measure, split: bool) -> list[Period]:
    """The periods for which the ledger is complete: its last day for a stock, its complete financial years otherwise.

    Records hold ended lines from some day on: before it only people who stayed are seen, so years before the first end
    are left out, as is the year that is still running. Young records, in which nothing ended early enough, count from
    their first start; records shorter than a year give the year they are in, up to their last day.
    """
    first_end, first_start, last = _bounds(context, entry)
    end = day_date(last)
    if entry.is_stock and not split:
        return [Period(end, end, end.isoformat(), "day")]
    for first in (first_end, first_start):
        start = day_date(first)
        years = [financial_year_period(y) for y in range(financial_year_of(start), financial_year_of(end) + 1)]
        complete = [year for year in years if year.start >= start.replace(day=1) and year.end <= end]
        if complete:
            return complete if split else complete[-1:]
    return [_cut(financial_year_period(financial_year_of(end)), day_date(first_start), end)]


def _bounds(context: Context, entry: Measure) -> tuple[int, int, int]:
    """First end, first start and last known day of the lines that a measure takes, as day numbers."""
    records = [RECORDS[record] for record in parts_of(entry)]
    wanted = context.frame.filter(one_of("record", records))
    # A version that was taken back must not stretch the records, and an end that is planned is not yet known.
    versions = wanted.group_by("line", "start_day", "end_day").agg(nw.col("sign").cast(nw.Int64).sum().alias("n"))
    standing = versions.filter(nw.col("n") > 0)
    recorded = day_number(recorded_day(context))
    start, end = nw.col("start_day"), nw.col("end_day")
    columns = (
        nw.when(end <= recorded).then(end).min().alias("first_end"),
        start.min().alias("first_start"),
        nw.when(start <= recorded).then(start).max().alias("last_start"),
        nw.when(end <= recorded).then(end).max().alias("last_end"),
    )
    ((first_end, first_start, last_start, last_end),) = rows_of(standing.select(*columns))
    if last_start is None:
        if not any(context.posting.values()):
            raise CallError("Nothing had been recorded by that day. Choose a later one, or import a file.")
        what = "delivery" if entry.record == ("delivered",) else "line"
        raise CallError(f"The ledger holds no {what} that '{entry.id}' counts. Import one, or choose another measure.")
    last = int(max(last_start, last_end if last_end is not None else last_start))
    return int(first_end if first_end is not None else last), int(first_start), last


def parts_of(entry: Measure) -> tuple[str, ...]:
    """The kinds of record that a measure takes; a share takes those of its numerator."""
    return entry.record if entry.numerator is None else find_measure(entry.numerator).record


def recorded_day(context: Context) -> date:
    """The day of the last posting that is known: what lies after it, nobody can have recorded."""
    days = (one.recorded_on(context.posting[one.authority]) for one in context.ledgers)
    return max((day for day in days if day is not None), default=date.max)


def _counts(
    context: Context, entry: Measure, keys: list[str], filters: Sequence[Where], periods: list[Period]
) -> kinds.Counts:
    """Exact numbers by cell, one a period, of the rows that pass the entry's own filter and all of ``filters``.

    What the context keeps is not counted again; of a share that holds of its two parts.
    """
    if context.counted is None or entry.kind == "share":
        return _counted(context, entry, keys, filters, periods)
    question = _question(entry, keys, filters, periods)
    if question not in context.counted:
        context.counted[question] = _counted(context, entry, keys, filters, periods)
    return context.counted[question]


def _question(entry: Measure, keys: list[str], filters: Sequence[Where], periods: list[Period]) -> str:
    """What is counted, as one text: alike for measures that are but called and printed differently."""
    conditions = sorted({(name, values_of(ids)) for one in (entry.where, *filters) for name, ids in one.items()})
    return repr((entry.model_dump(exclude=_PRINTED), keys, conditions, periods))


def _counted(
    context: Context, entry: Measure, keys: list[str], filters: Sequence[Where], periods: list[Period]
) -> kinds.Counts:
    """The same from the rows. Ages differ from period to period, so where they matter each is counted by itself."""
    if entry.kind == "share":
        return _share(context, entry, keys, filters, periods)
    filters = [entry.where, *filters]
    aged = any(name in BANDS for name in (*keys, *(name for one in filters for name in one)))
    if aged and len(periods) > 1:
        found: kinds.Counts = {}
        for i, period in enumerate(periods):
            for cell, (value,) in _counts(context, entry, keys, filters, [period]).items():
                found.setdefault(cell, [Fraction(0)] * len(periods))[i] = value
        return found
    conditions = [_condition(context, name, wanted, periods[-1]) for one in filters for name, wanted in one.items()]
    # One filter for all conditions: the engine works out the shape of a relation anew at each step that is added.
    frame = context.rows(entry).filter(one_of("record", [RECORDS[record] for record in entry.record]), *conditions)
    for key in keys:
        frame = add_key(frame, key, periods[-1])
    return _count(entry, frame, keys, periods)


def _condition(context: Context, name: str, wanted: str | Sequence[str], period: Period) -> nw.Expr:
    if name not in NAMED:
        return condition(name, wanted, period)
    return nw.col(name).is_in(numbers_of(register_of(context.ledgers, context.posting, name), name, wanted))


def _count(entry: Measure, frame: nw.LazyFrame[Any], keys: list[str], periods: list[Period]) -> kinds.Counts:
    """Apply the entry's kind of counting to rows that are already filtered."""
    if entry.kind == "mean_weekly_cost":
        over = kinds.lines if entry.per == "line" else partial(kinds.distinct, of="person", on_date=True)
        return _divide(kinds.weekly_cost(frame, keys, periods), over(frame, keys, periods))
    counting: dict[str, kinds.Counting] = {
        "people_on_date": partial(kinds.distinct, of=entry.of, on_date=True),
        "people_over_period": partial(kinds.distinct, of=entry.of, on_date=False),
        "lines": kinds.lines,
        "lines_over_period": kinds.lines_over_period,
        "times": kinds.times,
        "starts": partial(kinds.moves, starting=True),
        "ends": partial(kinds.moves, starting=False),
        "nights": kinds.nights,
        "days": kinds.days,
        "hours": kinds.delivered_hours if entry.record == ("delivered",) else kinds.planned_hours,
        "weekly_cost": kinds.weekly_cost,
        "cost": kinds.cost_of_open if entry.open_at_end else kinds.cost,
    }
    counts = counting[entry.kind](frame, keys, periods)
    if not keys and not counts:
        counts = {(): [Fraction(0)] * len(periods)}  # grouping no rows by year gives no group, yet nothing is a number
    if not entry.weekly:
        return counts
    return {cell: [v * 7 / p.days for v, p in zip(values, periods, strict=True)] for cell, values in counts.items()}


def _divide(above: kinds.Counts, below: kinds.Counts) -> kinds.Counts:
    """Divide cell by cell; a cell or period with nothing below is left as None."""
    found: kinds.Counts = {}
    for cell, values in above.items():
        under = below.get(cell, [Fraction(0)] * len(values))
        found[cell] = [v / u if u else None for v, u in zip(values, under, strict=True)]  # type: ignore[misc]
    return found


def _share(
    context: Context, entry: Measure, keys: list[str], filters: Sequence[Where], periods: list[Period]
) -> kinds.Counts:
    """Percentages: the numerator's cells over the same cells of a rate, or over all of a composition."""
    numerator = _counts(context, find_measure(str(entry.numerator)), keys, [entry.where, *filters], periods)
    if entry.population is not None:
        narrowed = [*keys, *(name for one in filters for name in one)]
        councils = [(one.authority, getattr(one, "path", None)) for one in context.ledgers]
        below = population(entry.population, councils, narrowed, periods, numerator)
    else:
        whole = find_measure(str(entry.denominator))
        if entry.within == "cell":
            below = _counts(context, whole, keys, [entry.denominator_where, *filters], periods)
        else:
            below = _whole(context, whole, keys, [entry.denominator_where, *filters], periods, numerator)
    shares = _divide(numerator, below)
    return {cell: [v * 100 if v is not None else v for v in values] for cell, values in shares.items()}


def _whole(
    context: Context,
    entry: Measure,
    keys: list[str],
    filters: Sequence[Where],
    periods: list[Period],
    cells: Iterable[tuple[int, ...]],
) -> kinds.Counts:
    """The denominator of a composition: all of the same council, however else the numerator is split or filtered."""
    own, *rest = filters
    council = [{"authority": one["authority"]} for one in rest if "authority" in one]
    outer = [key for key in keys if key == "authority"]
    totals = _counts(context, entry, outer, [own, *council], periods)
    place = keys.index("authority") if outer else None
    nothing = [Fraction(0)] * len(periods)
    return {cell: totals.get(() if place is None else (cell[place],), nothing) for cell in cells}


def _result(
    context: Context,
    entry: Measure,
    by: tuple[str, ...],
    keys: list[str],
    periods: list[Period],
    counts: kinds.Counts,
    split: bool,
) -> Result:
    """Name every cell by ids, put the period where ``by`` has it, and leave out cells that hold nothing."""
    several = len(periods) > 1 and not split
    dimensions = (*by, "period") if several else by
    labels = [labeller(key, _names(context, key)) for key in keys]
    cells = []
    for code, values in counts.items():
        ids = iter([label(part) for label, part in zip(labels, code, strict=True)])
        named = {key: next(ids) for key in keys}
        for period, value in zip(periods, values, strict=True):
            if keys and not value:
                continue
            cells.append(Cell(tuple(named.get(name, period.label) for name in dimensions), value))
    order = {period.label: number for number, period in enumerate(periods)}
    cells.sort(key=lambda cell: tuple((order[part], "") if part in order else (-1, part) for part in cell.key))
    return Result(entry, dimensions, tuple(cells), dict(context.posting), tuple(periods))


def _names(context: Context, key: str) -> dict[int, str]:
    """The names of providers or settings, as they were known when the figures were."""
    if key not in NAMED:
        return {}
    register = register_of(context.ledgers, context.posting, key)
    return {number: entry["name"] for number, entry in register.items()}


def changed(
    ledger: LedgerLike,
    name: str,
    *,
    known_from: date | datetime | None,
    known_to: date | datetime | None = None,
    by: Sequence[str] = (),
    where: Where | None = None,
    period: str | None = None,
) -> list[Change]:
    """Say how a figure moved between what was known on two days, and which recorded reasons moved it.

    The reasons of a cell are counted one posting after another: the figure with all rows up to and including that
    posting's rows of that reason, less the figure before them.
    """
    entry = find_measure(name)
    whole = open_context(ledger, known_to)
    days = _periods(whole, entry, [one for one in by if one in TIME], period)
    low, high = ledger.posting_on(known_from), ledger.posting_on(known_to)
    arrivals = sorted(
        (int(posting), int(reason))
        for posting, reason in rows_of(
            whole.frame.filter(nw.col("posting") > low, nw.col("posting") <= high).select("posting", "reason").unique()
        )
    )
    seen, steps = nw.col("posting") <= low, []
    state = _state(replace(whole, frame=whole.frame.filter(seen)), entry, by, where, days)
    before = state
    for posting, reason in arrivals:
        seen = seen | ((nw.col("posting") == posting) & (nw.col("reason") == reason))
        after = _state(replace(whole, frame=whole.frame.filter(seen)), entry, by, where, days)
        steps.append((posting, REASONS.get(reason, "other"), state, after))
        state = after
    return [
        Change(key, before.get(key), state.get(key), _reasons(key, steps))
        for key in sorted({*before, *state})
        if before.get(key) != state.get(key)
    ]


State = dict[tuple[str, ...], Fraction | None]


def _state(
    context: Context, entry: Measure, by: Sequence[str], where: Where | None, periods: Sequence[Period]
) -> State:
    return {cell.key: cell.exact for cell in measure(context, entry, by=by, where=where, period=periods).cells}


def _reasons(key: tuple[str, ...], steps: list[tuple[int, str, State, State]]) -> list[tuple[int, str, Fraction]]:
    moved = []
    for posting, why, prior, after in steps:
        by = (after.get(key) or Fraction(0)) - (prior.get(key) or Fraction(0))
        if by:
            moved.append((posting, why, by))
    return moved


__all__ = ["Context", "changed", "measure", "open_context", "recorded_day"]
