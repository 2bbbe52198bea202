"""Client Level Data of the synthetic county: the national fields, and nothing that they do not carry."""

from __future__ import annotations

import csv
from collections import Counter

from careshape.catalogue import catalogue
from careshape.demo import Files
from careshape.demo.cld import COLUMNS, cld_rows
from careshape.demo.days import last_months, span
from careshape.demo.generate import Council


def test_cld_file_has_the_national_columns_only(county_files: Files) -> None:
    with county_files.cld[0].open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    assert header == COLUMNS
    for lacking in ("purchase_type", "cost_centre", "team", "district", "component", "setting_reference"):
        assert not any(lacking in name.lower() for name in header if name != "Service_Component")


def test_cld_events_touch_the_reporting_period(county: Council) -> None:
    period = last_months(county.world.window, 3)
    assert period == span("2021-04-01/2021-06-30")
    rows = cld_rows(county.world, county.lines, period)
    kinds = Counter(row["Event_Type"] for row in rows)
    assert set(kinds) == {"Service", "Request", "Assessment", "Review"}
    for row in rows:
        assert row["Event_Start_Date"] <= "2021-06-30"
        assert not row["Event_End_Date"] or row["Event_Start_Date"] <= row["Event_End_Date"]
        assert not row["Event_End_Date"] or row["Event_End_Date"] >= "2021-04-01"


def test_cld_service_reference_is_that_of_the_line(county: Council) -> None:
    lines = {line.reference: line for line in county.lines}
    services = catalogue().list("service").by_id
    components = {entry.release_2: entry.id for entry in catalogue().list("cld_component").entries if entry.code}
    rows = [
        row
        for row in cld_rows(county.world, county.lines, span("2021-04-01/2021-06-30"))
        if row["Event_Type"] == "Service"
    ]
    assert len({row["Event_Reference"] for row in rows}) == len(rows) > 5000
    for row in rows:
        service = services[lines[row["Event_Reference"]].spell.service]
        assert components[row["Service_Component"]] in {match.component for match in service.cld}


def test_cld_can_be_written_in_the_labels_of_release_1(county: Council) -> None:
    rows = cld_rows(county.world, county.lines, span("2021-06"), release=1)
    assert {"Long Term Support: Nursing Care"} <= {row.get("Service_Type", "") for row in rows}


def test_cld_leaves_technology_out_unless_asked(county: Council) -> None:
    def equipment(asked: bool) -> int:
        rows = cld_rows(county.world, county.lines, span("2021-06"), equipment=asked)
        return sum(row.get("Service_Component") == "Equipment" for row in rows)

    assert equipment(False) == 0
    assert equipment(True) > 500
