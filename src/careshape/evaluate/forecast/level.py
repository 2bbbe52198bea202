"""Seasons and levels of series of counts, month by month."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.counting import Counted
from careshape.evaluate.forecast.drift import Levels, follow
from careshape.evaluate.forecast.effects import spread_of
from careshape.evaluate.forecast.settings import FitSettings

Floats = NDArray[Any]
Ints = NDArray[Any]

SEASON_MONTHS: Final = 36
"""Records shorter than this have no season that could be told from chance."""

GROWTH_MONTHS: Final = 48
"""Shorter records tell no growth from drift."""
GROWTH_SPREAD: Final = 0.01
"""Usual size of a year's common growth of entries, about that of the population from which they come."""
LEAST_COUNT: Final = 10
"""A series with fewer entries in a year has no part in the common growth."""


def calendar_of(counted: Counted) -> Ints:
    """Calendar month (0 is January) in which each step of the records ends."""
    return np.asarray([counted.census.month(counted.start + 1 + j) % 12 for j in range(counted.steps)])


def season_of(counts: Floats, expected: Floats, calendar: Ints, counted: Counted) -> Floats:
    """[calendar month] factor of the counts of all series together, drawn to 1 by as much as months are alike.

    counts, expected: [step].
    """
    if counted.census.step != "month" or counted.calm.sum() < SEASON_MONTHS:
        return np.ones(12)
    # Each year is set against its own level first, so that no drift passes for a season.
    calm = counted.calm
    years = np.arange(len(counts))[::-1] // 12
    level = np.bincount(years[calm], counts[calm]) / np.maximum(np.bincount(years[calm], expected[calm]), 1e-9)
    level = np.append(level, np.ones(max(int(years.max()) + 1 - len(level), 0)))
    foreseen = expected * level[years]
    seen = np.bincount(calendar[calm], counts[calm], 12)
    due = np.bincount(calendar[calm], foreseen[calm], 12)
    weight = spread_of(seen, due, np.zeros(12, np.int64), 1)[0]
    found = (seen + weight) / (due + weight)
    return np.asarray(found / found.mean())


def follow_by_month(
    counted: Counted,
    counts: Floats,
    expected: Floats,
    settings: FitSettings,
    thin: Floats | None = None,
    start: Floats | None = None,
) -> Levels:
    """Follow levels month by month, whatever the step; a month counts where all of its steps do."""
    size = counted.census.steps(1)
    months = counted.steps // size
    lead = counted.steps - months * size

    def binned(values: Any) -> Any:
        return values[..., lead:].reshape(*values.shape[:-1], months, size)

    calm = binned(counted.calm).all(axis=-1)
    floor = settings.drift_floor if start is None else 0.0
    return follow(binned(counts).sum(axis=-1), binned(expected).sum(axis=-1), calm, floor, thin, start)


def course_of(counts: Floats, expected: Floats, calm: NDArray[np.bool_]) -> Floats:
    """[series, step] counts over expected, over a year about each step, leaning on 1 as if ten were expected."""
    kernel = np.ones(min(13, counts.shape[1]))
    seen, due = (
        np.stack([np.convolve(row * calm, kernel, mode="same") for row in values]) for values in (counts, expected)
    )
    return np.asarray((seen + 10) / (due + 10))


def growth_of(counts: Floats, expected: Floats, drift: Floats, counted: Counted) -> tuple[float, float]:
    """Growth a step that the series have in common, as a logarithm, and its standard error; 0 and 0 for short records.

    counts, expected: [series, step]. drift: standard deviation of a month's drift of each series.

    Each series' growth is that between its first and its last calm year, as uncertain as its counts and its drift make
    it. The common one is their weighted median, which one series that grows by itself does not pull, drawn to 0 as if
    growth of about `GROWTH_SPREAD` a year were usual.
    """
    calm = np.flatnonzero(counted.calm)
    if counted.census.step != "month" or len(calm) < GROWTH_MONTHS:
        return 0.0, 0.0
    early, late = calm[:12], calm[-12:]
    seen = [counts[:, months].sum(axis=1) for months in (early, late)]
    due = [expected[:, months].sum(axis=1) for months in (early, late)]
    some = (np.minimum(*seen) >= LEAST_COUNT) & (np.minimum(*due) > 0)
    if not some.any():
        return 0.0, 0.0
    apart = float(late.mean() - early.mean())
    (first, last), (due_first, due_last) = ([one[some] for one in pair] for pair in (seen, due))
    slope = np.log(last / due_last * due_first / first) / apart
    variance = 1 / first + 1 / last + drift[some] ** 2 * apart
    weight = apart**2 / variance
    order = np.argsort(slope)
    reached = np.cumsum(weight[order])
    middle = float(slope[order][np.searchsorted(reached, reached[-1] / 2)])
    # The median of normal variables is pi / 2 times as variable as their mean.
    error2 = np.pi / 2 / weight.sum()
    usual2 = (GROWTH_SPREAD / 12) ** 2
    share = usual2 / (usual2 + error2)
    return middle * share, float(np.sqrt(error2 * share))
