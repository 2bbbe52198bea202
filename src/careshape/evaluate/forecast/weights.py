"""What a person comes to in each measure: people, hours, nights, places, pounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
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
COSTS: Final = ("weekly_cost", "yearly_cost")
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

    uncertain: Floats
    """[leaf] of one person, as found in the records; 0 where the measure does not count the service."""
    fixed: Floats
    """[leaf] of one person, as a scenario fixes it: nothing about it is uncertain, and nobody differs."""
    error: Floats
    """[group x service] relative standard error of ``uncertain``, shared by all areas."""
    spread: Floats
    """[leaf] standard deviation between people."""

    @property
    def amount(self) -> Floats:
        """[leaf] of one person, in all."""
        return np.asarray(self.uncertain + self.fixed)


def weight_of(
    rates: Rates, measure: str, occupancy: Mapping[str, float], change: Change, days: Sequence[int], share: Floats
) -> Weight:
    """What a person of each leaf comes to, as a mean over days.

    days: census days (0 is the origin, on which no scenario acts). share: [day, leaf] how much each day weighs; the
    sum over days is 1.

    Raises CallError for an unknown measure, and for places without any occupancy.
    """
    check_measure(measure)
    shape, found = rates.shape, rates.quantities
    services = rates.spells.services
    counts = np.ones((shape.groups, shape.services))
    zero = np.zeros_like(counts)
    if measure == "hours":
        units = rates.spells.units or ("",) * shape.services
        mask = np.asarray([unit == "hour" for unit in units])
        amount, error, spread = found.quantity * mask, found.quantity_error, found.quantity_spread * mask
    elif measure in COSTS:
        amount, error, spread = found.cost, found.cost_error, found.cost_spread
    elif measure == "nights":
        amount, error, spread = counts * _nights(services) * DAYS_A_YEAR, zero, zero
    elif measure == "places":
        amount, error, spread = counts * _places(services, occupancy), zero, zero
    else:
        amount, error, spread = counts, zero, zero
    factor, fixed = _changed(measure, change, days, share)
    period = DAYS_A_YEAR / 7 if measure == "yearly_cost" else 1.0
    factor = factor * period
    return Weight(
        _by_leaf(amount, shape.areas) * factor,
        fixed * period,
        error.ravel(),
        _by_leaf(spread, shape.areas) * factor,
    )


def check_measure(measure: str) -> None:
    """Raise CallError for an unknown measure."""
    if measure not in MEASURES:
        raise CallError(f"No measure of a forecast is called '{measure}'. Choose from {', '.join(MEASURES)}.")


def decimal_of(value: float, measure: str) -> Decimal:
    """A value as a table prints it."""
    return Decimal(f"{value:.{PLACES[measure]}f}")


def unit_of(measure: str) -> str:
    """Unit of a measure in words."""
    return UNITS[measure]


def _by_leaf(values: Floats, areas: int) -> Floats:
    return np.repeat(values[:, None], areas, axis=1).ravel()


def _changed(measure: str, change: Change, days: Sequence[int], share: Floats) -> tuple[Floats, Floats]:
    """[leaf] factor on an amount, and pounds fixed in its place, as means over days."""
    factor, fixed = np.ones_like(share), np.zeros_like(share)
    for factors, measures in ((change.quantity, ("hours", *COSTS)), (change.price, COSTS)):
        if factors is not None and measure in measures:
            factor *= _on(factors, days, 1.0)
    if change.fixed_price is not None and measure in COSTS:
        stated = _on(change.fixed_price, days, np.nan)
        factor, fixed = np.where(np.isnan(stated), factor, 0.0), np.nan_to_num(stated)
    return np.asarray((factor * share).sum(axis=0)), np.asarray((fixed * share).sum(axis=0))


def _on(values: Floats, days: Sequence[int], before: float) -> Floats:
    """[day, leaf] values of the steps that end on some days, and ``before`` on the origin."""
    return np.stack([values[day - 1] if day else np.full(values.shape[1], before) for day in days])


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
