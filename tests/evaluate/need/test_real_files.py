"""The official files that stand beside the checkout: read whole, and set against what the councils published."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from careshape.evaluate.need import compare, need
from careshape.evaluate.need.prevalence import packaged
from careshape.evaluate.population import neighbourhoods, population
from careshape.evaluate.population.grid import SEXES, ages_label
from careshape.evaluate.population.spread import national
from careshape.home import Home
from careshape.records import observations
from careshape.records.official import add_file, statistic

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
FILES = (
    "population/snpp_2018based_principal_la_age_sex_2018_2043.csv.gz",
    "population/snpp_2018based_variants_worcs_thurrock_england.csv.gz",
    "population/mye_rebased_la_age_sex_2000_2023.csv.gz",
    "population/mye2018_uk_la_single_age_original_2019codes.csv.gz",
    "population/mye2020_lsoa11_england_single_age_persons.csv.gz",
    "ascfr_ascof/ascfr_salt_2021-22_all_tables_csv.zip",
    "ascfr_ascof/ascof_2020-21_open_data.csv.gz",
    "ascfr_ascof/oflog_asc_outcomes_by_la_2015_2023.csv.gz",
    "cqc/cqc_latest_ratings_social_care_england_early2021_geocoded.csv.gz",
)

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` is not beside the checkout"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    found = Home(tmp_path_factory.mktemp("real"))
    for name in FILES:
        add_file(found, SHARED / name)
    return found


def test_table_1_comes_back_from_the_projection(home):
    """24 cells. The prepared file is rounded by age and sex, 72 numbers a cell: one cell is off by 4, the rest by 3."""
    people = population(home, "worcestershire")
    off = [
        abs(
            people.total(row.dims["district"].lower().replace(" ", "-"), int(row.period.text), (65, None))
            - int(row.value)
        )
        for row in observations("worcestershire").find(table="table-01", measure="population-projection")
    ]
    assert len(off) == 24
    assert sorted(off)[-2] <= 3
    assert max(off) <= 4


def test_original_estimates_of_2018_are_exact(home):
    people = population(home, "worcestershire", "mid-year-estimates-original")
    published = {
        row.dims["district"].lower().replace(" ", "-"): int(row.value)
        for row in observations("worcestershire").find(table="table-01", period="2018")
    }
    assert {area: people.total(area, 2018, (65, None)) for area in published} == published


def test_national_structure_is_the_projection_of_england(home):
    table = statistic(home, "snpp", area_code="E92000001")
    for year in (2018, 2043):
        for sex in SEXES:
            rows = table.rows(year=year, sex=sex)
            for age in (0, 40, 90):
                real = sum(row["value"] for row in rows if min(row["age"], 90) == age)
                assert national(year)[SEXES.index(sex), age] == real


def test_spread_is_this_far_from_the_projection(home, tmp_path):
    """What the model of England's ages costs: measured for the county, 2018 to 2030."""
    real, spread = population(home, "worcestershire"), population(Home(tmp_path / "empty"), "worcestershire")

    def error(area, ages):
        return max(abs(spread.total(area, y, ages) / real.total(area, y, ages) - 1) for y in (2018, 2025, 2030))

    assert error("worcestershire", (65, None)) < 0.001
    assert error("worcestershire", (18, 64)) < 0.01
    for ages in ((65, 74), (75, 84), (85, None)):
        assert error("worcestershire", ages) < 0.06
    bands = [(age, age + 4) for age in (65, 70, 75, 80, 85)]
    errors = [error(area, ages) for area in real.areas[1:] for ages in bands]
    assert np.mean(errors) < 0.12
    assert max(errors) < 0.25


def test_neighbourhoods_add_up_to_their_districts(home):
    people = population(home, "worcestershire")
    parts = neighbourhoods(home, people)
    assert len(parts.areas) == 364
    assert parts.values.sum(axis=0) == pytest.approx(people.values[0])


def test_packaged_dementia_rates_are_those_of_the_file():
    with (SHARED / "prevalence" / "dementia_prevalence_cfas2_by_age_sex.csv").open() as file:
        names = ("DementiaPrevalence", "DementiaPrevalence95Lower", "DementiaPrevalence95Upper")
        real = {
            (row["AgeBand"], row["Sex"].lower()): [float(row[name]) for name in names] for row in csv.DictReader(file)
        }
    ours = {(ages_label(one.ages), one.sex): [one.rate, one.lower, one.upper] for one in packaged()["dementia"].rate}
    assert ours == real


def test_dementia_of_england_is_the_studys_share_of_older_people(home):
    """The study gives 6.5% of all of 65 and over; its bands on England's people of 2018 give the same within 0.3."""
    people = national(2018)
    cells = [
        (one.rate, people[SEXES.index(one.sex), one.ages[0] : (one.ages[1] or 90) + 1].sum())
        for one in packaged()["dementia"].rate
    ]
    assert 100 * sum(rate * count for rate, count in cells) / people[:, 65:].sum() == pytest.approx(6.5, abs=0.3)


def test_published_projections_are_rebuilt(home):
    rows = {row["observation"]: row for row in compare(home, "thurrock")}
    assert rows["T-PF-021"]["rebuilt"] == 22_884  # published 22,839: the estimate of 2015 was revised
    assert rows["T-PF-037"]["rebuilt_share"] == pytest.approx(0.226)
    assert rows["T-PF-037"]["published_share"] == pytest.approx(0.156, abs=0.001)
    assert rows["T-PF-030"]["lower_95"] < 660 < rows["T-PF-030"]["upper_95"]  # dementia of 85 and over, 2017
    assert not rows["T-PF-031"]["lower_95"] < 1355 < rows["T-PF-031"]["upper_95"]  # 2030: an older projection
    worcestershire = {row["observation"]: row for row in compare(home, "worcestershire")}
    assert worcestershire["W-PF-010"]["rebuilt"] == pytest.approx(638_800, abs=50)
    assert round(worcestershire["W-PF-012"]["rebuilt"]) == 25


def test_dementia_grows_with_the_projection(home):
    rows = {row["year"]: row for row in need(home, "worcestershire", "dementia", years=[2021, 2035]).rows}
    assert rows[2021]["value"] == pytest.approx(9107, abs=5)
    assert rows[2035]["value"] > 1.3 * rows[2021]["value"]


def test_official_unit_costs_are_those_published(home):
    cost = statistic(home, "asc-fr-t52", area_name="Worcestershire", age_band="65+")
    assert {
        (row["setting"], row["year"]): round(row["value"], 2) for row in cost.rows(setting=["residential", "nursing"])
    } == {
        ("residential", "2020-21"): 718.73,
        ("residential", "2021-22"): 790.40,
        ("nursing", "2020-21"): 879.65,
        ("nursing", "2021-22"): 959.57,
    }
    home_care = statistic(home, "asc-fr-t51", area_code="E06000034", provision="external").rows()
    assert [row["value"] for row in home_care] == [16.85, 18.93]


def test_workbook_and_its_sheets_give_the_same(home):
    done = add_file(home, SHARED / "ascfr_ascof" / "ASCFR_and_SALT_Data_Tables_2021-22.xlsx")
    assert {(one.manifest.source, one.outcome) for one in done} == {
        ("asc-fr-t51", "unchanged"),
        ("asc-fr-t52", "unchanged"),
    }


def test_outcomes_and_ratings_are_those_published(home):
    outcome = statistic(home, "ascof", measure="1E", kind="outcome").rows(
        area_name=["Worcestershire", "Thurrock", "England"]
    )
    assert {row["area_name"]: row["value"] for row in outcome} == {
        "Worcestershire": 5.0,
        "Thurrock": 5.6,
        "England": 5.1,
    }
    kept_back = statistic(home, "ascof").table
    assert set(kept_back["marker"].unique().to_pylist()) == {"", "[x]", "[c]"}
    homes = statistic(home, "cqc-ratings", authority_name="Worcestershire", care_home=True).rows()
    ratings = [row["rating"] for row in homes]
    assert {name: ratings.count(name) for name in set(ratings)} == {
        "Good": 133,
        "Outstanding": 8,
        "Requires improvement": 35,
        "Inadequate": 2,
    }
