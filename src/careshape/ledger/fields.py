"""Values as text become fields as integers: the SQL for each kind of column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from careshape.ledger.codes import UNREADABLE
from careshape.ledger.postcodes import number_sql, outward_sql
from careshape.ledger.readers import ColumnRule

FIRST_DAY: Final = -43_829
"""Day number of 1850-01-01: an earlier date is a slip of the pen."""
SLASHED: Final = ["%d/%m/%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"]
"""Forms of a date that are read besides ISO 8601."""
EXPECTED: Final = {
    "date": "a date such as 2021-03-31 or 31/03/2021",
    "money": "an amount in pounds and pence such as 1234.50, below 10,000,000",
    "quantity": "a number such as 10.5, below 10,000,000",
    "postcode": "a postcode such as WR1 1AA",
    "code": "a name from the catalogue's list '{list}'",
    "person": "an identifier",
    "line": "a reference",
    "text": "text",
    "flag": "yes or no",
}
"""What a column of each kind should hold, in words."""
_CODES: Final = (
    "gender client_group support_reason service component cost_centre purchase_type delivery_mechanism booking_type "
    "provider_type district zone locality team placement_area unit event_type client_type cld_service_type "
    "cld_component frequency payer"
)
_FLAGS: Final = "withdrawn"
_TEXTS: Final = "provider_reference provider_name setting_reference authority_code"
_DAYS: Final = "birth_day death_day start_day end_day period_start period_end postcode_district"
_AMOUNTS: Final = (
    "line person quantity unit_price weekly_cost one_off_cost delivered_units visits_planned visits_delivered"
)
FIELD_TYPES: Final = (
    dict.fromkeys(_AMOUNTS.split(), "BIGINT")
    | dict.fromkeys(_DAYS.split(), "INTEGER")
    | dict.fromkeys(_CODES.split(), "SMALLINT")
    | dict.fromkeys(_TEXTS.split(), "VARCHAR")
    | dict.fromkeys(_FLAGS.split(), "BOOLEAN")
)
"""Every field of the checking pass with its SQL type; a file has some of them, the others are NULL."""
PASSING: Final = ("birth_day", "death_day", "authority_code")
"""Fields that rules of one row need and nothing afterwards: no table holds them."""
LASTING: Final = (*(name for name in FIELD_TYPES if name not in PASSING), "birth_month", "stated_price")
"""Fields that a row has after the checking pass."""
SAME_IN_ALL: Final = ("period_start", "period_end")
"""Dates that are the same in nearly all rows of a file."""
YES: Final = ("yes", "y", "true", "1")
NO: Final = ("no", "n", "false", "0")
"""What a flag may say, in small letters; a blank says no."""
DRESSED: Final = "[-+]? *£? *[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?([.][0-9]*)?"
"""An amount as people write it: a pound sign, and commas between thousands and nowhere else."""
TRIMMED: Final = ("line", "person", "text", "postcode")
"""Kinds of column whose outer spaces are removed before anything else."""


@dataclass(frozen=True)
class Value:
    """SQL for a field: its value from the text ``c_<field>``, and when that text cannot be read."""

    field: str
    sql: str
    bad: str
    """Condition under which the value is unreadable, over ``c_<field>`` and ``v_<field>``; empty where nothing can
    be.
    """


def slipped(field: str) -> str:
    """Condition: a coded cell that no list knows holds the person's identifier, as where the cells of a row have
    slipped.

    It is a fault at once, and never learnt as a spelling. Over ``c_<field>`` and ``c_person``, which is NULL where
    the file has no such column.
    """
    return f"coalesce(contains(c_{field}, c_person), false)"


def late_value(column: ColumnRule) -> str | None:
    """The SQL for a field that is dear to read, and that is read only where the row is about a line item; None for
    others.
    """
    text = f"c_{column.field}"
    if column.kind == "postcode":
        return number_sql(outward_sql(text))
    return {"line": f"reference_number({text})", "person": f"person_number({text})"}.get(column.kind)


def value(column: ColumnRule) -> Value:
    """The SQL for a column of a reader. Spaces around numbers, dates and codes make no difference."""
    text, read = f"c_{column.field}", f"v_{column.field}"
    unread = f"(CASE WHEN {text} IS NOT NULL AND {read} IS NULL THEN trim({text}) <> '' END)"
    position = f"enum_code(TRY_CAST({text} AS code_{column.field})) + 1"
    makers = {
        "line": ("NULL", ""),
        "person": ("NULL", ""),
        "text": (text, ""),
        "date": (
            _usual_day(column.field) if column.field in SAME_IN_ALL else day_sql(text),
            f"({unread} OR {read} < {FIRST_DAY})",
        ),
        "code": (
            f"getvariable('codes_{column.field}')[{position}]",
            f"coalesce({read} = {UNREADABLE}, contains({text}, c_person))",
        ),
        "money": (_hundredths(text), unread),
        "quantity": (_hundredths(text), unread),
        "flag": (_flag(text), unread),
        "postcode": ("NULL", f"({text} IS NOT NULL AND {column.field} IS NULL)"),
    }
    return Value(column.field, *makers[column.kind])


def day_sql(text: str) -> str:
    """SQL for the day number of a date in one of the usual forms, with or without a time; NULL for anything else.

    The text must start with a digit, since the engine also takes words such as 'epoch' for dates. Outer spaces are
    removed only where the plain text is no date: most of it is one.
    """
    # The condition keeps the engine from trimming every text beforehand, as it would for an expression that it meets
    # several times outside of a CASE.
    trimmed = f"CASE WHEN {text} IS NOT NULL THEN {_date(f'trim({text})')} END"
    return f"(coalesce({_date(text)}, {trimmed}) - DATE '1970-01-01')::INTEGER"


def _usual_day(field: str) -> str:
    """The same where one text stands in nearly every row: see ``Vocabulary``."""
    text, usual = f"c_{field}", f"getvariable('usual_{field}')"
    return (
        f"CASE WHEN {text} = {usual}::VARCHAR THEN getvariable('usual_{field}_day')::INTEGER ELSE {day_sql(text)} END"
    )


def _date(text: str) -> str:
    # Told apart beforehand: a form that does not fit costs ten times as much as one that does.
    return (
        f"(CASE WHEN {text} >= '0' AND {text} < ':' THEN CASE WHEN contains({text}, '/') "
        f"THEN try_strptime({text}, {SLASHED})::DATE ELSE TRY_CAST({text} AS DATE) END END)"
    )


def _hundredths(text: str) -> str:
    """An amount as hundredths (pence, or hundredths of a unit), halves rounded away from zero.

    NULL where the text is no number, or none below ten million.
    """
    plain = f"TRY_CAST({text} AS DECIMAL(9, 2))"
    # A comma that parts no thousands is no dress: "12,50" means twelve and a half where it was written.
    bare = f"replace(replace(replace({text}, '£', ''), ',', ''), ' ', '')"
    dressed = f"CASE WHEN regexp_full_match(trim({text}), '{DRESSED}') THEN TRY_CAST({bare} AS DECIMAL(9, 2)) END"
    return f"(coalesce({plain}, {dressed}) * 100)::BIGINT"


def _flag(text: str) -> str:
    """Yes as true and no as false; NULL for anything else."""
    plain = f"lower(trim({text}))"
    return f"CASE WHEN {plain} IN {YES} THEN true WHEN {plain} IN {NO} THEN false END"
