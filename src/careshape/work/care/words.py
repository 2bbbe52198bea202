"""Amounts of care as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from careshape.catalogue import catalogue
from careshape.matching.rank import a
from careshape.paying.words import pounds
from careshape.source.models import Request
from careshape.source.packages.lines import weekly_cost
from careshape.source.requests.needs import WEIGHTS, Need
from careshape.source.requests.ranked import unit_of
from careshape.source.requests.visits import Visit
from careshape.statement.labels import label_of

WEEK = "week"
EVIDENCE_STATES = {
    "waiting": "Waits to be looked at", "coming": "Begins later", "counts": "Counts", "lapsed": "Lapsed",
    "replaced": "Replaced", "withdrawn": "Taken back",
}  # fmt: skip
"""How a piece of evidence stands, in words."""


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


def where(row: Request) -> str:
    """Where care is wanted: Wychavon, Evesham zone, WR11."""
    parts = (label_of("district", row.district), label_of("zone", row.zone) if row.zone else "", row.outward)
    return ", ".join(part for part in parts if part)


def visits(found: Iterable[Visit]) -> str:
    """The visits of a week, in sentences."""
    return "; ".join(one.words for one in found)


def needs(found: Iterable[Need]) -> str:
    """What must be and what would be good, in sentences."""
    said = [f"{WEIGHTS[weight]}: {one.words}" for weight in WEIGHTS for one in found if one.weight == weight]
    return "; ".join(said)


def away(reason: str) -> str:
    """Why somebody is away: in hospital."""
    return {"hospital": "in hospital", "other": "another reason"}.get(reason, reason.replace("-", " "))


def amount_in(unit: str, name: str, units: int) -> str:
    """So much of a part of a service, which may have a unit of its own: 3 hours a week."""
    if not unit or unit == catalogue().lists["service"].by_id[name].unit:
        return amount(name, units)
    label = str(catalogue().lists["unit"].by_id[unit].label).lower()
    return f"{units / 100:g} {label}{'' if units == 100 else 's'} a week"


def price_in(unit: str, name: str, pence: int) -> str:
    """A price of a part of a service, which may have a unit of its own."""
    if not unit or unit == catalogue().lists["service"].by_id[name].unit:
        return price(name, pence)
    return f"{pounds(pence)} {a(str(catalogue().lists['unit'].by_id[unit].label).lower())}"
