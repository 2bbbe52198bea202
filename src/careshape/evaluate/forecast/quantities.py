"""What a person's stay comes to: quantity a week as on the last day, cost a week from the records' last months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.spells import Spells
from careshape.language import say

Floats = NDArray[Any]
Ints = NDArray[Any]

_LEAN: Final = 10.0
"""Weight of the service's own mean in a group's, as a number of people."""


@dataclass(frozen=True)
class Quantities:
    """A week's quantity and cost for each person, by group and service, with how far people differ."""

    quantity: Floats
    """[group, service] units a week for each person: of those there on the last day, so that they come to what the
    records count then; of the last months where nobody is there."""
    quantity_error: Floats
    """Relative standard error of it."""
    quantity_spread: Floats
    """Standard deviation between people."""
    cost: Floats
    """[group, service] pounds a week for each person, at the prices of the last months."""
    cost_error: Floats
    cost_spread: Floats
    people: Floats
    """[group, service] stays behind the means."""
    price_note: str


def quantities_of(spells: Spells, origin: int, days: int, label: str) -> Quantities:
    """Means over the days of stays in the ``days`` days to the origin; groups with few people lean on the service.

    Quantities are then taken in proportion to what those who are there on the origin have.
    """
    low = np.maximum(spells.start, origin - days + 1)
    high = np.minimum(spells.end, origin)
    held = np.flatnonzero(low <= high)
    weight = (high[held] - low[held] + 1).astype(float)
    cell = spells.group[held].astype(np.int64) * len(spells.services) + spells.service[held]
    shape = (len(spells.groups), len(spells.services))
    quantity, *spread_q = _means(cell, weight, spells.quantity[held] / 100, shape)
    at_origin = spells.end[held] >= origin
    here = np.bincount(cell, at_origin, shape[0] * shape[1]).reshape(shape)
    amount = np.bincount(cell, at_origin * spells.quantity[held] / 100, shape[0] * shape[1]).reshape(shape)
    # Else hours that are recorded and hours that are expected would stand on two bases, and a growth from one to the
    # other would hold the difference.
    now = np.divide(amount, here, out=quantity.copy(), where=here > 0)
    error, spread = spread_q
    spread = spread * np.divide(now, quantity, out=np.ones(shape), where=quantity > 0)
    mean_c = _means(cell, weight, spells.weekly_cost[held] / 100, shape)
    people = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    return Quantities(now, error, spread, *mean_c, people, say("constant prices of {label}", label=label))


def _means(cell: Ints, weight: Floats, value: Floats, shape: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    """Mean, its relative standard error and the spread between people, by group and service."""
    cells = shape[0] * shape[1]

    def total(values: Floats) -> Floats:
        return np.bincount(cell, values, cells).reshape(shape)

    weights, sums, squares = total(weight), total(weight * value), total(weight * value**2)
    effective = weights**2 / np.maximum(total(weight**2), 1e-9)
    all_weights = np.maximum(weights.sum(axis=0), 1e-9)
    service_mean = sums.sum(axis=0) / all_weights
    service_spread = np.sqrt(np.maximum(squares.sum(axis=0) / all_weights - service_mean**2, 0))
    own = sums / np.maximum(weights, 1e-9)
    # A group with few people leans on the service; one with many stands by itself.
    share = effective / (effective + _LEAN)
    mean = share * own + (1 - share) * service_mean
    spread = np.sqrt(
        share * np.maximum(squares / np.maximum(weights, 1e-9) - own**2, 0) + (1 - share) * service_spread**2
    )
    error = spread / np.sqrt(effective + 1) / np.maximum(mean, 1e-9)
    return mean, np.where(mean > 0, error, 0.0), spread
