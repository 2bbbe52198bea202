"""Expressions of what a council decided: their moving periods follow the records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careshape.design import decided
from careshape.statement.design.expressions import Expressions, in_days, last_of, read


@pytest.mark.parametrize(
    ("period", "last", "days"),
    [
        ("last-day", date(2021, 6, 30), "2021-06-30"),
        ("last-month", date(2021, 6, 30), "2021-06"),
        ("last-month", date(2021, 6, 29), "2021-05"),
        ("last-month", date(2021, 1, 15), "2020-12"),
        ("last-quarter", date(2021, 6, 30), "2021-04-01/2021-06-30"),
        ("last-quarter", date(2021, 2, 27), "2020-11-01/2021-01-31"),
        ("last-year", date(2021, 3, 31), "2020/21"),
        ("last-year", date(2021, 3, 30), "2019/20"),
        ("last-year", date(2000, 6, 30), "1999/00"),
        ("2017-02-01/last-day", date(2018, 6, 30), "2017-02-01/2018-06-30"),
        ("2020/21", date(2021, 6, 30), "2020/21"),
    ],
)
def test_moving_period_is_that_of_the_records(period, last, days):
    assert in_days(period, last) == days


def test_moving_periods_are_set_within_other_calls():
    text = (
        'difference(measure("starts", period="2020-03-31"), measure("starts", period="last-day", service="home-care"))'
    )
    found = read(text, "f", "X-1", "measure", date(2021, 6, 30))
    assert found.call is not None
    assert 'period="2021-06-30", service="home-care"' in str(found.call)
    assert last_of(found.call) == date(2021, 6, 30)


@pytest.mark.parametrize("text", ["measure(", "table('x')", "nothing(1)", "a + b", "__import__('os')"])
def test_expression_that_cannot_be_read_says_why(text):
    found = read(text, "f", "X-1", "measure", date(2021, 6, 30))
    assert found.call is None
    assert found.problem


@pytest.mark.parametrize("text", ["nan", "sNaN", "Infinity", "-inf", "1e999999999", "1e-999999999", "0e999999999"])
def test_number_of_no_size_that_can_be_counted_is_a_fault(text):
    found = read(text, "f", "X-1", "baseline", date(2021, 6, 30))
    assert (found.call, found.number) == (None, None)
    assert "of a size that can be counted" in found.problem


def test_number_is_read_as_it_is():
    assert read("27.5", "f", "X-1", "baseline", date(2021, 6, 30)).number == Decimal("27.5")


def test_expressions_of_a_council_without_records_are_asked_of_nobody():
    found = Expressions(decided("worcestershire"), None)
    assert found.all
    assert list(found.calls()) == []
