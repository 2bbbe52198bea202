"""From fault bits to findings: where each fault stands, what the file says there, and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

import duckdb

from careshape.ledger.checking import Checked
from careshape.ledger.codes import near
from careshape.ledger.fields import EXPECTED
from careshape.ledger.lines import record_lines
from careshape.ledger.looks import guess, looks_of
from careshape.ledger.orders import REFUSED, UNKNOWN_AGE
from careshape.ledger.plan import HIDDEN, LONGEST_SAID, WORD, Check, Plan, look_sql, said_cell
from careshape.ledger.readers import ColumnRule
from careshape.ledger.report import Finding
from careshape.ledger.rules import Rule, rules
from careshape.ledger.sources import Source
from careshape.ledger.store import quote

_WORD: Final = re.compile(r"[^\W\d_]{3}")
_MONTH: Final = re.compile(r"(?i)\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b")
_DATE: Final = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.]\d{2,4}")
_POSTCODE: Final = re.compile(r"(?i)\b[a-z]{1,2}\d[a-z\d]? *\d[a-z]{2}\b")
SHOWN: Final = 100
"""Findings of one rule on one column that a report shows; all of them are counted."""


class Crossing(NamedTuple):
    """A rule over several rows that one row met."""

    row: int
    rule: str
    other: int | None
    field: str
    said: str | None


def findings(
    connection: duckdb.DuckDBPyConnection, source: Source, checked: Checked
) -> tuple[list[Finding], dict[str, int]]:
    """The first findings of each rule and column in the order of the file, and how often each rule was met."""
    found: list[tuple[int, Check, str | None]] = []
    by_rule: dict[str, int] = {}
    _gather(connection, checked.plan)
    for check in _met(connection, checked):
        for count, shown in _rows_of(connection, checked.plan, check):
            met = shown[0][1].rule.id
            by_rule[met] = by_rule.get(met, 0) + count
            found += shown
    crossed = _crossed(connection, by_rule)
    records = (
        {one[0] for one in found}
        | {one.row for one in crossed}
        | {one.other for one in crossed if one.other is not None}
    )
    place = placing(source, sorted(records), checked)
    result = [_finding(checked.plan, place, *one) for one in found]
    result += [_crossed_finding(source, checked.plan, place, one) for one in crossed]
    result += _rejected_findings(checked, by_rule)
    return sorted(result, key=lambda one: (one.line, one.column, one.rule)), by_rule


def _met(connection: duckdb.DuckDBPyConnection, checked: Checked) -> list[Check]:
    """The checks that at least one row did not pass."""
    words = ", ".join(f"coalesce(bit_or(faults{word}), 0)" for word in range(checked.plan.words))
    totals = connection.execute(f"SELECT {words} FROM checked").fetchall()[0]
    return [check for check in checked.plan.checks if totals[check.bit // WORD] & check.mask]


def _gather(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Put the refused and repaired rows into the table ``faulty``: few, and asked about once a check."""
    words = ", ".join(f"faults{word}" for word in range(plan.words))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE faulty AS SELECT row, said, {words} FROM checked "
        f"WHERE {plan.has('refuse')} OR {plan.has('repair')}"
    )


def _rows_of(
    connection: duckdb.DuckDBPyConnection, plan: Plan, check: Check
) -> Iterator[tuple[int, list[tuple[int, Check, str | None]]]]:
    """How many rows met a check, and the first of them; where cells cannot be read, look by look."""
    rows_of_outcome = "checked" if check.outcome == "note" else "faulty"
    met = f"FROM {rows_of_outcome} WHERE ({check.word} & {check.mask}) <> 0"
    looks = {rule.id: rule for rule in looks_of(plan.match.reader.by_field(check.field).kind)}
    if check.rule.kind != "value" or not looks:
        count = int(connection.execute(f"SELECT count(*) {met}").fetchall()[0][0])
        rows = connection.execute(f"SELECT row, said {met} ORDER BY row LIMIT {SHOWN}").fetchall()
        yield count, [(row, check, said) for row, said in rows]
        return
    counts = connection.execute(
        f"SELECT look, count(*) FROM (SELECT {look_sql(plan, check.field)} AS look {met}) GROUP BY look ORDER BY look"
    ).fetchall()
    for look, count in counts:
        one = replace(check, rule=looks.get(look, check.rule))
        rows = connection.execute(
            f"SELECT row, said FROM (SELECT row, said, {look_sql(plan, check.field)} AS look {met}) "
            f"WHERE look = {quote(look)} ORDER BY row LIMIT {SHOWN}"
        ).fetchall()
        yield count, [(row, one, said) for row, said in rows]


def _crossed(connection: duckdb.DuckDBPyConnection, by_rule: dict[str, int]) -> list[Crossing]:
    for rule, count in connection.execute("SELECT rule, count(*) FROM crossed GROUP BY rule").fetchall():
        by_rule[rule] = int(count)
    found = connection.execute(
        f"SELECT row, rule, other FROM crossed QUALIFY row_number() OVER (PARTITION BY rule ORDER BY row) <= {SHOWN}"
    ).fetchall()
    dates = connection.execute(f"SELECT * FROM either_way ORDER BY row LIMIT {2 * SHOWN}").fetchall()
    cells = {(row, _either_rule(field)): (field, said) for row, field, said in reversed(dates)}
    return [Crossing(row, rule, other, *cells.get((row, rule), ("line", None))) for row, rule, other in found]


def _either_rule(field: str) -> str:
    return UNKNOWN_AGE if field == "birth_day" else REFUSED


def order_notes(source: Source, checked: Checked) -> list[str]:
    """What is said of columns of dates that look month first, once a column."""
    place = placing(source, sorted({order.first_row for order in checked.orders}), checked)
    return [order.note(f"the first on {source.counted} {place(order.first_row)}") for order in checked.orders]


def placing(source: Source, records: Sequence[int], checked: Checked) -> Callable[[int], int]:
    """The function from record number to the line or row where the record stands."""
    if source.kind != "csv":
        return lambda record: source.first_line + record
    plain = (
        not source.survey.quoted and not checked.rejected and source.survey.newlines in (checked.rows, checked.rows + 1)
    )
    if plain:
        return lambda record: source.first_line + record
    lines = record_lines(source.path, source.survey, records, [row.position for row in checked.rejected])
    return lambda record: lines.get(record, 0)


def _finding(plan: Plan, place: Callable[[int], int], row: int, check: Check, said: str | None) -> Finding:
    column, rule = plan.match.reader.by_field(check.field), check.rule
    shown = "" if rule.kind == "need" or check.outcome == "note" else _masked(said_cell(plan, said, check.field))
    message, remedy = fault_words(column, rule, shown)
    if rule.kind in ("value", "looks") and check.outcome == "repair":
        message += " It is left unknown."
    found = Finding(place(row), column.name, shown, rule.id, check.outcome, message, remedy)
    return found if rule.kind == "looks" or _says_nobody(column, shown) else found.shaped()


def _says_nobody(column: ColumnRule, shown: str) -> bool:
    """Whether what a cell says can be shown: text that is no misspelt name of a list may be somebody's name, and what
    looks like a postcode, or like a date where none belongs, may be theirs.
    """
    if shown in ("", HIDDEN):
        return True
    if column.kind == "code" and _misspelt(column.list, shown):
        return True
    dated = column.kind != "date" and _DATE.search(shown)
    return not (dated or _POSTCODE.search(shown) or _WORD.search(_MONTH.sub("", shown)))


def _misspelt(list_name: str | None, shown: str) -> bool:
    """Whether a text comes close to a name of a list."""
    close = near(list_name or "", shown)
    return bool(difflib.get_close_matches(shown.casefold(), [one.casefold() for one in close], n=1, cutoff=0.6))


def fault_words(column: ColumnRule, rule: Rule, shown: str) -> tuple[str, str]:
    """What a rule says of a cell, and what to do."""
    words = {"value": shown.strip("()") if shown == HIDDEN else shown or "blank", "guess": guess(rule, shown)}
    words["expected"] = EXPECTED[column.kind].format(list=column.list)
    looked_up = column.kind == "code" and rule.kind == "value"
    remedy = _lookup(column, shown) if looked_up else rule.remedy.format(**words)
    return rule.message.format(**words), remedy


def _masked(text: str) -> str:
    """A value without long runs of digits, which may be an NHS number in the wrong column."""
    # The code of a council, such as E10000034, names nobody.
    return text if re.fullmatch(r"[EWSN]\d{8}", text) else re.sub(r"\d[\d ]{6,}\d", HIDDEN, text)


@lru_cache(maxsize=10_000)
def _lookup(column: ColumnRule, shown: str) -> str:
    """Where to find what a coded column takes, with near matches of what it says."""
    close = near(column.list, shown) if shown and shown != HIDDEN else []
    listed = f"`careshape catalogue {column.list}` lists the names"
    asked = " or ".join(f"'{one}'" for one in close)
    return f"Did you mean {asked}? {listed}." if close else f"{listed}; write one of them."


def _crossed_finding(source: Source, plan: Plan, place: Callable[[int], int], one: Crossing) -> Finding:
    rule, column = rules()[one.rule], plan.match.reader.by_field(one.field)
    message = crossed_message(one.rule, source, place, one.row, one.other)
    value = HIDDEN if one.said is None else one.said[:LONGEST_SAID]
    return Finding(place(one.row), column.name, value, rule.id, rule.outcome, message, rule.remedy)


def crossed_message(rule_id: str, source: Source, place: Callable[[int], int], row: int, other: int | None) -> str:
    """What a rule over several rows says of one, naming the other row where there is one in the file."""
    told = "another row" if other is None or other == row else f"{source.counted} {place(other)}"
    return rules()[rule_id].message.format(value=told)


def _rejected_findings(checked: Checked, by_rule: dict[str, int]) -> list[Finding]:
    if not checked.rejected:
        return []
    rule = rules()["row-shape"]
    by_rule[rule.id] = len(checked.rejected)
    first = checked.rejected[:SHOWN]
    return [
        Finding(row.line, "", "", rule.id, rule.outcome, rule.message.format(value=f"{row.fault}."), rule.remedy)
        for row in first
    ]
