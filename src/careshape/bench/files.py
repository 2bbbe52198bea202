"""A synthetic file of Client Level Data of any size, in Release 2 names and values, with a few faults: of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from careshape.catalogue import catalogue
from careshape.ledger.readers import reader
from careshape.ledger.store import name, quote

SERVICES: Final = (
    # share in a thousand, service type, component, pounds from and to, frequency, units a week from and to
    (330, "long-term-community", "home-support", 17, 26, "hourly", 4, 35),
    (60, "st-max", "reablement", 20, 28, "hourly", 5, 14),
    (90, "long-term-residential", "long-term-residential", 600, 1400, "weekly", 1, 1),
    (60, "long-term-nursing", "long-term-nursing", 700, 1500, "weekly", 1, 1),
    (40, "other-short-term", "short-term-residential", 90, 180, "daily", 7, 7),
    (60, "long-term-community", "community-supported-living", 15, 22, "hourly", 10, 100),
    (60, "long-term-community", "day-support", 30, 90, "per-session", 1, 5),
    (40, "long-term-community", "transport", 8, 20, "per-session", 2, 10),
    (90, "long-term-community", "direct-payment", 80, 900, "weekly", 1, 1),
    (20, "long-term-community", "extra-care-housing", 15, 20, "hourly", 3, 20),
    (10, "long-term-community", "shared-lives", 250, 500, "weekly", 1, 1),
    (90, "ongoing-low-level", "equipment", 20, 400, "one-off", 0, 0),
    (50, "carer-direct", "carer-respite", 60, 150, "weekly", 1, 1),
)
"""What is arranged: shares and prices are plausible and invented."""
EVENTS: Final = (
    "Service",
    "Service",
    "Service",
    "Service",
    "Service",
    "Service",
    "Service",
    "Review",
    "Assessment",
    "Request",
)
FIRST_DAY, LAST_DAY = "2020-07-01", "2021-06-30"
"""The reporting period of the file."""
FAULTS: Final = 200
"""One row in so many has each kind of fault."""


def write_cld_file(path: Path, rows: int, seed: int) -> Path:
    """Write a CSV of ``rows`` rows; the same ``rows`` and ``seed`` give the same file, byte for byte."""
    values = _values(seed)
    listed = ", ".join(f"{values.get(column.name, 'NULL')} AS {name(column.name)}" for column in reader("cld").column)
    total = sum(share for share, *_ in SERVICES)
    drawn = (
        f"SELECT i, {_draw('service', seed)} % {total} AS drawn, {_draw('event', seed)} % {len(EVENTS)} AS event, "
        f"DATE {quote(LAST_DAY)} - ({_draw('start', seed)} % 1500)::INTEGER AS started FROM range({rows}) AS t(i)"
    )
    placed = (
        f"SELECT * REPLACE (list_extract({_texts(EVENTS)}, 1 + event) AS event), {_service()} AS place FROM ({drawn})"
    )
    parts = ("type", "component", "low", "high", "frequency", "few", "many")
    picked = ", ".join(
        f"list_extract([{', '.join(map(_literal, column))}], place) AS {part}"
        for part, column in zip(parts, _columns(), strict=True)
    )
    with duckdb.connect() as connection:
        query = f"SELECT {listed} FROM (SELECT *, {picked} FROM ({placed}))"
        connection.execute(f"COPY ({query}) TO {quote(str(path))} (FORMAT csv, HEADER true)")
    return path


def _draw(what: str, seed: int) -> str:
    """SQL for a big number, not below nothing, that is drawn anew for every row and every ``what``."""
    return f"(hash(i, {quote(what)}, {seed}) >> 8)::BIGINT"


def _service() -> str:
    """SQL for the place in SERVICES that a number drawn below the sum of the shares falls on."""
    total, cases = 0, []
    for place, (share, *_) in enumerate(SERVICES, start=1):
        total += share
        cases.append(f"WHEN drawn < {total} THEN {place}")
    return f"(CASE {' '.join(cases)} END)"


def _columns() -> list[Sequence[object]]:
    cat = catalogue()
    parts = list(zip(*SERVICES, strict=True))
    types = [cat.list("cld_service_type").by_id[str(one)].release_2 for one in parts[1]]
    components = [cat.list("cld_component").by_id[str(one)].release_2 for one in parts[2]]
    frequencies = [cat.list("frequency").by_id[str(one)].release_2 for one in parts[5]]
    return [types, components, parts[3], parts[4], frequencies, parts[6], parts[7]]


def _literal(value: object) -> str:
    return quote(value) if isinstance(value, str) else str(value)


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(quote(value) for value in values)}]"


def _values(seed: int) -> dict[str, str]:
    """Column -> SQL of its value."""

    def draw(what: str, below: int) -> str:
        return f"({_draw(what, seed)} % {below})::INTEGER"

    def one_of(listing: str, what: str) -> str:
        names = [entry.release_2 for entry in catalogue().list(listing).entries if entry.code and entry.release_2]
        return f"list_extract({_texts(names)}, 1 + {draw(what, len(names))})"

    def faulty(what: str, sql: str, fault: str) -> str:
        return f"CASE WHEN {draw('fault ' + what, FAULTS)} = 0 THEN {fault} ELSE {sql} END"

    person = f"((hash(i // 5, {seed}) >> 8)::BIGINT % 100000000)"  # five events a person, one after another
    ended = f"CASE WHEN {draw('open', 3)} > 0 THEN started + {draw('length', 400)} END"
    is_service = "event = 'Service'"
    price = f"(low + {draw('price', 1000)} * (high - low) / 1000)"
    provider = f"'Synthetic provider B-' || {draw('provider', 300)}"
    planned = f"CASE WHEN many > 0 THEN few + {draw('units', 1000)} * (many - few) / 1000 END"
    return {
        "LA_Code": "'E10000034'",
        "Reporting_Period_Start_Date": quote(FIRST_DAY),
        "Reporting_Period_End_Date": quote(LAST_DAY),
        "LA_Person_Unique_Identifier": f"'SYN' || {person}",
        "Gender": faulty("gender", f"list_extract(['Female', 'Female', 'Male'], 1 + ({person} % 3)::INTEGER)", "'F/M'"),
        "Ethnicity": "'Refused: Not stated'",
        "Date_of_Birth": f"strftime(DATE '1925-01-01' + ({person} % 27000)::INTEGER, '%Y-%m-%d')",
        "Client_Type": "'Service user'",
        "Primary_Support_Reason": one_of("support_reason", "reason"),
        "Postcode": f"'WR' || (1 + {person} % 15) || ' ' || (1 + {draw('sector', 9)}) || 'ZZ'",
        "Accommodation_Status": "'Settled mainstream housing with family / friends'",
        "Employment_Status": "'Not in paid employment (not actively seeking work / retired)'",
        "Event_Type": "event",
        "Event_Start_Date": faulty("start", "strftime(started, '%d/%m/%Y')", "'31/02/2021'"),
        "Event_End_Date": faulty("end", f"strftime({ended}, '%d/%m/%Y')", "'01/01/1901'"),
        "Event_Reference": f"'SYN-E' || {seed} || '-' || i",
        "Service_Type": f"CASE WHEN {is_service} THEN type END",
        "Service_Component": f"CASE WHEN {is_service} THEN component END",
        "Delivery_Mechanism": f"CASE WHEN {is_service} THEN {one_of('delivery_mechanism', 'mechanism')} END",
        "Provider_CQC_Location_ID": f"CASE WHEN {is_service} THEN '1-' || (900000000 + {draw('provider', 300)}) END",
        "Provider_CQC_Location_Name": f"CASE WHEN {is_service} THEN {provider} END",
        "Unit_Cost": f"CASE WHEN {is_service} THEN printf('%.2f', {faulty('cost', price, '-1')}::DOUBLE) END",
        "Cost_Frequency_Unit_Type": f"CASE WHEN {is_service} THEN frequency END",
        "Planned_Units_Per_Week": f"CASE WHEN {is_service} THEN printf('%.2f', ({planned})::DOUBLE) END",
    }
