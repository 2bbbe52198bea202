"""Draws: lengths of stay, prices and choices, each from a generator that is seeded by what it is used for."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

LONGEST = 7300
"""Days that a spell met while it runs may have run at most: records reach back no further than some twenty years."""


def stream(seed: int, *names: object) -> random.Random:
    """A generator of its own for each use, so that a change in one part of the world leaves the others as they were."""
    return random.Random(":".join(map(str, (seed, *names))))


@dataclass(frozen=True)
class Stay:
    """Length of a spell in days: Weibull with a mean and a shape (below 1: many leave early, some stay long)."""

    mean: float
    shape: float = 1.0

    def __post_init__(self) -> None:
        if self.mean <= 0 or self.shape <= 0:
            raise ValueError(f"Mean stay {self.mean} and shape {self.shape} must be above 0.")

    @property
    def scale(self) -> float:
        """Scale of the Weibull distribution."""
        return self.mean / math.gamma(1 + 1 / self.shape)

    def draw(self, rng: random.Random) -> int:
        """Days of a new spell, at least 1."""
        return max(1, round(rng.weibullvariate(self.scale, self.shape)))

    def running(self, rng: random.Random) -> tuple[int, int]:
        """Days gone and days to come of a spell that is met while it runs: long spells are met more often."""
        length = self.scale * rng.gammavariate(1 + 1 / self.shape, 1.0) ** (1 / self.shape)
        gone = min(rng.random() * length, LONGEST * rng.uniform(0.5, 1.0))
        return max(1, round(gone)), max(1, round(length - gone))


def lognormal(rng: random.Random, sigma: float) -> float:
    """A factor around a mean of 1: prices and hours spread like this."""
    return rng.lognormvariate(-sigma * sigma / 2, sigma)


def choose(rng: random.Random, weights: Mapping[T, float]) -> T:
    """One key, by weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def sizes(rng: random.Random, count: int, spread: float = 1.0) -> list[float]:
    """Sizes of ``count`` providers or homes: a few large, many small."""
    return [rng.lognormvariate(0.0, spread) for _ in range(count)]


def weighted(rng: random.Random, items: Sequence[T], weights: Sequence[float], count: int) -> list[T]:
    """``count`` draws with replacement."""
    return rng.choices(items, weights=weights, k=count) if count else []
