"""Client Level Data: costs by frequency, and the rules over several rows of one file."""

from __future__ import annotations

from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.catalogue.entries import Frequency, Unit
from careshape.ledger.fields import FIELD_TYPES, day_sql
from careshape.ledger.incoming import month_sql
from careshape.ledger.period import Reporting, reporting
from careshape.ledger.plan import cell_text
from careshape.ledger.readers import Match

STATED, PLANNED_UNITS, ONCE = 1, 2, 3
"""How units a week come about: see ``Frequency.weeks`` of the catalogue."""
_KINDS: Final = {"none": 0, "stated": STATED, "planned_units": PLANNED_UNITS, "once": ONCE}

SAME_CARE: Final = "person, cld_service_type, cld_component, delivery_mechanism, provider_reference"
"""What two events share that are the same care of the same person."""
_KIND: Final = "getvariable('frequency_kind')[frequency + 1]"
_TOP: Final = "getvariable('frequency_top')[frequency + 1]"
_BOTTOM: Final = "getvariable('frequency_bottom')[frequency + 1]"
SHAPE: Final = {
    "unit": "nullif(getvariable('frequency_unit')[frequency + 1], 0)",
    "quantity": f"CASE {_KIND} WHEN {STATED} THEN (200 * {_TOP} + {_BOTTOM}) // (2 * {_BOTTOM}) "
    f"WHEN {ONCE} THEN NULL ELSE quantity END",
    "weekly_cost": f"CASE {_KIND} WHEN {STATED} THEN (2 * unit_price * {_TOP} + {_BOTTOM}) // (2 * {_BOTTOM}) "
    f"WHEN {PLANNED_UNITS} THEN (unit_price * quantity + 50) // 100 END",
    "one_off_cost": f"CASE {_KIND} WHEN {ONCE} THEN unit_price END",
}
"""Cost and units a week from unit cost, frequency and planned units, rounded once to the penny (halves up).

The frequency is trusted over the planned units: fortnightly is a half, monthly 12/52 a week (DHSC, 6.Costs_fact.sql).
"""


def set_frequencies(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection each frequency's kind, unit, and units a week as a fraction."""
    entries = {entry.code: entry for entry in catalogue().list("frequency").entries}
    columns: dict[str, list[int]] = {"kind": [], "unit": [], "top": [], "bottom": []}
    for code in range(max(entries) + 1):
        entry = entries.get(code)
        assert entry is None or isinstance(entry, Frequency)
        stated = entry is not None and entry.weeks == "stated"
        top, bottom = _units_a_week(entry.unit) if entry and entry.unit and stated else (1, 1)
        columns["kind"].append(_KINDS[entry.weeks] if entry else 0)
        columns["unit"].append(catalogue().code("unit", entry.unit) if entry and entry.unit else 0)
        columns["top"].append(top)
        columns["bottom"].append(bottom)
    for name, values in columns.items():
        connection.execute(f"SET VARIABLE frequency_{name} = {values}::BIGINT[]")


def _units_a_week(unit_id: str) -> tuple[int, int]:
    """How many of a unit make a week, as a fraction: 1/2 fortnight, 12/52 month."""
    if unit_id == "week":
        return 1, 1
    unit = catalogue().entry("unit", unit_id)
    assert isinstance(unit, Unit)
    week = next(conversion for conversion in unit.conversions if conversion.to == "week")
    return week.per, week.amount


def period_aggregates(match: Match) -> list[str]:
    """Aggregates over the rows of a file from which its reporting period is read."""
    texts = {column.field: cell_text(match, column) for column in match.reader.column if column.name in match.positions}
    stated = [
        f"list(DISTINCT {texts[field]})" if field in texts else "NULL" for field in ("period_start", "period_end")
    ]
    if not {"end_day", "event_type"} <= texts.keys():
        return [*stated, "NULL"]
    month = month_sql(day_sql(texts["end_day"]))
    return [*stated, f"histogram({month} || '|' || {texts['event_type']})"]


def period_of(found: tuple[object, ...]) -> Reporting:
    """The reporting period from the values of the aggregates."""
    starts, ends, endings = found
    return reporting(starts, ends, endings or {})  # type: ignore[arg-type]


def settle_lines(connection: duckdb.DuckDBPyConnection, sound: str) -> None:
    """Decide which line each service event is: repeated rows, events cut at 1 April, references that several rows share."""
    _drop_repeated(connection, sound)
    kept = f"{sound} AND rowid NOT IN (SELECT row FROM crossed WHERE dropped)"
    _join_restarts(connection, kept)
    _number_shared(connection, kept)
    _note_double_ups(connection, kept)


def _drop_repeated(connection: duckdb.DuckDBPyConnection, sound: str) -> None:
    """Rows that say the same in every field count once: the duplicates of the national processing."""
    content = ", ".join(FIELD_TYPES)
    connection.execute(
        f"""INSERT INTO crossed
        WITH shared AS (SELECT line FROM checked WHERE {sound} GROUP BY line HAVING count(*) > 1),
        rows AS (SELECT rowid AS row, line, hash(ROW({content})) AS content FROM checked
            WHERE {sound} AND (line IS NULL OR line IN (SELECT line FROM shared WHERE line IS NOT NULL))),
        marked AS (SELECT row, min(row) OVER (PARTITION BY line, content) AS first FROM rows)
        SELECT row, 'line-repeated', first, true FROM marked WHERE row <> first"""
    )


def _join_restarts(connection: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Events that end on 31 March and go on from 1 April at the same price are one line, known by its first event."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE runs AS
        WITH edges AS (SELECT rowid AS row, {SAME_CARE}, start_day, end_day, quantity, unit_price, weekly_cost FROM checked
            WHERE {kept} AND person IS NOT NULL AND ({first_april("start_day")} OR {first_april("end_day + 1")})),
        twins AS (SELECT *, row_number() OVER (
            PARTITION BY {SAME_CARE}, start_day ORDER BY unit_price, quantity, row) AS twin FROM edges),
        beside AS (SELECT *, lag(end_day) OVER care AS end_before, lag(unit_price) OVER care AS price_before FROM twins
            WINDOW care AS (PARTITION BY {SAME_CARE}, twin ORDER BY start_day)),
        numbered AS (SELECT *, sum(CASE WHEN {first_april("start_day")} AND end_before = start_day - 1
                AND coalesce(unit_price = price_before, true) THEN 0 ELSE 1 END)
            OVER (PARTITION BY {SAME_CARE}, twin ORDER BY start_day) AS run FROM beside)
        SELECT row, first_value(row) OVER run AS root, last_value(end_day) OVER run AS last_end,
            last_value(quantity) OVER run AS last_quantity, max(unit_price) OVER run AS price,
            last_value(weekly_cost) OVER run AS last_cost, count(*) OVER run AS parts
        FROM numbered WINDOW run AS (PARTITION BY {SAME_CARE}, twin, run ORDER BY start_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"""
    )
    connection.execute("INSERT INTO crossed SELECT row, 'year-restart', root, true FROM runs WHERE row <> root")
    connection.execute(
        "UPDATE checked SET end_day = last_end, quantity = coalesce(last_quantity, quantity), "
        "unit_price = coalesce(price, unit_price), weekly_cost = coalesce(last_cost, weekly_cost) "
        "FROM runs WHERE checked.rowid = runs.root AND runs.row = runs.root AND parts > 1"
    )


def _number_shared(connection: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Rows without a reference of their own are known by person, service, provider and start, and their order among twins."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE renumbered AS
        WITH shared AS (SELECT line FROM checked WHERE {kept} AND line IS NOT NULL GROUP BY line HAVING count(*) > 1),
        rows AS (SELECT rowid AS row, line, {SAME_CARE}, start_day, unit_price, quantity FROM checked
            WHERE {kept} AND (line IS NULL OR line IN (FROM shared))),
        twins AS (SELECT *, row_number() OVER (
            PARTITION BY {SAME_CARE}, start_day ORDER BY unit_price, quantity, row) AS twin FROM rows)
        SELECT row, line IS NOT NULL AS shared, {natural_line("twin")} AS line FROM twins"""
    )
    connection.execute("INSERT INTO crossed SELECT row, 'reference-shared', NULL, false FROM renumbered WHERE shared")
    connection.execute("UPDATE checked SET line = renumbered.line FROM renumbered WHERE checked.rowid = renumbered.row")


def _note_double_ups(connection: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Rows of the same care of one person on the same dates, with references of their own."""
    key = f"{SAME_CARE}, start_day, end_day"
    connection.execute(
        f"""INSERT INTO crossed
        WITH several AS (SELECT {key} FROM checked WHERE {kept} AND person IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
        rows AS (SELECT c.rowid AS row, min(c.rowid) OVER (PARTITION BY {", ".join(f"c.{one}" for one in key.split(", "))})
            AS first FROM checked AS c SEMI JOIN several AS s ON {_same("c", "s", key)} WHERE {kept.replace("rowid", "c.rowid")})
        SELECT row, 'double-up', first, false FROM rows WHERE row <> first"""
    )


def natural_line(twin: str) -> str:
    """SQL for the number of a line that has no reference of its own."""
    parts = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in [*SAME_CARE.split(", "), "start_day", twin])
    return f"line_number(concat_ws('|', 'natural', {parts}))"


def first_april(day: str) -> str:
    """SQL condition: a day number is a 1 April."""
    date = f"(DATE '1970-01-01' + ({day}))"
    return f"(month({date}) = 4 AND day({date}) = 1)"


def _same(left: str, right: str, key: str) -> str:
    return " AND ".join(f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in key.split(", "))
