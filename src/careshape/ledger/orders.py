"""Columns of dates that are written month first, as in the United States: told from the whole column, since many a date
of it reads well the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from careshape.ledger.looks import MONTH_FIRST
from careshape.ledger.plan import WORD, Check, Plan, cell_text, look_sql
from careshape.ledger.readers import ColumnRule
from careshape.ledger.sources import Source
from careshape.ledger.store import quote

EITHER: Final = "(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/[0-9]{4}( .*)?"
"""A date that can be day first or month first."""
DAY_FIRST: Final = "(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/[0-9]{4}( .*)?"
"""A date that can be day first only."""
REFUSED, UNKNOWN_AGE = "date-either-way", "birth-either-way"
"""Rules for the dates that can be either, in a column that has dates that can be month first only."""


@dataclass(frozen=True)
class Order:
    """A column with dates that cannot be day first."""

    column: ColumnRule
    month_first: int
    """Dates that can be month first only: they are not read."""
    first_row: int
    """Record of the first of them."""
    day_first: int
    """Dates that can be day first only."""
    either: int
    """Dates that can be both, and were set aside with the others: none where some dates can be day first only."""

    def note(self, place: str) -> str:
        """What is said of the column as a whole. place: where its first such date stands."""
        name = self.column.name
        found = f"{name}: {self.month_first:,} date{'s' if self.month_first > 1 else ''} cannot be day first ({place})"
        if self.day_first:
            return (
                f"{found}, and {self.day_first:,} cannot be month first: the column mixes two orders. Dates are read "
                "day first, so that some may be read amiss. Save the column as YYYY-MM-DD, and import the file again."
            )
        others = ""
        if self.either:
            done = "refused" if self.column.fault == "refuse" else "left unknown"
            which = f"{self.either:,} that could be either are" if self.either > 1 else "one that could be either is"
            others = f" The {which} {done} too."
        return (
            f"{found}, and none has to be: the column looks month first, as in the United States, and dates are read "
            f"day first.{others} Save the column as YYYY-MM-DD, and import the file again."
        )


def find_orders(connection: duckdb.DuckDBPyConnection, source: Source, plan: Plan, settled: str) -> tuple[Order, ...]:
    """Look for columns that are month first, and set their dates that could be either aside.

    settled: condition over ``checked`` for rows that are not refused already. Rows set aside stand in ``crossed``, and
    in ``either_way`` (row, field, said) with what their cell says, where it may be shown. Files whose dates can all be
    read cost nothing here.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE either_way (row BIGINT, field VARCHAR, said VARCHAR)")
    checks = [
        check
        for check in plan.checks
        if check.rule.kind == "value" and plan.match.reader.by_field(check.field).kind == "date"
    ]
    return tuple(
        order for check in _met(connection, plan, checks) if (order := _order(connection, source, plan, check, settled))
    )


def _met(connection: duckdb.DuckDBPyConnection, plan: Plan, checks: Sequence[Check]) -> list[Check]:
    if not checks:
        return []
    words = ", ".join(f"coalesce(bit_or(faults{word}), 0)" for word in range(plan.words))
    totals = connection.execute(f"SELECT {words} FROM checked").fetchall()[0]
    return [check for check in checks if totals[check.bit // WORD] & check.mask]


def _order(
    connection: duckdb.DuckDBPyConnection, source: Source, plan: Plan, check: Check, settled: str
) -> Order | None:
    column = plan.match.reader.by_field(check.field)
    look = look_sql(plan, check.field)
    count, first = connection.execute(
        f"SELECT count(*), min(row) FROM checked WHERE ({check.word} & {check.mask}) <> 0 AND {look} = '{MONTH_FIRST}'"
    ).fetchall()[0]
    if not count:
        return None
    text = f"trim({cell_text(plan.match, column)})"
    day_first = connection.execute(
        f"SELECT count(*) FROM {source.relation} WHERE regexp_full_match({text}, {quote(DAY_FIRST)})"
    ).fetchall()[0][0]
    either = 0 if day_first else _set_aside(connection, source, column, text, settled)
    return Order(column, int(count), int(first), int(day_first), either)


def _set_aside(
    connection: duckdb.DuckDBPyConnection, source: Source, column: ColumnRule, text: str, settled: str
) -> int:
    """Put the rows whose date could be either into ``crossed`` and ``either_way``; how many there are."""
    refused = column.fault == "refuse"
    if not refused and column.field != "birth_day":
        return 0  # nothing of the line follows from it
    said = "NULL" if column.masked else text
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE either_now AS
        SELECT row, {said} AS said FROM (SELECT *, row_number() OVER () - 1 AS row FROM {source.relation}) AS texts
        SEMI JOIN (SELECT row FROM checked WHERE {settled}) AS settled USING (row)
        WHERE regexp_full_match({text}, {quote(EITHER)})"""
    )
    rule = REFUSED if refused else UNKNOWN_AGE
    connection.execute(
        f"INSERT INTO crossed SELECT row, '{rule}', NULL, {refused} FROM either_now "
        f"WHERE row NOT IN (SELECT row FROM crossed WHERE rule = '{rule}')"
    )
    connection.execute(f"INSERT INTO either_way SELECT row, '{column.field}', said FROM either_now")
    return int(connection.execute("SELECT count(*) FROM either_now").fetchall()[0][0])
