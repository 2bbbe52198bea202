"""The columns of the curated ledger: integers only, the one form in which every engine gives the same answer.

Dates are days since 1970-01-01; months are ordinals (year * 12 + month - 1); money is pence; quantities are
hundredths of a unit. Every dimension column holds the permanent code of a catalogue entry, 0 meaning unknown. Nothing
is ever changed in place: a correction is a row that reverses the earlier version (``sign`` -1) and a row with the new
one (``sign`` +1), so that every sum over ``sign``-weighted rows of postings up to any number is what was known then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

OPEN_DAY: Final = 47_846
"""``end_day`` of a line that is still open: 2100-12-31."""

PLANNED: Final = 1
"""``record`` of a planned package line: a service arranged from a day to a day, at a weekly quantity and cost."""
DELIVERED: Final = 2
"""``record`` of a delivery: what was delivered in a short period against a planned line."""
ONE_OFF: Final = 3
"""``record`` of a single purchase on one day, without a weekly cost."""
VISITS_PLANNED: Final = 4
"""``record`` of the visits planned in a short period against a planned line."""
VISITS_DELIVERED: Final = 5
"""``record`` of the visits delivered in a short period against a planned line; hours are a delivery of their own."""
CONTRIBUTION: Final = 7
"""``record`` of what another than the council pays of a planned line; its cost centre says who. 6 is an unmet need."""

Kind = Literal["identity", "dimension", "day", "month", "amount", "history"]


@dataclass(frozen=True)
class Column:
    """One column of the curated ledger: its Arrow type, what it holds, and the catalogue list its codes come from."""

    name: str
    type: pa.DataType
    kind: Kind
    meaning: str
    codes: str | None = None


_I8, _I16, _I32, _I64 = pa.int8(), pa.int16(), pa.int32(), pa.int64()

COLUMNS: Final[tuple[Column, ...]] = (
    Column("line", _I64, "identity", "identity of the line item: a keyed hash of its reference in the source system"),
    Column("authority", _I16, "dimension", "council that arranged the care", "authority"),
    Column("person", _I64, "identity", "keyed pseudonym of the person; 0 where the source names nobody"),
    Column("birth_month", _I32, "month", "month of birth, for age bands; 0 unknown; no day of birth is kept"),
    Column("gender", _I8, "dimension", "recorded gender", "gender"),
    Column("client_group", _I16, "dimension", "client group of the person", "client_group"),
    Column("support_reason", _I16, "dimension", "primary support reason", "support_reason"),
    Column("service", _I16, "dimension", "service arranged", "service"),
    Column("component", _I16, "dimension", "part of the service: package, visits, block, core", "component"),
    Column("cost_centre", _I16, "dimension", "cost centre category that pays", "cost_centre"),
    Column("purchase_type", _I16, "dimension", "how it was bought: spot, block, in-house", "purchase_type"),
    Column(
        "delivery_mechanism", _I16, "dimension", "direct payment, managed budget or commissioned", "delivery_mechanism"
    ),
    Column("booking_type", _I16, "dimension", "planned or emergency", "booking_type"),
    Column(
        "provider", _I64, "identity", "provider: hash of its reference; names stand in the provider list; 0 unknown"
    ),
    Column("provider_type", _I16, "dimension", "private, not-for-profit, in-house, micro, public", "provider_type"),
    Column("setting", _I64, "identity", "home, house or scheme: hash of its reference; 0 where the care is at home"),
    Column("district", _I16, "dimension", "district where the care is given", "district"),
    Column("zone", _I16, "dimension", "home care zone", "zone"),
    Column("locality", _I16, "dimension", "day service locality", "locality"),
    Column("team", _I16, "dimension", "social work team", "team"),
    Column("placement_area", _I16, "dimension", "inside or outside the council's area", "placement_area"),
    Column(
        "postcode_district", _I32, "dimension", "outward postcode as a base-36 number, such as WR1; never the whole"
    ),
    Column(
        "record",
        _I8,
        "history",
        "1 planned line, 2 delivery, 3 one-off purchase, 4 visits planned, 5 visits delivered, "
        "7 what another than the council pays of a planned line",
    ),
    Column("start_day", _I32, "day", "first day"),
    Column("end_day", _I32, "day", f"last day, on which the person leaves; {OPEN_DAY} while open"),
    Column("start_month", _I32, "month", "month of start_day"),
    Column("end_month", _I32, "month", "month of end_day"),
    Column("close_month", _I32, "month", "month of end_day + 1: the first month at whose end the line is closed"),
    Column("unit", _I16, "dimension", "unit of quantity", "unit"),
    Column("quantity", _I64, "amount", "hundredths of a unit: a week for planned lines, in all for deliveries"),
    Column("unit_price", _I64, "amount", "pence a unit"),
    Column(
        "weekly_cost", _I64, "amount", "pence a week for planned lines, gross, and what others pay of them; 0 otherwise"
    ),
    Column("one_off_cost", _I64, "amount", "pence in all for one-off purchases; 0 otherwise"),
    Column("sign", _I8, "history", "+1 adds this version, -1 takes an earlier version back"),
    Column(
        "reason",
        _I8,
        "history",
        "why the row was recorded: 1 first, 2 correction, 3 late, 4 withdrawn, 5 closed, 6 detail added, 7 reinstated",
    ),
    Column("posting", _I32, "history", "number of the posting that recorded the row"),
)

NAMES: Final = tuple(column.name for column in COLUMNS)
SCHEMA: Final = pa.schema([pa.field(column.name, column.type, nullable=False) for column in COLUMNS])
CODED: Final = {column.name: column.codes for column in COLUMNS if column.codes}
"""Column -> catalogue list, for the columns whose integers stand for catalogue entries."""
