"""Rates from spells: chances of leaving and moving, entries for each head, effects of areas, levels and drift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date, day_number
from careshape.errors import CallError, InputError
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.counting import (
    Seen,
    Segments,
    Shape,
    age_on,
    duration_on,
    over_time,
    see,
    segments,
    shape_of,
)
from careshape.evaluate.forecast.effects import Levels, follow, odds, odds_effect, spread_of
from careshape.evaluate.forecast.enter import fit_entries
from careshape.evaluate.forecast.heads import PopulationLike
from careshape.evaluate.forecast.quantities import quantities_of
from careshape.evaluate.forecast.rates import Hazards, Initial, Rates
from careshape.evaluate.forecast.settings import DAYS_A_MONTH, MODELS, FitSettings, Model
from careshape.evaluate.forecast.shocks import calm_steps
from careshape.evaluate.forecast.spells import Spells

Floats = NDArray[Any]
Ints = NDArray[Any]

LONGEST_DAYS: Final = 40 * 366
"""The records are not followed back beyond forty years."""


@dataclass(frozen=True)
class Counted:
    """Counts that all rates are made of."""

    census: Census
    shape: Shape
    bands: Ints
    start: int
    """Census day on which the records begin, below 0."""
    seen: Seen
    parts: Segments
    calm: NDArray[np.bool_]

    @property
    def steps(self) -> int:
        """Steps of records."""
        return -self.start


def fit(
    spells: Spells,
    until: date | int | None = None,
    model: Model = "semi-markov",
    population: PopulationLike | None = None,
    settings: FitSettings | None = None,
) -> Rates:
    """Estimate rates from the spells as they were known at the end of the day ``until`` (None: the records' last).

    model: ``semi-markov`` (chances of leaving depend on service, age and time in the service) or ``markov`` (service
    and age). population: people by area, age and year, to count entries for each head of; None counts them for each
    month. Nothing after ``until`` is used.

    Raises CallError for an unknown model or a day outside of the records, InputError where they are too short or empty.
    """
    if model not in MODELS:
        raise CallError(f"No model is called '{model}'. Choose from {', '.join(MODELS)}.")
    settings = settings or FitSettings()
    last = spells.window[1] if until is None else until if isinstance(until, int) else day_number(until)
    known = spells.until(last)
    counted, notes = _count(known, model, settings)
    hazards = _hazards(counted, known, settings)
    entries = fit_entries(counted, known, settings, population, notes)
    days = round(settings.price_months * DAYS_A_MONTH)
    first_priced = max(day_date(last - days + 1), day_date(known.window[0]))
    label = f"{first_priced:%B %Y} to {day_date(last):%B %Y}"
    return Rates(
        model,
        settings,
        known,
        counted.census,
        counted.shape,
        counted.bands,
        counted.steps,
        counted.calm,
        hazards,
        entries,
        _initial(counted),
        quantities_of(known, last, days, label),
        population,
        tuple(notes),
    )


def _count(spells: Spells, model: Model, settings: FitSettings) -> tuple[Counted, list[str]]:
    census = Census(spells.window[1], settings.step)
    bands = np.asarray([census.steps(m) for m in settings.duration_bands] if model == "semi-markov" else [0], np.int32)
    shape = shape_of(spells, settings, len(bands))
    first_day = max(spells.window[0], spells.window[1] - LONGEST_DAYS)
    start = int(census.first_from(np.asarray([first_day]))[0])
    if settings.history_months is not None:
        start = max(start, -census.steps(settings.history_months))
    least = census.steps(settings.least_months)
    if -start < least:
        raise InputError(
            f"The records cover {day_date(spells.window[0])} to {day_date(spells.window[1])}, too short for rates: "
            f"{settings.least_months} months are needed. Import earlier records, or forecast from a later day."
        )
    seen = see(spells, census, settings, shape)
    if not len(seen.leaf):
        raise InputError("No stay lies within the records, so there is nothing to estimate rates from.")
    parts = segments(seen, bands, shape, start)
    entered = np.bincount(seen.first[(seen.first > start) & ~seen.moved_in] - start - 1, minlength=-start)
    ended = np.bincount(seen.gone[(seen.gone > start) & (seen.gone <= 0)] - start - 1, minlength=-start)
    calm, note = calm_steps(census, -start, settings.shocks, entered, ended)
    if calm.sum() < least:
        raise InputError(
            f"Only {int(calm.sum())} steps of the records are left once shocks are taken out; {least} are needed. "
            "Shorten the shocks in the settings."
        )
    return Counted(census, shape, bands, start, seen, parts, calm), [note] if note else []


def _hazards(counted: Counted, spells: Spells, settings: FitSettings) -> Hazards:
    """Chances of leaving by service, age and duration, with effects of group and area and the level's drift."""
    shape, _seen, parts, start = counted.shape, counted.seen, counted.parts, counted.start
    cells = (shape.services, shape.ages, shape.durations)
    quiet = np.concatenate([[0], np.cumsum(counted.calm)])
    at_risk = (quiet[parts.high - start] - quiet[parts.low - start]).astype(float)
    service = parts.leaf % shape.services
    code = (service.astype(np.int64) * shape.ages + parts.age) * shape.durations + parts.duration
    exposure = np.bincount(code, at_risk, int(np.prod(cells))).reshape(cells)
    out = _ends(counted)
    events = np.zeros(cells)
    np.add.at(events, (out.service[out.calm], out.age[out.calm], out.duration[out.calm]), 1)
    to = np.where(out.next < 0, shape.services, out.next)
    moves = np.zeros((shape.services, shape.services + 1))
    np.add.at(moves, (out.service[out.calm], to[out.calm]), 1)
    destination = _destinations(out, to, shape, settings)
    base = _shrunk(events, exposure, settings.shrink_events)
    leaf_cells = parts.leaf.astype(np.int64) * shape.ages * shape.durations + code % (shape.ages * shape.durations)
    leaf_events = np.bincount(out.leaf[out.calm], minlength=shape.leaves).astype(float)
    effect, effect_shape = _effects(leaf_cells, at_risk, leaf_events, base, shape)
    p = odds(base[service, parts.age, parts.duration], effect[parts.leaf])
    expected = over_time(service, shape.services, parts.low, parts.high, start, p)
    seen_ends = np.zeros((shape.services, counted.steps))
    np.add.at(seen_ends, (out.service, out.step), 1)
    mean_p = np.bincount(service, at_risk * p**2, shape.services) / np.maximum(
        np.bincount(service, at_risk * p, shape.services), 1e-9
    )
    levels = follow_by_month(counted, seen_ends, expected, settings, 1 - mean_p)
    return Hazards(base, events, exposure, effect, effect_shape, levels, destination, moves)


@dataclass(frozen=True)
class _Ends:
    leaf: Ints
    service: Ints
    age: Ints
    duration: Ints
    next: Ints
    step: Ints
    calm: NDArray[np.bool_]


def _ends(counted: Counted) -> _Ends:
    """Ends within the records, with the age and duration bands of the last census day on which the person was there."""
    seen, start = counted.seen, counted.start
    held = np.flatnonzero((seen.gone > max(start, -(2**29))) & (seen.gone <= 0))
    day = seen.gone - 1
    step = seen.gone[held] - start - 1
    return _Ends(
        seen.leaf[held],
        seen.leaf[held] % counted.shape.services,
        age_on(seen, day, counted.shape)[held],
        duration_on(seen, day, counted.bands)[held],
        seen.next_service[held],
        step,
        counted.calm[step],
    )


def _shrunk(events: Floats, exposure: Floats, weight: float) -> Floats:
    """Rates by service, age and duration: each leans on its service's rate at that duration, as if ``weight`` events
    of that rate had been seen, and that rate on the one of the band before.
    """
    base = np.empty_like(events)
    service = (events.sum(axis=(1, 2)) + 0.5) / (exposure.sum(axis=(1, 2)) + 1.0)
    prior = service
    for d in range(events.shape[2]):
        y, n = events[:, :, d].sum(axis=1), exposure[:, :, d].sum(axis=1)
        prior = np.clip((y + weight) / (n + weight / prior), 1e-7, 1 - 1e-7)
        lean = prior[:, None]
        base[:, :, d] = (events[:, :, d] + weight) / (exposure[:, :, d] + weight / lean)
    return np.clip(base, 1e-7, 1 - 1e-6)


def _effects(cells: Ints, at_risk: Floats, leaf_events: Floats, base: Floats, shape: Shape) -> tuple[Floats, Floats]:
    """Factors on the odds of leaving: of the group within the service, then of the area within both."""
    each = shape.ages * shape.durations
    exposure = np.bincount(cells, at_risk, shape.leaves * each)
    some = np.flatnonzero(exposure)
    leaf, cell = some // each, some % each
    service = leaf % shape.services
    hazard = base.reshape(shape.services, each)[service, cell]
    group = leaf // (shape.areas * shape.services) * shape.services + service
    groups = shape.groups * shape.services
    leaf_group = np.arange(shape.leaves) // (shape.areas * shape.services) * shape.services
    leaf_group = leaf_group + np.arange(shape.leaves) % shape.services
    group_events = np.bincount(leaf_group, leaf_events, groups)
    group_expected = np.bincount(group, exposure[some] * hazard, groups)
    group_service = np.arange(groups) % shape.services
    spread = spread_of(group_events, group_expected, group_service, shape.services)[group_service]
    of_group = odds_effect(group_events, exposure[some], hazard, spread, group, groups)
    lifted = odds(hazard, of_group[group])
    expected = np.bincount(leaf, exposure[some] * lifted, shape.leaves)
    leaf_service = np.arange(shape.leaves) % shape.services
    spread = spread_of(leaf_events, expected, leaf_service, shape.services)[leaf_service]
    of_leaf = odds_effect(leaf_events, exposure[some], lifted, spread, leaf, shape.leaves)
    return of_leaf * of_group[leaf_group], leaf_events + spread


def _destinations(out: _Ends, to: Ints, shape: Shape, settings: FitSettings) -> Floats:
    """Share of ends that move to each service, by group, drawn to the service's own shares."""
    group = out.leaf // (shape.areas * shape.services)
    counts = np.zeros((shape.groups, shape.services, shape.services + 1))
    np.add.at(counts, (group[out.calm], out.service[out.calm], to[out.calm]), 1)
    service = counts.sum(axis=0)
    share = service / np.maximum(service.sum(axis=1, keepdims=True), 1)
    weight = settings.shrink_moves
    found = (counts + weight * share) / (counts.sum(axis=2, keepdims=True) + weight)
    return np.asarray(found[:, :, :-1])


def follow_by_month(
    counted: Counted, counts: Floats, expected: Floats, settings: FitSettings, thin: Floats | None = None
) -> Levels:
    """Follow levels month by month, whatever the step; a month counts where all of its steps do."""
    size = counted.census.steps(1)
    months = counted.steps // size
    lead = counted.steps - months * size

    def binned(values: Any) -> Any:
        return values[..., lead:].reshape(*values.shape[:-1], months, size)

    calm = binned(counted.calm).all(axis=-1)
    return follow(binned(counts).sum(axis=-1), binned(expected).sum(axis=-1), calm, settings.drift_floor, thin)


def _initial(counted: Counted) -> Initial:
    """People there at the origin, those of one leaf, entry and age counted together."""
    seen = counted.seen
    here = np.flatnonzero(seen.gone > 0)
    columns = [seen.leaf[here], seen.first[here], *(turn[here] for turn in seen.turns), seen.known_age[here]]
    keys = np.lexsort(columns[::-1])
    table = np.stack([column[keys].astype(np.int64) for column in columns])
    fresh = np.ones(len(here), bool)
    fresh[1:] = (np.diff(table, axis=1) != 0).any(axis=0)
    first = np.flatnonzero(fresh)
    people = np.diff(np.append(first, len(here)))
    turns = [table[2 + i][first] for i in range(len(seen.turns))]
    return Initial(table[0][first], table[1][first], turns, table[-1][first].astype(bool), people)
