"""The checking pass: one query that reads text, makes fields of it, applies every rule of one row, and keeps what is
needed.

The result is one row for each record in the order of the file, its fields after repairs, two words of fault bits, and
for rows with a fault what the cells at fault said. Identifiers of people and references of lines are hashed in this
very query, and no table ever holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from careshape.ledger.codes import KNOWN_BY_ASSOCIATION, SERVICE_EVENT, UNREADABLE
from careshape.ledger.fields import FIELD_TYPES, FIRST_DAY, PASSING, TRIMMED, late_value, slipped, value
from careshape.ledger.incoming import month_sql
from careshape.ledger.looks import looks_of, looks_sql
from careshape.ledger.readers import ColumnRule, Match
from careshape.ledger.rules import Outcome, Rule, row_rules, rules
from careshape.ledger.store import quote

WORD: Final = 60
"""Fault bits in one word."""
BETWEEN, AFTER_FIELD = "\x1e", "\x1f"
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
    def word(self) -> str:
        """Column of the bit."""
        return f"faults{self.bit // WORD}"

    @property
    def mask(self) -> int:
        """Value of the bit in its word."""
        return 1 << (self.bit % WORD)


@dataclass(frozen=True)
class Plan:
    """What the checking pass does with a file."""

    match: Match
    columns: tuple[ColumnRule, ...]
    """The columns of the file that are kept."""
    checks: tuple[Check, ...]
    handles: bool = False
    """Whether lines have numbers by chance, so that their handles are kept while the file is checked."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the file gives."""
        return tuple(column.field for column in self.columns)

    @property
    def coded(self) -> tuple[ColumnRule, ...]:
        """Columns whose values are looked up in a list."""
        return tuple(column for column in self.columns if column.kind == "code")

    @property
    def shown(self) -> tuple[str, ...]:
        """Fields whose cells a report may show; of those that may say who a person is, only what they look like."""
        checked = {check.field for check in self.checks if check.rule.kind != "need" and check.outcome != "note"}
        return tuple(
            column.field
            for column in self.columns
            if column.field in checked and (not column.masked or looks_of(column.kind))
        )

    @property
    def blank(self) -> str:
        """SQL condition: nothing is said in the row."""
        found = [check for check in self.checks if check.rule.kind == "blank"]
        return " OR ".join(f"({check.word} & {check.mask}) <> 0" for check in found) or "false"

    @property
    def words(self) -> int:
        """Number of fault words."""
        return max(1, -(-len(self.checks) // WORD))

    def has(self, outcome: Outcome) -> str:
        """SQL condition: a fault with this outcome is set."""
        totals = [0] * self.words
        for check in self.checks:
            if check.outcome == outcome:
                totals[check.bit // WORD] |= check.mask
        return "(" + " OR ".join(f"(faults{word} & {total}) <> 0" for word, total in enumerate(totals)) + ")"


def make_plan(match: Match, *, handles: bool = False) -> Plan:
    """Choose the checks for a file of a kind with the columns that it has."""
    columns = tuple(column for column in match.reader.column if column.field and column.name in match.positions)
    fields = {column.field for column in columns}
    book = rules()
    wanted: list[tuple[Rule, str, Outcome, str]] = []
    blank = _blank_row(match, columns)
    wanted.append((book["row-blank"], match.reader.key[0], "note", blank))
    for column in columns:
        if bad := value(column).bad:
            wanted.append((book["value-unreadable"], column.field, column.fault, bad))
        if column.need:
            # A row that takes a line or a delivery back names it, and need say no more.
            told = "withdrawn" in fields and column.field not in match.reader.key
            spared = " AND NOT coalesce(v_withdrawn, false)" if told else ""
            wanted.append((book["value-missing"], column.field, "refuse", f"({_blank(column)}{spared})"))
    for rule in row_rules(match.reader.id):
        for field in rule.columns:
            if field in fields:
                wanted.append((rule, field, rule.outcome, f"({rule.condition(field)})"))
    # Requests, assessments and reviews are no line items: only their event type is checked.
    unguarded = ((book["row-blank"].id, match.reader.key[0]), (book["value-unreadable"].id, "event_type"))
    wanted = [(*one[:3], one[3] if (one[0].id, one[1]) in unguarded else f"(line_item AND {one[3]})") for one in wanted]
    return Plan(match, columns, tuple(Check(bit, *one) for bit, one in enumerate(wanted)), handles)


def _blank_row(match: Match, columns: Collection[ColumnRule]) -> str:
    """Condition: every cell that is read is blank, as in the rows that spreadsheets leave below the last record.

    The cell that is always filled decides first, so that other rows cost nothing.
    """
    first = "c_line" if match.reader.place == "line" else "c_person"
    others = " AND ".join(f"coalesce(trim(c_{column.field}), '') = ''" for column in columns)
    return f"(CASE WHEN {first} IS NULL THEN {others} ELSE false END)"


def _line_item(plan: Plan) -> str:
    """Condition: the row is about a line item, and not blank; in Client Level Data a service event, or one that does
    not say what it is.

    Carers known by association have no event at all.
    """
    fields, said = plan.fields, f"NOT {_blank_row(plan.match, plan.columns)}"
    if "event_type" not in fields:
        return said
    unsaid = "v_event_type IS NULL"
    if "client_type" in fields:
        unsaid += f" AND coalesce(v_client_type, 0) <> {KNOWN_BY_ASSOCIATION}"
    return f"(coalesce(v_event_type = {SERVICE_EVENT}, {unsaid}) AND {said})"


def _blank(column: ColumnRule) -> str:
    text, read = f"c_{column.field}", f"v_{column.field}"
    if column.kind in TRIMMED:
        return f"({text} IS NULL)"
    return f"(CASE WHEN {read} IS NULL THEN coalesce(trim({text}) = '', true) ELSE false END)"


def checking_query(plan: Plan, relation: str, constants: Mapping[str, str]) -> str:
    """The query of the checking pass over the rows of a file. constants: names that rules use -> SQL."""
    texts = ", ".join(f"{cell_text(plan.match, column)} AS c_{column.field}" for column in plan.columns)
    person = "" if "person" in plan.fields else ", NULL::VARCHAR AS c_person"
    values = ", ".join(f"{value(column).sql} AS v_{column.field}" for column in plan.columns)
    given = ", ".join(f"{sql} AS {name}" for name, sql in constants.items())
    flags = ", ".join(f"{check.condition} AS f{check.bit}" for check in plan.checks)
    words = ", ".join(f"{_word(plan, word)} AS faults{word}" for word in range(plan.words))
    faults = ", ".join(f"faults{word}" for word in range(plan.words))
    stored = {field: _repaired(plan, field) for field in plan.fields if field not in PASSING}
    if "birth_day" in plan.fields:
        stored["birth_month"] = month_sql(_repaired(plan, "birth_day"))
    if "frequency" in plan.fields:
        # The price as stated, for telling a change of price on 1 April even where the cost itself is not taken.
        stored["stated_price"] = "abs(unit_price)"
    if plan.handles and "line" in plan.fields:
        stored["line_handle"] = "CASE WHEN line_item THEN line_number(c_line) END"
    finals = ", ".join(f"{sql} AS {field}" for field, sql in stored.items())
    return (
        f"SELECT {finals}, {faults}, {_said(plan)} AS said, {_unseen(plan)} AS unseen FROM ("
        f"SELECT *, {words} FROM (SELECT *, {flags} FROM (SELECT *, {_bare_fields(plan)}, {given} FROM ("
        f"SELECT *, {_line_item(plan)} AS line_item FROM ("
        f"SELECT *, {values} FROM (SELECT {texts}{person} FROM {relation}))))))"
    )


def shaped_query(plan: Plan, file: str, shape: Mapping[str, str]) -> str:
    """SQL for the rows that a checking pass wrote to a Parquet file, each with its number in the order of the source.

    shape: field -> SQL for what it becomes after all repairs. It is worked out when a row is read: whoever reads other
    fields pays nothing for it.
    """
    replaced = [field for field in shape if field in plan.fields]
    without = ", ".join(["file_row_number", *replaced])
    added = "".join(f", {sql} AS {field}" for field, sql in shape.items())
    return (
        f"SELECT * EXCLUDE ({without}), file_row_number AS row{added} "
        f"FROM read_parquet({quote(file)}, file_row_number=true)"
    )


def cell_text(match: Match, column: ColumnRule) -> str:
    """SQL for the text of a column in the rows of a file; NULL where the cell is empty."""
    cell = f"c{match.positions[column.name]}"
    if column.kind not in TRIMMED:
        return cell
    # Trimming walks through every character; most cells show at once that there is nothing to trim. Beyond ASCII there
    # are other spaces than the common one, so such cells are trimmed without looking.
    spaced = f"{cell} < '!' OR suffix({cell}, ' ') OR strlen({cell}) <> length({cell})"
    return f"CASE WHEN {spaced} THEN nullif(trim({cell}), '') ELSE {cell} END"


def stored_fields(plan: Plan, shape: Mapping[str, str]) -> list[str]:
    """Fields that the result of the checking pass has."""
    kept = [field for field in plan.fields if field not in PASSING]
    added = [
        *(["birth_month"] if "birth_day" in plan.fields else []),
        *(["stated_price"] if "frequency" in plan.fields else []),
    ]
    return list(dict.fromkeys([*kept, *added, *shape]))


def _bare_fields(plan: Plan) -> str:
    """Each field by its own name, NULL where it could not be read; and NULL for fields that the file does not have."""
    read = []
    for column in plan.columns:
        sql = f"v_{column.field}"
        if late := late_value(column):
            sql = f"CASE WHEN line_item THEN {late} END" if "event_type" in plan.fields else late
        elif column.kind == "code":
            sql = f"nullif({sql}, {UNREADABLE})"
        elif column.kind == "date":
            sql = f"nullif(greatest({sql}, {FIRST_DAY - 1}), {FIRST_DAY - 1})"
        read.append(f"{sql} AS {column.field}")
    absent = [f"NULL::{sql_type} AS {field}" for field, sql_type in FIELD_TYPES.items() if field not in plan.fields]
    return ", ".join([*read, *absent])


def _word(plan: Plan, word: int) -> str:
    checks = [check for check in plan.checks if check.bit // WORD == word]
    total = " + ".join(f"CASE WHEN f{check.bit} THEN {check.mask}::BIGINT ELSE 0 END" for check in checks)
    # Most rows have no fault: adding up is left to the others.
    return f"CASE WHEN {' OR '.join(f'f{check.bit}' for check in checks)} THEN {total} ELSE 0::BIGINT END"


def _repaired(plan: Plan, field: str) -> str:
    sql = field
    for check in plan.checks:
        if repair := check.rule.repair(check.field, field):
            sql = f"CASE WHEN f{check.bit} THEN {repair} ELSE {sql} END"
    return sql


def _said(plan: Plan) -> str:
    """What the cells of a refused or repaired row say, in the order of ``Plan.shown``; never what may tell who it is
    about.

    A row whose cells have slipped may name the person in any column. Notes show no value: they can be met by most
    rows of a file, and would cost as much as all the rest.
    """
    if not plan.shown:
        return "NULL::VARCHAR"
    cells = ", ".join(f"coalesce({_shown(plan, field)}, '')" for field in plan.shown)
    joined = f"concat_ws({quote(BETWEEN)}, {cells})"
    nobody = quote(AFTER_FIELD)
    masked = f"replace({joined}, coalesce(c_person, {nobody}), {quote(HIDDEN)})"
    return f"CASE WHEN {plan.has('refuse')} OR {plan.has('repair')} THEN {masked} END"


def _shown(plan: Plan, field: str) -> str:
    column = plan.match.reader.by_field(field)
    return looks_sql(column.kind, f"c_{field}") if column.masked else f"c_{field}"


def look_sql(plan: Plan, field: str) -> str:
    """SQL over ``said`` for the look of an unreadable cell; '' where it has none."""
    if field not in plan.shown:
        return "''"
    column = plan.match.reader.by_field(field)
    cell = f"split_part(said, {quote(BETWEEN)}, {plan.shown.index(field) + 1})"
    return cell if column.masked else looks_sql(column.kind, cell)


def _unseen(plan: Plan) -> str:
    """Coded values that the lists of the connection do not hold yet, field by field."""
    if not plan.coded:
        return "NULL::VARCHAR"
    unseen = {column.field: f"(c_{column.field} IS NOT NULL AND v_{column.field} IS NULL)" for column in plan.coded}
    terms = [
        f"CASE WHEN {sql} AND NOT {slipped(field)} THEN {quote(field + AFTER_FIELD)} || c_{field} END"
        for field, sql in unseen.items()
    ]
    joined = f"nullif(concat_ws({quote(BETWEEN)}, {', '.join(terms)}), '')"
    return f"CASE WHEN {' OR '.join(unseen.values())} THEN {joined} END"


def said_cell(plan: Plan, said: str | None, field: str) -> str:
    """What a cell of a faulty row says, from the column ``said``; hidden where it may tell who the person is."""
    if plan.match.reader.by_field(field).masked:
        return HIDDEN
    if said is None or field not in plan.shown:
        return ""
    return said.split(BETWEEN)[plan.shown.index(field)][:LONGEST_SAID]


def by_field(joined: str | None) -> dict[str, str]:
    """Field -> text, from the column ``unseen``."""
    return dict(one.split(AFTER_FIELD, 1) for one in (joined or "").split(BETWEEN) if AFTER_FIELD in one)
