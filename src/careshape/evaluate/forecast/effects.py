"""Estimators that borrow strength: effects of areas and groups.

All are of one kind: counts that are Poisson about an expectation times an unknown factor, whose prior is a gamma
distribution. The size of the spread between cells is estimated from all of them together (empirical Bayes: the grid's
weights are those under which the counts seen are most likely).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[Any]
Ints = NDArray[Any]

SPREADS: Final = np.asarray([1e6, 256.0, 128, 64, 32, 16, 8, 4, 2, 1, 0.5])
"""Shapes of the prior of an effect: its relative variance is 1 over the shape."""
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
