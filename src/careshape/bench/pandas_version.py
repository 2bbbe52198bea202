"""The questions of the statement answered in pandas, as an analyst would write it: read the columns, filter, group.

It is kept for comparison only. It reads no more columns than it needs, filters before it groups, and works on whole
columns; it knows nothing of row groups, sums over spells or engines. Its answers are exact, so they can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from careshape.bench.needed import needed_columns
from careshape.catalogue import catalogue
from careshape.catalogue.periods import Period, financial_year_of, financial_year_period, month_ordinal
from careshape.evaluate.measure.dimensions import BANDS, Where, labeller, parse_band, values_of
from careshape.evaluate.measure.entry import Measure, find_measure
from careshape.evaluate.measure.evaluate import RECORDS
from careshape.evaluate.measure.population import population
from careshape.evaluate.published import Ask
from careshape.ledger.columns import CODED, OPEN_DAY

Sums = dict[tuple[int, ...], Fraction]
"""Cell -> exact number."""
Answer = dict[tuple[str, ...], Fraction | None]
"""Cell by ids, the label of the period last where there are several -> exact number."""


def answer(folder: Path, ask: Ask, authority: str, known: int | None = None) -> Answer:
    """Answer one question from the Parquet files in ``folder``, as known after posting ``known`` (None: all)."""
    rows = pd.read_parquet(folder, columns=list(needed_columns(ask, posting=known is not None)))
    if known is not None:
        rows = rows[rows["posting"] <= known]
    entry = find_measure(ask.measure)
    labels = [labeller(name, {}) for name in ask.by]
    found: Answer = {}
    for period in ask.periods:
        for cell, value in _value(rows, entry, ask.by, [ask.where], period, authority).items():
            if ask.by and not value:
                continue
            key = tuple(label(code) for label, code in zip(labels, cell, strict=True))
            found[(*key, period.label) if len(ask.periods) > 1 else key] = value
    return found


def _value(
    rows: pd.DataFrame, entry: Measure, keys: Sequence[str], filters: Sequence[Where], period: Period, authority: str
) -> dict[tuple[int, ...], Fraction | None]:
    """Every cell of one measure in one period."""
    filters = [entry.where, *filters]
    if entry.kind == "share":
        above = _value(rows, find_measure(str(entry.numerator)), keys, filters, period, authority)
        below = _below(rows, entry, keys, filters, period, authority, above)
        return {cell: v * 100 if v is not None else None for cell, v in _divided(above, below).items()}
    held = _filtered(rows, entry, filters, period)
    for name in keys:
        if name in BANDS:
            held = held.assign(**{name: _bands(held, name, period)})
    if entry.kind == "mean_weekly_cost":
        people = _open_lines if entry.per == "line" else partial(_distinct, of="person", on_date=True)
        return _divided(_weekly_cost(held, keys, period), people(held, keys, period))
    value: Mapping[tuple[int, ...], Fraction | None] = _counting(entry)(held, keys, period)
    if entry.weekly:
        value = {cell: v * 7 / period.days for cell, v in value.items() if v is not None}
    return dict(value) if keys else {(): value.get((), Fraction(0))}


def _below(
    rows: pd.DataFrame,
    entry: Measure,
    keys: Sequence[str],
    filters: Sequence[Where],
    period: Period,
    authority: str,
    above: Mapping[tuple[int, ...], Fraction | None],
) -> Mapping[tuple[int, ...], Fraction | None]:
    """What a share is of."""
    if entry.population is not None:
        cells = {cell: [v or Fraction(0)] for cell, v in above.items()}
        return {
            cell: v[0] for cell, v in population(entry.population, [(authority, None)], [], [period], cells).items()
        }
    whole = find_measure(str(entry.denominator))
    if entry.within == "cell":
        return _value(rows, whole, keys, [entry.denominator_where, *filters[1:]], period, authority)
    (total,) = _value(rows, whole, [], [entry.denominator_where], period, authority).values()
    return dict.fromkeys(above, total)


def _divided(
    above: Mapping[tuple[int, ...], Fraction | None], below: Mapping[tuple[int, ...], Fraction | None]
) -> dict[tuple[int, ...], Fraction | None]:
    return {cell: v / under if v is not None and (under := below.get(cell)) else None for cell, v in above.items()}


def _filtered(rows: pd.DataFrame, entry: Measure, filters: Sequence[Where], period: Period) -> pd.DataFrame:
    """The lines that the measure takes."""
    kept = _one_of(rows["record"], [RECORDS[name] for name in entry.record])
    for where in filters:
        for name, wanted in where.items():
            if name in BANDS:
                age = _age(rows, period)
                inside = [(age >= low) & (age <= high) for low, high in map(parse_band, values_of(wanted))]
                kept &= (rows["birth_month"] > 0) & np.logical_or.reduce(inside)
            else:
                listing = CODED[name]
                codes = {code for one in values_of(wanted) for code in catalogue().codes(listing, one)}
                kept &= _one_of(rows[name], sorted(codes))
    return rows[kept]


def _one_of(column: pd.Series, codes: Sequence[int]) -> pd.Series:
    return column == codes[0] if len(codes) == 1 else column.isin(codes)


def _age(rows: pd.DataFrame, period: Period) -> pd.Series:
    return (month_ordinal(period.end) - rows["birth_month"]) // 12


def _bands(rows: pd.DataFrame, name: str, period: Period) -> pd.Series:
    age = _age(rows, period)
    number = pd.Series(-1, index=rows.index)
    for i, (low, high) in enumerate(BANDS[name]):
        number[(rows["birth_month"] > 0) & (age >= low) & (age <= high)] = i
    return number


def _counting(entry: Measure) -> Callable[[pd.DataFrame, Sequence[str], Period], Sums]:
    found: dict[str, Callable[[pd.DataFrame, Sequence[str], Period], Sums]] = {
        "people_on_date": partial(_distinct, of=entry.of, on_date=True),
        "people_over_period": partial(_distinct, of=entry.of, on_date=False),
        "lines": _open_lines,
        "lines_over_period": lambda rows, keys, period: _summed(_overlapping(rows, period), keys, 1),
        "starts": partial(_moves, starting=True),
        "ends": partial(_moves, starting=False),
        "nights": partial(_length, inclusive=False),
        "days": partial(_length, inclusive=True),
        "hours": _delivered if entry.record == ("delivered",) else _planned,
        "weekly_cost": _weekly_cost,
        "cost": _cost_of_open if entry.open_at_end else _cost,
    }
    return found[entry.kind]


def _summed(rows: pd.DataFrame, keys: Sequence[str], amount: pd.Series | int, over: int = 1) -> Sums:
    """Sum an amount over the rows of each cell, every row by its sign."""
    signed = rows["sign"].astype("int64") * amount
    if not keys:
        return {(): Fraction(int(signed.sum()), over)}
    totals = signed.groupby([rows[name] for name in keys]).sum()
    cells = (cell if isinstance(cell, tuple) else (cell,) for cell in totals.index)
    return {tuple(map(int, cell)): Fraction(int(v), over) for cell, v in zip(cells, totals, strict=True)}


def _open(rows: pd.DataFrame, day: int) -> pd.DataFrame:
    return rows[(rows["start_day"] <= day) & (rows["end_day"] >= day)]


def _overlapping(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    return rows[(rows["start_day"] <= period.end_day) & (rows["end_day"] >= period.start_day)]


def _starting(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    return rows[rows["start_day"].between(period.start_day, period.end_day)]


def _open_lines(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    return _summed(_open(rows, period.end_day), keys, 1)


def _weekly_cost(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    held = _open(rows, period.end_day)
    return _summed(held, keys, held["weekly_cost"], over=100)


def _planned(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    held = _open(rows, period.end_day)
    return _summed(held, keys, held["quantity"], over=100)


def _delivered(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    held = _starting(rows, period)
    return _summed(held, keys, held["quantity"], over=100)


def _distinct(rows: pd.DataFrame, keys: Sequence[str], period: Period, of: str, on_date: bool) -> Sums:
    held = _open(rows, period.end_day) if on_date else _overlapping(rows, period)
    held = held[held[of] != 0]
    signs = held.groupby([*keys, of])["sign"].sum()
    there = signs[signs > 0].reset_index()
    return _summed(there.assign(sign=1), keys, 1)


def _moves(rows: pd.DataFrame, keys: Sequence[str], period: Period, starting: bool) -> Sums:
    who = rows["person"].where(rows["person"] != 0, rows["line"])
    rows = rows.assign(who=who)
    first, last = period.start_day, period.end_day + 1
    opened = rows[rows["start_day"].between(first, last)]
    closed = rows[rows["end_day"].between(first - 1, last - 1) & (rows["end_day"] != OPEN_DAY)]
    opened = opened.assign(day=opened["start_day"])
    closed = closed.assign(day=closed["end_day"] + 1, sign=-closed["sign"])
    net = pd.concat([opened, closed]).groupby([*keys, "who", "day"])["sign"].sum().reset_index()
    low, high = (first, last - 1) if starting else (first + 1, last)
    net = net[net["day"].between(low, high)]
    moved = net[net["sign"] > 0] if starting else net[net["sign"] < 0]
    return _summed(moved.assign(sign=moved["sign"].abs()), keys, 1)


def _inside(rows: pd.DataFrame, period: Period, inclusive: bool) -> pd.Series:
    """Days (or nights) of each row inside the period."""
    until = (rows["end_day"] + int(inclusive)).clip(upper=period.end_day + 1)
    return (until - rows["start_day"].clip(lower=period.start_day)).clip(lower=0).astype("int64")


def _length(rows: pd.DataFrame, keys: Sequence[str], period: Period, inclusive: bool) -> Sums:
    held = _overlapping(rows, period)
    return _summed(held, keys, _inside(held, period, inclusive))


def _cost(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    held, bought = _overlapping(rows, period), _starting(rows, period)
    spread = _summed(held, keys, held["weekly_cost"] * _inside(held, period, True), over=700)
    once = _summed(bought, keys, bought["one_off_cost"], over=100)
    return {cell: spread.get(cell, Fraction(0)) + once.get(cell, Fraction(0)) for cell in {*spread, *once}}


def _cost_of_open(rows: pd.DataFrame, keys: Sequence[str], period: Period) -> Sums:
    year = financial_year_period(financial_year_of(period.end))
    return _cost(_open(rows, period.end_day), keys, Period(year.start, period.end, period.label, "span"))
