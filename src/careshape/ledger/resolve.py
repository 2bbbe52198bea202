"""Incoming versions against what is known: new, changed or unchanged, and why a change is recorded.

A line is known by its number; a delivery by its line, period and unit. What a file does not say is kept as it was
known. What a package file once said is firm: a later Client Level Data file can close such a line and fill in what is
unknown, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.ledger.cld import first_april
from careshape.ledger.columns import NAMES, OPEN_DAY, SCHEMA
from careshape.ledger.incoming import SAID, month_sql
from careshape.ledger.posting import Posting
from careshape.ledger.store import scan, sql_type

FIRST, CORRECTION, LATE, WITHDRAWN, CLOSED, DETAIL, REINSTATED = 1, 2, 3, 4, 5, 6, 7
"""Reasons, as ``columns.py`` names them."""
DELIVERIES: Final = "(2, 4, 5)"
"""Records that are known by their period and unit as well as by their line."""

GROUP: Final = f"CASE WHEN record IN {DELIVERIES} THEN record ELSE 0 END"
SLOT_DAY: Final = f"CASE WHEN record IN {DELIVERIES} THEN start_day ELSE 0 END"
SLOT_UNIT: Final = f"CASE WHEN record IN {DELIVERIES} THEN unit ELSE 0 END"
SLOT: Final = f"{GROUP} AS slot_record, {SLOT_DAY} AS slot_day, {SLOT_UNIT} AS slot_unit"
MEANING: Final = tuple(name for name in NAMES if name not in ("sign", "reason", "posting"))
"""Columns in which two versions of a line can differ."""
CARRIED: Final = tuple(
    name
    for name in SAID
    if name not in ("start_day", "end_day", "unit", "quantity", "unit_price", "weekly_cost", "one_off_cost")
)
"""Columns that a delivery has from its line."""
_DETAIL: Final = tuple(name for name in SAID if name not in ("start_day", "end_day"))


def standing_rows(files: list[str], postings: Sequence[Posting]) -> str:
    """SQL for the rows of the ledger as if what was withdrawn as a whole posting had never been posted, to stand after
    FROM; empty for a ledger without rows.

    A withdrawal that left lines alone, since a later file had changed them, leaves their rows here too.
    """
    if not files:
        return ""
    rows = scan(files, SCHEMA)
    pairs = ", ".join(f"({one.reverses:d}, {one.number:d})" for one in postings if one.reverses is not None)
    if not pairs:
        return rows
    undone = (
        "SELECT DISTINCT line, unnest([reversed, reversal]) AS posting "
        f"FROM {rows} AS rows JOIN (VALUES {pairs}) AS pairs(reversed, reversal) ON rows.posting = pairs.reversal"
    )
    return f"(SELECT rows.* FROM {rows} AS rows ANTI JOIN ({undone}) AS undone USING (line, posting))"


def find_known(
    connection: duckdb.DuckDBPyConnection, rows: str, postings: Sequence[Posting], named: Sequence[str]
) -> int:
    """Put the current version of every line that one of some tables names into the table ``known``; returns how many.

    A version is current if no later posting touches its line; a withdrawn line has none. ``firm`` says that a package
    file has had its word on it. rows: what ``standing_rows`` gives.
    """
    firm = [posting.number for posting in postings if posting.kind == "packages"]
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE known AS
        WITH named AS ({" UNION ".join(f"SELECT DISTINCT line FROM {table}" for table in named)}),
        latest AS (
            SELECT line, {SLOT}, max(posting) AS posting, bool_or(list_contains({firm}::INTEGER[], posting)) AS firm
            FROM {rows} SEMI JOIN named USING (line) GROUP BY ALL)
        SELECT lines.*, {SLOT}, latest.firm
        FROM (SELECT *, {SLOT} FROM {rows} SEMI JOIN named USING (line) WHERE sign = 1) lines
        JOIN latest USING (line, slot_record, slot_day, slot_unit, posting)"""
        if rows
        else f"CREATE OR REPLACE TEMP TABLE known AS SELECT *, {SLOT}, false AS firm FROM {scan([], SCHEMA)}"
    )
    return int(connection.execute("SELECT count(*) FROM known").fetchall()[0][0])


def set_coverage(connection: duckdb.DuckDBPyConnection, kind: str, postings: Sequence[Posting]) -> bool:
    """Put what earlier files of a kind covered into the table ``covered``: disjoint spans of start days by service.

    Returns whether there is any.
    """
    spans: dict[int, list[list[int]]] = {}
    services = catalogue().list("service").by_id
    for posting in postings:
        if posting.kind == kind:
            for service, (low, high) in posting.coverage.items():
                if service in services:
                    spans.setdefault(services[service].code, []).append([low, high])
    rows = [(code, low, high) for code, found in spans.items() for low, high in _merged(found)]
    connection.execute("CREATE OR REPLACE TEMP TABLE covered (service SMALLINT, low INTEGER, high INTEGER)")
    if rows:
        connection.executemany("INSERT INTO covered VALUES (?, ?, ?)", rows)
    return bool(rows)


def _merged(spans: list[list[int]]) -> list[list[int]]:
    merged: list[list[int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1][1] = max(high, merged[-1][1])
        else:
            merged.append([low, high])
    return merged


def next_query(authority: int, kind: str, *, delivered: bool, known: bool, covered: bool, gone: str = "") -> str:
    """SQL for the version of every line after this file, with ``changed`` and the reason; what was known stands as
    ``old``.

    Deliveries take what they do not say from the line that they belong to. ``known`` False leaves out the look back,
    for a file whose lines are all new, ``covered`` False the question whether a new line is late. gone: SQL that joins
    what was withdrawn, where something of it comes back.
    """
    late = covered and not delivered
    columns = ", ".join(f"{_delivered(name) if delivered else _planned(name, kind, known)} AS {name}" for name in SAID)
    old, joins = "NULL::STRUCT(line BIGINT)", ""
    if known or delivered:
        old, joins = "known", " LEFT JOIN known USING (line, slot_record, slot_day, slot_unit)"
    if delivered:
        joins += " JOIN (SELECT * FROM known WHERE slot_record = 0) AS lines ON lines.line = incoming.line"
    version = (
        f"SELECT incoming.row, incoming.line, {authority}::SMALLINT AS authority, incoming.record, {columns}, "
        f"{old} AS old FROM (SELECT *, {SLOT} FROM incoming) AS incoming{joins}"
    )
    months = (
        f"{month_sql('start_day')} AS start_month, {month_sql('end_day')} AS end_month, "
        f"{month_sql('end_day + 1')} AS close_month"
    )
    return (
        f"SELECT versions.*, {_changed() if joins else 'true'} AS changed, "
        f"{_reason(look_back=bool(joins), late=late, back=bool(gone))} AS reason "
        f"FROM (SELECT *, {months} FROM ({version})) AS versions{_COVERED if late else ''}{gone}"
    )


_COVERED: Final = (
    " LEFT JOIN covered ON covered.service = versions.service "
    "AND versions.start_day BETWEEN covered.low AND covered.high"
)


def _planned(name: str, kind: str, look_back: bool) -> str:
    """What a column becomes: what the file says, else what is known, else what can be told from the rest, else
    unknown.
    """
    said = f"incoming.{name}"
    known = f"known.{name}" if look_back else "NULL"
    firm = "known.firm" if look_back and kind == "cld" else "false"
    if name == "start_day" and kind == "cld" and look_back:
        # Start dates of Client Level Data are set back to 1 April each year; the first one known is kept.
        return f"CASE WHEN {firm} OR ({known} < {said} AND {first_april(said)}) THEN {known} ELSE {said} END"
    if name == "start_day":
        return said
    if name == "end_day":
        return f"coalesce({said}, {OPEN_DAY})"
    fallback = "incoming.likely_group, 0" if name == "client_group" else "0"
    return f"coalesce(CASE WHEN {firm} THEN nullif({known}, 0) END, {said}, nullif({known}, 0), {fallback})"


def _delivered(name: str) -> str:
    if name in ("start_day", "end_day", "unit", "quantity"):
        return f"incoming.{name}"
    return "0" if name in ("weekly_cost", "one_off_cost") else f"lines.{name}"


def _changed() -> str:
    differs = " OR ".join(f"old.{name} <> versions.{name}" for name in MEANING if name != "line")
    return f"(old.line IS NULL OR {differs})"


def _reason(*, look_back: bool, late: bool, back: bool) -> str:
    """Why a version is recorded: see ``columns.py``. A late line is one that an earlier file of its kind should have
    held.
    """
    first = f"CASE WHEN covered.low IS NULL THEN {FIRST} ELSE {LATE} END" if late else str(FIRST)
    if back:
        first = f"CASE WHEN gone.line IS NULL THEN {first} ELSE {REINSTATED} END"
    if not look_back:
        return f"({first})::TINYINT"
    same = " AND ".join(f"old.{name} = versions.{name}" for name in _DETAIL)
    filled = " AND ".join(f"(old.{name} = versions.{name} OR old.{name} = 0)" for name in _DETAIL)
    closed = f"old.start_day = versions.start_day AND old.end_day = {OPEN_DAY} AND versions.end_day < {OPEN_DAY}"
    days = "old.start_day = versions.start_day AND old.end_day = versions.end_day"
    return (
        f"(CASE WHEN old.line IS NULL THEN {first} WHEN {closed} AND {same} THEN {CLOSED} "
        f"WHEN {days} AND {filled} THEN {DETAIL} ELSE {CORRECTION} END)::TINYINT"
    )


def create_more(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table ``more``: rows to post that follow from the file and stand in none of its rows."""
    kinds = ", ".join(f"{name} {sql_type(SCHEMA.field(name).type)}" for name in (*MEANING, "sign", "reason"))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE more ({kinds})")


def carry_to_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the deliveries of a corrected line follow it, since they take their person, provider and place from it."""
    differs = " OR ".join(f"known.{name} <> versions.{name}" for name in CARRIED)
    found = (
        "FROM known JOIN (SELECT * FROM versions WHERE changed AND old.line IS NOT NULL) AS versions USING (line) "
        f"WHERE known.slot_record <> 0 AND ({differs})"
    )
    taken = ", ".join(f"known.{name}" for name in MEANING)
    added = ", ".join(f"{'versions' if name in CARRIED else 'known'}.{name}" for name in MEANING)
    connection.execute(f"INSERT INTO more SELECT {taken}, -1, versions.reason {found}")
    connection.execute(f"INSERT INTO more SELECT {added}, 1, versions.reason {found}")


def rows_to_post(posting: int, *, look_back: bool) -> str:
    """SQL for the rows that a posting appends, sorted so that scans prune: earlier versions taken back, new ones
    added.
    """
    history = f"1::TINYINT AS sign, reason, {posting}::INTEGER AS posting"
    parts = [f"SELECT {_typed('')}, {history} FROM versions WHERE changed"]
    if look_back:
        taken = history.replace("1::TINYINT", "-1::TINYINT", 1)
        parts.append(f"SELECT {_typed('old.')}, {taken} FROM versions WHERE changed AND old.line IS NOT NULL")
    parts.append(f"SELECT *, {posting}::INTEGER AS posting FROM more")
    return " UNION ALL ".join(parts) + " ORDER BY service, start_day, person, line, sign"


def _typed(prefix: str) -> str:
    """The meaningful columns, each in its type."""
    return ", ".join(f"{prefix}{name}::{sql_type(SCHEMA.field(name).type)} AS {name}" for name in MEANING)
