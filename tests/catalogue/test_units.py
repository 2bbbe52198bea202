"""Conversions: exact where stated, refused where not, and the same forwards and back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.catalogue import catalogue, convert
from careshape.errors import CallError

UNITS = sorted(catalogue().lists["unit"].by_id)


@pytest.mark.parametrize(
    ("amount", "unit", "to", "expected"),
    [
        (2, "week", "day", 14),
        (1, "year", "week", 52),  # national processing of Client Level Data: 52 weeks, not 52.143
        (1, "month", "week", Fraction(52, 12)),  # and 12/52 of a monthly sum a week
        (12, "month", "year", 1),  # both state weeks
        (13, "four-weeks", "year", 1),
        (1, "quarter", "month", 3),
        (90, "minute", "hour", Fraction(3, 2)),
        (1, "day", "session", 2),
        (Decimal("0.5"), "hour", "minute", 30),
        (7, "night", "night", 7),
    ],
)
def test_convert_is_exact(amount: int | Decimal, unit: str, to: str, expected: int | Fraction) -> None:
    assert convert(amount, unit, to) == expected


def test_visit_converts_by_the_minutes_of_its_package() -> None:
    assert convert(14, "visit", "hour", minutes=45) == Fraction(21, 2)
    assert convert(1, "hour", "visit", minutes=15) == 4
    assert convert(2, "session", "hour", minutes=180) == 6  # the package's length takes the place of half a day


@pytest.mark.parametrize(
    ("unit", "to", "says"),
    [
        ("night", "day", "differ by one for each stay"),
        ("year", "day", "Year converts to week"),  # 52 weeks of seven days are no year
        ("visit", "hour", "Give the minutes of one visit"),
        ("mile", "hour", "no stated conversion"),
        ("unknown", "hour", "no stated conversion"),
        ("furlong", "mile", "not in the list unit"),
    ],
)
def test_convert_refuses_what_is_not_stated(unit: str, to: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        convert(1, unit, to)


@pytest.mark.parametrize("minutes", [0, -15])
def test_convert_refuses_a_visit_without_length(minutes: int) -> None:
    with pytest.raises(CallError, match="not possible"):
        convert(1, "visit", "hour", minutes=minutes)


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.fractions(), st.integers(1, 1440))
def test_convert_comes_back(unit: str, to: str, amount: Fraction, minutes: int) -> None:
    try:
        there = convert(amount, unit, to, minutes=minutes)
    except CallError:
        with pytest.raises(CallError):
            convert(amount, to, unit, minutes=minutes)
        return
    assert convert(there, to, unit, minutes=minutes) == amount
