"""The official files that stand beside the checkout, and the demonstration's statement: figures known beforehand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from careshape.evaluate.cost import benchmark, neighbours
from careshape.records.official import add_file

from .conftest import Place

SHARED = Path(__file__).parents[4] / "shared" / "data"
FOLDER = SHARED / "ascfr_ascof"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder of official statistics is not beside the checkout"),
]


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> Place:
    """A data folder with tables 51 and 52 of 2021-22 and the framework of 2020-21."""
    place = Place(tmp_path_factory.mktemp("official"))
    for name in (
        "ascfr_T51_home_care_hourly_rate_by_cassr.csv",
        "ascfr_T52_unit_cost_long_term_residential_nursing_by_cassr.csv",
        "ascof_2020-21_open_data.csv.gz",
    ):
        add_file(place, FOLDER / name)
    return place


@pytest.mark.parametrize(
    ("authority", "measure", "year", "value"),
    [
        ("worcestershire", "residential-unit-cost-65", "2020/21", "718.73"),
        ("worcestershire", "residential-unit-cost-65", None, "790.40"),
        ("worcestershire", "nursing-unit-cost-65", None, "959.57"),
        ("worcestershire", "home-care-rate-external", "2020/21", "18.40"),
        ("worcestershire", "home-care-rate-external", None, "18.65"),
        ("thurrock", "nursing-unit-cost-65", None, "703.89"),
        ("thurrock", "home-care-rate-external", None, "18.93"),
        ("worcestershire", "admissions-18-64", None, "14.4"),
        ("worcestershire", "admissions-65", None, "475.8"),
        ("thurrock", "admissions-18-64", None, "10.4"),
        ("worcestershire", "paid-employment-learning-disability", None, "5.0"),
        ("thurrock", "paid-employment-learning-disability", None, "5.6"),
    ],
)
def test_published_figures_come_back(official, authority, measure, year, value) -> None:
    found = benchmark(official, authority, measure, year=year, draws=200)
    assert str(found.rows[0]["value"]) == value


def test_england_stands_beside_and_is_not_ranked(official) -> None:
    rows = {
        row["area"]: row
        for row in benchmark(official, "worcestershire", "residential-unit-cost-65", year="2020/21").rows
    }
    assert rows["England"]["value"] == Decimal("736.04")
    assert rows["England"]["kind"] == "reference"
    assert rows["England"]["rank"] is None


def test_rank_agrees_with_a_count_of_the_file(official) -> None:
    found = benchmark(official, "worcestershire", "admissions-65")
    others = [row.figure.value for row in found.areas if row.figure.value is not None and row.kind != "reference"]
    assert found.own.standing.rank == 1 + sum(value < 475.8 for value in others)
    assert found.own.standing.of == len(others) == 150


def test_uncorrected_limits_would_call_many_councils_unusual(official) -> None:
    found = benchmark(official, "worcestershire", "admissions-65")
    outside = [row for row in found.areas if row.limits and "99.8" in row.position]
    assert "without it" in found.method
    share = int(found.method.split("without it ")[1].split("%")[0])
    assert share > 25
    assert len(outside) < 150 * share / 100 / 4


def test_no_home_care_of_its_own_is_not_a_rate_of_nothing(official) -> None:
    rows = benchmark(official, "worcestershire", "home-care-rate-in-house").rows
    silent = [row for row in rows if row["standing"] == "gives no home care itself"]
    assert len(silent) > 50
    assert {row["value"] for row in silent} == {None}


def test_region_is_known_to_the_framework_through_the_finance_tables(official) -> None:
    found = benchmark(official, "worcestershire", "admissions-65", comparators="region", draws=200)
    assert found.own.standing.of == 14  # as the council's own table 18 counts the West Midlands


def test_neighbours_are_like_counties(tmp_path) -> None:
    place = Place(tmp_path)
    add_file(place, SHARED / "population" / "mye_rebased_la_age_sex_2000_2023.csv.gz")
    found = neighbours(place, "worcestershire")
    names = {one.name for one in found.rows}
    assert {"Gloucestershire", "Staffordshire", "Somerset", "Warwickshire"} <= names
    assert all(0 < one.distance < 0.2 for one in found.rows)
    # First trials elsewhere kept 85% of a list under such a jitter; eight smooth indicators keep more.
    assert sum(one.stability for one in found.rows) / len(found.rows) > 0.8
