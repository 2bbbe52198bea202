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
STRETCHES: Final = ((12.0, 0.0), (36.0, 3.0), (np.inf, 6.0))
"""Up to which month levels stand still for how long, none being a step: then they move by as much as in all of it. Far
ahead nothing shows the difference (docs/explanation/forecast.md)."""
LEAST_CLUMP: Final = 0.003
"""Relative variance of a month's entries beyond Poisson below which months are not drawn apart: they average out."""


def stretches(steps: int, months: float) -> Ints:
    """Lengths, in steps, of the stretches in which levels stand still. months: length of a step."""
    found: list[int] = []
    done = 0
    for until, block in STRETCHES:
        size, end = max(round(block / months), 1), round(min(until / months, steps))
        while done < min(end, steps):
            found.append(min(size, min(end, steps) - done))
            done += found[-1]
    return np.asarray(found)


def level_paths(
    levels: Levels,
    which: Ints,
    lengths: Ints,
    months: float,
    draws: int,
    rng: np.random.Generator,
    stay: Floats,
    least_shape: float = 0.0,
) -> Floats:
    """Levels of some series over their mean course [stretch, series, draw].

    which: numbers of the series. lengths: of the stretches, in steps. months: length of a step. stay: share of the
    people of each that stays a step. least_shape: of the gamma variable of the level at the origin. Each draw has one
    way to move of the grid, by its weight.
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
    path = _walked(levels, pick, lasts.astype(np.float32), swung.astype(np.float32), lengths, months, rng)
    path /= levels.course(np.cumsum(lengths) * months, which)[..., None].astype(np.float32)
    _clump(path, levels, which, pick, months * _averaged(stay, lengths), rng)
    return path


def _walked(
    levels: Levels, pick: Ints, lasts: Floats, swung: Floats, lengths: Ints, months: float, rng: np.random.Generator
) -> Floats:
    """[stretch, series, draw] levels that begin at the logarithms ``lasts`` and ``swung``, of steps of mean one."""
    grid = levels.grid
    drift = DRIFT_MARGIN * grid.drift * np.sqrt(months)
    keep = np.minimum(0.5 ** (months / DRIFT_HALF_LIFE), np.sqrt(np.maximum(1 - (drift / DRIFT_REACH) ** 2, 0)))
    back = grid.keep**months
    walk = _Walk(lasts, drift, keep, pick)
    # Few draws swing, so only they are carried.
    swings = np.flatnonzero(grid.swing[pick])
    swing = _Walk(swung.ravel()[swings], np.sqrt(grid.spread * (1 - back**2)), back, pick.ravel()[swings])
    path = np.empty((len(lengths), *pick.shape), np.float32)
    for log, span in zip(path, lengths.tolist(), strict=True):
        walk.after(span, rng, log)
        log += lasts
        if len(swings):
            swing.start *= swing.over(span)[0]
            log.ravel()[swings] += swing.after(span, rng, swing.room) + swing.start
        np.exp(log, out=log)
    return path


class _Walk:
    """Random walks that go back towards nothing: one for each place in ``pick``, which names a point of a grid."""

    def __init__(self, start: Floats, size: Floats, keep: Floats, pick: Ints) -> None:
        self.start, self.pick = start, pick
        self.walk, self.room = np.zeros_like(start), np.empty_like(start)
        self.variance = np.zeros(len(size))
        self.size, self.keep = size, keep
        self.spans: dict[int, tuple[Floats, Floats, Floats, Floats]] = {}

    def over(self, span: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Share kept over so many steps and standard deviation that they add: by place, then by point of the grid."""
        if span not in self.spans:
            kept = self.keep**span
            grown = self.size * np.sqrt((self.keep[:, None] ** (2 * np.arange(span))).sum(axis=1))
            by_place = [one.astype(np.float32)[self.pick] for one in (kept, grown)]
            self.spans[span] = (by_place[0], by_place[1], kept, grown)
        return self.spans[span]

    def after(self, span: int, rng: np.random.Generator, out: Floats) -> Floats:
        """Logarithms after so many steps more, less half the variance that they have by then, for a mean of one."""
        kept, grown, kept_of, grown_of = self.over(span)
        rng.standard_normal(dtype=np.float32, out=out)
        out *= grown
        self.walk *= kept
        self.walk += out
        self.variance = kept_of**2 * self.variance + grown_of**2
        np.take((self.variance / -2).astype(np.float32), self.pick, out=out, mode="clip")  # "clip" writes at once
        out += self.walk
        return out


def _averaged(stay: Floats, lengths: Ints) -> Floats:
    """[stretch, series] over how many steps what a single step has apart averages out by the end of a stretch.

    Over all of them where everybody stays; over the last alone where nobody does.
    """
    left = stay ** np.arange(lengths.max(initial=1))[:, None]
    return np.asarray((left.cumsum(axis=0) ** 2 / (left**2).cumsum(axis=0))[lengths - 1])


def _clump(path: Floats, levels: Levels, which: Ints, pick: Ints, months: Floats, rng: np.random.Generator) -> None:
    """Let each stretch's level depart by itself, in the series whose counts are clumped.

    months: over how many months it averages out [stretch, series].
    """
    clumped = (levels.clump_size[which] > LEAST_CLUMP)[:, None] & (levels.grid.clump[pick] > 0)
    places = np.flatnonzero(clumped)
    size, series = levels.grid.clump[pick.ravel()[places]], places // max(pick.shape[1], 1)
    for level, over in zip(path.reshape(len(path), -1), months, strict=True):
        bump = np.sqrt(np.log1p(size / over[series])).astype(np.float32)
        level[places] *= np.exp(bump * rng.standard_normal(len(bump), dtype=np.float32) - bump * bump / 2)
