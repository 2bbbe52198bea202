"""Hours of a forecast begin at what the records count on its first day, by the same rule as a measure."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest
from tests.evaluate.measure.conftest import RowLedger, row, table

from careshape.evaluate.forecast.council import council_forecast
from careshape.evaluate.measure import measure
from careshape.home import Home

HOME = {"service": "home-care", "unit": "hour", "record": 1, "district": "redditch"}
ORIGIN = "2021-03-31"


def lines() -> list[dict[str, int]]:
    """Packages of twenty hours that end one after another, and of ten since: synthetic.

    One person's package doubles on 2 April, three days after the origin, and one comes back on that day.
    """
    found = []
    for n in range(60):
        group = "older-people" if n % 4 else "learning-disability"
        month = 2018 * 12 + n * 2 // 3
        start = f"{month // 12}-{month % 12 + 1:02}-{n % 20 + 1:02}"
        gone = month + 9
        end = f"{gone // 12}-{gone % 12 + 1:02}-15" if gone < 2021 * 12 + 3 else None
        hours = 2000 if month < 2020 * 12 + 8 else 1000
        found.append(row(n, start, end, person=n + 1, client_group=group, quantity=hours, **HOME))
    older = HOME | {"client_group": "older-people"}
    found.append(row(100, "2020-11-01", "2021-04-01", person=100, quantity=800, **older))
    found.append(row(101, "2021-04-02", None, person=100, quantity=1600, **older))
    found.append(row(102, "2020-11-01", "2021-03-29", person=102, quantity=700, **older))
    found.append(row(103, "2021-04-02", "2021-04-10", person=102, quantity=700, **older))
    return found


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    file = tmp_path_factory.mktemp("hours") / "rows.parquet"
    pq.write_table(table(lines()), file)
    return RowLedger(file, {1: date(2021, 4, 20)})


@pytest.fixture(scope="module")
def made(ledger, tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    return council_forecast(home, None, ledger=ledger, basis="none", months=12, draws=200)


def counted(ledger, **where):
    return measure(ledger, "hours_commissioned", where={"service": "home-care"} | where, period=ORIGIN).value


def test_hours_at_the_origin_are_those_that_the_measure_counts(made, ledger):
    """Means over the year would give more: the larger packages of its first months are gone."""
    assert made.origin.isoformat() == ORIGIN
    assert made.forecast.mean(0, (), "hours")[0] == pytest.approx(float(counted(ledger)), abs=0.005)


def test_hours_of_each_client_group_begin_there_too(made, ledger):
    hours = made.forecast.mean(0, ("group",), "hours")
    for cell, value in zip(made.forecast.cells(("group",)), hours, strict=True):
        assert value == pytest.approx(float(counted(ledger, client_group=cell["group"])), abs=0.005)


def test_people_at_the_origin_are_those_that_the_measure_counts(made, ledger):
    """Who comes back on the second of April was not there on the last of March."""
    people = measure(ledger, "people_supported", period=ORIGIN).value
    assert made.forecast.mean(0)[0] == people


def test_expected_hours_a_person_stay_those_of_the_origin(made):
    hours, people = (made.forecast.mean(12, ("group", "service"), measure) for measure in ("hours", "people"))
    hours0, people0 = (made.forecast.mean(0, ("group", "service"), measure) for measure in ("hours", "people"))
    assert hours / people == pytest.approx(hours0 / people0)
    assert made.forecast.samples(12, (), "hours").mean() == pytest.approx(hours.sum(), rel=0.1)
