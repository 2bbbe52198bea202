"""How values are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from careshape.statement.formatting import cell, written


@pytest.mark.parametrize(
    ("value", "unit", "style", "text"),
    [
        (35387, "hours", None, "35,387"),
        (Decimal("0.55"), "", None, "0.55"),
        (14186898, "gbp", None, "£14,186,898"),
        (Decimal("16.24"), "gbp", None, "£16.24"),
        (Decimal("-65.5"), "gbp", None, "-£65.50"),
        (Decimal("958.33"), "gbp-per-week", None, "£958.33 a week"),
        (Decimal("15.78"), "gbp-per-hour", None, "£15.78 an hour"),
        (41_700_000, "gbp", "money_million", "£41.7 million"),
        (Decimal("25"), "percent", None, "25%"),
        (Decimal("4.9"), "percent", None, "4.9%"),
        (Fraction(28, 3), "percent-worked-out", None, "9.3%"),  # one decimal below ten
        (Fraction(85, 3), "percent-worked-out", None, "28%"),  # none from ten up
        (Fraction(5, 2), "percent", "percent", "3%"),  # halves go away from zero, as the councils round
        (4, "one-in-n", None, "1 in 4"),
        (5, "years", None, "5 years"),
        (1, "months", None, "1 month"),
        (75, "matches", "unit", "75 matches"),
        (1, "persons", "unit", "1 person"),
        (12, "", "words", "twelve"),
        (42, "", "words", "forty-two"),
        (100, "", "words", "100"),
        (date(2021, 3, 31), "", None, "31 March 2021"),
        ("Wychavon", "", None, "Wychavon"),
        ("suppressed", "persons", None, "suppressed"),
    ],
)
def test_written_follows_unit_and_format(value, unit, style, text):
    assert written(value, unit, style) == text


@pytest.mark.parametrize("style", [None, "number", "money", "percent", "words", "unit"])
def test_written_says_not_known_and_never_nought(style):
    assert written(None, "persons", style) == "not known"


def test_cell_leaves_the_unit_to_the_heading():
    assert cell(Decimal("958.33"), "gbp-per-week") == "£958.33"
