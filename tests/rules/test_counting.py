"""The counting rules, 21 to 25, put to what counts: each holds of our figure, and is broken by the way they warn of."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from careshape.catalogue import catalogue
from careshape.evaluate.measure import measure
from careshape.ledger.columns import DELIVERED
from careshape.records import observations
from careshape.rules import find, rules, told
from tests.evaluate.measure.conftest import RowLedger, row, table
from tests.rules.cases import ON

COUNCIL = "worcestershire"


def state(rule: str, **given: object) -> str:
    known = told({name.replace("_", "-"): value for name, value in given.items()})
    return find(rules()[rule], "statement.release", known, ON).state


@pytest.fixture
def make(tmp_path: Path):
    """Return a function from rows to a ledger of them."""

    def of(*rows: dict[str, int]) -> RowLedger:
        pq.write_table(table(list(rows)), tmp_path / "rows.parquet")
        return RowLedger(tmp_path / "rows.parquet", {1: ON})

    return of


def test_simple_queries_are_a_figure_of_their_own():
    ours = observations(COUNCIL)
    clients = [one.value for one in ours.find(measure="clients-helped") if one.id == "W-PF-024"]
    simple = [one.value for one in ours.find(measure="simple-query-clients")]
    assert (clients, simple) == ([7765], [511])  # as printed, in two sentences
    facts = {"advice_clients": 7765, "simple_queries_shown_apart": bool(simple)}
    assert state("simple-queries-apart", advice_clients_shown=clients[0], **facts) == "met"
    assert state("simple-queries-apart", advice_clients_shown=clients[0] + simple[0], **facts) == "broken"


def test_a_person_at_several_day_services_counts_once(make):
    # Person 1 attends a service of the council and two others; person 2 attends one.
    ours, theirs = "internal", "external-contracted"
    lines = ((1, 1, ours), (2, 1, theirs), (3, 1, theirs), (4, 2, theirs))
    ledger = make(
        *(row(line, "2020-01-01", person=who, service="day-services", component=kind) for line, who, kind in lines),
        row(5, "2020-01-01", person=3, service="home-care"),
    )
    asked = {"period": "2021-03"}
    shown = measure(ledger, "day_service_people", **asked).value
    added = sum(one["value"] for one in measure(ledger, "day_service_people", by=("component",), **asked).rows)
    assert state("day-service-people-once", day_service_people_shown=shown, day_service_people_once=2) == "met"
    assert state("day-service-people-once", day_service_people_shown=added, day_service_people_once=2) == "broken"


def test_hours_of_unknown_district_stay_in_the_table(make):
    delivered = {"service": "home-care", "unit": "hour", "record": DELIVERED}
    ledger = make(
        *(
            row(line, "2021-03-01", "2021-03-31", person=line, district=district, quantity=hours, **delivered)
            for line, district, hours in ((1, "wychavon", 1000), (2, "redditch", 300), (3, "unknown", 200))
        )
    )
    cells = measure(ledger, "home_care_hours", by=("district",), period="2021-03").rows
    shown = sum(one["value"] for one in cells)
    known = sum(one["value"] for one in cells if one["district"] != "unknown")
    assert state("unknown-district-visible", home_care_hours_shown=shown, home_care_hours_all=15) == "met"
    assert state("unknown-district-visible", home_care_hours_shown=known, home_care_hours_all=15) == "broken"


def test_rates_of_employment_are_of_working_ages_and_of_unemployment_from_16():
    rates = [one.dims for one in observations(COUNCIL).find(table="table-03") if one.measure == "rate"]
    ages = {
        out: {one["age_band"] for one in rates if (one["economic_status"] == "unemployed") is out}
        for out in (True, False)
    }
    assert len(rates) > 4
    (employed,), (unemployed,) = ages[False], ages[True]
    assert state("working-ages", employment_rate_ages=employed, unemployment_rate_ages=unemployed) == "met"
    assert state("working-ages", employment_rate_ages=unemployed, unemployment_rate_ages=employed) == "broken"


def test_a_micro_enterprise_is_as_large_as_the_statement_says_at_most():
    most = observations(COUNCIL)["W-PF-033"].value
    assert state("micro-enterprise-size", largest_micro_enterprise=most) == "met"
    assert state("micro-enterprise-size", largest_micro_enterprise=most + 1) == "broken"


def test_zones_without_a_micro_enterprise_are_found(make):
    zones = [one.id for one in catalogue().lists["zone"].entries if one.authority == COUNCIL]
    assert len(zones) == observations(COUNCIL)["W-PF-034"].value
    lines = [
        row(line, "2020-01-01", person=line, provider=line, zone=zone, provider_type="micro-enterprise")
        for line, zone in enumerate(zones, 1)
    ]
    others = row(99, "2020-01-01", person=99, provider=99, zone=zones[-1], provider_type="private")

    def found(*rows: dict[str, int]) -> str:
        cells = measure(
            make(*rows), "providers_in_use", by=("zone",), where={"provider_type": "micro-enterprise"},
            period="2021-03-31",
        ).rows  # fmt: skip
        there = sum(one["value"] > 0 for one in cells if one["zone"] in zones)
        return state("micro-enterprise-in-each-zone", zones=len(zones), zones_with_micro_enterprise=there)

    assert found(*lines, others) == "met"
    assert found(*lines[:-1], others) == "broken"
