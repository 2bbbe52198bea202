"""A Client Level Data file against the lines that stand in the ledger: events that start again each year, and events that vanish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from careshape.catalogue.periods import day_date
from careshape.ledger.cld import first_april, natural_line
from careshape.ledger.columns import OPEN_DAY, SCHEMA
from careshape.ledger.incoming import month_sql
from careshape.ledger.period import Reporting
from careshape.ledger.posting import Posting
from careshape.ledger.resolve import CLOSED, DELIVERIES, MEANING
from careshape.ledger.store import scan

TOO_MANY: Final = 0.5
"""Share of the open events whose vanishing at once says that the file is incomplete rather than that care ended."""
FEW: Final = 20
"""Open events below which a share says nothing."""


def find_standing(connection: duckdb.DuckDBPyConnection, files: list[str], postings: Sequence[Posting]) -> None:
    """Put the lines that a Client Level Data file may go on with into the table ``standing``: open, or ended on a 31 March.

    Only lines that such a file once reported; ``firm`` says that a package file has had its word on them too.
    """
    numbers = {kind: [posting.number for posting in postings if posting.kind == kind] for kind in ("cld", "packages")}
    rows = scan(files if numbers["cld"] else [], SCHEMA)
    stands = f"record NOT IN {DELIVERIES} AND sign = 1 AND (end_day = {OPEN_DAY} OR {first_april('end_day + 1')})"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE standing AS
        WITH candidates AS (SELECT DISTINCT line FROM {rows} WHERE {stands}),
        latest AS (SELECT line, max(posting) AS posting,
            bool_or(list_contains({numbers["cld"]}::INTEGER[], posting)) AS reported,
            bool_or(list_contains({numbers["packages"]}::INTEGER[], posting)) AS firm
            FROM {rows} SEMI JOIN candidates USING (line) WHERE record NOT IN {DELIVERIES} GROUP BY line)
        SELECT rows.*, latest.firm FROM {rows} AS rows JOIN latest USING (line, posting) WHERE {stands} AND reported"""
    )


def go_on(connection: duckdb.DuckDBPyConnection, kept: str, files: list[str]) -> None:
    """Let events that start on 1 April go on with the line that stood on 31 March.

    The same reference with another price is a change of price: a line of its own from 1 April on.
    """
    starts = f"{kept} AND {first_april('checked.start_day')}"
    same_price = "coalesce(checked.unit_price = nullif(standing.unit_price, 0), true)"
    earlier = "standing.start_day < checked.start_day"
    connection.execute(
        f"""INSERT INTO crossed SELECT checked.rowid, 'year-restart', NULL, false FROM checked JOIN standing USING (line)
        WHERE {starts} AND {earlier} AND (firm OR {same_price})"""
    )
    connection.execute(
        f"""UPDATE checked SET line = {natural_line("1").replace("start_day", "checked.start_day").replace("person", "checked.person").replace("delivery_mechanism", "checked.delivery_mechanism")}
        FROM standing WHERE checked.line = standing.line AND {starts} AND {earlier} AND NOT firm AND NOT {same_price}"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE going_on AS
        WITH fresh AS (SELECT checked.rowid AS row, checked.* FROM checked
            ANTI JOIN (SELECT line FROM {scan(files, SCHEMA)}) AS rows USING (line) WHERE {starts}),
        free AS (SELECT * FROM standing ANTI JOIN (SELECT line FROM checked WHERE {kept}) AS named USING (line))
        SELECT checked.row, free.line FROM fresh AS checked JOIN free AS standing
            ON standing.person = checked.person AND standing.service = checked.service
            AND standing.provider = coalesce(public_number(checked.provider_reference), 0)
            AND standing.delivery_mechanism = coalesce(checked.delivery_mechanism, 0)
        WHERE {earlier} AND standing.end_day IN (checked.start_day - 1, {OPEN_DAY}) AND {same_price}
        QUALIFY row_number() OVER (PARTITION BY checked.row ORDER BY standing.start_day, standing.line) = 1
            AND row_number() OVER (PARTITION BY standing.line ORDER BY checked.row) = 1""".replace(
            "free.line", "standing.line"
        )
    )
    connection.execute("INSERT INTO crossed SELECT row, 'year-restart', NULL, false FROM going_on")
    connection.execute("UPDATE checked SET line = going_on.line FROM going_on WHERE checked.rowid = going_on.row")


def close_vanished(
    connection: duckdb.DuckDBPyConnection, kept: str, period: Reporting, postings: Sequence[Posting]
) -> list[str]:
    """Close the events that were open and that this file, of a later period, no longer has; what was done is said.

    They end on the last day of the period that reported them last, as in the national processing. A file that lacks most
    of the open events is taken to be incomplete, and closes none.
    """
    ends = [posting.period[1] for posting in postings if posting.kind == "cld" and posting.period]
    if period.end is None or period.start is None or not ends or max(ends) >= period.end:
        return []
    vanished = f"""FROM standing ANTI JOIN (SELECT line FROM checked WHERE {kept}) AS named USING (line)
        WHERE end_day = {OPEN_DAY} AND start_day < {period.start}"""
    open_before = f"SELECT count(*) FROM standing WHERE end_day = {OPEN_DAY} AND start_day < {period.start}"
    count = int(connection.execute(f"SELECT count(*) {vanished}").fetchall()[0][0])
    total = int(connection.execute(open_before).fetchall()[0][0])
    if not count:
        return []
    if total >= FEW and count > TOO_MANY * total:
        return [
            f"{count:,} of {total:,} events that were open are not in this file, which looks incomplete: none was closed. "
            "Check that the file holds every service event of its period."
        ]
    last = max(ends)
    closing = {"end_day": f"greatest({last}, start_day)"}
    closing["end_month"] = month_sql(closing["end_day"])
    closing["close_month"] = month_sql(f"{closing['end_day']} + 1")
    ended = ", ".join(f"{closing.get(name, name)} AS {name}" for name in MEANING)
    connection.execute(f"INSERT INTO more SELECT {', '.join(MEANING)}, -1, {CLOSED} {vanished}")
    connection.execute(f"INSERT INTO more SELECT {ended}, 1, {CLOSED} {vanished}")
    return [f"{count:,} events that were open have vanished from the file: closed on {day_date(last).isoformat()}."]
