"""Lines and deliveries that a file takes back because they were entered in error, and those that come back later.

Taking back is a row that reverses the version that stands, with a reason of its own: what was known before stays known
as of then. The deliveries of a line go with it, and come back with it.
"""

from __future__ import annotations

from typing import Final

import duckdb

from careshape.ledger.columns import DELIVERED, SCHEMA, VISITS_DELIVERED, VISITS_PLANNED
from careshape.ledger.resolve import (
    CARRIED,
    DELIVERIES,
    GROUP,
    MEANING,
    REINSTATED,
    SLOT,
    SLOT_DAY,
    SLOT_UNIT,
    WITHDRAWN,
)
from careshape.ledger.store import scan

VISITS: Final = f"({VISITS_PLANNED}, {VISITS_DELIVERED})"


def find_withdrawals(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the rows of a file that take something back into the table ``withdrawals``."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE withdrawals AS "
        "SELECT row, line, start_day, unit, false AS changed FROM kept_rows WHERE withdrawn"
    )


def take_back(connection: duckdb.DuckDBPyConnection, rows: str, *, delivered: bool) -> list[str]:
    """Reverse what ``withdrawals`` names of the table ``known``, and refuse what was never posted; what was done is
    said.

    What was taken back before stays so: such a row changes nothing. Visits go with the last delivery of their period.
    """
    standing = _deliveries_taken() if delivered else "SELECT known.* FROM known SEMI JOIN withdrawals USING (line)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE taken_back AS {standing}")
    same = _same("withdrawals", "posted", delivered)
    connection.execute(f"UPDATE withdrawals SET changed = EXISTS (SELECT 1 FROM taken_back AS posted WHERE {same})")
    posted = rows or scan([], SCHEMA)
    connection.execute(
        f"""INSERT INTO crossed SELECT row, 'withdrawn-unknown', NULL, true FROM withdrawals
        WHERE NOT changed AND NOT EXISTS (SELECT 1 FROM {posted} AS posted WHERE {same})"""
    )
    connection.execute(
        "DELETE FROM withdrawals WHERE row IN (SELECT row FROM crossed WHERE rule = 'withdrawn-unknown')"
    )
    connection.execute(f"INSERT INTO more SELECT {', '.join(MEANING)}, -1, {WITHDRAWN} FROM taken_back")
    return _said(connection, delivered)


def _same(one: str, other: str, delivered: bool) -> str:
    """Condition: two rows are about the same line, or the same delivery."""
    same = f"{one}.line = {other}.line"
    if not delivered:
        return same
    days = f"{one}.start_day = {other}.start_day AND {one}.unit = {other}.unit"
    return f"{same} AND {days} AND {other}.record = {DELIVERED}"


def _deliveries_taken() -> str:
    """SQL for the deliveries that ``withdrawals`` names, with the visits of their periods where nothing else of the
    period stands or comes.
    """
    key = "line, start_day, unit"
    return f"""WITH delivered AS (SELECT * FROM known WHERE slot_record = {DELIVERED}),
        taken AS (SELECT * FROM delivered SEMI JOIN withdrawals USING ({key})),
        left_over AS (SELECT line, start_day FROM delivered ANTI JOIN withdrawals USING ({key})
            UNION SELECT line, start_day FROM incoming)
        FROM taken UNION ALL
        SELECT known.* FROM known SEMI JOIN taken USING (line, start_day)
        ANTI JOIN left_over USING (line, start_day) WHERE slot_record IN {VISITS}"""


def _said(connection: duckdb.DuckDBPyConnection, delivered: bool) -> list[str]:
    lines, others = connection.execute(
        f"SELECT count(*) FILTER (slot_record = 0), count(*) FILTER (slot_record = {DELIVERED}) FROM taken_back"
    ).fetchall()[0]
    if not lines and not others:
        return []
    what = _several(others if delivered else lines, "delivery" if delivered else "line")
    more = f", with {_several(others, 'delivery')}" if others and not delivered else ""
    return [f"Withdrawn as entered in error: {what}{more}. What was known before stays as it was."]


def _several(count: int, what: str) -> str:
    return (
        f"{count:,} {what}" if count == 1 else f"{count:,} {what.removesuffix('y')}{'ies' if what[-1] == 'y' else 's'}"
    )


def find_gone(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Put the lines and deliveries that were taken back and that ``incoming`` names again into the table ``gone``, with
    the posting that took them back; whether there are any.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE gone AS
        WITH taken AS (SELECT DISTINCT line FROM {rows} WHERE reason = {WITHDRAWN}),
        named AS (SELECT line FROM taken SEMI JOIN incoming USING (line))
        SELECT line, {SLOT}, max(posting) AS posting FROM {rows} SEMI JOIN named USING (line)
        GROUP BY ALL HAVING sum(sign) = 0"""
    )
    return int(connection.execute("SELECT count(*) FROM gone").fetchall()[0][0]) > 0


RETURNED: Final = (
    f" LEFT JOIN gone ON gone.line = versions.line AND gone.slot_record = {GROUP} "
    f"AND gone.slot_day = {SLOT_DAY} AND gone.slot_unit = {SLOT_UNIT}"
)


def bring_back(connection: duckdb.DuckDBPyConnection, rows: str) -> list[str]:
    """Let the deliveries that went with a line come back with it; what was done is said."""
    added = ", ".join(f"{'versions' if name in CARRIED else 'rows'}.{name}" for name in MEANING)
    connection.execute(
        f"""INSERT INTO more SELECT {added}, 1, {REINSTATED}
        FROM (SELECT *, {SLOT} FROM {rows} WHERE sign = -1 AND reason = {WITHDRAWN}) AS rows
        JOIN gone USING (line, slot_record, slot_day, slot_unit, posting)
        JOIN (SELECT line, posting FROM gone WHERE slot_record = 0) AS planned USING (line, posting)
        JOIN versions USING (line) WHERE rows.slot_record <> 0 AND versions.record NOT IN {DELIVERIES}"""
    )
    ((lines,),) = connection.execute(
        f"SELECT count(*) FROM versions JOIN gone USING (line) WHERE slot_record = 0 AND record NOT IN {DELIVERIES}"
    ).fetchall()
    return [f"Reinstated after they were withdrawn: {_several(lines, 'line')}."] if lines else []
