"""What a gap or an interval means, in plain words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from careshape.evaluate.gap.gap import Expected, Gap
from careshape.evaluate.gap.segments import unit_of
from careshape.evaluate.numbers import MINUS, rounded
from careshape.language import say
from careshape.statement.formatting import plain

WIDE: Final = 0.25
"""Width of an 80% interval, as a share of the value, from which a page says that it is wide."""
VERY_WIDE: Final = 0.6
UNCERTAIN: Final = (
    "{what} is uncertain: {low} to {high} {unit} around an expected {mean}. Plan for the range, not for the middle."
)
VERY_UNCERTAIN: Final = (
    "{what} is very uncertain: {low} to {high} {unit} around an expected {mean}. "
    "Plan for the range, not for the middle."
)


def signed(value: float) -> str:
    """A whole number with its sign: +51, −14, 0."""
    whole = round(value)
    return f"+{plain(whole)}" if whole > 0 else plain(whole) if whole == 0 else f"{MINUS}{plain(-whole)}"


def size_of(gap: Gap) -> str:
    """How much more or less is needed, and than what: "about 29 more places than the council arranges today"."""
    more = round(gap.gap.mean)
    if more == 0:
        return f"about as many {gap.unit} as {gap.compared_with}"
    unit = unit_of(abs(more), gap.unit)
    return f"about {plain(abs(more))} {'more' if more > 0 else 'fewer'} {unit} than {gap.compared_with}"


def interval_of(gap: Gap) -> str:
    """The 80% interval of a gap: −14 to +120."""
    limits = gap.gap.limits()
    return f"{signed(limits['lower_80'])} to {signed(limits['upper_80'])}"


def how_sure(expected: Expected, unit: str, what: str = "This") -> str:
    """In plain words, how wide the interval of ``what`` is beside its value; empty where it is narrow."""
    limits = expected.limits()
    low, high = round(limits["lower_80"]), round(limits["upper_80"])
    if expected.mean <= 0 or (high - low) < WIDE * expected.mean:
        return ""
    very = (high - low) >= VERY_WIDE * expected.mean
    limits_said = {"low": plain(low), "high": plain(high), "unit": unit, "mean": plain(round(expected.mean))}
    return say(VERY_UNCERTAIN if very else UNCERTAIN, what=what, **limits_said)


def tenth(value: float) -> Decimal:
    """A number to one decimal, as downloads give it."""
    return rounded(Decimal(repr(float(value))), 1)
