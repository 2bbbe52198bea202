"""Values as text become fields as integers: the SQL for each kind of column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from careshape.ledger.postcodes import number_sql, outward_sql
from careshape.ledger.readers import ColumnRule

EPOCH: Final = "DATE '1970-01-01'"
FIRST_DAY: Final = "DATE '1850-01-01'"
EXPECTED: Final = {
    "date": "a date such as 2021-03-31 or 31/03/2021",
    "money": "an amount in pounds and pence such as 1234.50, below 10,000,000",
    "quantity": "a number such as 10.5, below 10,000,000",
    "postcode": "a postcode such as WR1 1AA",
    "code": "a name from the catalogue's list '{list}'",
    "person": "an identifier",
    "line": "a reference",
    "text": "text",
}
"""What a column of each kind should hold, in words."""
_CODES: Final = (
    "gender client_group support_reason service component cost_centre purchase_type delivery_mechanism booking_type "
    "provider_type district zone locality team placement_area unit event_type client_type cld_service_type "
    "cld_component frequency"
)
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
)
"""Every field of the checking pass with its SQL type; a file has some of them, the others are NULL."""
PASSING: Final = ("birth_day", "death_day", "authority_code")
"""Fields that rules of one row need and nothing afterwards: no table holds them."""
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


def value(column: ColumnRule) -> Value:
    """The SQL for a column of a reader. Spaces around numbers, dates and codes make no difference."""
    text, read = f"c_{column.field}", f"v_{column.field}"
    unread = f"(CASE WHEN {text} IS NOT NULL AND {read} IS NULL THEN trim({text}) <> '' ELSE false END)"
    position = f"enum_code(TRY_CAST({text} AS code_{column.field})) + 1"
    makers = {
        "line": ("NULL", ""),
        "person": ("NULL", ""),
        "text": (text, ""),
        "date": (day_sql(text), unread),
        "code": (f"getvariable('codes_{column.field}')[{position}]", f"({read} = -1)"),
        "money": (_hundredths(text), unread),
        "quantity": (_hundredths(text), unread),
        "postcode": (_postcode(text), unread),
    }
    return Value(column.field, *makers[column.kind])


def day_sql(text: str) -> str:
    """SQL for the day number of an ISO date, with or without a time, or of day/month/year; NULL for anything else.

    The text must start with a digit, since the engine also takes words such as 'epoch' for dates.
    """
    date = f"coalesce(TRY_CAST({text} AS DATE), TRY_CAST(try_strptime({text}, '%d/%m/%Y') AS DATE))"
    return (
        f"(CASE WHEN {text} >= '0' AND {text} < ':' AND {date} BETWEEN {FIRST_DAY} AND DATE '9999-12-31' "
        f"THEN least({date}, DATE '9000-01-01') - {EPOCH} END)::INTEGER"
    )


def _hundredths(text: str) -> str:
    """An amount as hundredths (pence, or hundredths of a unit), halves rounded away from zero; NULL where it is no
    number.
    """
    number = f"TRY_CAST(replace(ltrim({text}, '£'), ',', '') AS DECIMAL(18, 5))"
    return f"(CASE WHEN abs({number}) < 10000000 THEN round({number} * 100) END)::BIGINT"


def _postcode(text: str) -> str:
    outward = outward_sql(text)
    return number_sql(outward)
