"""Stocks that meet counted dates, by people who come and go."""

from __future__ import annotations

import random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.demo.chance import LONGEST, Stay, stream
from careshape.demo.days import Span
from careshape.demo.stock import Anchor, Shock, stock_path


def present(path: list, span: Span) -> int:
    return sum(one.start <= span.last and one.end >= span.first for one in path)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 80), min_size=2, max_size=5),
    st.floats(20, 3000),
    st.floats(0.6, 1.5),
    st.integers(0, 10**6),
)
def test_stock_path_meets_every_anchor(people: list[int], stay: float, shape: float, seed: int) -> None:
    anchors = [Anchor(Span(300 * i, 300 * i + (30 if i else 0)), n) for i, n in enumerate(people)]
    path = stock_path(random.Random(seed), Stay(stay, shape), anchors, 300 * len(people) + 100)
    assert [present(path, anchor.span) for anchor in anchors] == people
    assert all(one.start <= one.end for one in path)


def test_stock_path_lets_so_many_leave_in_the_last_span() -> None:
    last = Span(1000, 1030)
    anchors = [Anchor(Span(0, 0), 100), Anchor(last, 120, leaving=5)]
    path = stock_path(random.Random(3), Stay(1500), anchors, 1100)
    assert present(path, last) == 120
    assert present(path, Span(last.last, last.last)) == 115


def test_stock_path_has_people_who_come_and_go_between_two_dates() -> None:
    anchors = [Anchor(Span(0, 0), 50), Anchor(Span(365, 365), 50)]
    path = stock_path(random.Random(5), Stay(60), anchors, 365)
    between = [one for one in path if one.start > 0 and one.end < 365]
    # With 50 people who stay 60 days some 300 come in a year.
    assert 150 < len(between) < 450


def test_stock_path_goes_on_after_the_last_date_at_the_same_rate() -> None:
    anchors = [Anchor(Span(0, 0), 200), Anchor(Span(400, 400), 200)]
    path = stock_path(random.Random(7), Stay(100), anchors, 800)
    assert present(path, Span(800, 800)) == pytest.approx(200, rel=0.25)


def test_shock_ends_a_share_of_the_spells_that_run_into_it() -> None:
    shock = Shock(Span(500, 580), 0.5)
    path = stock_path(random.Random(9), Stay(5000), [Anchor(Span(0, 0), 400)], 500, shock)
    ended = sum(500 <= one.end <= 580 for one in path)
    assert 0.35 < ended / len(path) < 0.6


def test_stay_has_its_mean() -> None:
    rng = random.Random(1)
    assert mean(Stay(480, 0.85).draw(rng) for _ in range(20_000)) == pytest.approx(480, rel=0.04)


def test_running_spells_are_met_longer_than_new_ones_and_not_from_before_the_records() -> None:
    rng = random.Random(2)
    met = [Stay(480, 0.85).running(rng) for _ in range(20_000)]
    assert mean(gone + left for gone, left in met) > 700
    assert max(gone for gone, _ in met) <= LONGEST


@pytest.mark.parametrize(("mean_days", "shape"), [(0, 1), (10, 0), (-5, 1)])
def test_stay_refuses_what_is_no_length(mean_days: float, shape: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        Stay(mean_days, shape)


def test_streams_are_apart_and_repeatable() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() != stream(2, "a").random()
