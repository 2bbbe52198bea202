"""A price that a provider asks, beside what the council pays for the like and what other councils publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.errors import CallError
from careshape.evaluate.cost.comparators import choose
from careshape.evaluate.cost.figures import figures, own_area
from careshape.evaluate.cost.indicators import Indicator, find_indicator
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.people.known import age
from careshape.rounding import round_to
from careshape.source.models import Request
from careshape.source.models.packages import Line
from careshape.source.packages.components import CORE

FEW: Final = 3
"""Fewer packages of people of the same client group than these say too little; then all of the service are taken."""


@dataclass(frozen=True)
class Prices:
    """Prices of a service, in pence a unit: the lowest, the middle (median) and the highest of so many."""

    many: int
    low: int
    middle: int
    high: int

    def above(self, price: int) -> int:
        """By how many percent a price is above the middle, to the nearest whole; below it: negative."""
        return round(100 * (price - self.middle) / self.middle)


@dataclass(frozen=True)
class Paid:
    """What the council pays today for the core of packages of a service.

    ``group``: of people of this client group alone; empty: of all.
    """

    prices: Prices
    group: str


@dataclass(frozen=True)
class Elsewhere:
    """What other councils publish: unit costs, which are no prices; ``group``: which councils, in words."""

    prices: Prices
    indicator: Indicator
    year: str
    group: str
    source: str


class Entry(BaseModel):
    """Beside which published figure the price of a service is set, for people of some ages (both ends included)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str
    """An entry of the catalogue."""
    ages: tuple[int, int] = (0, 200)
    indicator: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    beside: tuple[Entry, ...]


def paid(row: Request, on: date | None = None) -> Paid | None:
    """What the council pays for the like of a request on a day, today by default; None where it buys none. One query.

    The like is the same service, for people of the same client group where there are enough of them.
    """
    on = on or uk_day(timezone.now())
    found = list(
        Line.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on), package__person__council=row.person.council,
            package__service=row.service, component=CORE, withdrawn=False, starts_on__lte=on,
        ).exclude(package__award__request=row).values_list("price", "package__person__client_group")
    )  # fmt: skip
    alike = [price for price, group in found if group == row.person.client_group]
    if len(alike) >= FEW:
        return Paid(_prices(alike), row.person.client_group)
    return Paid(_prices([price for price, _ in found]), "") if found else None


def elsewhere(row: Request) -> Elsewhere | None:
    """What other councils publish of the like of a request; None where nothing is published, or nothing at hand.

    The files that are loaded come before what the council's own statement printed. The council's own is left out.
    """
    years = age(row.person.born_on, row.starts_on)
    entry = next((one for one in entries() if one.service == row.service and _holds(one, years)), None)
    if entry is None:
        return None
    indicator, home, council = find_indicator(entry.indicator), Home(settings.CARESHAPE_DIR), row.person.council
    try:
        found = figures(home, council, indicator)
        own = found.at(*own_area(council))
        if own is None:
            return None
        group = choose(home, council, found, own, "england" if found.loaded else "published")
    except CallError:
        return None
    values = [round(one.value * 100) for one in group.members if one is not own and one.value]
    return Elsewhere(_prices(values), indicator, found.year, group.label, found.source) if values else None


def _prices(values: list[int]) -> Prices:
    return Prices(len(values), min(values), middle_price(values), max(values))


def middle_price(values: Sequence[int]) -> int:
    """The middle (median) of some prices, in whole pence; half a penny is rounded as money is everywhere."""
    return int(round_to(median(map(Fraction, values)), Fraction(1)))


def _holds(entry: Entry, years: int) -> bool:
    return entry.ages[0] <= years <= entry.ages[1]


@cache
def entries() -> tuple[Entry, ...]:
    """Each service with the figure that its price is set beside. Raises CatalogueError for a fault in the file."""
    raw = read_toml(files("careshape.source").joinpath("data", "beside.toml").read_text("utf-8"), "beside.toml")
    return declared(_File, raw, "source/data/beside.toml").beside
