"""People by area, year, sex and age, from a projection laid out as published."""

from __future__ import annotations

import pytest

from careshape.errors import CallError, InputError
from careshape.evaluate.population import population
from careshape.evaluate.population.grid import parse_ages
from careshape.records.official import add_file
from tests.records.official.files import WORCESTERSHIRE, projection

DISTRICTS = ("bromsgrove", "malvern-hills", "redditch", "worcester", "wychavon", "wyre-forest")


def test_population_of_a_county_is_its_districts_and_their_sum(projected):
    people = population(projected, "worcestershire")
    assert people.areas == ("worcestershire", *DISTRICTS)
    assert (people.first_year, people.last_year) == (2018, 2043)
    assert (people.label, people.is_modelled, people.edition) == ("official projection", False, "2018-based")
    # 26 ages from 65 to 90 and over, (100 + 50) people of each in 2018
    assert people.total("redditch", 2018, (65, None)) == 26 * 150
    assert people.total("worcestershire", 2018, (65, None)) == 6 * 26 * 150
    # 12 years later 24 females and 12 males more of each age
    assert people.total("redditch", 2030, (18, 64), "female") == 47 * 124
    assert people.total("redditch", 2030, (90, None), "male") == 62


def test_unitary_council_is_its_own_district(projected):
    assert population(projected, "thurrock").areas == ("thurrock",)


def test_time_between_two_mid_years_is_on_the_line(projected):
    people = population(projected, "thurrock")
    assert people.total("thurrock", 2018.25, (0, None)) == pytest.approx(91 * (150 + 0.25 * 3))


def test_series_gives_every_year(projected):
    series = population(projected, "thurrock").series("thurrock", (90, None))
    assert series[0] == (2018, 150)
    assert series[-1] == (2043, 225)
    assert len(series) == 26


def test_year_past_the_last_is_refused_unless_asked_for(projected):
    people = population(projected, "thurrock")
    with pytest.raises(CallError, match=r"ends in 2043: there is no 2045\. .* ask for extrapolation"):
        people.total("thurrock", 2045)
    # the mean change of the last five years is 3 people of each age a year
    assert people.total("thurrock", 2045, extrapolate=True) == pytest.approx(91 * (225 + 2 * 3))
    assert people.label_of(2045) == "official projection, extrapolated from 2043"
    with pytest.raises(CallError, match="begins in 2018: there is no 2017"):
        people.total("thurrock", 2017, extrapolate=True)


@pytest.mark.parametrize(
    ("ages", "message"),
    [
        ((70, 65), "the first is 0 or more, and the last no less"),  # the wrong way round
        ((-1, 5), "the first is 0 or more"),  # below nought
        ((85, 95), "known together only"),  # inside 90 and over
        ((95, None), "known together only"),  # above 90
    ],
)
def test_ages_that_cannot_be_told_are_refused(projected, ages, message):
    with pytest.raises(CallError, match=message):
        population(projected, "thurrock").total("thurrock", 2018, ages)


def test_parse_ages_reads_the_written_forms():
    assert [parse_ages(text) for text in ("65+", "18-64", "all", " 90+ ")] == [
        (65, None),
        (18, 64),
        (0, None),
        (90, None),
    ]
    with pytest.raises(CallError, match="'over 65' is no span of ages"):
        parse_ages("over 65")


def test_unknown_area_sex_and_basis_are_refused(projected):
    people = population(projected, "worcestershire")
    with pytest.raises(CallError, match="'thurrock' is not known here"):
        people.total("thurrock", 2018)
    with pytest.raises(CallError, match="'women' is no sex"):
        people.total("redditch", 2018, sex="women")
    with pytest.raises(CallError, match=r"'census' is no basis of a population. There is snpp"):
        population(projected, "worcestershire", "census")
    with pytest.raises(CallError, match="'2014-based' of snpp is not kept"):
        population(projected, "worcestershire", "snpp:2014-based")


def test_edition_without_a_district_or_a_sex_is_refused(empty, tmp_path):
    some = dict(list(WORCESTERSHIRE.items())[:5])
    add_file(empty, projection(tmp_path / "f.csv", "females", some))
    add_file(empty, projection(tmp_path / "m.csv", "males", some))
    with pytest.raises(InputError, match=r"holds no figures of E07000239 \(wyre-forest\)"):
        population(empty, "worcestershire")
    with pytest.raises(InputError, match=r"no figures of E06000034"):
        population(empty, "thurrock")


def test_edition_of_one_sex_is_refused(empty, tmp_path):
    add_file(empty, projection(tmp_path / "f.csv", "females"))
    with pytest.raises(InputError, match=r"holds female only. Add the files of females and males too"):
        population(empty, "thurrock")


def test_variants_bound_the_projection(varied, projected):
    people = population(varied, "worcestershire")
    assert people.low is not None
    assert people.high is not None
    assert people.low[0, 5, 0, 70] == pytest.approx(0.9 * people.values[0, 5, 0, 70])
    assert people.high[3, 5, 1, 70] == pytest.approx(1.1 * people.values[3, 5, 1, 70])
    assert "Strategy Unit" in people.variants
    assert population(projected, "worcestershire").low is None


def test_rows_and_fewer_years_keep_the_label(projected):
    people = population(projected, "thurrock").between(2020, 2021)
    assert people.years == (2020, 2021)
    rows = people.rows((89, None))
    assert len(rows) == 2 * 2 * 2  # years x sexes x ages
    assert rows[0] == {
        "area": "thurrock",
        "year": 2020,
        "sex": "female",
        "age": 89,
        "value": 104.0,
        "label": "official projection",
        "source": "snpp",
        "edition": "2018-based",
    }
    with pytest.raises(CallError, match="There are the years 2020 to 2021"):
        people.between(2018, 2021)
