"""Chances of leaving: by service, group, age and time in the service, with effects of areas, seasons and a level.

Every estimate leans on a wider one by as much as the counts say that their kind differs (`effects.spread_of`): a
duration band on the one before, a group on its service, an age band on its group, the cell on their product, an area
on its group and service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.counting import Counted, Shape, age_on, duration_on, over_time
from careshape.evaluate.forecast.effects import odds, odds_effect, spread_of
from careshape.evaluate.forecast.level import calendar_of, follow_by_month, season_of
from careshape.evaluate.forecast.rates import Hazards
from careshape.evaluate.forecast.settings import FitSettings

Floats = NDArray[Any]
Ints = NDArray[Any]

LEAST_RATE = 1e-7
MOST_RATE = 1 - 1e-6


@dataclass(frozen=True)
class Ends:
    """Ends within the records, with the bands of the last census day on which the person was there."""

    leaf: Ints
    age: Ints
    duration: Ints
    next: Ints
    """Service that the person moved to; the number of services for nowhere."""
    step: Ints
    calm: NDArray[np.bool_]


def fit_leaving(counted: Counted, settings: FitSettings) -> Hazards:
    """Estimate chances of leaving and where people go."""
    shape, parts, start = counted.shape, counted.parts, counted.start
    quiet = np.concatenate([[0], np.cumsum(counted.calm)])
    at_risk = (quiet[parts.high - start] - quiet[parts.low - start]).astype(float)
    series = shape.series_of(parts.leaf).astype(np.int64)
    cells = (shape.groups, shape.services, shape.ages, shape.durations)
    code = (series * shape.ages + parts.age) * shape.durations + parts.duration
    exposure = np.bincount(code, at_risk, int(np.prod(cells))).reshape(cells)
    out = _ends(counted)
    events = _count_cells(out, shape).reshape(cells)
    base = _base(events, exposure, settings)
    flat = base.ravel()[code]
    leaf_events = np.bincount(out.leaf[out.calm], minlength=shape.leaves).astype(float)
    effect, effect_shape = _area_effects(parts.leaf, flat, at_risk, leaf_events, shape)
    p = odds(flat, effect[parts.leaf])
    calendar = calendar_of(counted)
    expected = over_time(series, shape.series, parts.low, parts.high, start, p)
    seen = np.zeros_like(expected)
    np.add.at(seen, (shape.series_of(out.leaf), out.step), 1)
    season = season_of(seen.sum(axis=0), expected.sum(axis=0), calendar, counted)
    squares = np.bincount(series, at_risk * p**2, shape.series)
    mean_p = squares / np.maximum(np.bincount(series, at_risk * p, shape.series), 1e-9)
    levels = follow_by_month(counted, seen, expected * season[calendar], settings, 1 - mean_p)
    destination, moves = _destinations(out, shape, settings)
    return Hazards(base, events, exposure, effect, effect_shape, levels, season, destination, moves)


def _ends(counted: Counted) -> Ends:
    seen, start, shape = counted.seen, counted.start, counted.shape
    held = np.flatnonzero((seen.gone > start) & (seen.gone <= 0))
    day = seen.gone - 1
    step = seen.gone[held] - start - 1
    next_service = seen.next_service[held]
    return Ends(
        seen.leaf[held],
        age_on(seen, day, shape)[held],
        duration_on(seen, day, counted.bands)[held],
        np.where(next_service < 0, shape.services, next_service),
        step,
        counted.calm[step],
    )


def _count_cells(out: Ends, shape: Shape) -> Floats:
    """Ends in calm steps by (group, service, age, duration), flat."""
    code = (shape.series_of(out.leaf).astype(np.int64) * shape.ages + out.age) * shape.durations + out.duration
    return np.bincount(code[out.calm], minlength=shape.series * shape.ages * shape.durations).astype(float)


def _base(events: Floats, exposure: Floats, settings: FitSettings) -> Floats:
    """[group, service, age, duration] chances of leaving in a step."""
    services = events.shape[1]
    by_duration = _by_duration(events.sum(axis=(0, 2)), exposure.sum(axis=(0, 2)), settings.shrink_events)
    found = np.broadcast_to(by_duration[None, :, None, :], events.shape)
    service = np.broadcast_to(np.arange(services)[None, :, None, None], events.shape)
    for kept in ((0, 1), (0, 1, 2)):
        family = np.zeros(events.shape, np.int64)
        for axis in kept:
            index = np.arange(events.shape[axis]).reshape([-1 if i == axis else 1 for i in range(4)])
            family = family * events.shape[axis] + index
        count = int(np.prod([events.shape[axis] for axis in kept]))
        service_of = np.zeros(count, np.int64)
        service_of[family.ravel()] = service.ravel()
        factor, _ = leaning_effects(events.ravel(), exposure.ravel(), found.ravel(), family.ravel(), service_of)
        found = odds(found, factor[family])
    prior = np.clip(found, LEAST_RATE, MOST_RATE)
    spread = spread_of(events.ravel(), (exposure * prior).ravel(), service.ravel(), services)[service]
    return np.clip((events + spread) / (exposure + spread / prior), LEAST_RATE, MOST_RATE)


def leaning_effects(
    events: Floats, exposure: Floats, hazard: Floats, family: Ints, service_of: Ints
) -> tuple[Floats, Floats]:
    """Factors on the odds by family, drawn to 1 by as much as the families of one service are alike.

    events, exposure, hazard, family: by cell. service_of: service of each family. Returns factors and their shapes.
    """
    n = len(service_of)
    seen = np.bincount(family, events, n)
    expected = np.bincount(family, exposure * hazard, n)
    weight = spread_of(seen, expected, service_of, int(service_of.max(initial=0)) + 1)[service_of]
    return odds_effect(seen, exposure, hazard, weight, family, n), seen + weight


def _by_duration(events: Floats, exposure: Floats, weight: float) -> Floats:
    """[service, duration band] rates, each leaning on the band before as if ``weight`` events of its rate were seen."""
    found = np.empty_like(events)
    prior = (events.sum(axis=1) + 0.5) / (exposure.sum(axis=1) + 1.0)
    for d in range(events.shape[1]):
        prior = (events[:, d] + weight) / (exposure[:, d] + weight / np.clip(prior, LEAST_RATE, MOST_RATE))
        found[:, d] = prior
    return np.clip(found, LEAST_RATE, MOST_RATE)


def _area_effects(
    leaf: Ints, hazard: Floats, at_risk: Floats, leaf_events: Floats, shape: Shape
) -> tuple[Floats, Floats]:
    """Factors on the odds of leaving by leaf, and their shapes."""
    leaves = shape.leaves
    expected = np.bincount(leaf, at_risk * hazard, leaves)
    service = np.arange(leaves) % shape.services
    weight = spread_of(leaf_events, expected, service, shape.services)[service]
    return odds_effect(leaf_events, at_risk, hazard, weight, leaf, leaves), leaf_events + weight


def _destinations(out: Ends, shape: Shape, settings: FitSettings) -> tuple[Floats, Floats]:
    """[group, service, service] share of ends that move to each service, drawn to the service's own; and the counts."""
    group = out.leaf // (shape.areas * shape.services)
    counts = np.zeros((shape.groups, shape.services, shape.services + 1))
    np.add.at(counts, (group[out.calm], (out.leaf % shape.services)[out.calm], out.next[out.calm]), 1)
    service = counts.sum(axis=0)
    share = service / np.maximum(service.sum(axis=1, keepdims=True), 1)
    # A group can only move to a service that somebody of the group has been in.
    been = (counts.sum(axis=2) > 0)[:, None, :]
    weight = settings.shrink_moves
    found = (counts[:, :, :-1] + weight * share[:, :-1] * been) / (counts.sum(axis=2, keepdims=True) + weight)
    return found, service
