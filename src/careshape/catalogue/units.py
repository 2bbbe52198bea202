"""Conversion of quantities between units, by the conversions that the catalogue states and by no others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from careshape.catalogue.book import Catalogue, catalogue
from careshape.catalogue.entries import Unit
from careshape.errors import CallError


def convert(
    amount: int | Decimal | Fraction,
    unit: str,
    to: str,
    *,
    minutes: int | None = None,
    book: Catalogue | None = None,
) -> Fraction:
    """A quantity of one unit as an exact quantity of another.

    Two units convert where one of them states a conversion to the other, or both state one to the same third unit.
    Longer chains are not followed: a year is 52 weeks and a week is seven days, but a year is not 364 days.

    amount: quantity in ``unit``.
    minutes: length of one visit or session, where a unit lasts as long as its package says.
    book: the catalogue; the one in use where it is left out.

    Raises CallError where the two units have no stated conversion.
    """
    units = (book or catalogue()).lists["unit"]
    first, second = units.entry(unit), units.entry(to)
    if minutes is not None and minutes <= 0:
        raise CallError(f"A visit or session of {minutes} minutes is not possible. Give its length in whole minutes.")
    factor = _factor(first, second, minutes)
    if factor is None:
        raise CallError(f"{first.label} and {second.label} have no stated conversion. {_advice(first, second)}")
    return Fraction(amount) * factor


def _factor(first: Unit, second: Unit, minutes: int | None) -> Fraction | None:
    """How many of the second unit one of the first is."""
    if first.id == second.id:
        return Fraction(1)
    ours, theirs = _stated(first, minutes), _stated(second, minutes)
    if second.id in ours:
        return ours[second.id]
    if first.id in theirs:
        return 1 / theirs[first.id]
    shared = sorted(ours.keys() & theirs.keys())
    return ours[shared[0]] / theirs[shared[0]] if shared else None


def _stated(unit: Unit, minutes: int | None) -> dict[str, Fraction]:
    """What one of the unit is of others; a given length takes the place of what is stated."""
    if unit.minutes_needed and minutes is not None:
        return {"minute": Fraction(minutes), "hour": Fraction(minutes, 60)}
    return {step.to: Fraction(step.amount, step.per) for step in unit.conversions}


def _advice(first: Unit, second: Unit) -> str:
    if {first.id, second.id} == {"night", "day"}:
        return "Nights leave out the day of leaving and days count it, so they differ by one for each stay."
    needing = [unit for unit in (first, second) if unit.minutes_needed]
    if needing:
        return f"Give the minutes of one {needing[0].label.lower()}, if it is to be time."
    return f"{first.label} converts to {_targets(first)}; {second.label} converts to {_targets(second)}."


def _targets(unit: Unit) -> str:
    return ", ".join(step.to for step in unit.conversions) or "no other unit by itself"
