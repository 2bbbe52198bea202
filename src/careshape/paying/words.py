"""What is owed in words: pounds, exact pence, and each step written out so that a person can work it out again."""

from __future__ import annotations

from fractions import Fraction

from careshape.paying.course import Stretch
from careshape.paying.terms import WHOLE, Terms


def pounds(pence: int) -> str:
    """Pence as pounds: £1,234.50, with a minus before the sign."""
    sign = "\u2212" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def exact_pence(value: Fraction) -> str:
    """Pence without loss: 46428 4/7 p."""
    whole, rest = divmod(value.numerator, value.denominator)
    return f"{whole}{f' {rest}/{value.denominator}' if rest else ''} p"


def hundredths(value: int) -> str:
    """Hundredths as a number of two decimals."""
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"


def step(one: Stretch, terms: Terms) -> str:
    """How the pence of a stretch come about."""
    unit = ("night" if terms.day_count == "nights" else "day") + ("" if one.span.days == 1 else "s")
    part = "" if one.part == WHOLE else f" x {hundredths(one.part)}%"
    why = f" (away: {one.away})" if one.away else ""
    return (
        f"{one.span.first} to {one.span.last}: {one.span.days} {unit}{why} x {hundredths(one.units)} a week x "
        f"{pounds(one.price)} / 7{part} = {exact_pence(one.exact)}"
    )
