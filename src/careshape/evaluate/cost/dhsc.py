"""The national rules for the cost of an event of Client Level Data, as the Department codes them (6.Costs_fact.sql).

The import applies them once, to pence; here they stand by themselves, so that any one cost can be checked by hand.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from careshape.catalogue import catalogue
from careshape.catalogue.entries import Frequency, Unit
from careshape.errors import CallError


def units_a_week(frequency: str, planned_units: Fraction | int | None = None) -> Fraction:
    """How often a unit cost falls due in a week: weekly 1, fortnightly 1/2, monthly 12/52, yearly 1/52.

    By the hour, day or session it is the planned units a week. One-off costs have none: 0.

    Raises CallError for an unknown frequency, or where planned units are needed and not given.
    """
    entry = catalogue().entry("frequency", frequency)
    assert isinstance(entry, Frequency)
    if entry.weeks in ("once", "none"):
        return Fraction(0)
    if entry.weeks == "planned_units":
        if planned_units is None:
            raise CallError(f"A cost that is due '{entry.label.lower()}' needs the planned units a week.")
        return abs(Fraction(planned_units))
    unit = catalogue().entry("unit", str(entry.unit))
    assert isinstance(unit, Unit)
    if unit.id == "week":
        return Fraction(1)
    week = next(one for one in unit.conversions if one.to == "week")
    return Fraction(week.per, week.amount)


def weeks_of_service(start: date, end: date, period_start: date, period_end: date) -> Fraction:
    """Weeks of an event inside a period: inclusive days, over seven; 0 where it lies outside."""
    days = (min(end, period_end) - max(start, period_start)).days + 1
    return Fraction(max(days, 0), 7)


def period_cost(
    unit_cost: Fraction | int,
    frequency: str,
    start: date,
    end: date,
    period_start: date,
    period_end: date,
    planned_units: Fraction | int | None = None,
) -> Fraction:
    """Cost of an event in a period: cost a week times weeks; a one-off cost once, where its first day is in the period.

    Signs are dropped, as councils submit costs both ways.
    """
    if catalogue().entry("frequency", frequency).id == "one-off":
        return abs(Fraction(unit_cost)) if period_start <= start <= period_end else Fraction(0)
    weekly = abs(Fraction(unit_cost)) * units_a_week(frequency, planned_units)
    return weekly * weeks_of_service(start, end, period_start, period_end)
