"""What others than the council arrange."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from careshape.errors import CatalogueError
from careshape.evaluate.gap import Expected, Segment, Supply
from careshape.evaluate.gap.others import Others, Today
from careshape.evaluate.need.draws import DRAWS_OUTSIDE
from careshape.evaluate.need.outside import outside
from careshape.evaluate.need.payers import OTHERS, REST
from careshape.home import Home

HOME_CARE = Segment(id="home-care", label="Home care", services=("home-care",), unit="hours a week")
CARE_HOMES = Segment(id="care-homes", label="Care homes", services=("residential-and-nursing",), unit="places")
NEEDED = Expected(110.0, np.full(4000, 110.0), "forecast")


@pytest.fixture
def others(tmp_path):
    (tmp_path / "councils" / "worcestershire").mkdir(parents=True)
    return Others(Home(tmp_path), "worcestershire")


@pytest.fixture
def thurrock(tmp_path):
    (tmp_path / "councils" / "thurrock").mkdir(parents=True)
    return Others(Home(tmp_path), "thurrock")


def test_others_follow_from_the_councils_share_of_the_market(others):
    # Worcestershire buys 50% to 60% of home care: others buy 110 x (1 / 0.55 - 1), from 73.3 to 110.
    found = others.expected(HOME_CARE, NEEDED)
    assert found.total.mean == pytest.approx(90.0)
    assert found.total.draws.min() >= 110 * (1 / 0.6 - 1) - 1e-9
    assert found.total.draws.max() <= 110 * (1 / 0.5 - 1) + 1e-9
    assert "bought by the council 50% to 60%" in found.total.method
    assert "section 6.2.2" in found.sources["all-others"]
    assert not found.least


def test_others_stand_apart_by_who_pays_and_add_up(others):
    # Of the market, 110 / 0.55 = 200, people pay for 25.75% themselves (18.4% to 33.1%): 19.25% are left to the rest.
    parts = others.expected(HOME_CARE, NEEDED).parts
    assert list(parts) == ["self-funded", REST, OTHERS]
    assert parts["self-funded"].mean == pytest.approx(200 * 0.2575)
    assert parts[REST].mean == pytest.approx(200 * 0.1925)
    together = parts["self-funded"].draws + parts[REST].draws
    assert together == pytest.approx(parts[OTHERS].draws)


def test_others_of_today_are_those_that_the_need_command_tells(others):
    # One computation: the gap's multiples of what is needed are the command's of what is bought.
    told = {row["segment"]: row for row in outside(others.home, "worcestershire", "home-care", 110.0, "hours a week")}
    needed = Expected(110.0, np.full(DRAWS_OUTSIDE, 110.0), "forecast")
    for name, part in others.expected(HOME_CARE, needed).parts.items():
        assert part.mean == pytest.approx(told[name]["value"])
        assert part.limits()["upper_80"] == pytest.approx(told[name]["upper_80"], rel=0.001)
        assert part.method.startswith(told[name]["method"])


def test_others_of_two_days_share_one_future(others):
    later = Expected(220.0, np.full(4000, 220.0), "forecast")
    once, twice = (others.expected(HOME_CARE, one).total for one in (NEEDED, later))
    assert twice.draws == pytest.approx(2 * once.draws)


def test_others_are_not_estimated_where_no_share_is_known(others):
    segment = Segment(id="extra-care", label="Extra care", services=("extra-care-housing",), unit="places")
    assert others.expected(segment, NEEDED) is None


def test_others_take_the_councils_own_share(others):
    own = others.home.council_path("worcestershire") / "outside.toml"
    own.write_text(
        '[[share]]\nservice = "residential-and-nursing"\nsegment = "council"\nlow = 0.5\nhigh = 0.5\nsource = "Own"\n',
        "utf-8",
    )
    segment = Segment(id="care-homes", label="Care homes", services=("residential-and-nursing",), unit="places")
    assert others.expected(segment, NEEDED).total.mean == pytest.approx(110.0)


def test_others_of_care_homes_have_englands_shares_for_each_group(thurrock):
    # People who pay for themselves: 48.9% of older people's homes, 2.0% of younger adults', 37.0% of all. Of the others
    # 25.15% (18.0% to 32.3%) are the NHS's and 13.5% (0% to 27%) other councils': the council has 61.35%.
    for group, own in (("older-people", 0.4885), ("learning-disability", 0.02), ("all", 0.3695)):
        found = thurrock.expected(CARE_HOMES, NEEDED, group)
        whole = 110 / ((1 - own) * 0.6135)
        assert found.total.mean == pytest.approx(whole - 110)
        assert found.parts["self-funded"].mean == pytest.approx(whole * own)
        assert found.parts["nhs"].mean == pytest.approx(whole * (1 - own) * 0.2515)
        assert found.parts["other-councils"].mean == pytest.approx(whole * (1 - own) * 0.135)
        assert "Office for National Statistics" in found.sources["self-funded"]
        assert not found.least
        assert "not this place" in found.caveat


def test_others_of_home_care_follow_from_a_borrowed_share_where_a_place_has_none(thurrock):
    # Worcestershire's 50% to 60%, as much wider as England's regions are: 35.7% to 77.04%.
    found = thurrock.expected(HOME_CARE, NEEDED)
    assert not found.least
    assert not found.placed
    assert list(found.parts) == ["self-funded", REST, OTHERS]
    assert found.total.draws.min() == pytest.approx(110 * (1 / 0.7704 - 1), rel=0.01)
    assert found.total.draws.max() == pytest.approx(110 * (1 / 0.357 - 1), rel=0.01)
    assert found.parts[REST].draws.min() == 0
    assert found.lender == "Worcestershire"
    for part in found.parts.values():
        assert "bought by the council 36% to 77% (borrowed from Worcestershire)" in part.method
    assert found.caveat.startswith("Borrowed: another council's share")
    assert found.caveat.count("England, not this place.") == 1
    assert "Enter" not in found.caveat, "what a council has to do is nothing for a reader"


def test_others_are_the_least_where_only_one_share_is_known_and_none_can_be_borrowed(thurrock):
    own = thurrock.home.council_path("thurrock") / "outside.toml"
    own.write_text(
        '[[share]]\nservice = "extra-care-housing"\nsegment = "self-funded"\nlow = 0.2\nhigh = 0.3\nsource = "Own"\n',
        "utf-8",
    )
    segment = Segment(id="extra-care", label="Extra care", services=("extra-care-housing",), unit="places")
    found = thurrock.expected(segment, NEEDED)
    assert found.least
    assert not found.lender
    assert list(found.parts) == ["self-funded", OTHERS]


def beds(quantity, **more):
    given = {"client_group": "older-people", "kind": "registered", "void": Decimal(quantity) / 20, **more}
    return Supply("residential-and-nursing", Decimal(quantity), date(2021, 1, 1), "Register", **given)


def test_others_are_what_the_council_leaves_of_the_homes_where_beds_are_known(thurrock):
    # 400 beds of which 380 are used. 110 people need care, 100 of them in the area, as today: 280 are others'.
    others = replace(thurrock, supplies=[beds(400)])
    found = others.expected(CARE_HOMES, NEEDED, "older-people", today=Today(110.0, 100 / 110, date(2021, 3, 31)))
    assert found.total.draws == pytest.approx(280.0)
    own = found.parts["self-funded"].draws
    # people who pay for themselves: 34.9% to 62.8% of 380; what is left is the NHS's and other councils'
    assert (own.min(), own.max()) == pytest.approx((380 * 0.349, 380 * 0.628), rel=0.01)
    rest = found.parts["nhs"].draws + found.parts["other-councils"].draws
    assert own + rest == pytest.approx(280.0)
    assert rest.min() > 0
    # in the proportion of England's shares, 25.15 to 13.5
    assert 1.5 < found.parts["nhs"].mean / found.parts["other-councils"].mean < 3
    assert "400 beds, 95.0% of them in use" in found.total.method
    assert found.placed


def test_others_twice_as_many_are_needed_from_twice_as_many(thurrock):
    others = replace(thurrock, supplies=[beds(400)])
    start = Today(110.0, 100 / 110, date(2021, 3, 31))
    later = others.expected(CARE_HOMES, Expected(220.0, np.full(4000, 220.0), "f"), "older-people", today=start)
    assert later.total.mean == pytest.approx(560.0)


def test_others_are_none_and_not_fewer_where_the_council_fills_the_homes(thurrock):
    others = replace(thurrock, supplies=[beds(100)])
    found = others.expected(CARE_HOMES, NEEDED, "older-people", today=Today(110.0, 1.0, date(2021, 3, 31)))
    assert all(part.draws.min() >= 0 for part in found.parts.values())
    assert found.total.mean == pytest.approx(0.0)
    assert "Its interval reaches 0" in found.caveat


def test_others_by_englands_occupancy_are_not_set_against_the_beds_of_a_place(thurrock):
    others = replace(thurrock, supplies=[beds(400, void=None)])
    found = others.expected(CARE_HOMES, NEEDED, "older-people", today=Today(110.0, 1.0, date(2021, 3, 31)))
    # 77.8% to 84.7% of 400 beds less 110
    assert (found.total.draws.min(), found.total.draws.max()) == pytest.approx((201.2, 228.8), rel=0.01)
    assert not found.placed


def test_others_take_the_councils_own_occupancy(thurrock):
    own = thurrock.home.council_path("thurrock") / "outside.toml"
    own.write_text('[[occupancy]]\nlow = 0.9\nhigh = 0.9\nsource = "Capacity Tracker"\n', "utf-8")
    others = replace(thurrock, supplies=[beds(400, void=None)])
    found = others.expected(CARE_HOMES, NEEDED, "older-people", today=Today(110.0, 1.0, date(2021, 3, 31)))
    assert found.total.draws == pytest.approx(250.0)
    assert found.placed


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("low = 0.9\nhigh = 0.8\n", r"must not be above high"),
        ("low = 0.9\nhigh = 1.8\n", r"field 'high' has value 1.8"),
        ('low = 0.9\nhigh = 0.9\nclient_group = "elders"\n', r"field 'client_group' has value 'elders'"),
    ],
)
def test_faulty_occupancy_is_refused(thurrock, entry, message):
    own = thurrock.home.council_path("thurrock") / "outside.toml"
    own.write_text(f'[[occupancy]]\nsource = "Survey"\n{entry}', "utf-8")
    others = replace(thurrock, supplies=[beds(400, void=None)])
    with pytest.raises(CatalogueError, match=message):
        others.expected(CARE_HOMES, NEEDED, "older-people", today=Today(110.0, 1.0, date(2021, 3, 31)))


def test_others_of_contracted_beds_are_by_englands_shares(thurrock):
    start = Today(110.0, 1.0, date(2021, 3, 31))
    found = [
        replace(thurrock, supplies=known).expected(CARE_HOMES, NEEDED, "older-people", today=start).total.mean
        for known in ([], [beds(400, kind="contracted")])
    ]
    assert found[0] == found[1]
