"""Amounts of care as people read them."""

from __future__ import annotations

from careshape.matching.rank import a
from careshape.paying.words import pounds
from careshape.source.lines import weekly_cost
from careshape.source.ranked import unit_of
from careshape.statement.labels import label_of

WEEK = "week"


def service(name: str) -> str:
    """A service by its label."""
    return label_of("service", name)


def amount(name: str, units: int) -> str:
    """So much of a service: 12.5 hours a week, 1 place."""
    unit, many = unit_of(name), f"{units / 100:g}"
    if unit == WEEK:
        return f"{many} place{'' if units == 100 else 's'}"
    return f"{many} {unit}{'' if units == 100 else 's'} a week"


def price(name: str, pence: int) -> str:
    """A price of a service: £21.50 an hour."""
    return f"{pounds(pence)} {a(unit_of(name))}"


def week(units: int, pence: int) -> str:
    """What an amount costs a week."""
    return pounds(weekly_cost(units, pence))
