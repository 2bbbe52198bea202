"""Try forecasts against the past: from earlier days on, with what was known then, beside methods they must beat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.evaluate.forecast import scores
from careshape.evaluate.forecast.baselines import BASELINES, Draws, Level
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.forecast import forecast
from careshape.evaluate.forecast.heads import PopulationLike
from careshape.evaluate.forecast.panel import Panel, read_panel
from careshape.evaluate.forecast.spells import Spells
from careshape.language import numeral, say

HORIZONS = (3, 6, 12, 24)
"""Months ahead at which forecasts are tried."""
LEVELS: tuple[Level, ...] = (("service",), ("area", "service"))
"""Splits at which they are tried: totals of the council by service, and areas by service."""
QUANTILES = (0.1, 0.5, 0.9)
MODEL: Final = "forecast"
"""Name of the product's own forecast among the methods."""
WITHOUT: Final = "forecast without a population"
"""Name of the product's own forecast where it is tried a second time, with no more than the simple methods have."""

Method = Callable[[Spells, int, Sequence[Level], Sequence[int], int, int], Mapping[Level, Draws]]
"""Spells known at the origin, the origin, levels, horizons, number of draws, seed -> draws by level and horizon."""


def baseline(name: str) -> Method:
    """One of the methods to beat as a method of its own. Raises CallError for another name."""
    if name not in BASELINES:
        raise CallError(f"There is no simple method '{name}'. Methods: {', '.join(BASELINES)}.")

    def run(
        spells: Spells, origin: int, levels: Sequence[Level], horizons: Sequence[int], draws: int, seed: int
    ) -> Mapping[Level, Draws]:
        return _baseline(name, read_panel(spells, origin), levels, horizons, draws, seed)

    return run


def product(population: PopulationLike | None = None) -> Method:
    """The product's own forecast, fitted to what was known at the origin, with entries for each head if given heads.

    population: as it was projected at the origin; a later projection would know what had not happened yet.
    """

    def run(
        spells: Spells, origin: int, levels: Sequence[Level], horizons: Sequence[int], draws: int, seed: int
    ) -> Mapping[Level, Draws]:
        rates = fit(spells, until=origin, population=population)
        made = forecast(rates, months=max(horizons), draws=draws, seed=seed)
        return {by: {horizon: made.samples(horizon, by=by) for horizon in horizons} for by in levels}

    return run


model = product()
"""The product's own forecast without a population."""


@dataclass(frozen=True)
class CellScores:
    """Scores of one method in the cells of one level, at one horizon from one origin; arrays [cells]."""

    crps: NDArray[np.float64]
    covered_80: NDArray[np.bool_]
    covered_95: NDArray[np.bool_]
    error: NDArray[np.float64]
    absolute_error: NDArray[np.float64]
    truth: NDArray[np.float64]
    pinball: NDArray[np.float64]
    """[quantile, cells], in the order of QUANTILES."""


Key = tuple[Level, int, str]
"""Level, horizon, method."""


@dataclass(frozen=True)
class Trial:
    """Every method from one origin."""

    origin: int
    found: Mapping[Key, CellScores]


def run_trial(
    spells: Spells,
    origin: int,
    method: Method = model,
    levels: Sequence[Level] = LEVELS,
    horizons: Sequence[int] = HORIZONS,
    draws: int = 400,
    seed: int = 1,
    beside: Mapping[str, Method] | None = None,
) -> Trial:
    """Forecast from ``origin`` with what was known then, by ``method`` and by every simple one, and score all.

    beside: further methods by name, with rows of their own. Horizons beyond the records, and those as long as the
    history before the origin, are left out. Raises CallError where none is left, or the history is too short.
    """
    census = Census(origin, "month")
    reached = [horizon for horizon in horizons if census.day(horizon) <= spells.window[1]]
    if not reached:
        raise CallError(
            f"The records end on {day_date(spells.window[1])}, less than {min(horizons)} months after "
            f"{day_date(origin)}. Choose an earlier origin."
        )
    known = spells.until(origin)
    panel = read_panel(known, origin)
    reached = [horizon for horizon in reached if horizon < panel.months]
    if not reached:
        raise CallError(
            f"{panel.months} months of records lie before {day_date(origin)}; a trial needs more than its shortest "
            f"horizon, {min(horizons)}, for simple methods to learn from. Choose a later origin."
        )
    made: dict[str, Mapping[Level, Draws]] = {
        name: _baseline(name, panel, levels, reached, draws, seed) for name in BASELINES
    }
    for name, one in {MODEL: method, **(beside or {})}.items():
        made[name] = one(known, origin, levels, reached, draws, seed)
    found = {}
    for by in levels:
        for horizon in reached:
            truth = spells.stock([census.day(horizon)], by)[0].astype(float)
            for name, forecasts in made.items():
                found[by, horizon, name] = _scored(forecasts[by][horizon], truth)
    return Trial(origin, found)


@dataclass(frozen=True)
class Backtest:
    """Trials put together: from several origins of one council, or from several generated counties."""

    trials: Sequence[Trial]
    of: str = "origins"
    """What the trials are: "origins", which share one history, or "worlds", which are independent."""
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def levels(self) -> list[Level]:
        """Levels in the order in which they were tried."""
        return list(dict.fromkeys(key[0] for trial in self.trials for key in trial.found))

    def horizons(self, by: Level) -> list[int]:
        """Horizons that were reached, in months."""
        return sorted({key[1] for trial in self.trials for key in trial.found if key[0] == by})

    @property
    def methods(self) -> list[str]:
        """Names of the methods: the forecast, those tried beside it, the simple ones."""
        found = dict.fromkeys(key[2] for trial in self.trials for key in trial.found)
        return [MODEL, *(name for name in found if name not in (MODEL, *BASELINES)), *BASELINES]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each level, horizon and method, with standard errors over the trials."""
        if "rows" not in self._cache:
            self._cache["rows"] = [
                self._row(by, horizon, method)
                for by in self.levels
                for horizon in self.horizons(by)
                for method in self.methods
            ]
        return list(self._cache["rows"])

    def row(self, by: Level, horizon: int, method: str = MODEL) -> dict[str, Any]:
        """One of the rows. Raises CallError where it was not tried."""
        level = level_name(by)
        for row in self.rows():
            if (row["level"], row["horizon"], row["method"]) == (level, horizon, method):
                return row
        raise CallError(f"{method} was not tried at {horizon} months by {level}.")

    def best_baseline(self, by: Level, horizon: int) -> str:
        """The simple method with the least mean score."""
        return min(BASELINES, key=lambda name: self._sum(by, horizon, name, "crps").sum())

    def verdicts(self) -> list[str]:
        """What a reader of the forecast must know, a sentence for each level and horizon."""
        return [self.verdict(by, horizon) for by in self.levels for horizon in self.horizons(by)]

    def verdict(self, by: Level, horizon: int) -> str:
        """Whether the 80% intervals held what they say, and whether a simple method would have done as well."""
        row = self.row(by, horizon)
        return say(
            "By {by}, {horizon} months ahead: {coverage} {score}",
            by=level_name(by),
            horizon=horizon,
            coverage=_of_coverage(row),
            score=_of_score(row),
        )

    def _scores(self, by: Level, horizon: int, method: str) -> list[CellScores]:
        return [trial.found[by, horizon, method] for trial in self.trials if (by, horizon, method) in trial.found]

    def _sum(self, by: Level, horizon: int, method: str, name: str) -> NDArray[np.float64]:
        """Sum over cells, a number a trial."""
        return np.array([getattr(one, name).sum() for one in self._scores(by, horizon, method)], float)

    def _row(self, by: Level, horizon: int, method: str) -> dict[str, Any]:
        found, best = self._scores(by, horizon, method), self.best_baseline(by, horizon)
        estimates = {name: scores.mean_over([getattr(one, source) for one in found]) for name, source in _MEANS.items()}
        estimates["score_ratio"] = _ratio(self._sum(by, horizon, method, "crps"), self._sum(by, horizon, best, "crps"))
        estimates["relative_mae"] = _ratio(
            self._sum(by, horizon, method, "absolute_error"), self._sum(by, horizon, "flat line", "absolute_error")
        )
        estimates["bias"] = _ratio(self._sum(by, horizon, method, "error"), self._sum(by, horizon, method, "truth"))
        row: dict[str, Any] = {
            "level": level_name(by),
            "horizon": horizon,
            "method": method,
            self.of: len(found),
            "cells": sum(len(one.truth) for one in found),
        }
        for name, estimate in estimates.items():
            row[name], row[f"{name}_se"] = estimate.value, estimate.standard_error
        for index, level in enumerate(QUANTILES):
            row[f"pinball_{round(100 * level)}"] = float(np.mean(np.concatenate([one.pinball[index] for one in found])))
        return {**row, "best_baseline": best}


_MEANS: Mapping[str, str] = {"coverage_80": "covered_80", "coverage_95": "covered_95", "crps": "crps"}


def backtest(
    spells: Spells,
    origins: Iterable[int] | None = None,
    method: Method = model,
    levels: Sequence[Level] = LEVELS,
    horizons: Sequence[int] = HORIZONS,
    draws: int = 400,
    seed: int = 1,
) -> Backtest:
    """Try a forecast on a council's own records, from several earlier days on.

    Args:
        spells: the records; what lies after each origin is held back from the methods and scored against.
        origins: days; without them, quarter by quarter back from the last day that leaves room for the shortest
            horizon, as long as half of the records, and a year at least, lie before.
        method: what is tried; the product's own forecast if not given.
        levels, horizons, draws, seed: splits, months ahead, draws of every method, and the seed of their chance.

    Raises CallError where the records are too short to hold anything back.
    """
    days = list(origins) if origins is not None else _quarters(spells, horizons)
    return Backtest([run_trial(spells, day, method, levels, horizons, draws, seed + i) for i, day in enumerate(days)])


def level_name(by: Level) -> str:
    """A split in words: "service", "area x service"; "whole" for none."""
    return " x ".join(by) or "whole"


def _quarters(spells: Spells, horizons: Sequence[int]) -> list[int]:
    first, last = spells.window
    census, back = Census(last, "month"), min(horizons)
    months = next(k for k in range(1, 10_000) if census.day(-k) < first - 1) - 1
    found = [census.day(-k) for k in range(back, months - max(12, months // 2) + 1, 3)]
    if not found:
        raise CallError(
            f"{months} months of records are too few: a year must lie before a trial and {back} months after it."
        )
    return found[::-1]


def _baseline(
    name: str, panel: Panel, levels: Sequence[Level], horizons: Sequence[int], draws: int, seed: int
) -> dict[Level, Draws]:
    rng = np.random.default_rng([seed, list(BASELINES).index(name)])
    return {by: BASELINES[name](panel, by, horizons, draws, rng) for by in levels}


def _scored(draws: NDArray[np.float64], truth: NDArray[np.float64]) -> CellScores:
    return CellScores(
        crps=scores.crps(draws, truth),
        covered_80=scores.covered(draws, truth, 0.8),
        covered_95=scores.covered(draws, truth, 0.95),
        error=scores.error(draws, truth),
        absolute_error=scores.absolute_error(draws, truth),
        truth=truth,
        pinball=np.stack([scores.pinball(draws, truth, level) for level in QUANTILES]),
    )


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> scores.Estimate:
    """A ratio of sums; 1 of nothing to nothing, as where no cell ever changes and every method knows it."""
    if not below.sum():
        return scores.Estimate(1.0 if not above.sum() else float("inf"), None)
    return scores.ratio_over(above, below)


def _of_coverage(row: Mapping[str, Any]) -> str:
    share, error = row["coverage_80"], row["coverage_80_se"]
    said = say("80% intervals covered {share}", share=numeral(f"{share:.0%}"))
    if error is None:
        return say("{said}, in too few trials to tell how sure that is.", said=said)
    slack = 2 * error
    if share + slack < 0.76:
        return say("{said}: read them as too narrow.", said=said)
    if share - slack > 0.84:
        return say("{said}: read them as too wide.", said=said)
    if not 0.76 <= share <= 0.84 or slack > 0.08:
        return say("{said}, which so few trials cannot tell from 80%.", said=said)
    return say("{said}: they can be taken at their word.", said=said)


def _of_score(row: Mapping[str, Any]) -> str:
    ratio, best = row["score_ratio"], row["best_baseline"]
    if ratio > 1.02:
        return (
            say("A {best} would have been {ratio} nearer.", best=best, ratio=numeral(f"{ratio - 1:.0%}"))
            if best != "plain Markov"
            else say("A plain Markov model would have been {ratio} nearer.", ratio=numeral(f"{ratio - 1:.0%}"))
        )
    if ratio < 0.98:
        return say(
            "It was {ratio} nearer than the best simple method ({best}).", ratio=numeral(f"{1 - ratio:.0%}"), best=best
        )
    return say("It was as near as the best simple method ({best}).", best=best)
