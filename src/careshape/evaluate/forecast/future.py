"""Entries to come: the rates at the origin's level, times the people there will be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.enter import step_heads
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[np.float64]


def expected_entries(rates: Rates, steps: int) -> Floats:
    """[step, leaf, age band] expected entries in each step after the origin. Raises CallError past the population."""
    shape, entries = rates.shape, rates.entries
    at_head = step_heads(rates.census, rates.spells, rates.settings, rates.population, entries.size, 1, steps)
    effect = entries.effect.reshape(shape.groups, shape.areas, shape.services)
    months_on = np.arange(1, steps + 1) / rates.census.steps(1)
    level = entries.levels.course(months_on).T.reshape(shape.groups, 1, shape.services, 1, steps)
    weighted = np.einsum("grs,sga->grsa", effect, entries.rate)
    months = np.asarray([rates.census.month(k) % 12 for k in range(1, steps + 1)])
    course = entries.season[months] * np.exp(entries.growth * np.arange(1, steps + 1))
    found = weighted[..., None] * (at_head * course)[:, :, None] * level
    return np.ascontiguousarray(np.moveaxis(found.reshape(shape.leaves, shape.ages, steps), -1, 0))
