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
from careshape.evaluate.forecast.effects_of import Shift
from careshape.evaluate.forecast.paths import level_paths
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
    entries_path: Floats
    """[step, series, draw] level over its course at the estimates"""
    leaving_path: Floats
    """[step, series, draw] level over its course at the estimates"""
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
    entry_path = _levels(entries.levels, live, steps, step_months, draws, [seed, 3], rng)
    growth = entries.growth_error * rng.standard_normal(draws) * np.arange(1, steps + 1)[:, None]
    entry_path *= np.exp(growth)[:, None].astype(np.float32)
    leave_path = _levels(hazards.levels, live, steps, step_months, draws, [seed, 4], rng)
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
    return Parameters(entry_effect, leave_effect, stayers.astype(np.float32), entry_path, leave_path, local)


def _levels(
    levels: Levels, live: Live, steps: int, months: float, draws: int, seed: Sequence[int], rng: np.random.Generator
) -> Floats:
    """Level over its course [step, series, draw]."""
    usual = live.usual_series
    found = level_paths(levels, live.series[usual], steps, months, draws, rng)
    if usual.all():
        return found
    path = np.empty((steps, len(usual), draws), np.float32)
    path[:, usual] = found
    for i in np.flatnonzero(~usual):
        own = np.random.default_rng([*seed, int(live.series[i])])
        path[:, i] = level_paths(levels, live.series[[i]], steps, months, draws, own, UNSEEN_SHAPE)[:, 0]
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


def draw_means(
    rates: Rates, live: Live, expected: Expected, parameters: Parameters, windows: Sequence[Floats]
) -> list[Floats]:
    """Each draw's mean number of people: for each window (weights by census day), an array [live leaf, draw].

    A window may weigh several days, as a mean over a year does.
    """
    steps, draws = len(expected.entries), parameters.entries.shape[1]
    weights = np.asarray(windows, dtype=np.float32).reshape(len(windows), steps + 1)
    found = np.zeros((len(windows), len(live.leaves), draws), np.float32)
    shifted = [(_live_shift(shift, live, rates.shape.leaves), share) for shift, share in expected.shifted]
    for low in range(0, draws, CHUNK):
        part = slice(low, min(low + CHUNK, draws))
        _carry(live, expected, parameters, shifted, weights, part, found)
    return list(found)


def centred(means: Floats, centre: Floats) -> Floats:
    """Draws of means [live leaf, draw] scaled so that the mean of each cell's is ``centre`` [live leaf]."""
    found = np.maximum(means.mean(axis=1), NOBODY)
    return np.asarray(means * (centre / found).astype(np.float32)[:, None])


def _carry(
    live: Live,
    expected: Expected,
    drawn: Parameters,
    shifted: Sequence[tuple[_Pairs, Floats]],
    weights: Floats,
    part: slice,
    found: Floats,
) -> None:
    """Carry some draws to the last day that any window weighs, adding each day to the windows that weigh it.

    Every day is worked out in the same few arrays: new ones for each would cost more than the sums.
    """
    entries, leaving = (np.ascontiguousarray(one[:, part]) for one in (drawn.entries, drawn.leaving))
    local = None if drawn.local is None else np.ascontiguousarray(drawn.local[:, part])
    half = np.float32(0) if drawn.local is None else drawn.local.var(axis=1, keepdims=True) / 2
    stay_leaving = leaving * drawn.stayers[:, part][live.of_leaf]
    stay_h, come_h, came = (
        one[:, live.leaves].astype(np.float32)[..., None]
        for one in (expected.stayers_leave, expected.comers_leave, _by_rates(expected))
    )
    stated = None if expected.added is None else expected.added[:, live.leaves].astype(np.float32)[..., None]
    draws = entries.shape[1]
    stayers = np.repeat(expected.stayers[0, live.leaves].astype(np.float32)[:, None], draws, axis=1)
    comers = np.repeat(expected.comers[0, live.leaves].astype(np.float32)[:, None], draws, axis=1)
    path, factor, out, out_comers = (np.empty_like(stayers) for _ in range(4))
    _weigh(found, weights[:, 0], part, stayers, comers, out)
    for t in range(int(np.flatnonzero(weights.any(axis=0)).max(initial=0))):
        _by_leaf(drawn.leaving_path[t], part, live, path)
        np.multiply(stay_leaving, path, out=factor)
        _leave(stayers, stay_h[t], factor, out)
        path *= leaving
        _leave(comers, come_h[t], path, out_comers)
        stayers -= out
        comers -= out_comers
        out += out_comers
        new = path
        _by_leaf(drawn.entries_path[t], part, live, new)
        new *= entries if local is None else _drifted(entries, local, half, t, factor)
        new *= came[t]
        comers += new
        if stated is not None:
            comers += stated[t]
        if live.moves.nnz:
            comers += live.moves @ out
        for pairs, share in shifted:
            _shift(stayers, comers, pairs, share[t])
        _weigh(found, weights[:, t + 1], part, stayers, comers, out)


def _by_leaf(level: Floats, part: slice, live: Live, out: Floats) -> None:
    """Some draws of the level of each leaf's series, into ``out``."""
    np.take(level[:, part], live.of_leaf, axis=0, out=out, mode="clip")  # "clip" alone writes into ``out`` at once


def _by_rates(expected: Expected) -> Floats:
    """[step, leaf] entries that follow from rates, which draws change; the others are as a scenario states them."""
    return expected.entries if expected.added is None else np.maximum(expected.entries - expected.added, 0)


def _drifted(entries: Floats, local: Floats, half: Any, t: int, out: Floats) -> Floats:
    """Entries' factors after the drift of areas, into ``out``: spread as a random walk's is on each day, of mean 1.

    half: half the variance of ``local`` in each leaf.
    """
    np.multiply(local, np.float32(np.sqrt(t + 1)), out=out)
    out -= half * np.float32(t + 1)
    np.exp(out, out=out)
    out *= entries
    return out


def _leave(people: Floats, share: Floats, factor: Floats, out: Floats) -> None:
    """Leavers, into ``out``: the odds of ``share`` times ``factor``, which is used up."""
    factor *= share
    np.multiply(people, factor, out=out)
    factor += 1 - share + np.float32(1e-30)
    out /= factor


@dataclass(frozen=True)
class _Pairs:
    """A shift's pairs as places among the live leaves; ``kept`` are the pairs whose leaves are both live."""

    origin: Ints
    target: Ints
    kept: NDArray[np.bool_]


def _live_shift(shift: Shift, live: Live, leaves: int) -> _Pairs:
    place = np.full(leaves, -1)
    place[live.leaves] = np.arange(len(live.leaves))
    kept = (place[shift.origin] >= 0) & (place[shift.target] >= 0)
    return _Pairs(place[shift.origin][kept], place[shift.target][kept], kept)


def _shift(stayers: Floats, comers: Floats, pairs: _Pairs, share: Floats) -> None:
    """Move the same share of people as the full projection did."""
    share = share[pairs.kept].astype(np.float32)
    if not share.any():
        return
    both = stayers + comers
    forward, back = np.maximum(share, 0)[:, None], np.maximum(-share, 0)[:, None]
    gained = np.zeros_like(both)
    np.add.at(gained, pairs.target, both[pairs.origin] * forward)
    keep = np.ones((len(both), 1), np.float32)
    np.multiply.at(keep, pairs.origin, 1 - forward)
    for target in np.unique(pairs.target[back[:, 0] > 0]):
        mine = pairs.target == target
        held = both[pairs.origin[mine]] + np.float32(1e-12)
        gained[pairs.origin[mine]] += both[target] * back[mine] * (held / held.sum(axis=0))
        keep[target] *= 1 - back[mine].max()
    stayers *= keep
    comers *= keep
    comers += gained


def _weigh(found: Floats, weights: Floats, part: slice, stayers: Floats, comers: Floats, room: Floats) -> None:
    """Add a day's people to the windows that weigh it. room: an array to work in."""
    for window in np.flatnonzero(weights):
        np.add(stayers, comers, out=room)
        room *= weights[window]
        found[window][:, part] += room


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
