"""How rates move over time: a level that drifts for good, swings that come back, and months that are clumped.

The logarithm of a series' level is the sum of a part that lasts, a random walk, and a swing, which goes back to nothing
by half in some months. How large each is cannot be asked of one series; a grid of sizes is weighed for all series
together and then for each (empirical Bayes), by how well every month was foreseen from those before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.effects import negative_binomial, shared_weights

Floats = NDArray[Any]

DRIFTS: Final = ((0.0, 1.0), (0.006, 1.0), (0.012, 1.0), (0.025, 1.0), (0.05, 0.3), (0.1, 0.03), (0.3, 0.01))
"""Standard deviations of the monthly steps of a level that only drifts, with their weights before any count is seen; a
floor is added to each. Steps of 0.05 add up to a sixth in a year and of 0.1 to a third: councils' care weeks have not
gone so far for good in the official returns (docs/explanation/forecast.md), so such steps weigh little. The last is for
services that a decision makes twice as large within a month or two, as discharge schemes were made in 2020."""
PART_DRIFTS: Final = ((0.0, 4.0), (0.006, 2.0), (0.012, 1.0), (0.025, 1.0), (0.05, 0.5), (0.1, 0.25))
"""The same for the parts of a whole, which keep together."""
SWINGS: Final = ((0.1, 3.0), (0.2, 3.0), (0.4, 3.0), (0.15, 9.0), (0.3, 9.0))
"""Swings: standard deviation of their logarithm, and the months in which half of one has gone back."""
LASTING: Final = (0.01, 0.025)
"""Monthly steps of the level about which a rate swings."""
SWING_WEIGHT: Final = 0.3
"""Weight of each pair of a swing and a lasting step before any count is seen."""
CLUMPS: Final = ((0.0, 4.0), (0.01, 1.0), (0.03, 1.0), (0.1, 0.5), (0.3, 0.25))
"""Relative variances of a month's count beyond Poisson that are gone the next month, with their weights."""


@dataclass(frozen=True)
class Grid:
    """Ways in which a level may move, one a place."""

    drift: Floats
    """Standard deviation of a month's step of the part that lasts."""
    swing: Floats
    """Standard deviation of a month's step of the swing; 0 where there is none."""
    keep: Floats
    """Share of a swing's logarithm that is left after a month; 1 where there is none."""
    clump: Floats
    """Relative variance of a month's count beyond Poisson."""
    prior: Floats
    """Weights before any count is seen; their sum is 1."""

    @property
    def spread(self) -> Floats:
        """Variance of the logarithm of a swing at any time."""
        return np.asarray(np.where(self.keep < 1, self.swing**2 / np.maximum(1 - self.keep**2, 1e-12), 0.0))


@dataclass(frozen=True)
class Levels:
    """Where each series stands at the origin, and how it moves."""

    grid: Grid
    weight: Floats
    """Weight of each place of the grid [series, grid]."""
    shape: Floats
    """Shape of the gamma distribution of the level [series, grid]."""
    mean: Floats
    """Its mean [series, grid]."""
    swung: Floats
    """Logarithm of the swing in that mean [series, grid]."""
    swung_tied: Floats
    """Share of the level's departure from its mean, in logarithms, that is the swing's [series, grid]."""
    swung_error: Floats
    """Standard deviation of the swing's logarithm beside that [series, grid]."""

    @property
    def level(self) -> Floats:
        """Mean of each level at the origin over the grid."""
        return np.asarray((self.weight * self.mean).sum(axis=1))

    def course(self, months: Floats, which: NDArray[np.int_] | slice = slice(None)) -> Floats:
        """[time, series] mean level so many months after the origin: swings go back, what lasts stays where it is.

        which: numbers of the series; all by default.
        """
        swings = self.grid.keep < 1
        weighed, swung = (self.weight * self.mean)[which], self.swung[which][:, swings]
        gone = 1 - self.grid.keep[swings] ** np.asarray(months, float)[:, None]
        back = np.exp(-gone[:, None] * swung)
        return np.asarray(np.einsum("tsg,sg->ts", back, weighed[:, swings]) + weighed[:, ~swings].sum(axis=1))

    @property
    def relative_variance(self) -> Floats:
        """Variance of each level over its squared mean."""
        second = (self.weight * self.mean**2 * (1 + 1 / self.shape)).sum(axis=1)
        return np.asarray(second / self.level**2 - 1)

    @property
    def drift_size(self) -> Floats:
        """Standard deviation of a month's lasting step of each series: root mean square over the grid."""
        return np.asarray(np.sqrt(self.weight @ self.grid.drift**2))

    @property
    def swing_size(self) -> Floats:
        """Standard deviation of the logarithm of each series' swing: root mean square over the grid."""
        return np.asarray(np.sqrt(self.weight @ self.grid.spread))

    @property
    def clump_size(self) -> Floats:
        """Relative variance of a month's count beyond Poisson: mean over the grid."""
        return np.asarray(self.weight @ self.grid.clump)


def grid_of(floor: float, parts: bool = False) -> Grid:
    """Ways to move of whole series, or of the parts of one, whose swings and clumps are the whole's.

    floor: least standard deviation of a month's lasting step of a level that only drifts.
    """
    ways = [(float(np.hypot(size, floor)), 0.0, 1.0, weight) for size, weight in (PART_DRIFTS if parts else DRIFTS)]
    if not parts:
        for spread, half in SWINGS:
            keep = 0.5 ** (1 / half)
            ways += [(lasting, spread * np.sqrt(1 - keep**2), keep, SWING_WEIGHT) for lasting in LASTING]
    rows = [
        (drift, swing, keep, clump, weight * more)
        for drift, swing, keep, weight in ways
        for clump, more in (CLUMPS[:1] if parts else CLUMPS)
    ]
    drift, swing, keep, clump, prior = np.asarray(rows).T
    return Grid(drift, swing, keep, clump, prior / prior.sum())


class _State:
    """What is known of the logarithm of each level: what lasts and the swing, with their covariance [series, grid]."""

    def __init__(self, grid: Grid, known: Floats) -> None:
        shape = (len(known), len(grid.drift))
        self.grid = grid
        self.lasts, self.swung = np.zeros(shape), np.zeros(shape)
        self.lasts_var = np.repeat(known[:, None], shape[1], axis=1)
        self.both_var, self.swung_var = np.zeros(shape), np.repeat(grid.spread[None], len(known), axis=0)

    @property
    def variance(self) -> Floats:
        """Of the sum of both."""
        return self.lasts_var + 2 * self.both_var + self.swung_var

    @property
    def mean(self) -> Floats:
        """The level."""
        return np.exp(self.lasts + self.swung)

    def month(self) -> None:
        """Let a month pass."""
        keep = self.grid.keep
        self.lasts_var = self.lasts_var + self.grid.drift**2
        self.swung_var = keep**2 * self.swung_var + self.grid.swing**2
        self.both_var = keep * self.both_var
        self.swung = keep * self.swung

    def tell(self, more: Floats, least: Floats) -> None:
        """Take in a count: the level's gamma variable of shape 1 / variance gains ``more`` events, ``least`` expected.

        Both parts move by their regression on the sum (linear Bayes).
        """
        before = self.variance
        after = 1 / (1 / before + more)
        moved = np.log((1 / before + more) / (1 / before + least))
        lasts, swung = (self.lasts_var + self.both_var) / before, (self.both_var + self.swung_var) / before
        told = before - after
        self.lasts, self.swung = self.lasts + lasts * moved, self.swung + swung * moved
        self.lasts_var = self.lasts_var - lasts**2 * told
        self.swung_var = self.swung_var - swung**2 * told
        self.both_var = self.both_var - lasts * swung * told


def follow(
    counts: Floats,
    expected: Floats,
    calm: NDArray[np.bool_],
    floor: float,
    thin: Floats | None = None,
    start: Floats | None = None,
) -> Levels:
    """Follow the level of each series through its months: counts over expected, moving in a way that is not known.

    counts, expected: [series, months]. calm: months that count; a month that does not leaves the level where it was,
    less what a swing goes back, and only widens it. floor: least standard deviation of a month's drift. thin: relative
    variance of a count beside Poisson's, by series (below 1 where most of those at risk have the event); None for 1.
    start: shape of each level's prior, about 1, for series that are parts of a followed whole; None for wide priors.

    The level is a gamma variable: each calm month adds its count and its expectation, each month's steps widen its
    relative variance, which is 1 / shape.
    """
    grid = grid_of(floor, parts=start is not None)
    series = len(counts)
    information = np.ones(series) if thin is None else 1 / np.clip(thin, 0.05, 1)
    state = _State(grid, np.ones(series) if start is None else 1 / start)
    likelihood = np.zeros((series, len(grid.drift)))
    for t in range(counts.shape[1]):
        state.month()
        if not calm[t]:
            continue
        y, mu = (values[:, t, None] * information[:, None] for values in (counts, expected))
        foreseen = mu * state.mean
        shape = 1 / (state.variance + grid.clump + 1e-12)
        likelihood += np.where(mu > 1e-9, negative_binomial(y, foreseen, shape), 0.0)
        # A clumped count says less: as much as a Poisson count of the same relative variance.
        share = 1 / (1 + foreseen * grid.clump)
        state.tell(y * share, foreseen * share)
    _, weight = shared_weights(likelihood, grid.prior)
    variance = state.variance
    tied = (state.both_var + state.swung_var) / variance
    error = np.sqrt(np.maximum(state.swung_var - tied**2 * variance, 0))
    return Levels(grid, weight, 1 / variance, state.mean, state.swung, tied, error)
