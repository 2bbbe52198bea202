"""Rates from spells: chances of leaving and moving, entries for each head, effects of areas, levels and drift."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from careshape.catalogue.periods import day_date, day_number
from careshape.errors import CallError, InputError
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.counting import Counted, see, segments, shape_of
from careshape.evaluate.forecast.enter import fit_entries
from careshape.evaluate.forecast.heads import PopulationLike
from careshape.evaluate.forecast.leaving import fit_leaving
from careshape.evaluate.forecast.quantities import quantities_of
from careshape.evaluate.forecast.rates import Initial, Rates
from careshape.evaluate.forecast.settings import DAYS_A_MONTH, MODELS, FitSettings, Model
from careshape.evaluate.forecast.shocks import calm_steps
from careshape.evaluate.forecast.spells import Spells
from careshape.language import say

LONGEST_DAYS: Final = 40 * 366
"""The records are not followed back beyond forty years."""


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
        raise CallError(
            say("No model is called '{model}'. Choose from {models}.", model=model, models=", ".join(MODELS))
        )
    settings = settings or FitSettings()
    last = spells.window[1] if until is None else until if isinstance(until, int) else day_number(until)
    known = spells.until(last)
    counted, notes = _count(known, model, settings)
    months = round(counted.steps / counted.census.steps(1))
    if months < settings.short_months:
        notes.append(
            say(
                "the records are short ({months} months): they hardly tell how far rates drift over "
                "years, so intervals beyond the first year rest mostly on how rates move elsewhere",
                months=months,
            )
        )
    hazards = fit_leaving(counted, settings)
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
            say(
                "The records cover {first} to {last}, too short for rates: {least_months} "
                "months are needed. Import earlier records, or forecast from a later day.",
                first=day_date(spells.window[0]),
                last=day_date(spells.window[1]),
                least_months=settings.least_months,
            )
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
            say(
                "Only {calm} steps of the records are left once shocks are taken out; {least} are "
                "needed. Shorten the shocks in the settings.",
                calm=int(calm.sum()),
                least=least,
            )
        )
    return Counted(census, shape, bands, start, seen, parts, calm), [*spells.notes, *([note] if note else [])]


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
