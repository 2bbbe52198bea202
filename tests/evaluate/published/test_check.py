"""The check says what the ledger says: it finds no agreement where there is next to nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pyarrow.parquet as pq
import pytest

from careshape.evaluate.published import check_published
from careshape.evaluate.published.check import _agrees
from tests.evaluate.measure.conftest import RowLedger, row, table


@pytest.fixture
def nearly_empty(tmp_path) -> RowLedger:
    """A ledger of two lines: one person in a nursing home, and one with home care from one provider."""
    rows = [
        row(1, "2018-01-01", None, person=1, service="nursing", client_group="older-people", provider=1, weekly_cost=1),
        row(2, "2018-01-01", None, person=2, service="home-care", client_group="older-people", provider=2),
    ]
    file = tmp_path / "rows.parquet"
    pq.write_table(table(rows), file)
    return RowLedger(file, {1: date(2030, 1, 1)})


def test_nearly_empty_ledger_agrees_with_nothing_and_explains_nothing(nearly_empty):
    found = check_published("worcestershire", nearly_empty)
    assert [one for one in found if one.status != "differs"] == []
    assert all("the ledger gives" in one.reason for one in found)


@pytest.mark.parametrize(
    ("qualifier", "printed", "value", "agrees"),
    [
        ("exact", 238, Fraction(2379, 10), True),  # rounds to what is printed
        ("exact", 238, Fraction(239), False),
        ("over", 700, Fraction(714), True),
        ("over", 700, Fraction(700), False),  # over is more than
        ("over", 700, Fraction(7000), False),  # ten times is not what "over" means
        ("under", 1, Fraction(1, 2), True),
        ("under", 1, Fraction(0), False),  # nothing is not "under 1%"
        ("nearly", 2000, Fraction(1999), True),
        ("nearly", 2000, Fraction(2000), False),
        ("nearly", 2000, Fraction(1000), False),
        ("range-low", 140, Fraction(145), True),
        ("range-low", 140, Fraction(139), False),
        ("range-high", 150, Fraction(145), True),
        ("range-high", 150, Fraction(1), False),  # one provider is not "140 to 150"
        ("approx", 70, Fraction(703, 10), True),
        ("just-over", 22, Fraction(221, 10), True),
        ("just-over", 22, Fraction(30), False),
    ],
)
def test_qualifier_says_how_near_is_near(qualifier, printed, value, agrees):
    assert _agrees(qualifier, Fraction(printed), value, 0) is agrees
