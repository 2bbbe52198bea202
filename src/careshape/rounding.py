"""The one way in which a number is rounded, for figures and for money alike."""

from __future__ import annotations

import math
from fractions import Fraction


def round_to(value: Fraction, unit: Fraction) -> Fraction:
    """Round to a multiple of the unit, halves away from zero."""
    steps = math.floor(abs(value) / unit + Fraction(1, 2)) * unit
    return steps if value >= 0 else -steps
