"""Exact numbers and the one way in which they are rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from careshape.language import numeral
from careshape.rounding import round_to

Number = int | Decimal | Fraction

WEEKS_A_YEAR: Final = 52
"""Weeks in a year wherever a weekly figure is made yearly, as official statistics do: a seventh short.

A cost over a period is counted by days and needs none. The catalogue's units (a month is 52/12 weeks) hold the same.
"""
YEARLY: Final = f"a year of {WEEKS_A_YEAR} weeks, as official statistics count"
"""What a method says of a yearly figure."""

MINUS: Final = "\u2212"
"""The sign of a negative number, as wide as a plus: a hyphen is easily missed."""


def exact(value: Number) -> Fraction:
    """Return ``value`` as a fraction, without loss."""
    return value if isinstance(value, Fraction) else Fraction(value)


def rounded(value: Number, places: int) -> Decimal:
    """Round to ``places`` decimals, halves away from zero, as the councils print their figures.

    ``places`` may be negative: -3 rounds to thousands. The result keeps exactly ``places`` decimals when positive.
    """
    whole = int(round_to(exact(value), Fraction(1, 10) ** places) * Fraction(10) ** places)
    return Decimal(f"{whole}e{-places}") if places > 0 else Decimal(whole * 10**-places)


def written_out(value: Number, places: int = 0) -> str:
    """A number as a reader is shown it: commas between thousands, ``places`` decimals, a minus that is seen."""
    return numeral(f"{rounded(value, places):,}").replace("-", MINUS)
