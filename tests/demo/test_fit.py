"""Whole numbers that add up, and parts that round as printed together with their totals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.demo.fit import Printed, fit_total, settle, share_out

WEIGHTS = st.lists(st.floats(0.01, 1000), min_size=1, max_size=40)


@given(st.integers(0, 100_000), WEIGHTS)
def test_share_out_adds_up_and_follows_the_weights(total: int, weights: list[float]) -> None:
    parts = share_out(total, dict(enumerate(weights)))
    assert sum(parts.values()) == total
    for place, part in parts.items():
        assert abs(part - total * weights[place] / sum(weights)) < 1


def test_share_out_gives_nothing_where_nothing_weighs() -> None:
    assert share_out(5, {"a": 0.0, "b": 0.0}) == {"a": 0, "b": 0}


@given(st.integers(0, 100_000), WEIGHTS)
def test_fit_total_adds_up_with_the_least_for_each(more: int, weights: list[float]) -> None:
    total = len(weights) + more
    fitted = fit_total(weights, total)
    assert sum(fitted) == total
    assert min(fitted) >= 1


def test_settle_meets_parts_that_add_up_to_one_more_than_their_printed_total() -> None:
    printed = [Decimal(4), Decimal(5), Decimal(7)]  # 16 in all, printed as 15
    figures = [Printed((i,), value) for i, value in enumerate(printed)] + [Printed((0, 1, 2), Decimal(15))]
    values = settle([4.0, 5.0, 7.0], figures)
    assert [round(value) for value in values] == [4, 5, 7]
    assert round(sum(values)) == 15


def test_settle_leaves_fixed_parts_alone() -> None:
    values = settle([1.4, 2.0], [Printed((0, 1), Decimal(4))], fixed=[0])
    assert values[0] == 1.4
    assert sum(values) == pytest.approx(3.6)


def test_settle_keeps_clear_of_the_rounding_edge() -> None:
    values = settle([9.0], [Printed((0,), Decimal(10))], margin=0.1)
    assert values[0] == pytest.approx(9.6)
