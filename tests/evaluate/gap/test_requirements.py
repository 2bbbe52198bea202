"""Requirement models of housing with support."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.errors import CallError
from careshape.evaluate.gap.housing import pipeline, printed_accommodation, printed_extra_care, published_places
from careshape.evaluate.gap.requirements import (
    Coming,
    Netting,
    accommodation,
    extra_care,
    shared_out,
    spread_published,
)
from careshape.records import observations

D = Decimal
WORCESTERSHIRE = observations("worcestershire")


def test_accommodation_takes_off_what_frees_itself_and_carries_what_is_left():
    people = [Coming("2021/22", "mental-health", "flat", D(5)), Coming("2022/23", "autism", "flat", D(6))]
    found = accommodation(people, [Netting("2021/22", "flat", D(7), "voids")])
    assert [(one.year, one.netted, one.places, one.carried) for one in found] == [
        ("2021/22", 7, 0, 2),
        ("2022/23", 2, 4, 0),
    ]


def test_accommodation_without_netting_asks_for_a_place_a_person():
    (found,) = accommodation([Coming("2021/22", g, "flat", D(2)) for g in ("autism", "other")])
    assert (found.people, found.places) == (4, 4)


def test_accommodation_refuses_fewer_than_nobody():
    with pytest.raises(CallError, match="cannot be below 0"):
        accommodation([Coming("2021/22", "autism", "flat", D(-1))])


def test_printed_pipeline_counts_everybody_of_table_11_once():
    assert sum(one.people for one in pipeline("worcestershire", WORCESTERSHIRE)) == sum(
        row.value for row in WORCESTERSHIRE.find(table="table-11")
    )


def test_printed_accommodation_gives_table_12_back():
    asked = published_places("worcestershire", WORCESTERSHIRE)
    found = printed_accommodation("worcestershire", WORCESTERSHIRE)
    assert {(one.year, one.type): one.places for one in found if one.places} == asked
    assert sum(asked.values()) == 126


def test_printed_accommodation_shows_the_netting_that_it_implies():
    found = {(one.year, one.type): one for one in printed_accommodation("worcestershire", WORCESTERSHIRE)}
    assert found["2022/23", "shared-houses"].netted == 15  # 9 + 7 + 7 people, 8 places
    assert found["2022/23", "cluster-flats"].netted == 0  # 1 + 15 + 7 people, 23 places


def test_printed_extra_care_gives_the_4703_units_back_by_tenure():
    older = {"bromsgrove": 13_000.0, "redditch": 9_000.0, "wychavon": 17_500.0}
    found = printed_extra_care("worcestershire", WORCESTERSHIRE, older)
    lacking = {tenure: sum(u.lacking for u in found if u.tenure == tenure) for tenure in ("sale", "rent")}
    assert lacking == {"sale": 3450, "rent": 1253}
    assert sum(one.present for one in found) == 869
    assert all(one.year == 2026 for one in found)


def test_printed_requirement_of_another_council_is_refused_in_words():
    with pytest.raises(CallError, match="the council's own numbers"):
        printed_accommodation("thurrock", observations("thurrock"))


def test_extra_care_asks_for_a_ratio_less_what_there_is():
    found = extra_care({"a": 2000.0, "b": 1000.0}, 2030, {"rent": 45.0}, {("a", "rent"): 100})
    assert [(one.area, one.required, one.present, one.lacking) for one in found] == [
        ("a", 90, 100, 0),
        ("b", 45, 0, 45),
    ]


def test_extra_care_refuses_a_ratio_that_cannot_be():
    with pytest.raises(CallError, match="between 0 and 1,000"):
        extra_care({"a": 1.0}, 2030, {"rent": 1001.0})


def test_spread_published_shows_the_ratio_it_implies():
    found = spread_published({"rent": 30}, {"a": 600.0, "b": 400.0}, 2026, present=10)
    assert [(one.area, one.lacking, one.present, one.ratio) for one in found] == [
        ("a", 18, 6, 40.0),  # (30 + 10) units for 1,000 people
        ("b", 12, 4, 40.0),
    ]


def test_spread_published_needs_people():
    with pytest.raises(CallError, match="must be older people"):
        spread_published({"rent": 30}, {"a": 0.0}, 2026)


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=8))
def test_shared_out_adds_up_and_moves_nothing_by_one(values):
    exact = {str(n): value for n, value in enumerate(values)}
    found = shared_out(exact)
    assert abs(sum(found.values()) - sum(values)) <= 0.5 + 1e-6
    assert all(abs(found[name] - value) < 1 + 1e-9 for name, value in exact.items())
