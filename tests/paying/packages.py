"""Small packages for the tests, with days and terms that are easily counted by hand. Nobody is in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from careshape.paying import Funding, Line, Span, Terms, book

MONDAY = date(2024, 4, 1)
"""First day of a payment period in all terms that are packaged."""


def april(day: int) -> date:
    """A day of April 2024, which begins on a Monday; 31 and later run on into May."""
    return date.fromordinal(MONDAY.toordinal() + day - 1)


def terms(**other: Any) -> Terms:
    """The packaged terms of a care home, with other ones laid over."""
    base = book().contract("care-home").model_dump()
    return Terms.model_validate(base | {"payment_period": "weekly"} | other)


def line(name: str = "core", **other: Any) -> Line:
    """A line of one unit a week at £700.00, so that a day is £100.00, from 1 April, told on that day."""
    known = {"id": name, "known": MONDAY, "line": name, "component": name, "first": MONDAY}
    return Line(**known | {"units": 100, "price": 70_000, "funding": Funding()} | other)


def week(number: int = 1, weeks: int = 1) -> Span:
    """Weeks from the first one of April 2024 on."""
    return Span(april(7 * number - 6), april(7 * (number + weeks - 1)))
