"""Draws of what is uncertain in need: the rates of a study, and which variant of the population comes true."""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.intervals import Z_80, Z_95
from careshape.evaluate.need.prevalence import Prevalence

DRAWS_OUTSIDE: Final = 20_000
"""Draws where a single number is uncertain: cheap, so that the limits stand still to about a third of a percent."""

Array = NDArray[np.float64]


def generator(name: str, seed: int) -> np.random.Generator:
    """A stream of chance of its own for each condition, so that one more condition changes no other's figures."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def rate_draws(study: Prevalence, count: int, chance: np.random.Generator) -> Array:
    """Draws of every rate of a study, by draw and rate; not a number where a rate has no limits.

    On the log-odds scale each rate lies about its published value with the spread that its 95% limits give, above and
    below on their own (limits of small rates are not even). Rates of one study share part of their error.
    """
    shared = chance.standard_normal((count, 1))
    apart = chance.standard_normal((count, len(study.rate)))
    z = np.sqrt(study.correlation) * shared + np.sqrt(1 - study.correlation) * apart
    below, above = (
        np.array(one) for one in zip(*(_spread(rate.rate, rate.limits) for rate in study.rate), strict=True)
    )
    middle = np.array([logit(rate.rate) for rate in study.rate])
    drawn: Array = expit(middle + z * np.where(z > 0, above, below))
    return drawn


def _spread(rate: float, limits: tuple[float, float] | None) -> tuple[float, float]:
    if limits is None:
        return np.nan, np.nan
    return (logit(rate) - logit(limits[0])) / Z_95, (logit(limits[1]) - logit(rate)) / Z_95


def logit(share: float) -> float:
    """Log odds; shares are kept off 0 and 1."""
    held = min(max(share, 1e-12), 1 - 1e-12)
    return float(np.log(held / (1 - held)))


def expit(odds: Array) -> Array:
    """Shares of log odds."""
    shares: Array = 1 / (1 + np.exp(-odds))
    return shares


def population_draws(people: Array, low: Array | None, high: Array | None, z: Array) -> Array:
    """Draws of people, by draw and cell.

    Args:
        people, low, high: the principal figures and those of the low and the high variant; None where none are loaded.
        z: one standard normal number a draw: the whole council goes one way in every year and area.

    The low and the high variant are taken as the ends of the middle 80%: an assumption, for variants come with no
    probability.
    """
    if low is None or high is None:
        return np.broadcast_to(people, (len(z), *people.shape))
    safe = np.maximum(people, 1e-9)
    up, down = (np.log(np.maximum(one, 1e-9) / safe) / Z_80 for one in (high, low))
    steps = z.reshape(-1, *[1] * people.ndim)
    factor: Array = np.exp(np.where(steps > 0, steps * up, -steps * down))
    return people * factor


def variant_limits(people: float, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """95% limits of people from the variants, which mean here what they mean in `population_draws`; None without."""
    if low is None or high is None:
        return None, None
    ends = population_draws(np.array([people]), np.array([low]), np.array([high]), np.array([-Z_95, Z_95]))
    return float(ends[0, 0]), float(ends[1, 0])
