"""The kinds of counting: each turns signed ledger rows into one exact number a cell and period.

Written once as Narwhals expressions over integers, so that every engine gives the same answer. A row counts ``sign``
times, so a correction takes its earlier version back by itself. Sums over spells need one scan for any number of
periods: stock at month ends comes from starts and closes a month, nights and cost by year from counts and sums by
first and last year. Distinct people have no such sums, and are counted one period after another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

import narwhals as nw

from careshape.catalogue.periods import Period, day_number, financial_year_period, month_end, month_ordinal
from careshape.evaluate.measure.frames import rows_of
from careshape.ledger.columns import OPEN_DAY

Frame = nw.LazyFrame[Any]
Key = tuple[int, ...]
Counts = dict[Key, list[Fraction]]
"""Cell (catalogue codes in the order of the keys) -> one exact number a period."""

_sign = nw.col("sign").cast(nw.Int64)
_start = nw.col("start_day").cast(nw.Int64)
_end = nw.col("end_day").cast(nw.Int64)


def _whole(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64)


def _open_on(day: int) -> nw.Expr:
    return (_start <= day) & (_end >= day)


def _overlaps(period: Period) -> nw.Expr:
    return (_start <= period.end_day) & (_end >= period.start_day)


def _near(frame: Frame, periods: Sequence[Period]) -> Frame:
    """Leave out the rows that touch no period; row groups are skipped by their bounds."""
    first, last = min(p.start_day for p in periods), max(p.end_day for p in periods)
    return frame.filter(_start <= last, _end >= first)


def _sums(frame: Frame, keys: Sequence[str], columns: Sequence[nw.Expr]) -> dict[Key, list[int]]:
    """Sum ``columns`` in each cell of ``keys``; an empty frame gives no cell."""
    summed = frame.group_by(list(keys)).agg(*columns) if keys else frame.select(*columns)
    width = len(keys)
    found = {}
    for row in rows_of(summed):
        cell = tuple(int(code) for code in row[:width])
        found[cell] = [int(value) if value is not None else 0 for value in row[width:]]
    return found


def _fractions(sums: dict[Key, list[int]], over: int = 1) -> Counts:
    return {cell: [Fraction(value, over) for value in values] for cell, values in sums.items()}


def signed_sum(frame: Frame, keys: Sequence[str], periods: Sequence[Period], amount: nw.Expr | None) -> Counts:
    """Sum ``amount`` (None: count) over the rows open on the last day of each period."""
    weight = _sign if amount is None else _sign * amount
    if len(periods) > 6 and all(_ends_a_month(period) for period in periods):
        return _stock_from_flows(frame, keys, periods, weight)
    # Each period's last day is its own condition; the rows of other days are left out before.
    near = _near(frame, [Period(p.end, p.end, p.label, "day") for p in periods])
    columns = [(_whole(_open_on(p.end_day)) * weight).sum().alias(f"w{i}") for i, p in enumerate(periods)]
    return _fractions(_sums(near, keys, columns))


def _ends_a_month(period: Period) -> bool:
    return period.end == month_end(month_ordinal(period.end))


def _stock_from_flows(frame: Frame, keys: Sequence[str], periods: Sequence[Period], weight: nw.Expr) -> Counts:
    """Stock at many month ends from one scan: what starts less what closes a month, then a running sum."""
    months = [month_ordinal(period.end) for period in periods]
    low, high = min(months), max(months)
    start = nw.col("start_month").cast(nw.Int64)
    close = nw.col("close_month").cast(nw.Int64)
    # All that began before the first month begins in it, as far as its stock goes; the same for what closed.
    clipped = frame.with_columns(
        nw.when(start < low).then(nw.lit(low)).otherwise(start).alias("in_month"),
        nw.when(close < low).then(nw.lit(low)).otherwise(close).alias("out_month"),
        weight.alias("weight"),
    )
    net: dict[Key, list[int]] = defaultdict(lambda: [0] * (high - low + 1))
    for column, direction in (("in_month", 1), ("out_month", -1)):
        flows = clipped.filter(nw.col(column) <= high)
        for cell, (total,) in _sums(flows, [*keys, column], [nw.col("weight").sum().alias("n")]).items():
            net[cell[:-1]][cell[-1] - low] += direction * total
    stocks = {cell: list(accumulate(flow)) for cell, flow in net.items()}
    return {cell: [Fraction(stock[month - low]) for month in months] for cell, stock in stocks.items()}


def lines(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Line items open on the last day of each period."""
    return signed_sum(frame, keys, periods, None)


def lines_over_period(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Line items open on any day of each period."""
    columns = [(_whole(_overlaps(p)) * _sign).sum().alias(f"w{i}") for i, p in enumerate(periods)]
    return _fractions(_sums(_near(frame, periods), keys, columns))


def times(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """What happened in each period: rows that begin in it."""
    columns = [(_whole(_starts_in(p)) * _sign).sum().alias(f"w{i}") for i, p in enumerate(periods)]
    return _fractions(_sums(_near(frame, periods), keys, columns))


def weekly_cost(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Pounds a week of the line items open on the last day of each period."""
    pence = signed_sum(frame, keys, periods, nw.col("weekly_cost").cast(nw.Int64))
    return {cell: [value / 100 for value in values] for cell, values in pence.items()}


def planned_hours(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Planned units a week of the line items open on the last day of each period."""
    hundredths = signed_sum(frame, keys, periods, nw.col("quantity").cast(nw.Int64))
    return {cell: [value / 100 for value in values] for cell, values in hundredths.items()}


def delivered_hours(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Units of the deliveries whose own period starts in each period."""
    quantity = nw.col("quantity").cast(nw.Int64) * _sign
    columns = [(_whole(_starts_in(p)) * quantity).sum().alias(f"w{i}") for i, p in enumerate(periods)]
    return _fractions(_sums(_near(frame, periods), keys, columns), over=100)


def _starts_in(period: Period) -> nw.Expr:
    return (_start >= period.start_day) & (_start <= period.end_day)


def distinct(frame: Frame, keys: Sequence[str], periods: Sequence[Period], of: str, on_date: bool) -> Counts:
    """Distinct people, providers or settings on the last day of, or over, each period.

    A person is in a cell while the signs of the rows that put them there add up to more than nothing. Rows without a
    person (0) are nobody that could be told apart and are left out.

    Each period is a pass of its own: in one pass for all, the people of any period are held with a number for every
    period, and from some five periods on of millions of people they no longer fit in memory.
    """
    found: Counts = {}
    for i, period in enumerate(periods):
        inside = _open_on(period.end_day) if on_date else _overlaps(period)
        held = frame.filter(inside, nw.col(of) != 0).group_by([*keys, of]).agg(_sign.sum().alias("lines"))
        count = _whole(nw.col("lines") > 0).sum().alias("n")
        for cell, (value,) in _sums(held, keys, [count]).items():
            found.setdefault(cell, [Fraction(0)] * len(periods))[i] = Fraction(value)
    return found


def moves(frame: Frame, keys: Sequence[str], periods: Sequence[Period], starting: bool) -> Counts:
    """Spells that begin (or end) in each period; a line that follows another the next day carries its spell on.

    On each day a person's lines that begin are set against those that closed the evening before: what remains began
    (or ended) a spell. Lines of nobody (person 0) are each their own.
    """
    first, last = min(p.start_day for p in periods), max(p.end_day for p in periods) + 1
    who = nw.when(nw.col("person") != 0).then(nw.col("person")).otherwise(nw.col("line"))
    opened = frame.filter(_start >= first, _start <= last).select(
        *keys, who.alias("who"), _start.alias("day"), _sign.alias("n")
    )
    closed = frame.filter(_end >= first - 1, _end < last, _end != OPEN_DAY).select(
        *keys, who.alias("who"), (_end + 1).alias("day"), (_sign * -1).alias("n")
    )
    net = nw.concat([opened, closed]).group_by([*keys, "who", "day"]).agg(nw.col("n").sum())
    day, n = nw.col("day"), nw.col("n")
    columns = []
    for i, period in enumerate(periods):
        low, high = (period.start_day, period.end_day) if starting else (period.start_day + 1, period.end_day + 1)
        kept = _whole((day >= low) & (day <= high) & ((n > 0) if starting else (n < 0)))
        columns.append((kept * (n if starting else n * -1)).sum().alias(f"w{i}"))
    return _fractions(_sums(net, keys, columns))


def nights(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Nights in each period, dated by the evening: last day less first day, the day out excluded."""
    return _inside(frame, keys, periods, _sign, inclusive=False)


def days(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Days in each period on which a line was open, first and last day included."""
    return _inside(frame, keys, periods, _sign, inclusive=True)


def _inside(frame: Frame, keys: Sequence[str], periods: Sequence[Period], weight: nw.Expr, inclusive: bool) -> Counts:
    """Sum ``weight`` times the days (or nights) of each row inside each period."""
    # For one year or two, cutting each row costs less than grouping rows by the years they came and left in.
    years = len(periods) > 2 and all(period.kind == "financial_year" for period in periods)
    return (_by_years if years else _spans)(frame, keys, periods, weight, inclusive)


def _spans(frame: Frame, keys: Sequence[str], periods: Sequence[Period], weight: nw.Expr, inclusive: bool) -> Counts:
    """The same from the first and last day of each row, cut to every period."""
    columns = []
    for i, period in enumerate(periods):
        until = nw.min_horizontal(_end + int(inclusive), nw.lit(period.end_day + 1))
        since = nw.max_horizontal(_start, nw.lit(period.start_day))
        length = nw.max_horizontal(until - since, nw.lit(0))
        columns.append((length * weight).sum().alias(f"w{i}"))
    return _fractions(_sums(_near(frame, periods), keys, columns))


def _by_years(frame: Frame, keys: Sequence[str], periods: Sequence[Period], weight: nw.Expr, inclusive: bool) -> Counts:
    """The same for financial years, from counts and sums of first and last days by (year in, year out): one scan."""
    statistics = _near(frame, periods).with_columns(
        ((nw.col("start_month") - 3) // 12).alias("year_in"),
        ((nw.col("end_month") - 3) // 12).alias("year_out"),
        weight.alias("weight"),
    )
    columns = [
        nw.col("weight").sum().alias("n"),
        (nw.col("weight") * _start).sum().alias("first"),
        (nw.col("weight") * _end).sum().alias("last"),
    ]
    found: Counts = {}
    for cell, (n, first, last) in _sums(statistics, [*keys, "year_in", "year_out"], columns).items():
        *key, year_in, year_out = cell
        totals = found.setdefault(tuple(key), [Fraction(0)] * len(periods))
        for i, period in enumerate(periods):
            totals[i] += _of_year(period, year_in, year_out, (n, first, last), inclusive)
    return found


def _of_year(period: Period, year_in: int, year_out: int, sums: tuple[int, int, int], inclusive: bool) -> int:
    """Days (or nights) inside a financial year of all rows that came in one year and left in another."""
    n, first, last = sums
    year = period.start.year
    if not year_in <= year <= year_out:
        return 0
    until = last + (n if inclusive else 0) if year == year_out else n * (period.end_day + 1)
    since = first if year == year_in else n * period.start_day
    return until - since


def cost(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Pounds in each period: weekly cost times inclusive days, over seven, plus one-off costs that start in it."""
    weekly = nw.col("weekly_cost").cast(nw.Int64) * _sign
    spread = _inside(frame, keys, periods, weekly, inclusive=True)
    single = nw.col("one_off_cost").cast(nw.Int64) * _sign
    columns = [(_whole(_starts_in(p)) * single).sum().alias(f"w{i}") for i, p in enumerate(periods)]
    once = _sums(_near(frame, periods).filter(nw.col("one_off_cost") != 0), keys, columns)
    total: Counts = {cell: [value / 700 for value in values] for cell, values in spread.items()}
    for cell, pence in once.items():
        base = total.get(cell, [Fraction(0)] * len(periods))
        total[cell] = [value + Fraction(extra, 100) for value, extra in zip(base, pence, strict=True)]
    return total


def cost_of_open(frame: Frame, keys: Sequence[str], periods: Sequence[Period]) -> Counts:
    """Pounds since 1 April of the lines that are open on the last day of each period."""
    found: Counts = {}
    for i, period in enumerate(periods):
        year = financial_year_period((month_ordinal(period.end) - 3) // 12)
        to_date = Period(year.start, period.end, period.label, "span")
        held = frame.filter(_open_on(day_number(period.end)))
        for cell, (value,) in cost(held, keys, [to_date]).items():
            found.setdefault(cell, [Fraction(0)] * len(periods))[i] = value
    return found


Counting = Callable[[Frame, Sequence[str], Sequence[Period]], Counts]
