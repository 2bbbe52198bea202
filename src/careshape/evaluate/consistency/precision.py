"""How precisely a figure was printed, and whether a recomputed value is the same figure at that precision.

A printed 7.4 stands for anything from 7.35 to 7.45; a printed "£3.2 million" for anything to the nearest hundred
thousand; a count of people stands for itself. Everything here is exact (Fraction), so no comparison depends on floats.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from careshape.language import say
from careshape.records import Observation
from careshape.rounding import round_to

_SCALED = re.compile(r"(\d+(?:\.(\d+))?)\s*(bn|billion|m|million|k)(?![a-z])", re.IGNORECASE)
_SCALES = {"bn": 9, "billion": 9, "m": 6, "million": 6, "k": 3}
_MEASURED_UNITS = ("percent", "gbp", "hours", "per-", "times", "miles")
_LOOSE = ("approx", "nearly", "over", "just-over", "under", "up-to")
_NEARNESS = Fraction(1, 10)
"""How far from the printed figure "about" and "nearly" may reach, as a share of it."""


def step(observation: Observation) -> Fraction:
    """The unit of the last place printed: 0.1 for 7.4, 100,000 for "£3.2 million", 1 for a count.

    Trailing noughts count as not measured only where the figure is not an observed exact one: a projection of 32,900 is
    to the nearest hundred, 650 pounds a week is to the pound.
    """
    scaled = _SCALED.search(observation.as_published)
    if scaled:
        return Fraction(10) ** (_SCALES[scaled[3].lower()] - len(scaled[2] or ""))
    if observation.decimals:
        return Fraction(1, 10**observation.decimals)
    firm = observation.kind == "observed" and observation.qualifier not in _LOOSE
    number = int(observation.value)
    if firm or not number or observation.unit == "percent":
        return Fraction(1)
    return Fraction(10) ** (len(str(number)) - len(str(number).rstrip("0")))


def common_step(cells: Sequence[Observation]) -> Fraction:
    """The coarsest rounding that all cells share: 5 where every one of at least four is a multiple of 5.

    Statistics on people are often rounded to the nearest 5 or 10 or 100 to protect them.
    """
    if len(cells) >= 4 and all(not cell.decimals for cell in cells):
        divisor = math.gcd(*(int(cell.value) for cell in cells))
        for candidate in (1000, 100, 10, 5):
            if divisor and divisor % candidate == 0:
                return Fraction(candidate)
    return max(step(cell) for cell in cells)


def can_be_rounded(cells: Sequence[Observation]) -> bool:
    """Whether rounding may explain a difference: money, hours and rates are rounded, heads and homes are counted."""
    measured = all(cell.unit.startswith(_MEASURED_UNITS) for cell in cells)
    return measured or any(step(cell) > 1 for cell in cells) or common_step(cells) > 1


def truncate_to(value: Fraction, unit: Fraction) -> Fraction:
    """Drop what is below a multiple of the unit, towards zero."""
    steps = math.floor(abs(value) / unit) * unit
    return steps if value >= 0 else -steps


@dataclass(frozen=True, slots=True)
class Printed:
    """A published value with the precision and firmness it was printed with.

    Attributes:
        value; step: unit of its last place; qualifier: as in an observation; roundable: see can_be_rounded.
    """

    value: Fraction
    step: Fraction
    qualifier: str = "exact"
    roundable: bool = True


def printed(cells: Sequence[Observation]) -> Printed:
    """The printed value of one cell, or of several added up (exact, with the coarsest of their steps)."""
    total = sum((Fraction(cell.value) for cell in cells), Fraction(0))
    qualifier = cells[0].qualifier if len(cells) == 1 else "exact"
    return Printed(total, max(step(cell) for cell in cells), qualifier, can_be_rounded(cells))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind ("agrees" or one of the kinds of finding) and the sentence that gives the reason."""

    kind: str
    reason: str


def judge(figure: Printed, recomputed: Fraction, noise: Fraction = Fraction(0)) -> Verdict:
    """Compare a published figure with a recomputed value.

    Args:
        figure: the published one.
        recomputed: exact.
        noise: what the rounding of the figures it was computed from can amount to.

    Returns:
        "agrees" if the value, rounded as the figure was, is the figure (for "over" and the like: if it is on the right
        side and the figure is the nearest that could be said); "rounding" if the rest is within a unit of the last
        place or within the noise; else "contradiction".
    """
    if figure.qualifier in ("over", "just-over", "under", "up-to"):
        return _judge_bound(figure, recomputed)
    gap = abs(recomputed - figure.value)
    if round_to(recomputed, figure.step) == figure.value:
        return Verdict("agrees", "The two are the same to the precision printed.")
    if figure.qualifier in ("approx", "nearly") and gap <= _NEARNESS * abs(figure.value):
        return Verdict("agrees", "The two are as near as the wording claims.")
    if figure.roundable and truncate_to(recomputed, figure.step) == figure.value:
        return Verdict("rounding", "The published figure was cut off, not rounded.")
    if figure.roundable and gap < figure.step:
        return Verdict("rounding", "They differ by less than one unit of the last place printed.")
    if figure.roundable and gap <= noise:
        return Verdict("rounding", "The rounding of the figures involved is enough to explain the difference.")
    return Verdict("contradiction", "Rounding does not explain the difference.")


def _judge_bound(figure: Printed, recomputed: Fraction) -> Verdict:
    above = figure.qualifier in ("over", "just-over")
    holds = recomputed > figure.value if above else recomputed < figure.value
    if figure.qualifier == "up-to":
        holds = recomputed <= figure.value
    side = say("over") if above else say("under")
    if not holds:
        return Verdict(
            "contradiction",
            say("The published figure claims to be a bound, but the value is not {side} it.", side=side),
        )
    if truncate_to(recomputed, figure.step) == figure.value or not above:
        return Verdict("agrees", "The bound holds.")
    return Verdict(
        "rounding", say("The claim holds as a bound, but '{side}' a nearer figure could have been said.", side=side)
    )
