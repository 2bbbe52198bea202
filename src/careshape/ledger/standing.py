"""A Client Level Data file against the lines that stand in the ledger: events that restart each year, and that
vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from careshape.catalogue.periods import day_date
from careshape.ledger.cld import first_april, natural_line, rename_lines
from careshape.ledger.columns import OPEN_DAY, SCHEMA
from careshape.ledger.incoming import month_sql
from careshape.ledger.period import Reporting
from careshape.ledger.posting import Posting
from careshape.ledger.registers import NUMBERED
from careshape.ledger.resolve import CLOSED, DELIVERIES, MEANING
from careshape.ledger.store import scan

TOO_MANY: Final = 0.5
"""Share of the open events whose vanishing at once says that the file is incomplete rather than that care ended."""
FEW: Final = 20
"""Open events below which a share says nothing."""


def find_standing(connection: duckdb.DuckDBPyConnection, rows: str, postings: Sequence[Posting]) -> None:
    """Put the lines that a Client Level Data file may go on with into the table ``standing``: open, or ended on 31
    March.

    Only lines that such a file once reported; ``firm`` says that a package file has had its word on them too.
    """
    numbers = {kind: [posting.number for posting in postings if posting.kind == kind] for kind in ("cld", "packages")}
    rows = rows if rows and numbers["cld"] else scan([], SCHEMA)
    stands = f"record NOT IN {DELIVERIES} AND sign = 1 AND (end_day = {OPEN_DAY} OR {first_april('end_day + 1')})"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE standing AS
        WITH candidates AS (SELECT DISTINCT line FROM {rows} WHERE {stands}),
        latest AS (SELECT line, max(posting) AS posting,
            bool_or(list_contains({numbers["cld"]}::INTEGER[], posting)) AS reported,
            bool_or(list_contains({numbers["packages"]}::INTEGER[], posting)) AS firm
            FROM {rows} SEMI JOIN candidates USING (line) WHERE record NOT IN {DELIVERIES} GROUP BY line)
        SELECT lines.*, latest.firm FROM (SELECT * FROM {rows} WHERE {stands}) AS lines
        JOIN latest USING (line, posting) WHERE reported"""
    )


def go_on(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Let events that start on 1 April go on with the line that stood on 31 March.

    The same reference with another price is a change of price: a line of its own from 1 April on.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE restarts AS
        SELECT kept_rows.*, coalesce(provider_number, 0) AS provider FROM {NUMBERED}
        WHERE {first_april("start_day")}"""
    )
    same_price = "coalesce(restarts.unit_price = nullif(standing.unit_price, 0), true)"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE going_on AS
        SELECT restarts.row, standing.firm OR {same_price} AS same FROM restarts JOIN standing USING (line)
        WHERE standing.start_day < restarts.start_day"""
    )
    connection.execute("INSERT INTO crossed SELECT row, 'year-restart', NULL, false FROM going_on WHERE same")
    rename_lines(
        connection,
        f"SELECT row, {natural_line('1')} AS line FROM restarts "
        "SEMI JOIN (SELECT row FROM going_on WHERE NOT same) USING (row)",
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE renamed AS
        SELECT restarts.row, standing.line
        FROM (SELECT * FROM restarts
            ANTI JOIN (SELECT line FROM {rows or scan([], SCHEMA)}) AS posted USING (line)) AS restarts
        JOIN (SELECT * FROM standing ANTI JOIN kept_rows USING (line)) AS standing
            ON standing.person = restarts.person AND standing.service = restarts.service
            AND standing.provider = restarts.provider
            AND standing.delivery_mechanism = coalesce(restarts.delivery_mechanism, 0)
        WHERE standing.start_day < restarts.start_day
            AND standing.end_day IN (restarts.start_day - 1, {OPEN_DAY}) AND {same_price}
        QUALIFY row_number() OVER (PARTITION BY restarts.row ORDER BY standing.start_day, standing.line) = 1
            AND row_number() OVER (PARTITION BY standing.line ORDER BY restarts.row) = 1"""
    )
    connection.execute("INSERT INTO crossed SELECT row, 'year-restart', NULL, false FROM renamed")
    rename_lines(connection, "SELECT row, line FROM renamed")


def close_vanished(connection: duckdb.DuckDBPyConnection, period: Reporting, postings: Sequence[Posting]) -> list[str]:
    """Close the events that were open and that this file, of a later period, no longer has; what was done is said.

    They end on the last day of the period that reported them last, as in the national processing. A file that lacks
    most of the open events is taken to be incomplete, and closes none.
    """
    ends = [posting.period[1] for posting in postings if posting.kind == "cld" and posting.period]
    if period.end is None or period.start is None or not ends or max(ends) >= period.end:
        return []
    open_before = f"FROM standing WHERE end_day = {OPEN_DAY} AND start_day < {period.start}"
    vanished = f"{open_before} AND line NOT IN (SELECT line FROM kept_rows)"
    count, total = (
        int(connection.execute(f"SELECT count(*) {one}").fetchall()[0][0]) for one in (vanished, open_before)
    )
    if not count:
        return []
    if total >= FEW and count > TOO_MANY * total:
        return [
            f"{count:,} of {total:,} events that were open are not in this file, which looks incomplete: none was "
            "closed. Check that the file holds every service event of its period."
        ]
    last = max(ends)
    end = f"greatest({last}, start_day)"
    closing = {"end_day": end, "end_month": month_sql(end), "close_month": month_sql(f"{end} + 1")}
    ended = ", ".join(f"{closing.get(name, name)} AS {name}" for name in MEANING)
    connection.execute(f"INSERT INTO more SELECT {', '.join(MEANING)}, -1, {CLOSED} {vanished}")
    connection.execute(f"INSERT INTO more SELECT {ended}, 1, {CLOSED} {vanished}")
    return [f"{count:,} events that were open have vanished from the file: closed on {day_date(last).isoformat()}."]
