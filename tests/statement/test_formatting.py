"""How values are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from careshape.statement.formatting import cell, unit_once, written


@pytest.mark.parametrize(
    ("value", "unit", "style", "text"),
    [
        (35387, "hours", None, "35,387"),
        (Decimal("0.55"), "", None, "0.55"),
        (14186898, "gbp", None, "£14,186,898"),
        (Decimal("16.24"), "gbp", None, "£16.24"),
        (Decimal("-65.5"), "gbp", None, "\u2212£65.50"),  # a minus sign, not a hyphen
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


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (Decimal("3499999.12"), "money", "£3,499,999"),  # pence say nothing from £10,000
        (Decimal("1642.94"), "money", "£1,642.94"),
        (132_000_000_000, "money", "£132 billion"),
        (Decimal("3499999.12"), "money_about", "£3.5 million"),
        (Decimal("-14186898"), "money_about", "\u2212£14.2 million"),
        (Decimal("958.33"), "money_about", "£958"),
        (35_387, "about", "35,400"),
        (0, "about", "0"),
        (Decimal("-4.5"), "percent1", "\u22124.5%"),
    ],
)
def test_written_rounds_to_what_a_reader_can_use(value, style, text):
    assert written(value, "", style) == text


def test_unit_once_leaves_out_what_the_heading_says():
    assert unit_once("£15.78 an hour", "What an hour costs") == "£15.78"
    assert unit_once("£15.78 an hour", "What care costs") == "£15.78 an hour"
