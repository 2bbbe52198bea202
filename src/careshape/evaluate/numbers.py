"""Exact numbers and the one way in which they are rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Number = int | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """Return ``value`` as a fraction, without loss."""
    return value if isinstance(value, Fraction) else Fraction(value)


def rounded(value: Number, places: int) -> Decimal:
    """Round to ``places`` decimals, halves away from zero, as the councils print their figures.

    ``places`` may be negative: -3 rounds to thousands. The result keeps exactly ``places`` decimals when positive.
    """
    fraction = exact(value)
    scaled = fraction * Fraction(10) ** places
    with localcontext() as context:
        context.prec = 60
        whole = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        # A quotient that needs more than 60 digits can only sit on a half by truncation, which no sum of pence reaches.
        return whole.scaleb(-places) if places > 0 else Decimal(int(whole) * 10 ** (-places))


def places_of(text: str) -> int:
    """Return how many decimals a printed number shows: ``"958.33"`` has 2."""
    return len(text.partition(".")[2])
