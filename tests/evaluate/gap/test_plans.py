"""Housing with support and care homes: by the printed statement, and by a council's own numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from careshape.errors import CallError, CatalogueError
from careshape.evaluate.gap.housing import printed_care_homes
from careshape.evaluate.gap.plans import plans, units_of
from careshape.evaluate.gap.requirements import Coming, Netting, accommodation, care_homes
from careshape.evaluate.gap.supply import Supply
from careshape.evaluate.population import population
from careshape.home import Home
from careshape.records import observations

OWN = """
[[coming]]
year = "2026/27"
client_group = "mental-health"
type = "shared-houses"
people = 9
source = "Pipeline 2026"

[[netting]]
year = "2026/27"
type = "shared-houses"
places = 4
kind = "void"
source = "Landlords' returns"

[[netting]]
year = "2026/27"
type = "shared-houses"
places = 2
kind = "de-registration"
source = "Programme board"

[extra_care]
year = 2025
per_thousand = { rent = 10.0, sale = 30.0 }
source = "Housing needs assessment"
"""


@pytest.fixture
def home(tmp_path):
    for name in ("worcestershire", "thurrock"):
        (tmp_path / "councils" / name).mkdir(parents=True)
    return Home(tmp_path)


def _own(home, text, authority="worcestershire"):
    (home.council_path(authority) / "housing.toml").write_text(text, "utf-8")
    return plans(home, authority)


def test_printed_plans_of_worcestershire_give_its_totals_back(home):
    found = plans(home, "worcestershire")
    assert sum(one.people for one in found.coming) == 226
    assert sum(one.places for one in found.accommodation.rows) == 126
    by_tenure: Counter[str] = Counter()
    for one in found.extra_care.rows:
        by_tenure[one.tenure] += one.lacking
    assert by_tenure == {"sale": 3450, "rent": 1253}
    assert len({one.area for one in found.extra_care.rows}) == 6
    assert "No printed counts of placements" in found.care_homes.problem


def test_every_row_of_extra_care_follows_from_its_older_people(home):
    for one in plans(home, "worcestershire").extra_care.rows:
        # Both parts are rounded to whole units, each by less than one.
        assert one.required == pytest.approx(one.older_people * one.ratio / 1000, abs=2)
        assert one.lacking == one.required - one.present - one.coming


def test_printed_plans_of_thurrock_have_care_homes_alone(home):
    found = plans(home, "thurrock")
    assert "Nobody is known to come" in found.accommodation.problem
    assert "No ratio of units" in found.extra_care.problem
    assert found.care_homes.rows[-1].year == found.older_people.last_year
    assert "T-PF-072" in found.care_homes.source


def test_own_numbers_take_the_place_of_the_printed_ones(home):
    found = _own(home, OWN)
    (one,) = found.accommodation.rows
    assert (one.people, one.netted, one.places) == (9, 6, 3)
    assert (one.row()["void"], one.row()["de_registration"], one.row()["implied"]) == (4, 2, 0)
    assert found.accommodation.source == "Pipeline 2026; Landlords' returns; Programme board"
    assert found.published == {}
    older = population(home, "worcestershire").total("worcestershire", 2025, (75, None))
    required = sum(one.required for one in found.extra_care.rows)
    assert required == pytest.approx(older * 40 / 1000, abs=2)
    # The printed 869 units are there, shared out over areas and tenures.
    assert sum(one.present for one in found.extra_care.rows) == 869


def test_own_units_are_taken_off_where_they_are(home):
    folder = home.council_path("worcestershire") / "supply"
    folder.mkdir()
    (folder / "schemes.csv").write_text(
        "service,area,kind,quantity,as_of,opens,void,tenure,source\n"
        "extra-care-housing,wychavon,contracted,90,2021-03-31,,5,rent,Contracts\n"
        "extra-care-housing,wychavon,scheme,40,2021-03-31,2024-01-01,,rent,Planning permission\n"
        "extra-care-housing,wychavon,scheme,60,2021-03-31,2030-01-01,,rent,Planning permission\n",
        "utf-8",
    )
    found = _own(home, OWN)
    one = next(row for row in found.extra_care.rows if (row.area, row.tenure) == ("wychavon", "rent"))
    assert (one.present, one.coming, one.lacking) == (90, 40, one.required - 130)
    assert sum(row.present for row in found.extra_care.rows) == 90
    assert any(note.startswith("5 of the units") for note in found.extra_care.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.replace('"2026/27"', '"2026"'), "coming, entry 1, year"),
        (OWN.replace("mental-health", "everyone"), "everyone"),
        (OWN.replace("people = 9", "people = -1"), "coming, entry 1, people"),
        (OWN.replace('"void"', '"gone"'), "netting, entry 1, kind"),
        (OWN.replace("year = 2025", "year = 1925"), "extra_care.year"),
        ("[[coming]", "file of TOML"),
    ],
)
def test_own_file_with_a_fault_is_refused_by_its_field(home, text, words):
    with pytest.raises(CatalogueError, match=words):
        _own(home, text)


def test_target_year_past_the_population_is_said(home):
    assert "2099" in _own(home, OWN.replace("year = 2025", "year = 2099")).extra_care.problem


def test_netting_without_anybody_coming_is_said(home):
    found = _own(home, OWN[OWN.index("[[netting]]") :])
    assert "not who is coming" in found.accommodation.problem


def test_units_of_an_entry_without_district_and_tenure_are_shared_out():
    wanted = {("a", "rent"): 30.0, ("b", "rent"): 10.0}
    entry = Supply("extra-care-housing", Decimal(8), date(2021, 1, 1), "Contracts")
    assert units_of([entry], wanted) == {("a", "rent"): 6, ("b", "rent"): 2}
    assert units_of([], wanted) == {("a", "rent"): 0, ("b", "rent"): 0}


def test_accommodation_says_what_was_taken_off_and_what_was_brought():
    people = [Coming("2021/22", "mental-health", "flat", Decimal(1)), Coming("2022/23", "autism", "flat", Decimal(9))]
    nets = [Netting("2021/22", "flat", Decimal(3), "x"),
            Netting("2022/23", "flat", Decimal(1), "x", "de-registration")]  # fmt: skip
    second = accommodation(people, nets)[1]
    assert (second.brought, second.off, second.netted, second.places) == (2, {"de-registration": 1}, 3, 6)


def test_care_homes_range_from_the_trend_to_older_people():
    # 100 fell to 81 in two years: a tenth a year. Older people grow by a tenth.
    (found,) = care_homes({2016: 100.0, 2018: 81.0}, {2018: 1000.0, 2019: 1100.0}, 5.0, [2019])
    assert (found.low, found.high) == (pytest.approx(72.9), pytest.approx(89.1))
    assert found.lacking_low == pytest.approx(72.9 - 81 - 5)
    assert found.lacking_high == pytest.approx(89.1 - 81 - 5)


@pytest.mark.parametrize(
    ("placed", "older", "words"),
    [({2018: 81.0}, {2018: 1.0, 2019: 1.0}, "two years"), ({2016: 9.0, 2018: 8.0}, {2018: 1.0}, "2019 are not known")],
)
def test_care_homes_refuses_what_is_not_known(placed, older, words):
    with pytest.raises(CallError, match=words):
        care_homes(placed, older, 0.0, [2019])


def test_printed_care_homes_hold_the_printed_conclusion():
    # Thurrock 7.2: at best a stabilisation or small increase, from 257 of April 2018.
    rows = printed_care_homes("thurrock", observations("thurrock"), {2018: 24_244.0, 2023: 26_834.0})
    assert [one.year for one in rows] == [2023]
    assert rows[0].low < 257 < rows[0].high
    assert rows[0].empty == pytest.approx(30.55)  # 5% of 611
