"""What a forecast must beat: a flat line, a straight line and a plain Markov model, each with its best intervals.

The two lines take their intervals from their own past errors: from every earlier month in the history they are drawn
again, and how far they went astray by each horizon is carried over to the origin, scaled by the size of the cell. How
errors are scaled and pooled, how far back a straight line looks, and how many months of rates a Markov model
takes, is chosen on the history itself, for each horizon. Nothing after the origin is looked at.

The plain Markov model is that of cs-demand-model (one rate for the whole council, of each service and group, whoever
the person and however long there), at its daily step; to it are added the noise of whole people, the noise of rates
counted from few events, and a widening by its own past errors, none of which the original has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from careshape.errors import CallError
from careshape.evaluate.forecast.panel import Panel, cells_of
from careshape.evaluate.forecast.scores import crps

Floats = NDArray[np.float64]
Level = tuple[str, ...]
Draws = dict[int, Floats]
"""Horizon in months -> [draws, cells]."""

FIRST_ORIGIN = 12
"""Months of history that a rolling origin has behind it at least."""
VALIDATION_ORIGINS = 5
"""Origins on which variants of a baseline are compared, three months apart, the last as late as the horizon allows."""
LOOKBACKS = (12, 24, 36, 60)
"""Months that a straight line may look back."""
REFERENCES = (6, 12, 24, 48)
"""Months of rates that a Markov model may take; cs-demand-model takes six unless told otherwise."""
MONTH = 30.4375
"""Mean days in a month."""


def flat(panel: Panel, by: Level, horizons: Sequence[int], draws: int, rng: Generator) -> Draws:
    """Everything stays as it is on the origin."""
    past = [_flat_past(panel.series(by).astype(float))]
    return {horizon: _best(past, _services(panel, by), horizon, draws) for horizon in horizons}


def line(panel: Panel, by: Level, horizons: Sequence[int], draws: int, rng: Generator) -> Draws:
    """A straight line through past months, drawn as it is or from the last value on."""
    series = panel.series(by).astype(float)
    known = [back for back in LOOKBACKS if back <= panel.months // 2] or [panel.months // 2]
    past = [_line_past(series, back, anchored) for back in known for anchored in (True, False)]
    return {horizon: _best(past, _services(panel, by), horizon, draws) for horizon in horizons}


def markov(panel: Panel, by: Level, horizons: Sequence[int], draws: int, rng: Generator) -> Draws:
    """Constant rates for the whole council, with the noise of people and of rates, widened by its own past errors."""
    found: Draws = {}
    for horizon in horizons:
        origins = _validation(panel.months, horizon)
        months = min(REFERENCES, key=lambda months: _astray(panel, by, horizon, months, origins))
        widen = _widening(panel, by, horizon, months, origins, rng)
        sample = _markov_draws(panel, by, horizon, months, draws, rng)
        centre = sample.mean(axis=0)
        found[horizon] = np.maximum(centre + widen * (sample - centre), 0)
    return found


BASELINES: Mapping[str, Callable[[Panel, Level, Sequence[int], int, Generator], Draws]] = {
    "flat line": flat,
    "straight line": line,
    "plain Markov": markov,
}


# --- lines


@dataclass(frozen=True)
class _Past:
    """A line drawn from every month of the history on; what it says horizon by horizon follows from start and slope."""

    series: Floats
    """[census day, cells]"""
    first: int
    """First census day from which it can be drawn."""
    start: Floats
    """[census day, cells] where the line stands on the day; not a number before ``first``."""
    slope: Floats
    """[census day, cells] people a month."""

    def says(self, origin: int | slice, horizon: int) -> Floats:
        """What the line from ``origin`` on says of ``horizon`` months later."""
        return np.maximum(self.start[origin] + self.slope[origin] * horizon, 0)

    def errors(self, origin: int, horizon: int, power: float) -> Floats:
        """[origins, cells] how far lines drawn earlier went astray, as known on ``origin``, for cells of size 1."""
        earlier, later = slice(self.first, origin - horizon + 1), slice(self.first + horizon, origin + 1)
        return (self.series[later] - self.says(earlier, horizon)) / _scale(self.series[earlier], power)


def _flat_past(series: Floats) -> _Past:
    return _Past(series, FIRST_ORIGIN, series, np.zeros_like(series))


def _line_past(series: Floats, back: int, anchored: bool) -> _Past:
    """Least squares over the last ``back`` months; ``anchored`` draws the line from the last value on."""
    time = np.arange(back + 1) - back / 2
    slope, start = np.full_like(series, np.nan), np.full_like(series, np.nan)
    for day in range(back, len(series)):
        recent = series[day - back : day + 1]
        slope[day] = time @ recent / (time @ time)
        start[day] = recent[-1] if anchored else recent.mean(axis=0) + slope[day] * time[-1]
    return _Past(series, max(FIRST_ORIGIN, back), start, slope)


_Scaling = tuple[float, str]
SCALINGS: tuple[_Scaling, ...] = tuple((power, pool) for power in (0.5, 1.0) for pool in ("cell", "service", "all"))
"""Errors grow with this power of the cell's size, and are pooled over its own past, its service's or everybody's."""


def _best(variants: Sequence[_Past], service: NDArray, horizon: int, draws: int) -> Floats:
    """Draws by the variant and the scaling of errors that scored best on origins within the history."""
    series = variants[0].series
    months = len(series) - 1
    usable = [one for one in variants if one.first < months]
    if not usable:
        raise CallError(
            f"{months} months of history are too few for a line and its errors; it takes {FIRST_ORIGIN + 1}."
        )
    trials: dict[tuple[int, _Scaling], float] = {}
    for index, variant in enumerate(usable):
        origins = [o for o in _validation(months, horizon) if variant.first < o]
        for scaling in SCALINGS:
            found = [
                crps(_line_draws(variant, scaling, service, o, horizon, 50), series[o + horizon]).mean()
                for o in origins
            ]
            trials[index, scaling] = float(np.mean(found)) if found else np.inf
    index, scaling = min(trials, key=lambda key: trials[key])
    return _line_draws(usable[index], scaling, service, months, horizon, draws)


def _line_draws(past: _Past, scaling: _Scaling, service: NDArray, origin: int, horizon: int, draws: int) -> Floats:
    """Draws around the line: quantiles of the past errors, both ways, grown to the size of the cell.

    A history too short to hold errors at the horizon gives those at the longest that it holds, grown as a walk grows.
    """
    power, pool = scaling
    tried = min(horizon, origin - past.first)
    errors = past.errors(origin, tried, power) * np.sqrt(horizon / tried)
    if pool == "cell":
        spread = _both_ways(errors, draws)
    elif pool == "all":
        spread = _both_ways(errors.reshape(-1, 1), draws)
    else:
        spread = np.empty((draws, len(service)))
        for one in range(service.max() + 1):
            spread[:, service == one] = _both_ways(errors[:, service == one].reshape(-1, 1), draws)
    return np.maximum(past.says(origin, horizon) + spread * _scale(past.series[origin], power), 0)


def _both_ways(errors: Floats, draws: int) -> Floats:
    """Quantiles [draws, columns] of the errors of each column and the same errors the other way."""
    size = np.sort(np.abs(errors), axis=0)
    level = np.abs(2 * (np.arange(draws) + 0.5) / draws - 1)
    found = size[np.minimum((level * len(size)).astype(int), len(size) - 1)]
    found[: draws // 2] *= -1
    return found


def _scale(size: Floats, power: float) -> Floats:
    return (size + 1) ** power


def _services(panel: Panel, by: Level) -> NDArray[np.int64]:
    """Number of the service of each cell; all 0 where cells are of several services."""
    shape = panel.stock.shape[1:]
    marks = np.broadcast_to(np.arange(shape[2]) if "service" in by else np.zeros(shape[2]), shape)
    return (cells_of(marks, by) / cells_of(np.ones(shape), by)).round().astype(np.int64)


def _validation(months: int, horizon: int) -> list[int]:
    """Origins within the history whose truth, so many months on, lies within it as well; the latest last."""
    last = months - horizon
    return [o for o in range(last - 3 * (VALIDATION_ORIGINS - 1), last + 1, 3) if o >= FIRST_ORIGIN] or [max(last, 1)]


# --- plain Markov


@dataclass(frozen=True)
class _Counts:
    """Events and exposure over the months of reference."""

    leavers: Floats
    """[group, service, next]: of the whole council."""
    exposure: Floats
    """[group, service]: person-months of the whole council."""
    entries: Floats
    """[area, group, service]"""
    months: int


def _counts(panel: Panel, months: int) -> _Counts:
    months = min(months, panel.months)
    return _Counts(
        leavers=panel.leavers[-months:].sum(axis=(0, 1)).astype(float),
        exposure=panel.exposure[-months:].sum(axis=(0, 1)),
        entries=panel.entries[-months:].sum(axis=0).astype(float),
        months=months,
    )


def _project(rates: Floats, horizon: int) -> tuple[Floats, Floats]:
    """From daily rates [..., service, next]: where people are after the horizon, and what an entry a day adds up to."""
    services = rates.shape[-2]
    out = rates.sum(axis=-1)
    rates = rates / np.maximum(out, 1.0)[..., None]  # nobody leaves more than once a day
    step = rates[..., :services].copy()
    diagonal = np.arange(services)
    step[..., diagonal, diagonal] += 1 - rates.sum(axis=-1)
    return _powers(step, round(horizon * MONTH))


def _powers(step: Floats, times: int) -> tuple[Floats, Floats]:
    """A step to a power, and the sum of all lower powers: both doubled together, bit by bit."""
    size = step.shape[-1]
    power, total = np.broadcast_to(np.eye(size), step.shape), np.zeros_like(step)
    for bit in f"{times:b}":
        # Both in one product, since so many small ones cost by their number.
        both = np.concatenate([power, total], axis=-2) @ power
        power, total = both[..., :size, :], total + both[..., size:, :]
        if bit == "1":
            power, total = power @ step, total + power
    return power, total


def _markov_mean(panel: Panel, horizon: int, months: int) -> Floats:
    """[area, group, service] expected people."""
    counts = _counts(panel, months)
    rates = counts.leavers / np.maximum(counts.exposure, 1e-9)[..., None] / MONTH
    stay, build = _project(np.where(counts.exposure[..., None] > 0, rates, 0.0), horizon)
    entries = counts.entries / counts.months / MONTH
    return np.einsum("ags,gst->agt", panel.stock[-1], stay) + np.einsum("ags,gst->agt", entries, build)


def _astray(panel: Panel, by: Level, horizon: int, months: int, origins: Sequence[int]) -> float:
    """Mean absolute error on origins within the history."""
    series = panel.series(by)
    return float(
        np.mean([np.abs(_mean_at(panel, by, horizon, months, o) - series[o + horizon]).mean() for o in origins])
    )


def _mean_at(panel: Panel, by: Level, horizon: int, months: int, origin: int) -> Floats:
    return cells_of(_markov_mean(panel.upto(origin), horizon, months), by)


def _widening(panel: Panel, by: Level, horizon: int, months: int, origins: Sequence[int], rng: Generator) -> float:
    """How many times wider past errors were than the draws said; at least 0.7 and at most 4."""
    series, ratios = panel.series(by), []
    for origin in origins:
        mean, deviation = _markov_spread(panel.upto(origin), by, horizon, months, 60, rng)
        ratios.append((series[origin + horizon] - mean) / np.maximum(deviation, 0.5))
    return float(np.clip(np.sqrt(np.mean(np.square(ratios))), 0.7, 4.0))


def _markov_spread(
    panel: Panel, by: Level, horizon: int, months: int, draws: int, rng: Generator
) -> tuple[Floats, Floats]:
    """[cells] mean and standard deviation of what `_markov_draws` draws: rates are drawn, and given these the means and
    variances of binomial and Poisson are known, so that no people need be drawn.
    """
    stay, build, entries = _rates_drawn(panel, horizon, months, draws, rng)
    stock, stay = panel.stock[-1].astype(float), np.clip(stay, 0, 1)
    come = np.einsum("kags,kgst->kagt", entries, build)
    means = cells_of(np.einsum("ags,kgst->kagt", stock, stay) + come, by)
    chance = cells_of(np.einsum("ags,gst->agt", stock, (stay * (1 - stay)).mean(axis=0)) + come.mean(axis=0), by)
    return means.mean(axis=0), np.sqrt(means.var(axis=0) + chance)


def _markov_draws(panel: Panel, by: Level, horizon: int, months: int, draws: int, rng: Generator) -> Floats:
    """Draws of rates (gamma, from events and exposure), and of people (binomial if there, Poisson if they enter)."""
    stay, build, entries = _rates_drawn(panel, horizon, months, draws, rng)
    remaining = rng.binomial(panel.stock[-1][None, ..., None], np.clip(stay, 0, 1)[:, None]).sum(axis=-2)
    arrived = rng.poisson(np.einsum("kags,kgst->kagt", entries, build))
    return cells_of(remaining + arrived, by).astype(float)


def _rates_drawn(panel: Panel, horizon: int, months: int, draws: int, rng: Generator) -> tuple[Floats, Floats, Floats]:
    """Draws [draw, group, service, next] of where people are after the horizon and of what an entry a day adds up to,
    and [draw, area, group, service] of entries a day.
    """
    counts = _counts(panel, months)
    exposure = np.maximum(counts.exposure, 0.5)[..., None]
    rates = rng.gamma(counts.leavers + 1e-3, 1.0, (draws, *counts.leavers.shape)) / exposure / MONTH
    entries = rng.gamma(counts.entries + 0.1, 1.0, (draws, *counts.entries.shape)) / counts.months / MONTH
    return *_project(rates, horizon), entries
