"""Draws of what may come: parameters drawn together, then people acting by chance.

Parameter draws. Every group in every service has one level of entries and one of leaving, whose drift from now on is a
random walk that slowly returns (`DRIFT_HALF_LIFE`); every leaf has its own effects. A draw changes all cells that share
a parameter together. The draw's course follows two kinds of people in each leaf, those there at the origin and those
who came since, who leave with the shares that the full projection found for them on each day, the odds of which a draw
multiplies: so a draw at the estimates gives the full projection's mean exactly.

Process draws. Given a draw's mean m, the number of people is drawn with the variance that `project.spread` gives: a
whole number, never below 0, as skewed as a sum of independent people is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from careshape.evaluate.forecast.counting import Shape
from careshape.evaluate.forecast.effects import Levels
from careshape.evaluate.forecast.project import Expected
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[Any]
Ints = NDArray[Any]

DRIFT_HALF_LIFE: Final = 120.0
"""Months after which half of a drift has gone back: no rate walks away for ever, and a forecast of ten years whose
variance grew without bound would say nothing."""
FINE_MONTHS: Final = 24
"""Months in which the drift moves with every step."""
BLOCK_MONTHS: Final = 3
"""Months after which it moves later on, by as much as in all of them: nothing that far ahead shows the difference."""
CHUNK: Final = 128
"""Draws carried together: their state stays in the processor's cache."""
LEAST_CLUMP: Final = 0.003
"""Relative variance of a month's entries beyond Poisson below which months are not drawn apart: they average out."""
FEW_PAIRS: Final = 8
"""Up to so many kinds of moves are cheaper one by one than as a product."""
SMALL: Final = 4.0
"""Means below this are drawn from Poisson's own quantiles."""
_MAX_SMALL: Final = 60


@dataclass(frozen=True)
class Parameters:
    """Parameter draws: factors on the estimates."""

    entries: Floats
    """[leaf, draw]"""
    leaving: Floats
    """[leaf, draw] on the odds."""
    stayers: Floats
    """[series, draw] on the odds of the people there at the origin, beside ``leaving``."""
    entries_path: Floats
    """[step, series, draw]"""
    leaving_path: Floats
    """[step, series, draw]"""


def draw_parameters(rates: Rates, steps: int, draws: int, rng: np.random.Generator) -> Parameters:
    """Draw levels, drifts and effects."""
    shape, entries, hazards = rates.shape, rates.entries, rates.hazards
    step_months = 1 / rates.census.steps(1)
    entry_level, entry_path = _levels(entries.levels, steps, step_months, draws, rng)
    growth = entries.growth_error * rng.standard_normal(draws) * np.arange(1, steps + 1)[:, None]
    entry_path *= np.exp(growth)[:, None].astype(np.float32)
    leave_level, leave_path = _levels(hazards.levels, steps, step_months, draws, rng)
    entry_effect = _effects(entries.effect_shape, entries.expected * entries.effect, shape, draws, rng)
    leave_effect = _effects(hazards.effect_shape, np.maximum(hazards.effect_shape, 1e-9), shape, draws, rng)
    series = shape.series_of(np.arange(shape.leaves))
    extra = np.sqrt(_stayers_error(rates))[:, None]
    stayers = np.exp(extra * rng.standard_normal((shape.series, draws)) - extra**2 / 2)
    return Parameters(
        (entry_effect * entry_level[series]).astype(np.float32),
        (leave_effect * leave_level[series]).astype(np.float32),
        stayers.astype(np.float32),
        entry_path,
        leave_path,
    )


def _levels(levels: Levels, steps: int, months: float, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Level [series, draw] over its estimate, and its path from now on [step, series, draw], mean 1 both."""
    series, grid = levels.weight.shape
    pick = np.stack([rng.choice(grid, draws, p=row / row.sum()) for row in levels.weight])
    rows = np.arange(series)[:, None]
    shape = levels.shape[rows, pick]
    level = rng.standard_gamma(shape) / shape * levels.mean[rows, pick] / levels.level[:, None]
    return level, _paths(levels, pick, steps, months, rng)


def _paths(levels: Levels, pick: Ints, steps: int, months: float, rng: np.random.Generator) -> Floats:
    """Paths from now on [step, series, draw] of mean 1, for the points of the grid that each draw has."""
    size = (levels.drift[pick] * np.sqrt(months)).astype(np.float32)
    keep = np.float32(0.5 ** (months / DRIFT_HALF_LIFE))
    clump = np.sqrt(np.log1p(levels.clump[pick] / months)).astype(np.float32)
    clumped = np.flatnonzero(levels.weight @ levels.clump > LEAST_CLUMP)
    bump = clump[clumped]
    path = np.empty((steps, *pick.shape), np.float32)
    walk, half = np.zeros_like(size), size * size / 2
    reached = np.float32(0)
    fine, block = round(FINE_MONTHS / months), max(round(BLOCK_MONTHS / months), 1)
    for t in range(steps):
        step = path[t]
        span = 1 if t < fine else block
        if (t - fine) % span:
            step[:] = path[t - 1]
            continue
        # So many steps of the walk at once, and how much of its variance there is by then.
        kept = keep ** np.arange(span)
        grown = np.float32((kept * kept).sum())
        rng.standard_normal(dtype=np.float32, out=step)
        step *= size * np.sqrt(grown)
        walk *= keep**span
        walk += step
        reached = keep ** (2 * span) * reached + grown
        np.multiply(half, -reached, out=step)
        step += walk
        np.exp(step, out=step)
    if len(clumped):
        for t in range(steps):
            path[t, clumped] *= np.exp(bump * rng.standard_normal(bump.shape, dtype=np.float32) - bump * bump / 2)
    return path


def _effects(shape_of: Floats, weight: Floats, shape: Shape, draws: int, rng: np.random.Generator) -> Floats:
    """[leaf, draw] effects over their estimates, scaled so that the total of each series is its level's alone."""
    known = np.maximum(shape_of, 1e-3).astype(np.float32)[:, None]
    found = rng.standard_gamma(known, (len(shape_of), draws), dtype=np.float32) / known
    found = found.reshape(shape.groups, shape.areas, -1, draws)
    share = weight.astype(np.float32).reshape(shape.groups, shape.areas, -1, 1)
    total = (share * found).sum(axis=1, keepdims=True) / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
    found /= np.maximum(total, np.float32(1e-6))
    return np.asarray(found.reshape(shape.leaves, draws))


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


def draw_means(rates: Rates, expected: Expected, parameters: Parameters, windows: Sequence[Floats]) -> list[Floats]:
    """Each draw's mean number of people: for each window (weights by census day), an array [leaf, draw].

    A window may weigh several days, as a mean over a year does.
    """
    shape, steps = rates.shape, len(expected.entries)
    weights = np.asarray(windows, dtype=np.float32).reshape(len(windows), steps + 1)
    last = int(np.flatnonzero(weights.any(axis=0)).max(initial=0))
    draws = parameters.entries.shape[1]
    found = np.zeros((len(windows), shape.leaves, draws), np.float32)
    for low in range(0, draws, CHUNK):
        part = slice(low, min(low + CHUNK, draws))
        _carry(rates, expected, parameters, weights, last, part, found)
    return list(found)


def _carry(
    rates: Rates, expected: Expected, drawn: Parameters, weights: Floats, last: int, part: slice, found: Floats
) -> None:
    """Carry some draws to the last day that any window weighs, adding each day to the windows that weigh it."""
    shape = rates.shape
    cube = (shape.groups, shape.areas, shape.services, -1)
    entries = drawn.entries[:, part].reshape(cube)
    leaving = drawn.leaving[:, part].reshape(cube)
    draws = entries.shape[3]
    by_series = (shape.groups, 1, shape.services, draws)
    stay_leaving = leaving * drawn.stayers[:, part].reshape(by_series)
    moves = rates.hazards.destination.astype(np.float32)
    # [group, 1, service to, service from], so that one product an area moves everybody.
    to_from = np.ascontiguousarray(moves.transpose(0, 2, 1))[:, None]
    pairs = [(int(a), int(b)) for a, b in np.argwhere(moves.any(axis=0))]
    stayers = np.repeat(expected.stayers[0].astype(np.float32)[:, None], draws, axis=1).reshape(cube)
    comers = np.repeat(expected.comers[0].astype(np.float32)[:, None], draws, axis=1).reshape(cube)
    column = (shape.groups, shape.areas, shape.services, 1)
    stay_h = expected.stayers_leave.astype(np.float32)
    come_h = expected.comers_leave.astype(np.float32)
    came = expected.entries.astype(np.float32)
    flat = (shape.leaves, draws)
    _weigh(found, weights[:, 0], part, stayers, comers, flat)
    for t in range(last):
        path = drawn.leaving_path[t][:, part].reshape(by_series)
        out = _leave(stayers, stay_h[t].reshape(column), stay_leaving * path)
        out_comers = _leave(comers, come_h[t].reshape(column), leaving * path)
        stayers -= out
        comers -= out_comers
        out += out_comers
        comers += entries * drawn.entries_path[t][:, part].reshape(by_series) * came[t].reshape(column)
        if len(pairs) > FEW_PAIRS:
            comers += np.matmul(to_from, out)
        else:
            for origin, to in pairs:
                comers[:, :, to] += moves[:, origin, to, None, None] * out[:, :, origin]
        for shift, share in expected.shifted:
            _shift(stayers.reshape(flat), comers.reshape(flat), shift, share[t])
        _weigh(found, weights[:, t + 1], part, stayers, comers, flat)


def _leave(people: Floats, share: Floats, factor: Floats) -> Floats:
    """Leavers: the odds of ``share`` times ``factor``. ``factor`` is used up."""
    factor = factor * share
    return np.asarray(people * (factor / (1 - share + factor + np.float32(1e-30))))


def _shift(stayers: Floats, comers: Floats, shift: Any, share: Floats) -> None:
    """Move the same share of people as the full projection did."""
    if not share.any():
        return
    both = stayers + comers
    forward = np.maximum(share, 0).astype(np.float32)[:, None]
    gained = np.zeros_like(both)
    np.add.at(gained, shift.target, both[shift.origin] * forward)
    keep = np.ones((len(both), 1), np.float32)
    np.multiply.at(keep, shift.origin, 1 - forward)
    back = np.maximum(-share, 0).astype(np.float32)[:, None]
    for target in np.unique(shift.target[back[:, 0] > 0]):
        pair = shift.target == target
        gained[shift.origin[pair]] += both[target] * back[pair] / pair.sum()
        keep[target] *= 1 - back[pair].max()
    stayers *= keep
    comers *= keep
    comers += gained


def _weigh(found: Floats, weights: Floats, part: slice, stayers: Floats, comers: Floats, flat: tuple[int, int]) -> None:
    for window in np.flatnonzero(weights):
        found[window][:, part] += weights[window] * (stayers + comers).reshape(flat)


def standard_noise(rates: Rates, draws: int, rng: np.random.Generator) -> Floats:
    """Standard normal noise [block, service, draw], one for all windows, so that paths do not jump between them."""
    return rng.standard_normal((rates.shape.blocks, rates.shape.services, draws), dtype=np.float32)


def people_drawn(means: Floats, centre: Floats, covariance: Floats, noise: Floats, whole: bool) -> Floats:
    """Draw numbers of people [leaf, draw] about each draw's mean.

    means: [leaf, draw]. centre: [leaf] mean at the estimates. covariance: [block, service, service] of the people at
    the estimates. noise: [block, service, draw] standard normal. whole: draw whole numbers (a count on a day), else
    amounts (a mean over days).
    """
    blocks, services, draws = noise.shape
    diagonal = np.arange(services)
    variance = np.maximum(covariance[:, diagonal, diagonal], 0)
    deviation = np.sqrt(variance)
    scale = np.where(deviation > 0, 1 / np.maximum(deviation, 1e-12), 0)
    correlation = covariance * scale[:, :, None] * scale[:, None, :]
    off = correlation.copy()
    off[:, diagonal, diagonal] = 0
    z = noise
    tied = np.flatnonzero(np.abs(off).max(axis=(1, 2)) > 1e-3)
    if len(tied):
        z = noise.copy()
        z[tied] = _root(correlation[tied]).astype(np.float32) @ noise[tied]
    z = z.reshape(blocks * services, draws)
    ratio = np.where(centre > 1e-9, variance.ravel() / np.maximum(centre, 1e-9), 1.0)
    return _from_normal(means, np.minimum(ratio, 50.0).astype(np.float32)[:, None], z, centre, whole)


def _root(correlation: Floats) -> Floats:
    """Symmetric square roots; rounding may leave eigenvalues a little below 0."""
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))[:, None, :]) @ np.swapaxes(vectors, -1, -2))


def _from_normal(means: Floats, ratio: Floats, z: Floats, centre: Floats, whole: bool) -> Floats:
    """Quantiles of a skewed count at the normal deviates ``z``: Cornish and Fisher's first correction.

    ratio: variance over mean. A sum of independent people has third moment (2 ratio - 1) times its variance, or more;
    Poisson's is its variance.
    """
    deviation = np.sqrt(np.maximum(means, 0) * ratio)
    skew = np.clip(2 * ratio - 1, -1, 1)
    # Below three deviations the correction would turn back up.
    bounded = np.maximum(z, np.float32(-3))
    found = means + deviation * z + skew * (bounded * bounded - 1) / 6
    if not whole:
        return np.asarray(np.maximum(found, 0))
    found = np.floor(np.maximum(found, 0) + np.float32(0.5))
    small = np.flatnonzero((centre < SMALL) & (ratio[:, 0] > 0.7))
    if len(small):
        found[small] = _poisson(means[small], z[small])
    found[centre <= 1e-9] = 0
    return np.asarray(found)


def _poisson(means: Floats, z: Floats) -> Floats:
    """Quantiles of Poisson counts at the probabilities of normal deviates."""
    u = ndtr(z)
    term = np.exp(-means)
    below = term.copy()
    found = np.zeros_like(means)
    for k in range(1, _MAX_SMALL):
        more = u > below
        if not more.any():
            break
        found += more
        term = term * (means / np.float32(k))
        below += term
    return found
