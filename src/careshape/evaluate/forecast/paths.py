"""Draws of the levels of series: where each stands at the origin, and its course from then on."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.drift import Levels

Floats = NDArray[Any]
Ints = NDArray[Any]

DRIFT_MARGIN: Final = 1.4
"""How much larger the lasting drift ahead is taken than that of the past: causes that series share and moves that no
census day saw are not in it. Without, 80% intervals of totals two years ahead held 74% in trials
(docs/explanation/backtests.md)."""
DRIFT_HALF_LIFE: Final = 240.0
"""Months after which half of a drift has gone back: no rate walks away for ever, and a forecast of ten years whose
variance grew without bound would say nothing."""
DRIFT_REACH: Final = 0.35
"""Standard deviation of the logarithm that a drift reaches at most: one that would go further returns sooner."""
FINE_MONTHS: Final = 24
"""Months in which levels move with every step."""
BLOCK_MONTHS: Final = 3
"""Months after which they move later on, by as much as in all of them: nothing that far ahead shows the difference."""
LEAST_CLUMP: Final = 0.003
"""Relative variance of a month's entries beyond Poisson below which months are not drawn apart: they average out."""


def level_paths(
    levels: Levels,
    which: Ints,
    steps: int,
    months: float,
    draws: int,
    rng: np.random.Generator,
    least_shape: float = 0.0,
) -> Floats:
    """Levels of some series over their mean course [step, series, draw].

    which: numbers of the series. months: length of a step. least_shape: of the gamma variable of the level at the
    origin. Each draw has one way to move of the grid, by its weight.
    """
    weights = levels.weight[which]
    picks = [rng.choice(weights.shape[1], draws, p=row / row.sum()) for row in weights]
    pick = np.stack(picks) if picks else np.empty((0, draws), np.int64)
    rows = which[:, None]
    shape = np.maximum(levels.shape[rows, pick], least_shape)
    about = np.log(np.maximum(rng.standard_gamma(shape) / shape, 1e-9))
    swung = levels.swung[rows, pick] + levels.swung_tied[rows, pick] * about
    swung += levels.swung_error[rows, pick] * rng.standard_normal(pick.shape)
    lasts = about + np.log(levels.mean[rows, pick]) - swung
    path = _walked(levels, pick, lasts.astype(np.float32), swung.astype(np.float32), steps, months, rng)
    path /= levels.course(np.arange(1, steps + 1) * months)[:, which, None].astype(np.float32)
    _clump(path, levels, which, pick, months, rng)
    return path


def _walked(
    levels: Levels, pick: Ints, lasts: Floats, swung: Floats, steps: int, months: float, rng: np.random.Generator
) -> Floats:
    """[step, series, draw] levels that begin at the logarithms ``lasts`` and ``swung``, their steps of mean one."""
    drift = DRIFT_MARGIN * levels.grid.drift * np.sqrt(months)
    keep = np.minimum(0.5 ** (months / DRIFT_HALF_LIFE), np.sqrt(np.maximum(1 - (drift / DRIFT_REACH) ** 2, 0)))
    fine, block = round(FINE_MONTHS / months), max(round(BLOCK_MONTHS / months), 1)
    back = levels.grid.keep**months
    size = np.sqrt(levels.grid.spread * (1 - back**2))
    spans = {span: (_span(drift, keep, span, pick), _span(size, back, span, pick)) for span in {1, block}}
    path = np.empty((steps, *pick.shape), np.float32)
    # Walk and swing with the variance that each has by now, half of which is taken off so that a step's mean is one.
    walk, walk_var, swing, swing_var = (np.zeros_like(lasts) for _ in range(4))
    for t in range(steps):
        log = path[t]
        span = 1 if t < fine else block
        if (t - fine) % span:
            log[:] = path[t - 1]
            continue
        (kept, grown), (swing_kept, swing_grown) = spans[span]
        _advance(walk, walk_var, kept, grown, log, rng)
        _advance(swing, swing_var, swing_kept, swing_grown, log, rng)
        swung *= swing_kept
        np.add(walk_var, swing_var, out=log)
        log *= np.float32(-0.5)
        for part in (walk, swing, lasts, swung):
            log += part
        np.exp(log, out=log)
    return path


def _span(size: Floats, keep: Floats, span: int, pick: Ints) -> tuple[Floats, Floats]:
    """Share that is kept over several steps, and the standard deviation that they add [series, draw]."""
    grown = size * np.sqrt((keep[:, None] ** (2 * np.arange(span))).sum(axis=1))
    return (keep**span).astype(np.float32)[pick], grown.astype(np.float32)[pick]


def _advance(
    walk: Floats, variance: Floats, kept: Floats, grown: Floats, room: Floats, rng: np.random.Generator
) -> None:
    """One step of a walk that goes back, and its variance; ``room`` is overwritten."""
    rng.standard_normal(dtype=np.float32, out=room)
    room *= grown
    walk *= kept
    walk += room
    variance *= kept
    variance *= kept
    np.multiply(grown, grown, out=room)
    variance += room


def _clump(path: Floats, levels: Levels, which: Ints, pick: Ints, months: float, rng: np.random.Generator) -> None:
    """Let each step's level depart by itself, in the series whose counts are clumped."""
    clumped = np.flatnonzero(levels.clump_size[which] > LEAST_CLUMP)
    if not len(clumped):
        return
    bump = np.sqrt(np.log1p(levels.grid.clump[pick[clumped]] / months)).astype(np.float32)
    for step in path:
        step[clumped] *= np.exp(bump * rng.standard_normal(bump.shape, dtype=np.float32) - bump * bump / 2)
