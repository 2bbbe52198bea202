"""What a person comes to in each measure: people, hours, nights, places, pounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.forecast.effects_of import Change
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[np.float64]

Measure = Literal["people", "hours", "nights", "places", "weekly_cost", "yearly_cost"]
MEASURES: Final[tuple[str, ...]] = get_args(Measure)
FLOWS: Final = ("nights", "yearly_cost")
"""Measures over the twelve months to the day; the others are on the day."""
UNITS: Final[dict[str, str]] = {
    "people": "people on the day",
    "hours": "hours a week on the day",
    "nights": "nights in the 12 months to the day",
    "places": "places on the day",
    "weekly_cost": "pounds a week on the day",
    "yearly_cost": "pounds in the 12 months to the day",
}
PLACES: Final[dict[str, int]] = {
    "people": 1, "hours": 1, "nights": 0, "places": 1, "weekly_cost": 2, "yearly_cost": 0,
}  # fmt: skip
"""Decimals in a table."""
DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True)
class Weight:
    """A measure as amounts for each person of a leaf."""

    amount: Floats
    """[leaf] of one person; 0 where the measure does not count the service."""
    error: Floats
    """[group x service] relative standard error of the amount, shared by all areas."""
    spread: Floats
    """[leaf] standard deviation between people."""


def weight_of(rates: Rates, measure: str, occupancy: Mapping[str, float], change: Change, step: int) -> Weight:
    """What a person of each leaf comes to at the end of a step (counted from 1; 0 is the origin).

    Raises CallError for an unknown measure, and for places without any occupancy.
    """
    if measure not in MEASURES:
        raise CallError(f"No measure of a forecast is called '{measure}'. Choose from {', '.join(MEASURES)}.")
    shape, found = rates.shape, rates.quantities
    services = rates.spells.services
    counts = np.ones((shape.groups, shape.services))
    zero = np.zeros_like(counts)
    if measure == "hours":
        units = rates.spells.units or ("",) * shape.services
        mask = np.asarray([unit == "hour" for unit in units])
        amount, error, spread = found.quantity * mask, found.quantity_error, found.quantity_spread * mask
    elif measure in ("weekly_cost", "yearly_cost"):
        amount, error, spread = found.cost, found.cost_error, found.cost_spread
        if measure == "yearly_cost":
            amount, spread = amount * DAYS_A_YEAR / 7, spread * DAYS_A_YEAR / 7
    elif measure == "nights":
        amount, error, spread = counts * _nights(services) * DAYS_A_YEAR, zero, zero
    elif measure == "places":
        amount, error, spread = counts * _places(services, occupancy), zero, zero
    else:
        amount, error, spread = counts, zero, zero
    factor = _factor(rates, measure, change, step, amount)
    return Weight(_by_leaf(amount, shape.areas) * factor, error.ravel(), _by_leaf(spread, shape.areas) * factor)


def _by_leaf(values: Floats, areas: int) -> Floats:
    return np.repeat(values[:, None], areas, axis=1).ravel()


def _factor(rates: Rates, measure: str, change: Change, step: int, amount: Floats) -> Floats:
    """What a scenario makes of an amount."""
    factor = np.ones(rates.shape.leaves)
    if step < 1:
        return factor
    t = step - 1
    if measure in ("hours", "weekly_cost", "yearly_cost") and change.quantity is not None:
        factor = factor * change.quantity[min(t, len(change.quantity) - 1)]
    if measure in ("weekly_cost", "yearly_cost"):
        if change.price is not None:
            factor = factor * change.price[min(t, len(change.price) - 1)]
        if change.fixed_price is not None:
            fixed = change.fixed_price[min(t, len(change.fixed_price) - 1)]
            base = _by_leaf(rates.quantities.cost, rates.shape.areas)
            factor = np.where(np.isnan(fixed), factor, fixed / np.maximum(base, 1e-9))
    return factor


def _nights(services: tuple[str, ...]) -> Any:
    listing = catalogue().lists["service"].by_id
    return np.asarray([float(getattr(listing.get(one), "counts_nights", False)) for one in services])


def _places(services: tuple[str, ...], occupancy: Mapping[str, float]) -> Any:
    if not occupancy:
        raise CallError("Places are people over occupancy. Give the occupancy of each service, such as nursing = 0.9.")
    for service, share in occupancy.items():
        if service not in services:
            raise CallError(
                f"The forecast has no service '{service}' to give an occupancy for. It has {', '.join(services)}."
            )
        if not 0 < share <= 1:
            raise CallError(f"The occupancy of {service} is {share}. It is a share of places, above 0 and up to 1.")
    return np.asarray([1 / occupancy[one] if one in occupancy else 0.0 for one in services])
