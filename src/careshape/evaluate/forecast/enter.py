"""Entries from outside: a rate for each head, by service, group and age, with effects of areas and a drifting level."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.counting import Counted, Shape, age_on
from careshape.evaluate.forecast.drift import Levels
from careshape.evaluate.forecast.effects import spread_of
from careshape.evaluate.forecast.heads import PopulationLike, heads
from careshape.evaluate.forecast.level import calendar_of, course_of, follow_by_month, growth_of, season_of
from careshape.evaluate.forecast.rates import Entries
from careshape.evaluate.forecast.settings import FitSettings
from careshape.evaluate.forecast.spells import Spells

Floats = NDArray[Any]
Ints = NDArray[Any]

LEAN: Final = 2.0
"""Weight of the service's profile of ages in a group's, as a number of entries."""


def fit_entries(
    counted: Counted, spells: Spells, settings: FitSettings, population: PopulationLike | None, notes: list[str]
) -> Entries:
    """Estimate entries; ``notes`` gets what a reader must know of the heads that they are counted for."""
    shape, seen, start, steps = counted.shape, counted.seen, counted.start, counted.steps
    held = np.flatnonzero((seen.first > start) & ~seen.moved_in)
    leaf, step = seen.leaf[held], seen.first[held] - start - 1
    age = age_on(seen, seen.first, shape)[held]
    calm = counted.calm[step]
    counts = np.bincount(leaf[calm].astype(np.int64) * shape.ages + age[calm], minlength=shape.leaves * shape.ages)
    counts = counts.reshape(shape.groups, shape.areas, shape.services, shape.ages).astype(float)
    size = _sizes(counts)
    at_head = step_heads(counted.census, spells, settings, population, size, start + 1, steps, notes)
    calm_heads = (at_head * counted.calm).sum(axis=-1)
    rate = _rates(counts.sum(axis=1), calm_heads.sum(axis=1), shape)
    expected = np.einsum("gra,sga->grsa", calm_heads, rate).sum(axis=-1).ravel()
    events = counts.sum(axis=-1).ravel()
    family = np.arange(shape.leaves) % shape.services
    spread = spread_of(events, expected, family, shape.services)[family]
    effect = (events + spread) / (expected + spread)
    by_area = effect.reshape(shape.groups, shape.areas, shape.services)
    foreseen = np.einsum("grs,sga,grat->gst", by_area, rate, at_head, optimize=True).reshape(shape.series, steps)
    seen_steps = np.zeros((shape.series, steps))
    np.add.at(seen_steps, (shape.series_of(leaf), step), 1)
    calendar = calendar_of(counted)
    season = season_of(seen_steps.sum(axis=0), foreseen.sum(axis=0), calendar, counted)
    foreseen *= season[calendar]
    levels = follow_by_month(counted, seen_steps, foreseen, settings)
    growth, error = (0.0, 0.0)
    if population is None:
        growth, error = growth_of(seen_steps, foreseen, levels.drift_size, counted)
        # Followed again about the growth, so that the level at the origin does not lag behind it.
        levels = follow_by_month(counted, seen_steps, foreseen * np.exp(growth * np.arange(1 - steps, 1)), settings)
    course = course_of(seen_steps, foreseen, counted.calm)
    foreseen_here = np.einsum("sga,grat->grst", rate, at_head, optimize=True)
    local = _local(counted, leaf, step, foreseen_here, course, spread, settings)
    live = expected > 0
    effect = np.where(live, local.level, 1.0)
    effect_shape = np.where(live, 1 / np.maximum(local.relative_variance, 1e-9), events + spread)
    drift = np.where(live, local.drift_size, 0.0)
    return Entries(rate, effect, effect_shape, events, expected, levels, season, size, growth, error, drift)


def _local(
    counted: Counted, leaf: Ints, step: Ints, foreseen: Floats, course: Floats, spread: Floats, settings: FitSettings
) -> Levels:
    """Follow each area within its group and service, whose own course is taken out: areas drift apart, or do not."""
    shape = counted.shape
    expected = (foreseen * course.reshape(shape.groups, 1, shape.services, -1)).reshape(shape.leaves, -1)
    seen = np.zeros_like(expected)
    np.add.at(seen, (leaf, step), 1)
    return follow_by_month(counted, seen, expected, settings, start=spread)


def _sizes(counts: Floats) -> Floats:
    """[group, area, age band]: each area's share of a group's entries into all services, leaning on all groups'."""
    by_area = counts.sum(axis=(2, 3))
    whole = by_area.sum(axis=0) + 1e-6
    share = (by_area + whole / whole.sum()) / (by_area.sum(axis=1, keepdims=True) + 1)
    return np.repeat(share[:, :, None], counts.shape[3], axis=2)


def step_heads(
    census: Any,
    spells: Spells,
    settings: FitSettings,
    population: PopulationLike | None,
    size: Floats,
    first: int,
    steps: int,
    notes: list[str] | None = None,
) -> Floats:
    """[group, area, age band, step] heads times the length of the step, 1 being an average one.

    first: census day at the end of the first step. Without a population the heads are the areas' sizes. An area that
    the population does not know (people placed elsewhere) has its size of the areas that it does know.
    """
    lengths = np.asarray([census.length(first + j) for j in range(steps)], float)
    lengths /= 365.25 / 12 if census.step == "month" else 1.0
    if population is None:
        return size[:, :, :, None] * lengths
    months = np.asarray([census.month(first + j) for j in range(steps)])
    found = heads(population, spells.areas, settings.age_bands, int(months[0]), int(months[-1] - months[0] + 1))
    values = found.values[:, :, months - months[0]]
    if notes is not None and found.note:
        notes.append(found.note)
    whole = values[found.known].sum(axis=0)
    known_share = np.maximum(size[:, found.known].sum(axis=1, keepdims=True), 1e-3)
    result = np.broadcast_to(values, (size.shape[0], *values.shape)).copy()
    for r in np.flatnonzero(~found.known):
        result[:, r] = (size[:, r] / known_share[:, 0])[:, :, None] * whole
    return np.asarray(result * lengths)


def _rates(counts: Floats, at_head: Floats, shape: Shape) -> Floats:
    """[service, group, age band] entries for each head: a group's profile of ages leans on the service's.

    counts: [group, service, age]. at_head: [group, age].
    """
    service = counts.sum(axis=0) / np.maximum(at_head.sum(axis=0), 1e-12)
    alike = np.einsum("sa,ga->gs", service, at_head)
    level = counts.sum(axis=2) / np.maximum(alike, 1e-12)
    prior = service[None] * level[:, :, None]
    expected = prior * at_head[:, None, :]
    leaned = (counts + LEAN * (expected > 0)) / (at_head[:, None, :] + LEAN / np.maximum(prior, 1e-300))
    rate = np.where(prior > 0, leaned, 0.0)
    # Leaning must not change how many enter in all.
    total = (rate * at_head[:, None, :]).sum(axis=2)
    rate *= (counts.sum(axis=2) / np.maximum(total, 1e-300))[:, :, None]
    return np.asarray(rate.transpose(1, 0, 2))
