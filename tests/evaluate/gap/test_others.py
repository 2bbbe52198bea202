"""What others than the council arrange."""

import numpy as np
import pytest

from careshape.evaluate.gap import Expected, Segment
from careshape.evaluate.gap.others import Others
from careshape.evaluate.need.draws import DRAWS_OUTSIDE
from careshape.evaluate.need.outside import outside
from careshape.evaluate.need.payers import OTHERS, REST
from careshape.home import Home

HOME_CARE = Segment(id="home-care", label="Home care", services=("home-care",), unit="hours a week")
NEEDED = Expected(110.0, np.full(4000, 110.0), "forecast")


@pytest.fixture
def others(tmp_path):
    (tmp_path / "councils" / "worcestershire").mkdir(parents=True)
    return Others(Home(tmp_path), "worcestershire")


def test_others_follow_from_the_councils_share_of_the_market(others):
    # Worcestershire buys 50% to 60% of home care: others buy 110 x (1 / 0.55 - 1), from 73.3 to 110.
    found = others.expected(HOME_CARE, NEEDED)
    assert found.total.mean == pytest.approx(90.0)
    assert found.total.draws.min() >= 110 * (1 / 0.6 - 1) - 1e-9
    assert found.total.draws.max() <= 110 * (1 / 0.5 - 1) + 1e-9
    assert "bought by the council 50% to 60%" in found.total.method
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


def test_others_of_care_homes_have_englands_share_for_each_group_and_are_the_least(tmp_path):
    (tmp_path / "councils" / "thurrock").mkdir(parents=True)
    others = Others(Home(tmp_path), "thurrock")
    segment = Segment(id="care-homes", label="Care homes", services=("residential-and-nursing",), unit="places")
    # people who pay for themselves: 48.9% of older people's homes, 2.0% of younger adults', 37.0% of all
    for group, share in (("older-people", 0.4885), ("learning-disability", 0.02), ("all", 0.3695)):
        found = others.expected(segment, NEEDED, group)
        assert found.total.mean == pytest.approx(110 * share / (1 - share))
        assert found.parts["self-funded"].mean == pytest.approx(found.total.mean)
        assert "Office for National Statistics" in found.total.method
        assert found.least
        assert "not this place" in found.caveat
