"""Draws of what may come: parameters drawn together, then people acting by chance.

Parameter draws. Every group in every service has one level of entries and one of leaving, each with a course of its own
from now on (`paths`); every leaf has its own effects. A draw changes all cells that share a parameter together. The
draw's course follows two kinds of people in each leaf, those there at the origin and those who came since, who leave
with the shares that the full projection found for them on each day, the odds of which a draw multiplies: so a draw at
the estimates gives the full projection's mean exactly. A chance of leaving that falls by half adds more people than one
that doubles takes away; so that the mean of the draws is the value that is printed, each cell's are scaled to it.

Process draws. Given a draw's mean m, the number of people is drawn with the variance that `project.spread` gives: a
whole number, never below 0, as skewed as a sum of independent people is.

Scenarios. Leaves and series that are in use without any lever are drawn together, in their order; one that a lever
brings to life is drawn from a stream of its own, seeded by its number. So every scenario has the draws of its baseline,
and their difference holds what the levers do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import ndtr

from careshape.evaluate.forecast.drift import Levels
from careshape.evaluate.forecast.paths import level_paths, stretches
from careshape.evaluate.forecast.project import Expected
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[Any]
Ints = NDArray[Any]

CHUNK: Final = 64
"""Draws, or cells, that are worked out together: their state stays in the processor's cache."""
LEAST_LOCAL: Final = 0.003
"""Drift of areas a month below which they are taken to keep together."""
UNSEEN_SHAPE: Final = 16.0
"""Least shape of the level of a series that only a lever brings to life: within a quarter of its service's, as groups
usually are, since no records say more."""
NOBODY: Final = 1e-9
"""A mean below this is nobody."""
SMALL: Final = 4.0
"""Means below this are drawn from Poisson's own quantiles."""
_MAX_SMALL: Final = 60
ROWS: Final = 8
"""Cells whose small counts are drawn together."""


Draw = Callable[[Ints, np.random.Generator], Floats]
"""Makes the draws [place, ...] of some leaves or series with a generator."""


@dataclass(frozen=True)
class Live:
    """The leaves in which anybody is, was or comes: nothing is drawn for the others."""

    leaves: Ints
    series: Ints
    """Series in use."""
    of_leaf: Ints
    """[live leaf] place of its series in ``series``."""
    moves: Any
    """Sparse [live leaf to, live leaf from] share of ends that move."""
    usual: NDArray[np.bool_]
    """[live leaf] whether anybody is, was or comes there without the scenario."""
    usual_series: NDArray[np.bool_]
    """[place in ``series``] whether any of its leaves is usual."""

    def rows(self, draw: Draw, seed: Sequence[int], rng: np.random.Generator, series: bool = False) -> Floats:
        """Draws by live leaf, or by series: the usual ones together from ``rng``, each other from its own stream.

        draw: makes the draws of some places among the live. seed: names the stream, beside the number of the leaf.
        """
        usual, numbers = (self.usual_series, self.series) if series else (self.usual, self.leaves)
        found = draw(np.flatnonzero(usual), rng)
        if usual.all():
            return found
        whole = np.empty((len(usual), *found.shape[1:]), found.dtype)
        whole[usual] = found
        for i in np.flatnonzero(~usual):
            whole[i] = draw(np.asarray([i]), np.random.default_rng([*seed, int(numbers[i])]))[0]
        return whole

    def normals(self, seed: Sequence[int], rng: np.random.Generator, draws: int, series: bool = False) -> Floats:
        """Standard normals [live leaf, draw], or [series, draw]."""
        return self.rows(
            lambda which, own: own.standard_normal((len(which), draws), dtype=np.float32), seed, rng, series
        )


@dataclass(frozen=True)
class Parameters:
    """Parameter draws: factors on the estimates, of live leaves and series."""

    entries: Floats
    """[leaf, draw]"""
    leaving: Floats
    """[leaf, draw] on the odds."""
    stayers: Floats
    """[series, draw] on the odds of the people there at the origin, beside ``leaving``."""
    stretches: Ints
    """Lengths, in steps, of the stretches in which levels stand still."""
    entries_path: Floats
    """[stretch, series, draw] level over its course at the estimates"""
    leaving_path: Floats
    """[stretch, series, draw] level over its course at the estimates"""
    local: Floats | None = None
    """[leaf, draw] logarithm by which an area's entries have drifted after one month; None where areas do not."""


def live_of(rates: Rates, expected: Expected, usual: Expected | None = None) -> Live:
    """Find the leaves that matter, and the moves between them.

    usual: the course without the scenario of ``expected``, whose leaves are drawn as they are without it; None where
    there is no scenario.
    """
    shape = rates.shape
    used = _used(expected)
    known = used if usual is None else _used(usual)
    leaves = np.flatnonzero(used | known)
    series, of_leaf = np.unique(shape.series_of(leaves), return_inverse=True)
    to, origin, share = [], [], []
    group, service = leaves // (shape.areas * shape.services), leaves % shape.services
    for one, other in np.argwhere(rates.hazards.destination.any(axis=0)):
        here = np.flatnonzero(service == one)
        there = np.searchsorted(leaves, leaves[here] - one + other)
        found = np.isin(leaves[here] - one + other, leaves)
        to.append(there[found])
        origin.append(here[found])
        share.append(rates.hazards.destination[group[here[found]], one, other])
    places = (np.concatenate([*to, []]).astype(int), np.concatenate([*origin, []]).astype(int))
    values = np.concatenate([*share, []]).astype(np.float32)
    moves = csr_matrix((values, places), shape=(len(leaves), len(leaves)))
    is_usual = known[leaves]
    return Live(leaves, series, of_leaf, moves, is_usual, np.bincount(of_leaf, is_usual, len(series)) > 0)


def _used(expected: Expected) -> NDArray[np.bool_]:
    """[leaf] whether anybody is, was or comes there."""
    return np.asarray((expected.mean.max(axis=0) > NOBODY) | (expected.entries.max(axis=0) > NOBODY))


def draw_parameters(rates: Rates, live: Live, steps: int, draws: int, seed: int) -> Parameters:
    """Draw levels, drifts and effects."""
    entries, hazards = rates.entries, rates.hazards
    rng = np.random.default_rng(seed)
    step_months = 1 / rates.census.steps(1)
    lengths = stretches(steps, step_months)
    stay = 1 - _by_series(hazards.events, rates) / np.maximum(_by_series(hazards.exposure, rates), 1)
    entry_path = _levels(entries.levels, live, lengths, step_months, draws, [seed, 3], rng, stay)
    middle = np.cumsum(lengths) - (lengths - 1) / 2
    growth = entries.growth_error * rng.standard_normal(draws) * middle[:, None]
    entry_path *= np.exp(growth)[:, None].astype(np.float32)
    leave_path = _levels(hazards.levels, live, lengths, step_months, draws, [seed, 4], rng, stay)
    entry_effect = _effects(entries.effect_shape, entries.expected * entries.effect, live, draws, [seed, 5], rng)
    leave_weight = np.maximum(hazards.effect_shape, 1e-9)
    leave_effect = _effects(hazards.effect_shape, leave_weight, live, draws, [seed, 6], rng)
    extra = np.sqrt(_stayers_error(rates))[live.series][:, None]
    stayers = live.rows(lambda which, own: own.standard_normal((len(which), draws)), [seed, 7], rng, series=True)
    stayers = np.exp(extra * stayers - extra**2 / 2)
    local = None
    if entries.drift is not None and entries.drift[live.leaves[live.usual]].max(initial=0) > LEAST_LOCAL:
        local = live.normals([seed, 8], rng, draws)
        local *= (entries.drift[live.leaves] * np.sqrt(step_months)).astype(np.float32)[:, None]
    return Parameters(entry_effect, leave_effect, stayers.astype(np.float32), lengths, entry_path, leave_path, local)


def _by_series(counts: Floats, rates: Rates) -> Floats:
    """[series] counts by group and service of those by age and duration too."""
    return np.asarray(counts.reshape(rates.shape.series, -1).sum(axis=1))


def _levels(
    levels: Levels,
    live: Live,
    lengths: Ints,
    months: float,
    draws: int,
    seed: Sequence[int],
    rng: np.random.Generator,
    stay: Floats,
) -> Floats:
    """Level over its course [stretch, series, draw]. stay: share of people who stay a step [series]."""

    def paths(which: Ints, own: np.random.Generator, least: float = 0.0) -> Floats:
        return level_paths(levels, which, lengths, months, draws, own, stay[which], least)

    usual = live.usual_series
    found = paths(live.series[usual], rng)
    if usual.all():
        return found
    path = np.empty((len(lengths), len(usual), draws), np.float32)
    path[:, usual] = found
    for i in np.flatnonzero(~usual):
        path[:, i] = paths(live.series[[i]], np.random.default_rng([*seed, int(live.series[i])]), UNSEEN_SHAPE)[:, 0]
    return path


def _effects(
    shape_of: Floats, weight: Floats, live: Live, draws: int, seed: Sequence[int], rng: np.random.Generator
) -> Floats:
    """[leaf, draw] effects over their estimates, scaled so that the total of each series is its level's alone."""
    known = np.maximum(shape_of[live.leaves], 1e-3).astype(np.float32)[:, None]
    found = live.rows(
        lambda which, own: own.standard_gamma(known[which], (len(which), draws), dtype=np.float32), seed, rng
    )
    found = found / known
    # Only those that are in use without a scenario count in the total, so that no lever moves the others.
    share = (weight[live.leaves].astype(np.float32) + np.float32(1e-6)) * live.usual
    share /= np.maximum(np.bincount(live.of_leaf, share)[live.of_leaf], 1e-30).astype(np.float32)
    members = np.zeros((len(live.series), len(share)), np.float32)
    members[live.of_leaf, np.arange(len(share))] = share
    whole = members @ found
    whole[~live.usual_series] = 1
    found /= np.maximum(whole[live.of_leaf], np.float32(1e-6))
    return np.asarray(found)


def _stayers_error(rates: Rates) -> Floats:
    """Relative variance, by series, of the chance of leaving of the origin's people beyond that of the level.

    They sit in long durations, whose rates rest on fewer ends than the series as a whole.
    """
    shape, hazards, initial = rates.shape, rates.hazards, rates.initial
    age = np.zeros(len(initial.leaf), np.int64)
    for turn in initial.turns:
        age += turn <= 0
    age = np.where(initial.known_age, age, shape.ages - 1)
    duration = np.searchsorted(rates.bands, -initial.first, side="right") - 1
    people = np.zeros((shape.series, shape.ages, shape.durations))
    np.add.at(people, (shape.series_of(initial.leaf), age, duration), initial.people)
    leavers = people * hazards.base.reshape(people.shape)
    events = hazards.events.reshape(people.shape)
    cell = leavers**2 / (events + rates.settings.shrink_events)
    total = np.maximum(leavers.sum(axis=(1, 2)), 1e-12)
    own = cell.sum(axis=(1, 2)) / total**2
    level = 1 / (events.sum(axis=(1, 2)) + 1)
    return np.where(people.sum(axis=(1, 2)) > 0, np.clip(own - level, 0, 0.5), 0.0)


def people_drawn(
    means: Floats, centre: Floats, covariance: Floats, noise: Floats, whole: bool, leaves: Ints | None = None
) -> Floats:
    """Draw numbers of people [live leaf, draw] about each draw's mean.

    means: [live leaf, draw]. centre: [live leaf] mean at the estimates. covariance: [block, service, service] of the
    people at the estimates. noise: [live leaf, draw] standard normal. whole: draw whole numbers (a count on a day),
    else amounts (a mean over days). leaves: numbers of the live leaves; None for all.
    """
    services = covariance.shape[-1]
    leaves = np.arange(len(covariance) * services) if leaves is None else leaves
    block, service = leaves // services, leaves % services
    variance = np.maximum(covariance[block, service, service], 0)
    ratio = np.where(centre > NOBODY, variance / np.maximum(centre, NOBODY), 1.0)
    z = noise
    tied = _tied(covariance)
    if len(tied):
        z = noise.copy()
    for one in tied:
        mine = slice(*np.searchsorted(block, [one, one + 1]))
        chosen = service[mine]
        deviation = np.sqrt(variance[mine]) + 1e-12
        correlation = covariance[one][np.ix_(chosen, chosen)] / np.outer(deviation, deviation)
        np.fill_diagonal(correlation, 1)
        z[mine] = _root(correlation).astype(np.float32) @ noise[mine]
    return _from_normal(means, np.minimum(ratio, 50.0).astype(np.float32)[:, None], z, centre, whole)


def _tied(covariance: Floats) -> Ints:
    """Blocks whose services vary together."""
    diagonal = np.arange(covariance.shape[-1])
    deviation = np.sqrt(np.maximum(covariance[:, diagonal, diagonal], 0))
    off = np.abs(covariance)
    off[:, diagonal, diagonal] = 0
    return np.flatnonzero((off > 1e-3 * (deviation[:, :, None] * deviation[:, None, :] + 1e-9)).any(axis=(1, 2)))


def _root(correlation: Floats) -> Floats:
    """Symmetric square root; rounding may leave eigenvalues a little below 0."""
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def _from_normal(means: Floats, ratio: Floats, z: Floats, centre: Floats, whole: bool) -> Floats:
    """Quantiles of a skewed count at the normal deviates ``z``, some cells at a time; ratio: variance over mean."""
    found = np.empty_like(means)
    for low in range(0, len(means), CHUNK):
        rows = slice(low, low + CHUNK)
        found[rows] = _quantiles_of(means[rows], ratio[rows], z[rows], whole)
    if whole:
        small = np.flatnonzero((centre < SMALL) & (ratio[:, 0] > 0.7))
        if len(small):
            found[small] = _poisson(means[small], z[small])
    found[centre <= NOBODY] = 0
    return found


def _quantiles_of(means: Floats, ratio: Floats, z: Floats, whole: bool) -> Floats:
    """Cornish and Fisher's first correction. A sum of independent people has third moment (2 ratio - 1) times its
    variance, or more; Poisson's is its variance.
    """
    deviation = np.sqrt(np.maximum(means, 0) * ratio)
    skew = np.clip(2 * ratio - 1, -1, 1)
    # Below three deviations the correction would turn back up.
    bounded = np.maximum(z, np.float32(-3))
    found = np.maximum(means + deviation * z + skew * (bounded * bounded - 1) / 6, 0)
    return np.asarray(np.floor(found + np.float32(0.5)) if whole else found)


def _poisson(means: Floats, z: Floats) -> Floats:
    """Quantiles of Poisson counts at the probabilities of normal deviates."""
    found = np.zeros_like(means)
    # The smallest means first, a few cells at a time: few of them come far, and what is at work stays in the cache.
    order = np.argsort(means.max(axis=1))
    for low in range(0, len(order), ROWS):
        mine = order[low : low + ROWS]
        found[mine] = _counts(means[mine], ndtr(z[mine]))
    return found


def _counts(means: Floats, u: Floats) -> Floats:
    """The least counts whose Poisson probability of no more is at least ``u``."""
    term = np.exp(-means)
    below = term.copy()
    found = np.zeros_like(means)
    more = np.empty(means.shape, np.bool_)
    for k in range(1, _MAX_SMALL):
        np.greater(u, below, out=more)
        if not more.any():
            break
        found += more
        term *= means / np.float32(k)
        below += term
    return found
