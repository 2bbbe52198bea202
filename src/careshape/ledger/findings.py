"""From fault bits to findings: where each fault stands, what the file says there, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import duckdb

from careshape.ledger.checking import Checked
from careshape.ledger.codes import near
from careshape.ledger.fields import EXPECTED
from careshape.ledger.lines import lines_at, record_lines
from careshape.ledger.plan import HIDDEN, WORD, Check, Plan, said_cell
from careshape.ledger.readers import ColumnRule
from careshape.ledger.report import Finding
from careshape.ledger.rules import rules
from careshape.ledger.sources import Source

SHOWN: Final = 100
"""Findings of one rule on one column that a report shows; all of them are counted."""


def findings(
    connection: duckdb.DuckDBPyConnection, source: Source, checked: Checked
) -> tuple[list[Finding], dict[str, int]]:
    """The first findings of each rule and column in the order of the file, and how often each rule was met."""
    found: list[tuple[int, Check, str | None]] = []
    by_rule: dict[str, int] = {}
    for check in _met(connection, checked):
        met = f"FROM checked WHERE ({check.word} & {check.mask}) <> 0"
        count = int(connection.execute(f"SELECT count(*) {met}").fetchall()[0][0])
        by_rule[check.rule.id] = by_rule.get(check.rule.id, 0) + count
        rows = connection.execute(f"SELECT row, said {met} ORDER BY row LIMIT {SHOWN}").fetchall()
        found += [(row, check, said) for row, said in rows]
    crossed = _crossed(connection, by_rule)
    records = (
        {one[0] for one in found} | {one[0] for one in crossed} | {one[2] for one in crossed if one[2] is not None}
    )
    place = _placing(source, sorted(records), checked)
    result = [_finding(checked.plan, place, *one) for one in found]
    result += [_crossed_finding(place, *one) for one in crossed]
    result += _rejected_findings(source, checked, by_rule)
    return sorted(result, key=lambda one: (one.line, one.column, one.rule)), by_rule


def _met(connection: duckdb.DuckDBPyConnection, checked: Checked) -> list[Check]:
    """The checks that at least one row did not pass."""
    words = ", ".join(f"coalesce(bit_or(faults{word}), 0)" for word in range(checked.plan.words))
    totals = connection.execute(f"SELECT {words} FROM checked").fetchall()[0]
    return [check for check in checked.plan.checks if totals[check.bit // WORD] & check.mask]


def _crossed(connection: duckdb.DuckDBPyConnection, by_rule: dict[str, int]) -> list[tuple[int, str, int | None]]:
    for rule, count in connection.execute("SELECT rule, count(*) FROM crossed GROUP BY rule").fetchall():
        by_rule[rule] = int(count)
    return connection.execute(
        f"SELECT row, rule, other FROM crossed QUALIFY row_number() OVER (PARTITION BY rule ORDER BY row) <= {SHOWN}"
    ).fetchall()


def _placing(source: Source, records: Sequence[int], checked: Checked) -> Callable[[int], int]:
    """The function from record number to the line or row where the record stands."""
    if source.kind != "csv":
        return lambda record: source.first_line + record
    plain = (
        not source.survey.quoted and not checked.rejected and source.survey.newlines in (checked.rows, checked.rows + 1)
    )
    if plain:
        return lambda record: source.first_line + record
    lines = record_lines(source.path, source.survey, records, [position for position, _ in checked.rejected])
    return lambda record: lines.get(record, 0)


def _finding(plan: Plan, place: Callable[[int], int], row: int, check: Check, said: str | None) -> Finding:
    column, rule = plan.match.reader.by_field(check.field), check.rule
    shown = "" if rule.kind == "need" or check.outcome == "note" else _masked(said_cell(plan, said, check.field))
    expected = _expected(column, shown)
    message = rule.message.format(value=shown or "blank", expected=expected)
    if rule.kind == "value" and check.outcome == "repair":
        message += " It is left unknown."
    return Finding(
        place(row), column.name, shown, rule.id, check.outcome, message, rule.remedy.format(expected=expected)
    )


def _masked(text: str) -> str:
    """A value without long runs of digits, which may be an NHS number in the wrong column."""
    return re.sub(r"\d[\d ]{6,}\d", HIDDEN, text)


def _expected(column: ColumnRule, shown: str) -> str:
    """What the column should hold, in words, with near matches of what it says."""
    words = EXPECTED[column.kind]
    if column.kind != "code":
        return words
    close = near(column.list, shown) if shown and shown != HIDDEN else []
    hint = f", such as {' or '.join(repr(one) for one in close)}" if close else ""
    return words.format(list=column.list) + hint


def _crossed_finding(place: Callable[[int], int], row: int, rule_id: str, other: int | None) -> Finding:
    rule = rules()[rule_id]
    told = f"line {place(other)}" if other is not None else "another row"
    return Finding(
        place(row), "line_reference", HIDDEN, rule.id, rule.outcome, rule.message.format(value=told), rule.remedy
    )


def _rejected_findings(source: Source, checked: Checked, by_rule: dict[str, int]) -> list[Finding]:
    if not checked.rejected:
        return []
    rule = rules()["row-shape"]
    by_rule[rule.id] = len(checked.rejected)
    first = checked.rejected[:SHOWN]
    lines = lines_at(source.path, [position for position, _ in first])
    return [
        Finding(line, "", "", rule.id, rule.outcome, rule.message.format(value=f"{what}."), rule.remedy)
        for line, (_, what) in zip(lines, first, strict=True)
    ]
