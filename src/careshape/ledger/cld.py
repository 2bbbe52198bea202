"""Client Level Data: costs by frequency, and the rules over several rows of one file."""

from __future__ import annotations

from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.catalogue.entries import Frequency, Unit
from careshape.ledger.codes import service_table
from careshape.ledger.fields import LASTING, day_sql
from careshape.ledger.incoming import month_sql
from careshape.ledger.period import Reporting, reporting
from careshape.ledger.plan import cell_text
from careshape.ledger.readers import Match
from careshape.ledger.sources import Source

STATED, PLANNED_UNITS, ONCE = 1, 2, 3
"""How units a week come about: see ``Frequency.weeks`` of the catalogue."""
_KINDS: Final = {"none": 0, "stated": STATED, "planned_units": PLANNED_UNITS, "once": ONCE}

SAME_CARE: Final = "person, cld_service_type, cld_component, delivery_mechanism, provider_reference"
"""What two events share that are the same care of the same person."""
SAMPLE: Final = 1_000
"""Rows from which the stated period is taken at first."""
_KIND: Final = "getvariable('frequency_kind')[frequency + 1]"
_TOP: Final = "getvariable('frequency_top')[frequency + 1]"
_BOTTOM: Final = "getvariable('frequency_bottom')[frequency + 1]"
SHAPE: Final = {
    "service": "getvariable('services')[cld_service_type * getvariable('components') + cld_component + 1]",
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


def set_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection each frequency's kind, unit and units a week as a fraction, and the services by pairs."""
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
    width, services = service_table()
    connection.execute(f"SET VARIABLE components = {width}")
    connection.execute(f"SET VARIABLE services = {services}::SMALLINT[]")


def _units_a_week(unit_id: str) -> tuple[int, int]:
    """How many of a unit make a week, as a fraction: 1/2 fortnight, 12/52 month."""
    if unit_id == "week":
        return 1, 1
    unit = catalogue().entry("unit", unit_id)
    assert isinstance(unit, Unit)
    week = next(conversion for conversion in unit.conversions if conversion.to == "week")
    return week.per, week.amount


def sampled_period(connection: duckdb.DuckDBPyConnection, match: Match, source: Source) -> Reporting:
    """The reporting period that the first rows of a file state."""
    cells = [
        day_sql(cell_text(match, column)) if column.name in match.positions else "NULL"
        for column in (match.reader.by_field("period_start"), match.reader.by_field("period_end"))
    ]
    found = connection.execute(
        f"SELECT min({cells[0]}), max({cells[1]}) FROM (SELECT * FROM {source.relation} LIMIT {SAMPLE})"
    ).fetchall()[0]
    return Reporting(*found)


def stated_period(connection: duckdb.DuckDBPyConnection) -> Reporting:
    """The reporting period of a file after its checking pass: what the rows state, and what their events say."""
    first, last = connection.execute("SELECT min(period_start), max(period_end) FROM checked").fetchall()[0]
    equipment = catalogue().code("cld_component", "equipment")
    endings = connection.execute(
        f"SELECT {month_sql('end_day')}, event_type, count(*) FROM checked WHERE end_day IS NOT NULL "
        f"AND coalesce(event_type, 0) > 0 AND cld_component IS DISTINCT FROM {equipment} GROUP BY ALL"
    ).fetchall()
    return reporting(first, last, endings)


def settle_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Decide which line each service event is: repeated rows, events cut at 1 April, references that several rows
    share.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE shared_lines AS "
        "SELECT line FROM kept_rows WHERE line IS NOT NULL GROUP BY line HAVING count(*) > 1"
    )
    unnamed = "SELECT (SELECT count(*) FROM shared_lines) + (SELECT count(*) FROM kept_rows WHERE line IS NULL)"
    loose = connection.execute(unnamed).fetchall()[0][0] > 0
    if loose:
        _drop_repeated(connection)
    _join_restarts(connection)
    if loose:
        _number_shared(connection)
    _note_double_ups(connection)


def _drop_repeated(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows that say the same in every field count once: the duplicates of the national processing."""
    connection.execute(
        f"""INSERT INTO crossed
        WITH rows AS (SELECT row, line, hash(ROW({", ".join(LASTING)})) AS content FROM kept_rows
            WHERE line IS NULL OR line IN (FROM shared_lines)),
        marked AS (SELECT row, min(row) OVER (PARTITION BY line, content) AS first FROM rows)
        SELECT row, 'line-repeated', first, true FROM marked WHERE row <> first"""
    )


def _join_restarts(connection: duckdb.DuckDBPyConnection) -> None:
    """Events that end on 31 March and go on from 1 April at the same price are one line, known by its first event."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE runs AS
        WITH edges AS (SELECT row, {SAME_CARE}, start_day, end_day, quantity, unit_price, stated_price, weekly_cost
            FROM kept_rows
            WHERE person IS NOT NULL AND ({first_april("start_day")} OR {first_april("end_day + 1")})),
        twins AS (SELECT *, row_number() OVER (
            PARTITION BY {SAME_CARE}, start_day ORDER BY unit_price, quantity, row) AS twin FROM edges),
        beside AS (SELECT *, lag(end_day) OVER care AS end_before, lag(stated_price) OVER care AS price_before
            FROM twins WINDOW care AS (PARTITION BY {SAME_CARE}, twin ORDER BY start_day)),
        numbered AS (SELECT *, sum(CASE WHEN {first_april("start_day")} AND end_before = start_day - 1
                AND coalesce(stated_price = price_before, true) THEN 0 ELSE 1 END)
            OVER (PARTITION BY {SAME_CARE}, twin ORDER BY start_day) AS run FROM beside)
        SELECT row, first_value(row) OVER run AS root, last_value(end_day) OVER run AS last_end,
            last_value(quantity) OVER run AS last_quantity, max(unit_price) OVER run AS price,
            last_value(weekly_cost) OVER run AS last_cost, count(*) OVER run AS parts
        FROM numbered WINDOW run AS (PARTITION BY {SAME_CARE}, twin, run ORDER BY start_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"""
    )
    connection.execute("DELETE FROM runs WHERE parts = 1")
    connection.execute("INSERT INTO crossed SELECT row, 'year-restart', root, true FROM runs WHERE row <> root")
    connection.execute(
        "INSERT INTO other_care SELECT runs.row, last_end, coalesce(last_quantity, quantity), "
        "coalesce(price, unit_price), coalesce(last_cost, weekly_cost) "
        "FROM runs JOIN kept_rows USING (row) WHERE row = root"
    )


def _number_shared(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows without a reference of their own are known by person, service, provider and start, and order among twins."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE renumbered AS
        WITH shared AS (SELECT line FROM kept_rows WHERE line IN (FROM shared_lines) GROUP BY line HAVING count(*) > 1),
        twins AS (SELECT row, line, {SAME_CARE}, start_day, row_number() OVER (
                PARTITION BY {SAME_CARE}, start_day ORDER BY unit_price, quantity, row) AS twin
            FROM kept_rows WHERE line IS NULL OR line IN (FROM shared))
        SELECT row, line IS NOT NULL AS shared, {natural_line("twin")} AS line FROM twins"""
    )
    connection.execute("INSERT INTO crossed SELECT row, 'reference-shared', NULL, false FROM renumbered WHERE shared")
    rename_lines(connection, "SELECT row, line FROM renumbered")


def _note_double_ups(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows of the same care of one person on the same dates, with references of their own."""
    key = f"{SAME_CARE}, start_day, end_day"
    same = " AND ".join(f"kept_rows.{one} IS NOT DISTINCT FROM several.{one}" for one in key.split(", "))
    connection.execute(
        f"""INSERT INTO crossed
        WITH likely AS (SELECT person, start_day FROM kept_rows
            WHERE person IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
        several AS (SELECT {key} FROM kept_rows SEMI JOIN likely USING (person, start_day)
            GROUP BY ALL HAVING count(*) > 1)
        SELECT row, 'double-up', first, false FROM (SELECT row, min(row) OVER (PARTITION BY {key}) AS first
            FROM kept_rows SEMI JOIN several ON {same}) WHERE row <> first"""
    )


def rename_lines(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Let the rows of a query (row, line) be known by other lines."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE renamed_now AS {query}")
    connection.execute("DELETE FROM other_lines WHERE row IN (SELECT row FROM renamed_now)")
    connection.execute("INSERT INTO other_lines SELECT * FROM renamed_now")


def natural_line(twin: str) -> str:
    """SQL for the number of a line that has no reference of its own."""
    parts = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in [*SAME_CARE.split(", "), "start_day", twin])
    return f"line_number(concat_ws('|', 'natural', {parts}))"


def first_april(day: str) -> str:
    """SQL condition: a day number is a 1 April."""
    date = f"(DATE '1970-01-01' + ({day}))"
    return f"(month({date}) = 4 AND day({date}) = 1)"
