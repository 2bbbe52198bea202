"""The columns that a question needs, and a scan that does nothing but read them: the yardstick of a measure's cost."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from careshape.evaluate.measure.dimensions import BANDS, TIME
from careshape.evaluate.measure.entry import Measure, find_measure
from careshape.evaluate.published import Ask
from careshape.ledger.store import quote

_SPELL = ("start_day", "end_day")
_OF_KIND = {
    "lines": _SPELL,
    "lines_over_period": _SPELL,
    "starts": (*_SPELL, "person", "line"),
    "ends": (*_SPELL, "person", "line"),
    "nights": _SPELL,
    "days": _SPELL,
    "weekly_cost": (*_SPELL, "weekly_cost"),
    "cost": (*_SPELL, "weekly_cost", "one_off_cost"),
}


def needed_columns(ask: Ask, posting: bool = False) -> tuple[str, ...]:
    """The ledger columns without which the question cannot be answered, in alphabetical order.

    The number of the posting is needed where a figure is asked for as it was known on an earlier day. Months of first
    and last days are not counted: they serve one way of computing, not the question.
    """
    found = {"sign", "record", *_columns_of(find_measure(ask.measure)), *map(_column, (*ask.by, *ask.where))}
    if posting:
        found.add("posting")
    return tuple(sorted(found - set(TIME)))


def _columns_of(entry: Measure) -> set[str]:
    filters = {_column(name) for name in (*entry.where, *entry.denominator_where)}
    if entry.kind == "share":
        parts = [find_measure(name) for name in (entry.numerator, entry.denominator) if name is not None]
        return filters.union(*map(_columns_of, parts))
    if entry.kind in ("people_on_date", "people_over_period"):
        return {*filters, *_SPELL, entry.of}
    if entry.kind == "hours":
        # A delivery belongs to the period that it starts in; a planned line to every day that it is open.
        return {*filters, "quantity", "start_day", *(() if entry.record == ("delivered",) else ("end_day",))}
    if entry.kind == "mean_weekly_cost":
        return {*filters, *_SPELL, "weekly_cost", *(("person",) if entry.per == "person" else ())}
    return {*filters, *_OF_KIND[entry.kind]}


def _column(dimension: str) -> str:
    return "birth_month" if dimension in BANDS else dimension


def bare_scan(connection: duckdb.DuckDBPyConnection, files: Sequence[str], columns: Sequence[str]) -> int:
    """Read every value of ``columns`` and fold each row into one number, so that none can be skipped."""
    return _scan(connection, files, f"bit_xor(hash({', '.join(columns)}))")[0]


def plain_scan(connection: duckdb.DuckDBPyConnection, files: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Read every value of ``columns`` and add each column up: the least that can be done with what was read."""
    return _scan(connection, files, ", ".join(f"sum({column})" for column in columns))


def _scan(connection: duckdb.DuckDBPyConnection, files: Sequence[str], select: str) -> list[int]:
    listed = ", ".join(quote(file) for file in files)
    row = connection.execute(f"SELECT {select} FROM read_parquet([{listed}])").fetchall()[0]
    return [int(value) for value in row]
