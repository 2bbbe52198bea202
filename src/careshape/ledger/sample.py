"""A synthetic Client Level Data file of any size, for benchmarks and tests: nobody in it is a real person."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from careshape.errors import CallError
from careshape.ledger.readers import reader
from careshape.ledger.store import quote

SERVICE_SHARE: Final = 0.5
"""Share of service events; the rest are requests, assessments and reviews."""
_CARE: Final = (
    ("Long term support: Nursing care", "Long term nursing care", "Weekly", 80_000, 1),
    ("Long term support: Residential care", "Long term residential care", "Weekly", 65_000, 1),
    ("Long term support: Community", "Home support or domiciliary care", "Hourly", 2_143, 14),
    ("Long term support: Community", "Community supported living", "Hourly", 1_710, 40),
    ("Long term support: Community", "Day support", "Per session", 4_500, 2),
    ("Long term support: Community", "Direct payment", "Fortnightly", 31_000, 1),
    ("Short term support: ST-Max", "Reablement", "Weekly", 20_000, 1),
)
"""Service type, component, frequency, unit cost in pence, most units a week."""


def write_cld_sample(path: Path, rows: int, service_share: float = SERVICE_SHARE) -> None:
    """Write a file with every field of the specification; the same arguments give the same bytes.

    rows: number of events. Four events a person on average, all in the financial year 2020/21, half of them services.
    """
    if rows < 1:
        raise CallError(f"rows is {rows}. Write at least one row.")
    columns = {column.name: "NULL" for column in reader("cld").column}
    columns |= {
        "LA_Code": "'E10000034'",
        "Reporting_Period_Start_Date": "DATE '2020-04-01'",
        "Reporting_Period_End_Date": "DATE '2021-03-31'",
        "LA_Person_Unique_Identifier": f"'SYNTHETIC-' || (hash(i) % {max(rows // 4, 1)})",
        "Gender": "CASE WHEN hash(i) % 5 < 3 THEN 'Female' ELSE 'Male' END",
        "Ethnicity": "'White: English, Welsh, Scottish, Northern Irish or British'",
        "Date_of_Birth": "DATE '1930-01-01' + (hash(i) % 25000)::INTEGER",
        "Client_Type": "'Service user'",
        "Primary_Support_Reason": "'Physical support: Personal care support'",
        "Postcode": "'WR' || (1 + i % 9) || ' 1AA'",
        "Accommodation_Status": "'Owner occupier or shared ownership scheme'",
        "Has_Unpaid_Carer": "'Unknown'",
        "Client_Funding_Status": "'Fully social care funded'",
        "Event_Type": "event",
        "Event_Start_Date": "CASE WHEN event = 'Service' THEN DATE '2018-01-01' + (hash(i * 5) % 800)::INTEGER "
        "ELSE day END",
        "Event_End_Date": "CASE WHEN event <> 'Service' OR i % 3 = 0 THEN day END",
        "Event_Outcome": "'Continuation of support or services'",
        "Event_Reference": "'EVENT-' || i",
    }
    for field, position in (("Service_Type", 1), ("Service_Component", 2), ("Cost_Frequency_Unit_Type", 3)):
        columns[field] = f"care[{position}]"
    columns |= {
        "Delivery_Mechanism": "CASE WHEN event = 'Service' THEN 'CASSR commissioned support' END",
        "Provider_CQC_Location_ID": "CASE WHEN event = 'Service' THEN 'SYNTHETIC-' || (i % 400) END",
        "Unit_Cost": "care[4]",
        "Planned_Units_Per_Week": "CASE WHEN event = 'Service' THEN 1 + i % care[5]::INTEGER END",
    }
    care = ", ".join(
        f"[{', '.join(quote(str(one)) for one in (*kind[:3], f'{kind[3] / 100:.2f}', kind[4]))}]" for kind in _CARE
    )
    shown = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    other = "['Request', 'Assessment', 'Review'][1 + (hash(i * 3) % 3)::INTEGER]"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT {shown} FROM (
                SELECT i, event, day, CASE WHEN event = 'Service' THEN [{care}][1 + i % {len(_CARE)}] END AS care
                FROM (SELECT i, DATE '2020-04-01' + (hash(i + 2) % 365)::INTEGER AS day,
                    CASE WHEN hash(i * 7) % 1000 < {int(service_share * 1000)} THEN 'Service' ELSE {other} END AS event
                    FROM range({rows}) AS numbers(i)))) TO {quote(str(path))} (HEADER)"""
        )
