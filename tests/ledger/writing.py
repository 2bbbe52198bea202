"""Rows of the three kinds of file, and how they are written."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from careshape.ledger.readers import reader

Row = Mapping[str, str]
Rows = Sequence[Row]


def package(reference: str, **changes: str) -> dict[str, str]:
    """A package line item of a synthetic person."""
    row = dict.fromkeys((column.name for column in reader("packages").column), "")
    row |= {
        "line_reference": reference,
        "person_id": f"PERSON-{reference}",
        "birth_date": "1940-05-06",
        "gender": "female",
        "client_group": "older-people",
        "service": "nursing",
        "cost_centre": "older-people",
        "purchase_type": "spot",
        "delivery_mechanism": "commissioned",
        "provider_reference": "W-017",
        "provider_name": "Synthetic provider W-017",
        "provider_type": "private",
        "setting_reference": "Synthetic home W-003",
        "district": "wychavon",
        "postcode": "WR11 1AA",
        "start_date": "2020-05-01",
        "unit": "week",
        "units_per_week": "1",
        "unit_price": "700.00",
        "weekly_cost": "700.00",
    }
    return row | changes


def event(reference: str, **changes: str) -> dict[str, str]:
    """A service event of Client Level Data, Release 2, of a synthetic person."""
    row = dict.fromkeys((column.name for column in reader("cld").column), "")
    row |= {
        "LA_Code": "E10000034",
        "Reporting_Period_Start_Date": "2020-04-01",
        "Reporting_Period_End_Date": "2021-03-31",
        "LA_Person_Unique_Identifier": f"PERSON-{reference}",
        "Gender": "Female",
        "Date_of_Birth": "1940-05-06",
        "Client_Type": "Service user",
        "Primary_Support_Reason": "Physical support: Personal care support",
        "Postcode": "WR11 1AA",
        "Event_Type": "Service",
        "Event_Start_Date": "2020-05-01",
        "Event_Reference": reference,
        "Service_Type": "Long term support: Nursing care",
        "Service_Component": "Long term nursing care",
        "Delivery_Mechanism": "CASSR commissioned support",
        "Provider_CQC_Location_ID": "1-900000017",
        "Unit_Cost": "700.00",
        "Cost_Frequency_Unit_Type": "Weekly",
        "Planned_Units_Per_Week": "1",
    }
    return row | changes


def year(first: int) -> dict[str, str]:
    """The reporting period of a financial year."""
    return {
        "Reporting_Period_Start_Date": f"{first}-04-01",
        "Reporting_Period_End_Date": f"{first + 1}-03-31",
    }


def delivery(reference: str, **changes: str) -> dict[str, str]:
    """A week of deliveries against a line."""
    row = {
        "line_reference": reference,
        "period_start": "2020-06-01",
        "period_end": "2020-06-07",
        "unit": "hour",
        "delivered_units": "9.5",
        "visits_planned": "14",
        "visits_delivered": "13",
    }
    return row | changes


def write_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\r\n") -> Path:
    """Write rows as a CSV with their own columns, in the order of the first row."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator=newline)
        writer.writeheader()
        writer.writerows(rows)
    return path
