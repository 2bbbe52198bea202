"""Checking a file: the pass over each row, the rules over several rows, and what becomes of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from careshape.ledger import cld
from careshape.ledger.codes import KNOWN_BY_ASSOCIATION, SERVICE_EVENT
from careshape.ledger.fields import FIELD_TYPES, LASTING
from careshape.ledger.keytable import KeyTable
from careshape.ledger.lines import lines_at, starts_of_text
from careshape.ledger.orders import UNKNOWN_AGE, Order, find_orders
from careshape.ledger.period import Reporting
from careshape.ledger.plan import Plan, checking_query, make_plan, shaped_query, stored_fields
from careshape.ledger.readers import Match
from careshape.ledger.report import OUTCOMES
from careshape.ledger.rules import rules
from careshape.ledger.sources import Source
from careshape.ledger.store import DICTIONARY, quote
from careshape.ledger.vocabulary import Vocabulary

NOT_A_LINE_ITEM = (
    f"(event_type <> {SERVICE_EVENT} OR (event_type IS NULL AND coalesce(client_type, 0) = {KNOWN_BY_ASSOCIATION}))"
)
"""Rows of Client Level Data that are no services: requests, assessments, reviews, carers known by association."""
AMENDED: Final = {
    "other_lines": ("line",),
    "other_care": ("end_day", "quantity", "unit_price", "weekly_cost"),
}
"""Tables with what the rules over several rows put in place of fields, by row."""
AMENDMENTS: Final = """
    CREATE OR REPLACE TEMP TABLE other_lines (row BIGINT, line BIGINT);
    CREATE OR REPLACE TEMP TABLE other_care (
        row BIGINT, end_day INTEGER, quantity BIGINT, unit_price BIGINT, weekly_cost BIGINT);
"""


@dataclass(frozen=True)
class Rejected:
    """A row that could not be split into cells."""

    position: int
    """Byte on which it starts."""
    line: int
    """Physical line on which it starts."""
    fault: str


@dataclass
class Checked:
    """A file after checking: its rows stand in the view ``checked``, what rules over several rows found in ``crossed``,
    and the rows that become versions of lines, as those rules leave them, in the view ``kept_rows``.
    """

    plan: Plan
    rows: int
    """Rows of the file, those that the CSV reader could not split into cells included."""
    period: Reporting
    """Reporting period, for kinds of file that have one."""
    rejected: list[Rejected] = field(default_factory=list)
    """Rows that could not be split into cells, in the order of the file."""
    orders: tuple[Order, ...] = ()
    """Columns with dates that cannot be day first."""

    @property
    def is_line(self) -> str:
        """Condition over ``checked``: the row is about a line item."""
        event = f"NOT coalesce({NOT_A_LINE_ITEM}, false) AND " if "event_type" in self.plan.fields else ""
        return f"({event}NOT ({self.plan.blank}))"

    @property
    def sound(self) -> str:
        """Condition over ``checked``: the row is about a line item, and no rule of one row refuses it."""
        return f"{self.is_line} AND NOT {self.plan.has('refuse')}"

    @property
    def kept(self) -> str:
        """Condition over ``checked``: the row becomes a version of a line."""
        return f"{self.sound} AND row NOT IN (SELECT row FROM crossed WHERE dropped)"

    @property
    def crossed_refusals(self) -> str:
        """Condition over ``crossed``: the rule refuses the row."""
        return _outcome("refuse")

    @property
    def withdrawing(self) -> bool:
        """Whether the file says of its rows that they take something back."""
        return "withdrawn" in self.plan.fields

    def refuse_unknown_lines(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Refuse deliveries whose line nobody knows."""
        connection.execute(
            "INSERT INTO crossed SELECT DISTINCT row, 'line-unknown', NULL::BIGINT, true FROM incoming "
            "ANTI JOIN (SELECT line FROM known WHERE slot_record = 0) AS lines USING (line)"
        )

    def counts(self, connection: duckdb.DuckDBPyConnection, *, look_back: bool) -> dict[str, int]:
        """Rows by outcome; each row has exactly one."""
        unchanged = (
            "row IN (SELECT row FROM versions GROUP BY row HAVING NOT bool_or(changed))" if look_back else "false"
        )
        if self.withdrawing:
            unchanged = f"({unchanged} OR row IN (SELECT row FROM withdrawals WHERE NOT changed))"
        found = connection.execute(
            f"""SELECT CASE
                WHEN {self.plan.has("refuse")} OR {_crossed("refuse")} THEN 'refused'
                WHEN NOT {self.is_line} THEN 'not_line_items'
                WHEN {unchanged} THEN 'unchanged'
                WHEN {self.plan.has("repair")} OR {_crossed("repair")} THEN 'repaired'
                ELSE 'accepted' END AS outcome, count(*) FROM checked GROUP BY ALL"""
        ).fetchall()
        counts = dict.fromkeys(OUTCOMES, 0) | dict(found)
        counts["refused"] += len(self.rejected)
        return counts


def check_file(
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    source: Source,
    match: Match,
    recorded_day: int,
    own_code: str,
    *,
    keep_rejected: bool = False,
    table: KeyTable | None = None,
) -> Checked:
    """Check every row of a file into the views ``checked`` and ``kept_rows`` and the table ``crossed``.

    scratch: folder for intermediate files, which hold pseudonyms only. recorded_day: the day on which the file was
    known. own_code: ONS code of the council. keep_rejected: whether rows that could not be split into cells stay, as
    they came, in the table ``rejected``. table: the keys of the council's people and lines, where it has any.
    """
    plan = make_plan(match, handles=table is not None)
    period = _pass_over(connection, scratch, source, plan, recorded_day, own_code)
    rows = int(connection.execute("SELECT count(*) FROM checked").fetchall()[0][0])
    rejected = _rejected(connection, source.path, keep=keep_rejected) if source.options else []
    connection.execute("CREATE OR REPLACE TEMP TABLE crossed (row BIGINT, rule VARCHAR, other BIGINT, dropped BOOLEAN)")
    checked = Checked(plan, rows + len(rejected), period, rejected)
    checked.orders = find_orders(connection, source, plan, checked.sound)
    stored = stored_fields(plan, _shape(match))
    absent = [f"NULL::{FIELD_TYPES.get(name, 'INTEGER')} AS {name}" for name in LASTING if name not in stored]
    given = [_age_unknown() if name == "birth_month" and checked.orders else _amended(name) for name in stored]
    columns = ", ".join(["checked.row", *given, *absent])
    connection.execute(AMENDMENTS)
    if table is not None:
        _meet_lines(connection, plan, table)
    joins = " ".join(f"LEFT JOIN {table} ON {table}.row = checked.row" for table in AMENDED)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW kept_rows AS SELECT {columns} "
        f"FROM (SELECT * FROM checked WHERE {checked.kept}) AS checked {joins}"
    )
    if match.reader.place == "natural":
        cld.settle_lines(connection)
    else:
        _find_repeated(connection, "line" if match.reader.record == "planned" else "line, start_day, unit")
    return checked


def _meet_lines(connection: duckdb.DuckDBPyConnection, plan: Plan, table: KeyTable) -> None:
    """Let the rows whose references were posted before be known by the numbers of then."""
    connection.execute("CREATE OR REPLACE TEMP TABLE forgotten_numbers (number BIGINT)")
    if table.forgotten:
        numbers = pa.table({"number": pa.array(sorted(table.forgotten), pa.int64())})
        connection.execute("INSERT INTO forgotten_numbers SELECT number FROM numbers")
        del numbers
    if "line" in plan.fields and (lines := table.lines()):
        connection.execute(
            f"INSERT INTO other_lines SELECT row, any_value(number) FROM checked JOIN {lines} AS met "
            "ON met.handle = checked.line_handle GROUP BY row"
        )


def new_lines(checked: Checked, table: KeyTable) -> str:
    """SQL for the entries (handle, number) of references that are posted for the first time; '' for none."""
    if "line" not in checked.plan.fields or checked.plan.match.reader.record == "delivered":
        return ""
    lines = table.lines()
    known = f" ANTI JOIN {lines} AS met ON met.handle = checked.line_handle" if lines else ""
    kept = f"SELECT line_handle, line FROM checked WHERE ({checked.kept}) AND line_handle IS NOT NULL"
    return f"SELECT line_handle AS handle, line AS number FROM ({kept}) AS checked{known}"


def _age_unknown() -> str:
    """The month of birth, but for dates of birth that could be day first or month first."""
    either = f"(SELECT row FROM crossed WHERE rule = '{UNKNOWN_AGE}')"
    return f"CASE WHEN checked.row NOT IN {either} THEN checked.birth_month END AS birth_month"


def _amended(name: str) -> str:
    """A field after the rules over several rows."""
    table = next((table for table, names in AMENDED.items() if name in names), None)
    return (
        f"CASE WHEN {table}.row IS NULL THEN checked.{name} ELSE {table}.{name} END AS {name}"
        if table
        else f"checked.{name}"
    )


def _shape(match: Match) -> Mapping[str, str]:
    return cld.SHAPE if match.reader.place == "natural" else {}


def _pass_over(
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    source: Source,
    plan: Plan,
    recorded_day: int,
    own_code: str,
) -> Reporting:
    """Run the checking pass into ``checked``; once more where the file turned out to say what the first pass did not
    know.

    The first pass knows the usual spellings of coded values and those of the first rows, and takes the reporting
    period that the first rows state. Most files need one pass.
    """
    match = plan.match
    vocabulary = Vocabulary(connection, plan, source)
    natural = match.reader.place == "natural"
    if natural:
        cld.set_lists(connection)
    period = cld.sampled_period(connection, match, source) if natural else Reporting(None, None)
    for attempt in range(1, 4):
        relation = source.relation
        if source.options:
            tables = "store_rejects=true, rejects_table='rejected', rejects_scan='rejected_scan'"
            connection.execute("DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS rejected_scan")
            relation = f"{source.options}, {tables})"
        query = checking_query(plan, relation, _constants(period, recorded_day, own_code))
        # Checked rows go to a compressed file and not to memory, so that memory stays flat whatever the size of the
        # source.
        file = str(scratch / f"checked-{attempt}.parquet")
        connection.execute(
            f"COPY ({query}) TO {quote(file)} (FORMAT parquet, COMPRESSION lz4, "
            f"DICTIONARY_SIZE_LIMIT {DICTIONARY}, WRITE_BLOOM_FILTER false)"
        )
        connection.execute(f"CREATE OR REPLACE TEMP VIEW checked AS {shaped_query(plan, file, _shape(match))}")
        found = cld.stated_period(connection) if natural and attempt == 1 else period
        again = vocabulary.learn()
        done = found.days == period.days and not again
        period = found
        if done:
            break
    return period


def _constants(period: Reporting, recorded_day: int, own_code: str) -> dict[str, str]:
    """What the rules of one row know besides the row."""
    days = {
        "recorded_day": recorded_day,
        "file_start": period.start,
        "file_end": period.end,
        "quarter_start": period.quarter_start,
    }
    constants = {name: f"{'NULL' if day is None else day}::INTEGER" for name, day in days.items()}
    return constants | {"own_code": quote(own_code)}


def _rejected(connection: duckdb.DuckDBPyConnection, path: Path, *, keep: bool) -> list[Rejected]:
    """Rows that are not cut into as many cells as the header."""
    words = {
        "MISSING COLUMNS": "it has fewer cells",
        "TOO MANY COLUMNS": "it has more cells",
        "UNQUOTED VALUE": "a quotation mark is not closed, or stands inside a value",
        "LINE SIZE OVER MAXIMUM": "it is too long",
    }
    found = connection.execute(
        "SELECT line_byte_position - 1, min(error_type::VARCHAR), "
        "max(length(trim(csv_line, chr(13) || chr(10)).regexp_replace('[^\\n]', '', 'g'))) "
        "FROM rejected GROUP BY line_byte_position ORDER BY line_byte_position"
    ).fetchall()
    if not keep:
        # The engine keeps the rejected rows as they came; they name people, and are not needed any more.
        connection.execute("DROP TABLE rejected; DROP TABLE rejected_scan")
    starts = starts_of_text(path, [int(position) for position, *_ in found])
    faults = [
        words.get(kind, "it cannot be read") + (f"; {breaks + 1:,} lines are taken for one row" if breaks else "")
        for _, kind, breaks in found
    ]
    return [Rejected(*one) for one in zip(starts, lines_at(path, starts), faults, strict=True)]


def _find_repeated(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Rows with the same key: the same content is counted once, different contents are all refused."""
    connection.execute(
        f"""INSERT INTO crossed
        WITH twice AS (SELECT {key} FROM kept_rows GROUP BY ALL HAVING count(*) > 1),
        rows AS (SELECT row, {key}, hash(ROW({", ".join(LASTING)})) AS content
            FROM kept_rows SEMI JOIN twice USING ({key})),
        marked AS (SELECT row, {key}, content, min(row) OVER (PARTITION BY {key}, content) AS same,
            min(content) OVER (PARTITION BY {key}) <> max(content) OVER (PARTITION BY {key}) AS differ FROM rows),
        contents AS (SELECT {key}, content, min(row) AS first FROM rows GROUP BY ALL),
        firsts AS (SELECT {key}, min_by(content, first) AS content, min(first) AS first,
            min(first, 2)[2] AS second FROM contents GROUP BY ALL)
        SELECT row, CASE WHEN differ THEN 'line-contradicted' ELSE 'line-repeated' END,
            CASE WHEN NOT differ THEN same WHEN marked.content = firsts.content THEN second ELSE firsts.first END, true
        FROM marked JOIN firsts USING ({key}) WHERE differ OR row <> same"""
    )


def _crossed(outcome: str) -> str:
    return f"row IN (SELECT row FROM crossed WHERE {_outcome(outcome)})"


def _outcome(outcome: str) -> str:
    names = [f"'{rule.id}'" for rule in rules().values() if rule.kind == "file" and rule.outcome == outcome]
    return f"rule IN ({', '.join(names)})"
