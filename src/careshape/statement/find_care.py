"""What care there is for somebody who needs it: by kind and district, and roughly what it costs, from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Value, Withheld, about_value, day, plain
from careshape.statement.labels import NAMELESS, label_of

PLAIN: Final[Mapping[str, tuple[str, str]]] = {
    "home-care": ("Care at home", "Somebody comes to your home and helps you to wash, dress and eat."),
    "reablement": ("Help to get back on your feet", "For some weeks, people help you to do things yourself again."),
    "assistive-technology": ("Alarms and other aids", "Things that call for help, or that remind you."),
    "extra-care-housing": ("A flat with care in the house", "You have your own front door. Care staff are near."),
    "supported-living": ("Your own home, with support", "You rent a home, and staff help you to live in it."),
    "shared-lives": ("A home with a family", "You live with a family, or stay with them for some time."),
    "residential": ("A care home", "You live in a home with others. Staff are there day and night."),
    "nursing": ("A care home with nurses", "A care home for people who also need a nurse."),
    "day-services": ("Things to do by day", "You meet others, learn, or do something that you like."),
    "replacement-care": ("A break for your carer", "Somebody else looks after you for a while."),
    "carers-support": ("Help for people who care", "Advice and breaks, if you look after somebody without pay."),
    "direct-payments": ("Money to buy your own care", "The council gives you money, and you choose who helps you."),
}
"""Service -> what it is called in plain words, and what it is."""
NOT_COUNTED: Final = "not counted"
"""What stands where the records do not say who gives a kind of care: it is given, so it is never "none"."""


@dataclass(frozen=True)
class Kind:
    """A kind of care: how many have it, how many give it in each district, and what it costs in a week."""

    service: str
    title: str
    about: str
    people: str
    providers: str
    cost: str
    places: tuple[str, ...]
    """How many give it in each district, in the order of the page."""

    @property
    def counted(self) -> bool:
        """Whether the records say who gives it."""
        return self.providers != NOT_COUNTED


@dataclass(frozen=True)
class Care:
    """The kinds of care there are, on which day, and in which districts."""

    on: str
    districts: tuple[str, ...]
    kinds: tuple[Kind, ...]


def find_care(book: FigureBook, last: date | None) -> Care | None:
    """The kinds of care in use on the last day of the records; None where no record says anything."""
    if last is None:
        return None
    services, period = tuple(PLAIN), last.isoformat()
    people = _by(book, "people_supported", ("service",), services, period)
    givers = _by(book, "providers_in_use", ("service",), services, period)
    places = _by(book, "providers_in_use", ("service", "district"), services, period)
    costs = _by(book, "mean_weekly_cost", ("service",), services, period)
    there = {district for _, district in places} - set(NAMELESS)
    districts = [one.id for one in catalogue().lists["district"].entries if one.id in there]
    kinds = tuple(
        Kind(
            one, *PLAIN[one], _number(people.get((one,))), _number(givers.get((one,))), _money(costs.get((one,))),
            tuple(_number(places.get((one, district), 0 if givers.get((one,)) else None)) for district in districts),
        )
        for one in services if people.get((one,))
    )  # fmt: skip
    return Care(day(last), tuple(label_of("district", one) for one in districts), kinds) if kinds else None


def _by(
    book: FigureBook, measure: str, by: tuple[str, ...], services: tuple[str, ...], period: str
) -> dict[tuple[str, ...], Value]:
    result = book.result(measure, by, {"service": services}, period)
    return {tuple(str(row[name]) for name in by): _value(row) for row in result.rows}


def _value(row: Mapping[str, Any]) -> Value:
    found: Value = row["value"]
    return found


def _number(value: Value) -> str:
    if isinstance(value, Withheld):
        return str(value)
    return (plain(value) if value else "none") if isinstance(value, int | Decimal | Fraction) else NOT_COUNTED


def _money(value: Value) -> str:
    if isinstance(value, Withheld):
        return str(value)
    if not isinstance(value, int | Decimal | Fraction):
        return "not known"
    return f"about £{plain(about_value(value), 0)} a week"
