"""From checked rows to incoming versions of lines: the columns of the ledger as the file gives them, NULL where it is
silent.
"""

from __future__ import annotations

from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.catalogue.entries import SupportReason
from careshape.ledger.codes import CARER
from careshape.ledger.columns import (
    COLUMNS,
    CONTRIBUTION,
    DELIVERED,
    ONE_OFF,
    PLANNED,
    VISITS_DELIVERED,
    VISITS_PLANNED,
)
from careshape.ledger.registers import NUMBERED

HISTORY: Final = ("line", "record", "sign", "reason", "posting")
DERIVED: Final = ("authority", "start_month", "end_month", "close_month")
SAID: Final = tuple(column.name for column in COLUMNS if column.name not in HISTORY + DERIVED)
"""Columns that a file can say something about."""

_PLAIN: Final = (
    "person",
    "birth_month",
    "gender",
    "client_group",
    "support_reason",
    "service",
    "component",
    "cost_centre",
    "purchase_type",
    "delivery_mechanism",
    "booking_type",
    "provider_type",
    "district",
    "zone",
    "locality",
    "team",
    "placement_area",
    "postcode_district",
    "start_day",
    "end_day",
    "unit",
    "quantity",
    "unit_price",
    "weekly_cost",
    "one_off_cost",
)
"""Columns that are fields of the checking pass under the same name."""


def month_sql(day: str) -> str:
    """SQL for the month ordinal of a day number."""
    date = f"(DATE '1970-01-01' + ({day}))"
    return f"(year({date}) * 12 + month({date}) - 1)::INTEGER"


def planned_query() -> str:
    """Incoming planned lines: the rows that are kept, one version each."""
    columns = {name: name for name in _PLAIN}
    columns |= {
        "provider": "provider_number",
        "setting": "setting_number",
        "client_group": "CASE WHEN client_group > 0 THEN client_group END",
        "cost_centre": "coalesce(payer, cost_centre)",
    }
    record = (
        f"CASE WHEN payer > 0 THEN {CONTRIBUTION} "
        f"WHEN one_off_cost > 0 AND coalesce(weekly_cost, 0) = 0 THEN {ONE_OFF} ELSE {PLANNED} END::TINYINT"
    )
    said = ", ".join(f"{columns[name]} AS {name}" for name in SAID)
    return f"SELECT row, line, {record} AS record, {said}, {_group_sql()} AS likely_group FROM {NUMBERED}"


def delivered_query() -> str:
    """Incoming deliveries: units delivered, and visits planned and delivered where the file gives them."""
    visit = catalogue().code("unit", "visit")
    parts = ((DELIVERED, "delivered_units", "unit"), (VISITS_PLANNED, "visits_planned", str(visit)))
    selects = []
    for record, amount, unit in (*parts, (VISITS_DELIVERED, "visits_delivered", str(visit))):
        columns = dict.fromkeys(SAID, "NULL") | {
            "start_day": "start_day",
            "end_day": "end_day",
            "unit": f"{unit}::SMALLINT",
            "quantity": amount,
        }
        said = ", ".join(f"{columns[name]} AS {name}" for name in SAID)
        selects.append(
            f"SELECT row, line, {record}::TINYINT AS record, {said}, NULL::SMALLINT AS likely_group "
            f"FROM kept_rows WHERE {amount} IS NOT NULL"
        )
    return " UNION ALL ".join(selects)


def set_group_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection the client group that each primary support reason leads to, below and from an age."""
    entries = {entry.code: entry for entry in catalogue().list("support_reason").entries}
    groups = catalogue().list("client_group")
    young, old, ages = [], [], []
    for code in range(max(entries) + 1):
        entry = entries.get(code)
        assert entry is None or isinstance(entry, SupportReason)
        young.append(groups.entry(entry.client_group).code if entry else 0)
        old.append(groups.entry(entry.client_group_older).code if entry and entry.client_group_older else young[-1])
        ages.append(entry.older_from if entry and entry.older_from else 200)
    for name, values in (("group_young", young), ("group_old", old), ("group_age", ages)):
        connection.execute(f"SET VARIABLE {name} = {values}::SMALLINT[]")


def _group_sql() -> str:
    """Client group that the support reason and the age at the start lead to; unpaid carers by their client type."""
    carers = catalogue().code("client_group", "unpaid-carers")
    at = "support_reason + 1"
    age = f"({month_sql('start_day')} - birth_month) // 12"
    older = f"{age} >= getvariable('group_age')[{at}]"
    young, old = (f"getvariable('group_{name}')[{at}]" for name in ("young", "old"))
    # Where the group depends on an age that is not known, it is not known either.
    groups = f"CASE WHEN {young} = {old} THEN {young} WHEN {older} THEN {old} WHEN NOT ({older}) THEN {young} END"
    return f"nullif(CASE WHEN client_type = {CARER} THEN {carers} ELSE {groups} END, 0)::SMALLINT"
