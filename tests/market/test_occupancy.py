"""Occupancy, vacancies and void days, with the age of each figure; every location is made up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import CallError, InputError
from careshape.market.capacity.checks import check
from careshape.market.capacity.fields import capacity
from careshape.market.capacity.lines import Line, Return
from careshape.market.capacity.occupancy import capacity_by, silent
from careshape.market.capacity.voids import Stay, voids

ON = date(2021, 7, 20)


def beds(location: str, maximum: int, in_use: int, *, free: int = 0, days: int = 0, part: str = "transitional") -> Line:
    figures = {"maximum": maximum, "in_use": in_use, "reserved": 0, "admittable": free, "closed": 0}
    return Line(location, ON - timedelta(days=days), "beds", (part,), figures, 2, {})


def test_occupancy_is_pooled_and_beside_it_the_home_in_the_middle() -> None:
    # 67 of 100 beds are in use; the homes stand at 80%, 10% and 50%.
    lines = [beds("a", 70, 56, free=10), beds("b", 10, 1, free=9), beds("c", 20, 10, free=1)]
    (row,) = capacity_by(lines, "beds", ON)
    assert (row["locations"], row["maximum"], row["in_use"], row["void"], row["admittable"]) == (3, 100, 67, 33, 20)
    assert (row["occupancy"], row["median_occupancy"]) == (Decimal("67.0"), Decimal("50.0"))
    assert (row["void_rate"], row["admittable_rate"], row["not_available"]) == (Decimal("33.0"), Decimal("20.0"), 13)


def test_each_row_says_how_old_its_figures_are_and_counts_no_stale_vacancy() -> None:
    stale = capacity().stale_after + 1
    fresh, old, gone = beds("a", 10, 5, free=5), beds("b", 10, 5, free=5, days=stale), beds("c", 10, 5, days=43)
    (row,) = capacity_by([fresh, old, gone], "beds", ON)
    assert (row["locations"], row["maximum"], row["admittable"], row["stale_locations"]) == (2, 20, 5, 1)
    assert (row["newest_days"], row["oldest_days"]) == (0, stale)
    assert row["admittable_rate"] == Decimal("50.0")  # of the beds of which it is known
    (row,) = capacity_by([old], "beds", ON)
    assert (row["occupancy"], row["admittable"], row["not_available"]) == (Decimal("50.0"), None, None)


def test_the_newest_return_of_a_location_takes_the_place_of_all_that_it_said_before() -> None:
    lines = [beds("a", 10, 5, days=7), beds("a", 4, 4, days=7, part="community-care"), beds("a", 10, 8)]
    assert [row["bed_type"] for row in capacity_by(lines, "beds", ON, ["bed_type"])] == ["transitional"]
    (row,) = capacity_by(lines, "beds", ON - timedelta(days=1))
    assert row["maximum"] == 14  # as it was known the day before


def test_parts_are_by_type_by_place_or_unknown() -> None:
    places = {"a": {"district": "wychavon"}, "b": {}}
    rows = capacity_by([beds("a", 10, 5), beds("b", 20, 5)], "beds", ON, ["district", "bed_type"], places)
    assert [(row["district"], row["maximum"]) for row in rows] == [("unknown", 20), ("wychavon", 10)]
    with pytest.raises(
        CallError, match=r"'team' is no part of a return of beds\. Choose from location, bed_type, district"
    ):
        capacity_by([], "beds", ON, ["team"], places)


def test_hours_and_staff_leave_unknown_what_a_line_leaves_blank() -> None:
    hours = [
        Line("a", ON, "hours", ("worcester-zone", "morning"), {"held": Decimal("90.5"), "free": Decimal("9.5")}, 2, {}),
        Line("b", ON, "hours", ("worcester-zone", "morning"), {"held": 100, "free": 0, "people": 12}, 3, {}),
    ]
    (row,) = capacity_by(hours, "hours", ON, ["zone"])
    assert (row["held"], row["free"], row["in_use_share"], row["people"]) == (
        Decimal("190.5"),
        Decimal("9.5"),
        Decimal("95.3"),
        None,
    )
    staff = Line("a", ON, "staff", ("care-staff",), {"employed": 18, "absent": 1, "vacant_posts": 2}, 2, {})
    (row,) = capacity_by([staff], "staff", ON)
    assert (row["agency"], row["absent_share"], row["vacancy_rate"]) == (None, Decimal("5.6"), Decimal("10.0"))


def test_locations_that_send_nothing_are_named() -> None:
    lines = [beds("a", 10, 5), beds("b", 10, 5, days=43)]
    assert silent(lines, "beds", ON, ["c", "b", "a"]) == ["b", "c"]


@st.composite
def lines(draw: st.DrawFn) -> Line:
    maximum = draw(st.integers(0, 60))
    in_use = draw(st.integers(0, maximum))
    reserved = draw(st.integers(0, maximum - in_use))
    free = draw(st.integers(0, maximum - in_use - reserved))
    figures = {"maximum": maximum, "in_use": in_use, "reserved": reserved, "admittable": free}
    part = draw(st.sampled_from(["transitional", "community-care"]))
    day = ON - timedelta(days=draw(st.integers(0, 60)))
    return Line(draw(st.sampled_from("abc")), day, "beds", (part,), figures, draw(st.integers(2, 99)), {})


@settings(deadline=None)
@given(st.lists(lines(), max_size=12))
def test_parts_add_up_to_the_whole_and_no_share_leaves_its_bounds(given_lines: list[Line]) -> None:
    checked = list(check(Return("return.csv", tuple(given_lines), ()), ON).lines)
    whole = capacity_by(checked, "beds", ON)
    parts = capacity_by(checked, "beds", ON, ["location", "bed_type"])
    assert bool(whole) == bool(parts) == bool(checked)
    for row in (*whole, *parts):
        assert row["void"] == row["maximum"] - row["in_use"] >= 0
        for name in ("occupancy", "median_occupancy", "void_rate", "admittable_rate"):
            assert row[name] is None or 0 <= row[name] <= 100
        if row["admittable"] is not None:
            assert row["not_available"] + row["admittable"] + row["reserved"] + row["in_use"] == row["maximum"]
            assert row["not_available"] >= 0
        assert 0 <= row["newest_days"] <= row["oldest_days"] <= capacity().gone_after
    for name in ("maximum", "in_use", "void", "reserved"):
        assert sum(row[name] for row in parts) == sum(row[name] for row in whole)
    assert sum(row["admittable"] or 0 for row in parts) == sum(row["admittable"] or 0 for row in whole)


def test_void_days_run_from_the_end_of_one_stay_to_the_start_of_the_next() -> None:
    stays = [Stay(date(2021, 4, 5), date(2021, 5, 10)), Stay(date(2021, 5, 24), None)]
    found = voids(stays, date(2021, 4, 1), date(2021, 6, 30))
    # 1 to 4 April, and 10 to 23 May: next start - last end = 14 days.
    assert (found.days, found.available, found.gaps[1]) == (18, 91, (date(2021, 5, 10), date(2021, 5, 23)))
    assert found.cost(rent_pence_a_week=14_000, support_pence_a_week=3_500) == 18 * 17_500 // 7
    assert voids([], date(2021, 4, 1), date(2021, 4, 30)).days == 30


@pytest.mark.parametrize(
    ("stays", "said"),
    [
        ([Stay(date(2021, 5, 2), date(2021, 5, 1))], "ends on 01/05/2021, before it starts"),
        ([Stay(date(2021, 5, 1), None), Stay(date(2021, 5, 2), None)], "Two stays overlap"),
        ([Stay(date(2021, 5, 1), date(2021, 5, 9)), Stay(date(2021, 5, 8), None)], "Two stays overlap"),
    ],
)
def test_stays_that_cannot_be_are_a_sentence(stays: list[Stay], said: str) -> None:
    with pytest.raises(InputError, match=said):
        voids(stays, date(2021, 4, 1), date(2021, 6, 30))


@settings(deadline=None)
@given(st.lists(st.integers(0, 120), max_size=8, unique=True), st.integers(0, 60), st.integers(60, 120))
def test_every_day_is_in_use_or_void(cuts: list[int], first: int, last: int) -> None:
    zero = date(2021, 1, 1)
    days = [zero + timedelta(days=one) for one in sorted(cuts)]
    stays = [Stay(start, end) for start, end in zip(days[::2], days[1::2], strict=False)]
    begin, end = zero + timedelta(days=first), zero + timedelta(days=last)
    in_use = sum(any(one.start <= day < (one.end or day) for one in stays) for day in _days(begin, end))
    found = voids(stays, begin, end)
    assert found.days + in_use == found.available == last - first + 1


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
