"""What `fit` found: every rate with its events, exposure, estimate and interval, as arrays and as rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.counting import Shape
from careshape.evaluate.forecast.drift import Levels
from careshape.evaluate.forecast.effects import odds
from careshape.evaluate.forecast.heads import PopulationLike
from careshape.evaluate.forecast.quantities import Quantities
from careshape.evaluate.forecast.settings import FitSettings, Model
from careshape.evaluate.forecast.spells import Spells
from careshape.language import say

Floats = NDArray[Any]
Ints = NDArray[Any]


@dataclass(frozen=True)
class Initial:
    """People in care at the origin, those alike together."""

    leaf: Ints
    first: Ints
    """Census day of entry."""
    turns: list[Ints]
    """Census day on which they enter each age band after the first."""
    known_age: NDArray[np.bool_]
    people: Ints


@dataclass(frozen=True)
class Hazards:
    """Chances of leaving in one step."""

    base: Floats
    """[group, service, age band, duration band]: estimate over the records."""
    events: Floats
    """Ends seen in calm months."""
    exposure: Floats
    """People at risk, times steps."""
    effect: Floats
    """[leaf] factor on the odds: area."""
    effect_shape: Floats
    """[leaf] shape of the gamma distribution of the effect."""
    levels: Levels
    """Level and drift of each series (group x service)."""
    season: Floats
    """[calendar month] factor on the odds."""
    destination: Floats
    """[group, service, service]: share of ends that are a move to another service; the rest leave."""
    destination_events: Floats
    """[service, service + 1]: ends by destination, the last being out of care."""


@dataclass(frozen=True)
class Entries:
    """People who come from outside, a step."""

    rate: Floats
    """[service, group, age band]: entries for each head and step of average length."""
    effect: Floats
    """[leaf] factor of the area."""
    effect_shape: Floats
    """[leaf] shape of the gamma distribution of the effect."""
    events: Floats
    """[leaf] entries seen in calm months."""
    expected: Floats
    """[leaf] entries that the rate expects in them without the area's effect."""
    levels: Levels
    """Level and drift of each series (group x service)."""
    season: Floats
    """[calendar month] factor."""
    size: Floats
    """[group, area, age band] heads where no population is given: each area's share of the group's entries."""
    growth: float = 0.0
    """Growth of all entries a step, as a logarithm; 0 where the population says how they grow."""
    growth_error: float = 0.0
    """Its standard error."""
    drift: Floats | None = None
    """[leaf] standard deviation of a month's drift of an area's effect, beside that of its series."""


@dataclass(frozen=True, repr=False)
class Rates:
    """Everything that a forecast rests on."""

    model: Model
    settings: FitSettings
    spells: Spells
    """The spells as known at the origin."""
    census: Census
    shape: Shape
    bands: Ints
    """First step of stay of each duration band."""
    steps: int
    """Steps of records used."""
    calm: NDArray[np.bool_]
    """[steps] which of them count."""
    hazards: Hazards
    entries: Entries
    initial: Initial
    quantities: Quantities
    population: PopulationLike | None
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        return f"<{str(self).splitlines()[0]}>"

    def __str__(self) -> str:
        """What the rates are of, in a few lines; `rows` has them all."""
        spells, shape = self.spells, self.shape
        first, last = self.census.label(-self.steps), self.census.label(0)
        lines = [
            f"Rates of {spells.authority or 'given spells'}: {self.model}, {first} to {last}, "
            f"{int(self.calm.sum())} of {self.steps} steps counted",
            f"{len(spells):,} stays, {int(self.initial.people.sum()):,} open; "
            f"{shape.services} services, {shape.groups} groups, {shape.areas} areas",
            f"{int(self.hazards.events.sum()):,} ends, {int(self.entries.events.sum()):,} entries from outside",
        ]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    @property
    def hazard(self) -> Floats:
        """[group, service, age band, duration band] chance of leaving in one step at the origin's level, in the mean
        area and season.
        """
        level = self.hazards.levels.level.reshape(self.shape.groups, self.shape.services, 1, 1)
        return odds(self.hazards.base, level)

    @property
    def destination(self) -> Floats:
        """[service, service + 1] share of ends that go to each service, or out of care (last), over all groups."""
        total = self.hazards.destination_events.sum(axis=1, keepdims=True)
        return np.asarray(self.hazards.destination_events / np.maximum(total, 1))

    @property
    def entries_a_step(self) -> Floats:
        """[area, group, service] people who come from outside in the first step after the origin."""
        shape = self.shape
        values = self.expected_entries(1)[0].sum(axis=1).reshape(shape.groups, shape.areas, shape.services)
        return np.asarray(values.transpose(1, 0, 2))

    def expected_entries(self, steps: int) -> Floats:
        """[step, leaf, age band] expected entries in each step after the origin."""
        from careshape.evaluate.forecast.future import expected_entries  # slow import: only where it is asked for

        return expected_entries(self, steps)

    @property
    def age_labels(self) -> tuple[str, ...]:
        """Age bands as text, the last one for unknown ages."""
        ages = self.settings.age_bands
        return (*(f"{a}-{b - 1}" for a, b in itertools.pairwise(ages)), f"{ages[-1]}+", "unknown")

    @property
    def duration_labels(self) -> tuple[str, ...]:
        """Duration bands as text, in months."""
        if self.model == "markov":
            return ("any",)
        edges = self.settings.duration_bands
        return (*(f"{a}-{b - 1}" for a, b in itertools.pairwise(edges)), f"{edges[-1]}+")

    def rows(self) -> list[dict[str, Any]]:
        """Every rate as a row: kind, service, group, area, age, duration, events, exposure, rate, interval, note."""
        return [*self._hazard_rows(), *self._move_rows(), *self._entry_rows(), *self._drift_rows()]

    def _hazard_rows(self) -> list[dict[str, Any]]:
        rows, found = [], self.hazard
        for g, s, a, d in np.argwhere(self.hazards.exposure > 0):
            events, exposure = self.hazards.events[g, s, a, d], self.hazards.exposure[g, s, a, d]
            low, high = _interval(events, found[g, s, a, d])
            rows.append(
                self._row(
                    "leaving",
                    s,
                    events,
                    exposure,
                    found[g, s, a, d],
                    low,
                    min(high, 1.0),
                    group=self.spells.groups[g],
                    age=self.age_labels[a],
                    duration=self.duration_labels[d],
                )
            )
        return rows

    def _move_rows(self) -> list[dict[str, Any]]:
        rows, share = [], self.destination
        for s, to in np.argwhere(self.hazards.destination_events[:, :-1] > 0):
            events, ends = self.hazards.destination_events[s, to], self.hazards.destination_events[s].sum()
            low, high = _interval(events, share[s, to])
            rows.append(
                self._row("moving", s, events, ends, share[s, to], low, min(high, 1.0), to=self.spells.services[to])
            )
        return rows

    def _entry_rows(self) -> list[dict[str, Any]]:
        rows, shape = [], self.shape
        per_step = self.entries_a_step
        months = float(self.calm.sum())
        for leaf in np.flatnonzero(self.entries.expected > 0):
            block, s = divmod(int(leaf), shape.services)
            g, r = divmod(block, shape.areas)
            events = self.entries.events[leaf]
            value = per_step[r, g, s]
            low, high = _interval(self.entries.effect_shape[leaf], value)
            rows.append(
                self._row(
                    "entering",
                    s,
                    events,
                    months,
                    value,
                    low,
                    high,
                    group=self.spells.groups[g],
                    area=self.spells.areas[r],
                )
            )
        return rows

    def _drift_rows(self) -> list[dict[str, Any]]:
        rows = []
        entering, leaving = self.entries.levels, self.hazards.levels
        for kind, found in (
            ("drift of entering", entering.drift_size),
            ("swing of entering", entering.swing_size),
            ("drift of leaving", leaving.drift_size),
            ("swing of leaving", leaving.swing_size),
        ):
            sizes = found.reshape(self.shape.groups, self.shape.services)
            live = self.hazards.exposure.sum(axis=(2, 3)) > 0
            for g, s in np.argwhere(live):
                calm = float(self.calm.sum())
                rows.append(self._row(kind, s, None, calm, sizes[g, s], None, None, group=self.spells.groups[g]))
        return rows

    def _row(
        self, kind: str, service: int, events: Any, exposure: float, rate: float, low: Any, high: Any, **more: str
    ) -> dict[str, Any]:
        few = events is not None and events < self.settings.minimum_events
        return {
            "rate": kind,
            "service": self.spells.services[service],
            "group": "",
            "area": "",
            "age": "",
            "duration": "",
            "to": "",
            **more,
            "events": None if events is None else int(events),
            "exposure": float(exposure),
            "estimate": float(rate),
            "lower_95": low,
            "upper_95": high,
            "note": say(
                "fewer than {many} events: leans on the pooled rate",
                many=self.settings.minimum_events,
            )
            if few
            else "",
        }


def _interval(events: float, estimate: float) -> tuple[float, float]:
    """95% interval of a rate whose count is Poisson: gamma quantiles about the estimate."""
    shape = max(float(events), 0.5)
    return float(estimate * gammaincinv(shape, 0.025) / shape), float(estimate * gammaincinv(shape, 0.975) / shape)
