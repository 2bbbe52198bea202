"""The checking pass: one query that reads text, makes fields of it, applies every rule of one row, and keeps what is needed.

The result is the temporary table ``checked``: one row for each record in the order of the file (so that ``rowid`` is the
record number), its fields after repairs, two words of fault bits, and for rows with a fault what the unreadable cells said.
Identifiers of people and references of lines are hashed in this very query; no table ever holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from careshape.ledger.codes import JOINT, SERVICE_EVENT, code_of
from careshape.ledger.fields import FIELD_TYPES, value
from careshape.ledger.readers import ColumnRule, Derived, Match
from careshape.ledger.rules import Outcome, Rule, row_rules, rules
from careshape.ledger.sources import Source
from careshape.ledger.store import quote

WORD: Final = 60
"""Fault bits in one word."""
SAID_BETWEEN, SAID_AFTER_FIELD = "\x1e", "\x1f"
LONGEST_SAID: Final = 80
HIDDEN: Final = "(hidden)"


@dataclass(frozen=True)
class Check:
    """One rule on one column: a bit of the fault words."""

    bit: int
    rule: Rule
    field: str
    outcome: Outcome
    condition: str

    @property
    def mask(self) -> tuple[str, int]:
        """Column and value of the bit."""
        return f"faults{self.bit // WORD}", 1 << (self.bit % WORD)


@dataclass(frozen=True)
class Plan:
    """What the checking pass does with a file."""

    match: Match
    checks: tuple[Check, ...]
    fields: tuple[str, ...]

    @property
    def words(self) -> int:
        """Number of fault words."""
        return max(1, -(-len(self.checks) // WORD))

    def mask(self, outcome: Outcome) -> str:
        """SQL condition: a fault with this outcome is set."""
        totals = [0] * self.words
        for check in self.checks:
            if check.outcome == outcome:
                totals[check.bit // WORD] |= check.mask[1]
        return "(" + " OR ".join(f"(faults{word} & {total}) <> 0" for word, total in enumerate(totals)) + ")"


def make_plan(match: Match) -> Plan:
    """Choose the checks for a file of a kind with the columns that it has."""
    reader = match.reader
    kept = [part for part in _parts(match)]
    present = [column for column in kept if isinstance(column, ColumnRule)]
    wanted: list[tuple[Rule, str, Outcome, str]] = []
    book = rules()
    for part in kept:
        if bad := value(part).bad:
            wanted.append((book["value-unreadable"], part.field, part.fault, bad))
    for column in present:
        if column.need:
            wanted.append((book["value-missing"], column.field, "refuse", f"(c_{column.field} IS NULL)"))
    fields = {part.field for part in kept}
    for rule in row_rules(reader.id):
        for column in rule.columns:
            if column in fields:
                wanted.append((rule, column, rule.outcome, f"coalesce({rule.condition(column)}, false)"))
    if "event_type" in fields:
        # Requests, assessments and reviews are no line items: only their event type is checked.
        service = f"coalesce(v_event_type, {SERVICE_EVENT}) = {SERVICE_EVENT}"
        wanted = [(*one[:3], one[3] if one[1] == "event_type" else f"({service} AND {one[3]})") for one in wanted]
    checks = tuple(Check(bit, *one) for bit, one in enumerate(wanted))
    return Plan(match, checks, tuple(part.field for part in kept))


def _parts(match: Match) -> list[ColumnRule | Derived]:
    columns = [column for column in match.reader.column if column.field and column.name in match.positions]
    derived = [part for part in match.reader.derived if all(name in match.positions for name in part.columns)]
    return [*columns, *derived]


def prepare_codes(
    connection: duckdb.DuckDBPyConnection, plan: Plan, source: Source, more: Sequence[str] = ()
) -> tuple[Any, ...]:
    """Collect the distinct values of every coded column in one pass, and give the connection their codes.

    A coded column becomes an ENUM of what the file says and a list of codes in the same order: looking a value up costs
    the same whatever its spelling, and each spelling is understood once. Returns the values of further aggregates, SQL
    over c0, c1, …, which cost no pass of their own.
    """
    coded = [part for part in _parts(plan.match) if isinstance(part, Derived) or part.kind == "code"]
    wanted = [f"list(DISTINCT {cell_text(plan.match, part)})" for part in coded] + list(more)
    if not wanted:
        return ()
    found = connection.execute(f"SELECT {', '.join(wanted)} FROM {source.relation}").fetchall()[0]
    for part, values in zip(coded, found, strict=False):
        said = sorted(one for one in values or () if one is not None) or [""]
        find = code_of(part.list)
        connection.execute(
            f"CREATE OR REPLACE TYPE code_{part.field} AS ENUM ({', '.join(quote(one) for one in said)})"
        )
        connection.execute(f"SET VARIABLE codes_{part.field} = {[find(one) for one in said]}::SMALLINT[]")
    return tuple(found[len(coded) :])


def checking_query(plan: Plan, relation: str, constants: Mapping[str, str], shape: Mapping[str, str]) -> str:
    """The query of the checking pass over the rows of a file.

    constants: names that rules use -> SQL. shape: field -> SQL for what it becomes after all repairs.
    """
    parts = _parts(plan.match)
    texts = ", ".join(f"{cell_text(plan.match, part)} AS c_{part.field}" for part in parts)
    values = ", ".join(f"{value(part).sql} AS v_{part.field}" for part in parts)
    given = ", ".join(f"{sql} AS {name}" for name, sql in constants.items())
    flags = ", ".join(f"{check.condition} AS f{check.bit}" for check in plan.checks)
    words = ", ".join(f"{_word(plan, word)} AS faults{word}" for word in range(plan.words))
    finals = ", ".join(f"{_repaired(plan, field)} AS {field}" for field in FIELD_TYPES)
    shaped = f" REPLACE ({', '.join(f'{sql} AS {field}' for field, sql in shape.items())})" if shape else ""
    return (
        f"SELECT *{shaped} FROM (SELECT {finals}, {words}, {_said(plan)} AS said FROM (SELECT *, {flags} FROM ("
        f"SELECT *, {_bare_fields(plan)}, {given} FROM ("
        f"SELECT *, {values} FROM (SELECT {texts} FROM {relation})))))"
    )


def cell_text(match: Match, part: ColumnRule | Derived) -> str:
    """SQL for the text of a part in the rows of a file, NULL where it is blank."""
    if isinstance(part, Derived):
        cells = [f"coalesce({_cell(match, name)}, '')" for name in part.columns]
        return f"nullif({f' || {quote(JOINT)} || '.join(cells)}, {quote(JOINT * (len(cells) - 1))})"
    return _cell(match, part.name)


def _cell(match: Match, column: str) -> str:
    return f"nullif(trim(c{match.positions[column]}), '')"


def _bare_fields(plan: Plan) -> str:
    """Each field by its own name, NULL where it could not be read; and NULL for fields that the file does not have."""
    read = []
    for part in _parts(plan.match):
        bad = value(part).bad
        read.append(
            f"CASE WHEN NOT {bad} THEN v_{part.field} END AS {part.field}" if bad else f"v_{part.field} AS {part.field}"
        )
    absent = [f"NULL::{sql_type} AS {field}" for field, sql_type in FIELD_TYPES.items() if field not in plan.fields]
    return ", ".join([*read, *absent])


def _word(plan: Plan, word: int) -> str:
    terms = [f"CASE WHEN f{c.bit} THEN {c.mask[1]}::BIGINT ELSE 0 END" for c in plan.checks if c.bit // WORD == word]
    return " + ".join(terms) or "0::BIGINT"


def _repaired(plan: Plan, field: str) -> str:
    sql = field
    for check in plan.checks:
        if repair := check.rule.repair(check.field, field):
            sql = f"CASE WHEN f{check.bit} THEN {repair} ELSE {sql} END"
    return sql


def _said(plan: Plan) -> str:
    """What the faulty cells of a row say, field by field; never what may tell who the person is."""
    person = "c_person" if "person" in plan.fields else "NULL"
    terms = []
    faulty: list[str] = []
    for check in plan.checks:
        part = plan.match.reader.by_field(check.field)
        if part is None or check.rule.kind == "need":
            continue
        hidden = isinstance(part, ColumnRule) and part.masked
        text = f"c_{check.field}"
        shown = (
            quote(HIDDEN)
            if hidden
            else f"left(CASE WHEN contains({text}, {person}) THEN {quote(HIDDEN)} ELSE {text} END, {LONGEST_SAID})"
        )
        terms.append(f"CASE WHEN f{check.bit} THEN {quote(check.field + SAID_AFTER_FIELD)} || {shown} END")
        faulty.append(f"f{check.bit}")
    if not terms:
        return "NULL::VARCHAR"
    return f"CASE WHEN {' OR '.join(faulty)} THEN concat_ws({quote(SAID_BETWEEN)}, {', '.join(terms)}) END"


def said_values(said: str | None) -> dict[str, str]:
    """Field -> what its cell says, from the column ``said``."""
    pairs = (one.split(SAID_AFTER_FIELD, 1) for one in (said or "").split(SAID_BETWEEN) if SAID_AFTER_FIELD in one)
    return {field: shown for field, shown in pairs}
