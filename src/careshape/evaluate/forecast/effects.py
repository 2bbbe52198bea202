"""Estimators that borrow strength: effects of areas and groups, and the drift of a rate over time.

All are of one kind: counts that are Poisson about an expectation times an unknown factor, whose prior is a gamma
distribution. The size of the spread between cells, and of the drift from month to month, is estimated from all series
together (empirical Bayes: the grid's weights are those under which the counts seen are most likely).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[Any]
Ints = NDArray[Any]

SPREADS: Final = np.asarray([1e6, 256.0, 128, 64, 32, 16, 8, 4, 2, 1, 0.5])
"""Shapes of the prior of an effect: its relative variance is 1 over the shape."""
DRIFTS: Final = np.asarray([0.0, 0.006, 0.012, 0.025, 0.05, 0.1])
"""Standard deviations of the monthly steps of a log rate; the floor is added to each."""
CLUMPS: Final = np.asarray([0.0, 0.01, 0.03, 0.1, 0.3])
"""Relative variances of a month's count beyond Poisson, that are gone the next month."""
_ROUNDS: Final = 30
_PRIOR_SERIES: Final = 1.0


def negative_binomial(count: Floats, mean: Floats, shape: Floats) -> Floats:
    """Log probability of counts with a mean and a gamma shape; a mean of 0 says nothing."""
    mean = np.maximum(mean, 1e-12)
    found = (
        gammaln(count + shape)
        - gammaln(shape)
        - gammaln(count + 1)
        + shape * np.log(shape / (shape + mean))
        + count * np.log(mean / (shape + mean))
    )
    return np.asarray(found)


def shared_weights(likelihood: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Weights of the grid for all series together, and for each series.

    likelihood: log likelihood [series, grid]. prior: weights [grid] that count as one series, so that few series do
    not decide by chance.
    """
    if not len(likelihood):
        return prior, np.empty((0, len(prior)))
    scaled = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    weights = prior.copy()
    own = scaled * weights
    for _ in range(_ROUNDS):
        own = scaled * weights
        own /= own.sum(axis=1, keepdims=True)
        weights = (own.sum(axis=0) + _PRIOR_SERIES * prior) / (len(own) + _PRIOR_SERIES)
    return weights, own


def spread_of(counts: Floats, expected: Floats, family: Ints, families: int) -> Floats:
    """Shape of the prior of each family's effects, estimated from the counts of its members; families share a grid."""
    seen = expected > 1e-9
    rows = np.asarray(counts)[seen][:, None], np.asarray(expected)[seen][:, None]
    each = negative_binomial(rows[0], rows[1], SPREADS[None, :])
    total = np.zeros((families, len(SPREADS)))
    np.add.at(total, family[seen], each)
    prior = np.full(len(SPREADS), 1 / len(SPREADS))
    _, own = shared_weights(total, prior)
    return np.asarray(1 / (own @ (1 / SPREADS)))


def odds(hazard: Floats, factor: Any) -> Floats:
    """A probability whose odds are multiplied by ``factor``: it never passes 1."""
    lifted = hazard * factor
    return np.asarray(lifted / (1 - hazard + lifted + 1e-300))


def odds_effect(events: Floats, exposure: Floats, hazard: Floats, weight: Any, family: Ints, n: int) -> Floats:
    """The factor on the odds of ``hazard`` under which each family expects its events, drawn to 1 by ``weight``.

    events: [n]. exposure, hazard, family: one for each cell. weight: shape of the prior, in events.
    """
    log_factor = np.zeros(n)
    for _ in range(25):
        factor = np.exp(log_factor)
        p = odds(hazard, factor[family])
        expected = np.bincount(family, exposure * p, n)
        slope = np.bincount(family, exposure * p * (1 - p), n) + weight * factor
        step = (events + weight - expected - weight * factor) / np.maximum(slope, 1e-12)
        log_factor += np.clip(step, -1, 1)
    return np.exp(log_factor)


@dataclass(frozen=True)
class Levels:
    """Where each series stands at the origin, and how far it drifts."""

    weight: Floats
    """Weight of each point of the grid of drifts and clumps [series, grid]."""
    shape: Floats
    """Shape of the gamma distribution of the level [series, grid]."""
    mean: Floats
    """Its mean [series, grid]."""
    drift: Floats
    """Standard deviation of a month's step of the log level [grid]."""
    clump: Floats
    """Relative variance of a month's count beyond Poisson [grid]."""

    @property
    def level(self) -> Floats:
        """Mean of each level over the grid."""
        return np.asarray((self.weight * self.mean).sum(axis=1))

    @property
    def relative_variance(self) -> Floats:
        """Variance of each level over its squared mean."""
        second = (self.weight * self.mean**2 * (1 + 1 / self.shape)).sum(axis=1)
        return np.asarray(second / self.level**2 - 1)

    @property
    def drift_size(self) -> Floats:
        """Standard deviation of a month's step of each series: root mean square over the grid."""
        return np.asarray(np.sqrt(self.weight @ self.drift**2))


def follow(
    counts: Floats,
    expected: Floats,
    calm: NDArray[np.bool_],
    floor: float,
    thin: Floats | None = None,
    start: Floats | None = None,
) -> Levels:
    """Follow the level of each series through its months: counts over expected, with a drift of unknown size.

    counts, expected: [series, months]. calm: months that count; a month that does not leaves the level where it was
    and only adds drift. floor: least standard deviation of a month's drift. thin: relative variance of a count beside
    Poisson's, by series (below 1 where most of those at risk have the event); None for 1. start: shape of each level's
    prior, about 1, for series that are parts of a followed whole, whose clumps are the whole's; None for wide priors.

    The level is a gamma variable: each calm month adds its count and its expectation, each month's drift q widens the
    relative variance 1/shape by q^2. The grid's weights come from how well each month was foreseen from those before.
    """
    ground = CLUMPS if start is None else CLUMPS[:1]
    sizes, clumps = (axis.ravel() for axis in np.meshgrid(np.hypot(DRIFTS, floor), ground, indexing="ij"))
    series = len(counts)
    information = np.ones(series) if thin is None else 1 / np.clip(thin, 0.05, 1)
    shape = np.ones((series, len(sizes))) * (1.0 if start is None else start[:, None])
    mean = np.ones((series, len(sizes)))
    likelihood = np.zeros((series, len(sizes)))
    for t in range(counts.shape[1]):
        shape = shape / (1 + shape * sizes**2)
        if not calm[t]:
            continue
        y, mu = (values[:, t, None] * information[:, None] for values in (counts, expected))
        foreseen = mu * mean
        likelihood += np.where(mu > 1e-9, negative_binomial(y, foreseen, 1 / (1 / shape + clumps + 1e-12)), 0.0)
        # A clumped count says less: as much as a Poisson count of the same relative variance.
        share = 1 / (1 + foreseen * clumps)
        rate = shape / mean + mu * share
        shape = shape + y * share
        mean = shape / rate
    # Wholes drift by any size alike: to lean on small ones made them look calmer than they were. Parts keep together.
    lean = [1.0, 1, 1, 1, 1, 0.5] if start is None else [4.0, 2, 1, 1, 0.5, 0.25]
    prior = np.outer(lean, [4.0, 1, 1, 0.5, 0.25][: len(ground)]).ravel()
    _, own = shared_weights(likelihood, prior / prior.sum())
    return Levels(own, shape, mean, sizes, clumps)
