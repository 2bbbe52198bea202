"""Published totals, spread over sex and age, where nothing official is loaded."""

from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError, InputError
from careshape.evaluate.population import population
from careshape.evaluate.population.spread import national


def test_spread_gives_back_what_was_published(empty):
    people = population(empty, "worcestershire")
    # table 1 of the statement
    assert people.total("wychavon", 2030, (65, None)) == pytest.approx(42_339)
    assert people.total("bromsgrove", 2018, (65, None)) == pytest.approx(22_168)
    # the county is the sum of its districts, and its total of all ages is published too
    assert people.total("worcestershire", 2018, (65, None)) == pytest.approx(
        22168 + 21826 + 15450 + 17298 + 31544 + 24814
    )
    assert people.total("worcestershire", 2018) == pytest.approx(592_100)
    assert people.total("worcestershire", 2030) == pytest.approx(638_800)


def test_spread_is_labelled_and_says_its_method(empty):
    people = population(empty, "worcestershire")
    assert (people.label, people.is_modelled, people.source) == (
        "spread from published totals",
        True,
        "published-totals",
    )
    assert "as in England in the same year" in people.method
    assert people.caveats
    assert (people.first_year, people.last_year) == (2018, 2030)


def test_spread_lies_on_the_line_between_published_years(empty):
    # Redditch: 16,054 in 2020 and 17,180 in 2025
    assert population(empty, "worcestershire").total("redditch", 2022, (65, None)) == pytest.approx(
        16054 + 2 / 5 * (17180 - 16054)
    )


def test_spread_shares_a_band_as_england_does(empty):
    people = population(empty, "thurrock")
    england = national(2021)
    share = england[0, 85:].sum() / england[:, 65:].sum()
    assert people.total("thurrock", 2021, (85, None), "female") == pytest.approx(25_649 * share)


def test_ages_that_nobody_published_stay_empty(empty):
    people = population(empty, "worcestershire")
    with pytest.raises(CallError, match="No published total says how many people of 18-64 live in redditch"):
        people.total("redditch", 2025, (18, 64))
    assert not np.isnan(people.total("worcestershire", 2025, (18, 64)))


def test_spread_ends_with_the_published_figures(empty):
    with pytest.raises(CallError, match="ends in 2026"):  # Thurrock published 65 and over for 2015, 2021 and 2026
        population(empty, "thurrock").total("thurrock", 2027, (65, None))


def test_national_structure_is_the_published_total():
    assert national(2018).sum() == 55_977_178  # the mid-2018 population of England
    assert national(2020.5).sum() == pytest.approx((national(2018).sum() + national(2023).sum()) / 2)


def test_published_figures_can_be_asked_for_beside_official_ones(projected):
    assert population(projected, "worcestershire", "published").is_modelled


def test_council_adds_totals_of_its_own(empty):
    folder = empty.council_path("worcestershire") / "observations"
    folder.mkdir(parents=True)
    (folder / "own.csv").write_text(
        "id,source,measure,area,district,age_band,period,unit,value,kind\n"
        "OWN-1,Own estimate,population,Worcestershire,Redditch,18-64,2018,persons,52000,estimate\n"
        "OWN-2,Own estimate,population,Worcestershire,Redditch,18-64,2030,persons,54000,estimate\n",
        encoding="utf-8",
    )
    people = population(empty, "worcestershire")
    assert people.total("redditch", 2024, (18, 64)) == pytest.approx(53_000)
    assert people.total("redditch", 2018, (65, None)) == pytest.approx(15_450)


OWN = "id,source,measure,area,district,age_band,client_group,period,unit,value,kind\n"


def own_totals(home, *rows: tuple[str, int, int]) -> None:
    """Write totals of Redditch as the council's own observations: (age band, year, people)."""
    folder = home.council_path("worcestershire") / "observations"
    folder.mkdir(parents=True)
    lines = [
        f"OWN-{n},Own estimate,population,Worcestershire,Redditch,{band},all,{year},persons,{people},estimate\n"
        for n, (band, year, people) in enumerate(rows)
    ]
    (folder / "own.csv").write_text(OWN + "".join(lines), encoding="utf-8")


def test_nested_bands_keep_every_published_total(empty):
    bands = (("all", 85_000), ("85+", 2_300), ("75+", 7_000))
    own_totals(empty, *((band, year, people) for band, people in bands for year in (2018, 2030)))
    people = population(empty, "worcestershire")
    # 65 and over is published by the statement: 15,450 in 2018 and 18,170 in 2030
    for year, older in ((2018, 15_450), (2030, 18_170)):
        assert people.total("redditch", year, (85, None)) == pytest.approx(2_300)
        assert people.total("redditch", year, (75, None)) == pytest.approx(7_000)
        assert people.total("redditch", year, (65, None)) == pytest.approx(older)
        assert people.total("redditch", year) == pytest.approx(85_000)
        assert people.total("redditch", year, (65, 74)) == pytest.approx(older - 7_000)


def test_bands_that_overlap_in_part_keep_their_totals(empty):
    own_totals(empty, *((band, year, n) for year in (2018, 2030) for band, n in (("18-66", 50_000), ("all", 85_000))))
    people = population(empty, "worcestershire")
    assert people.total("redditch", 2018, (18, 66)) == pytest.approx(50_000)
    assert people.total("redditch", 2018, (65, None)) == pytest.approx(15_450)
    assert people.total("redditch", 2018) == pytest.approx(85_000)


@pytest.mark.parametrize("bands", [[("85+", 16_000)], [("65-84", 13_000), ("85+", 2_000)]])
def test_totals_that_contradict_one_another_are_refused(empty, bands):
    own_totals(empty, *((band, year, people) for band, people in bands for year in (2018, 2030)))
    with pytest.raises(InputError, match=r"redditch in 2018 contradict one another: 65\+ is 15,450, and the narrower"):
        population(empty, "worcestershire")


def test_two_figures_for_one_year_and_band_are_refused(empty):
    own_totals(empty, ("65+", 2018, 15_000))
    with pytest.raises(InputError, match=r"redditch, 65\+, 2018: 15450 \(table-01/13.*and 15000 \(OWN-0, population\)"):
        population(empty, "worcestershire")


def test_the_same_figure_twice_and_people_of_one_group_do_no_harm(empty):
    own_totals(empty, ("65+", 2018, 15_450))
    path = empty.council_path("worcestershire") / "observations" / "own.csv"
    row = "OWN-9,Own estimate,population,Worcestershire,Redditch,65+,autism,2018,persons,150,estimate\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    assert population(empty, "worcestershire").total("redditch", 2018, (65, None)) == pytest.approx(15_450)
