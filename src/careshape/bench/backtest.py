"""Forecast many generated counties from the end of their history, and score against the two years kept apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from careshape.bench.goals import Goal
from careshape.demo.worlds import KINDS, make_world
from careshape.demo.worlds.plan import plan
from careshape.evaluate.forecast.backtest import (
    HORIZONS,
    MODEL,
    WITHOUT,
    Backtest,
    Level,
    Method,
    Trial,
    product,
    run_trial,
)

AREAS: Final[Level] = ("area", "service")
COUNTY: Final[Level] = ("service",)
TUNED_ON: Final = (1, 3)
"""Seeds of the counties on which constants of the model were chosen: others judge it."""
JUDGED: Final = 5
"""Seed of the counties that judge it unless others are named."""
INSIDE: Final = Goal("80% intervals covered", low=0.76, high=0.84, form=".1%", bound_form=".0%")
"""At every horizon, of areas and of the county, inside the family."""
OUTSIDE: Final = {
    12: Goal("80% intervals covered", low=0.74, form=".1%", bound_form=".0%"),
    24: Goal("80% intervals covered", low=0.68, form=".1%", bound_form=".0%"),
}
"""By horizon, outside the family."""
SCORE: Final = {
    horizon: Goal("score_ratio is", high=most, form=".3f") for horizon, most in ((3, 1.0), (12, 0.95), (24, 0.9))
}
"""By horizon: the score of areas over the best simple method's."""
DRAWS: Final = 400
ENOUGH: Final = 100
"""Counties of each kind from which on goals are judged as they stand."""
FEWEST: Final = 20
"""Counties from which on they are judged at all, less ALLOWANCE standard errors: chance alone would miss some."""
ALLOWANCE: Final = 2.5

Say = Callable[[str], None]


@dataclass(frozen=True)
class Honesty:
    """The trials of all counties, by kind."""

    worlds: int
    seed: int
    found: Mapping[str, Backtest]
    departures: Mapping[str, Backtest]
    """Outside counties by what departs."""

    def missed(self, errors: float = 0.0) -> list[str]:
        """Goals that were missed, in words; by more than so many standard errors of the figure itself."""
        said = []
        for kind, trials in self.found.items():
            for by in (COUNTY, AREAS):
                for horizon in trials.horizons(by):
                    row = trials.row(by, horizon)
                    name = f"{kind}, {row['level']}, {horizon} months"
                    covered = INSIDE if kind == "inside" else OUTSIDE.get(horizon)
                    score = SCORE.get(horizon) if by == AREAS else None
                    for goal, figure in ((covered, "coverage_80"), (score, "score_ratio")):
                        if goal is not None:
                            found = goal.missed(row[figure], errors * (row[f"{figure}_se"] or 0.0))
                            said += [f"{name}: {text}" for text in found]
        return said

    def judged(self) -> list[str]:
        """Goals that were missed, as far as so many counties can tell."""
        if self.worlds < FEWEST:
            return []
        return self.missed(0.0 if self.worlds >= ENOUGH else ALLOWANCE)

    def as_json(self) -> dict[str, Any]:
        """Every figure, under the names that the reference lists."""
        return {
            "worlds": self.worlds,
            "seed": self.seed,
            "tuned_on": list(TUNED_ON),
            **{kind: _figures(trials) for kind, trials in self.found.items()},
            "departures": {name: _figures(trials) for name, trials in self.departures.items()},
            "missed": self.judged(),
            "rows": [{"kind": kind, **row} for kind, trials in self.found.items() for row in trials.rows()],
        }


def bench_backtest(
    worlds: int,
    seed: int,
    say: Say,
    method: Method | None = None,
    kinds: Sequence[str] = KINDS,
    draws: int = DRAWS,
) -> Honesty:
    """Make ``worlds`` counties of each kind, forecast each by ``method`` and by every simple one, and score them.

    method: what is tried; if not given, the product's own forecast, with each county's projected population and beside
    that without one, since the simple methods have none.

    The same seed gives the same counties and the same figures. Nothing runs in parallel.
    """
    found, by_departure = {}, {}
    names = plan()["outside"]["departures"]
    for kind in kinds:
        trials: list[Trial] = []
        for number in range(worlds):
            world = make_world(kind, number, seed)
            tried, beside = (method, {}) if method else (product(world.population), {WITHOUT: product()})
            levels = (COUNTY, AREAS)
            trial = run_trial(world.spells, world.origin, tried, levels, HORIZONS, draws, seed + number, beside)
            trials.append(trial)
            if (number + 1) % 10 == 0:
                say(f"{kind.capitalize()}: {number + 1} of {worlds} counties.")
        found[kind] = Backtest(trials, "worlds")
        if kind == "outside":
            kept = {name: trials[index :: len(names)] for index, name in enumerate(names)}
            by_departure = {name: Backtest(some, "worlds") for name, some in kept.items() if some}
    return Honesty(worlds, seed, found, by_departure)


def _figures(trials: Backtest) -> dict[str, Any]:
    """Figures of areas by service, with those of the county's totals under ``county``.

    Those of the forecast without a population stand under ``without_population``, where it was tried.
    """
    found = _by_level(trials, MODEL)
    return {**found, "without_population": _by_level(trials, WITHOUT)} if WITHOUT in trials.methods else found


def _by_level(trials: Backtest, method: str) -> dict[str, Any]:
    return {**_by_horizon(trials, AREAS, method), "county": _by_horizon(trials, COUNTY, method)}


def _by_horizon(trials: Backtest, by: Level, method: str) -> dict[str, Any]:
    rows = {str(horizon): trials.row(by, horizon, method) for horizon in trials.horizons(by)}
    names = ("coverage_80", "coverage_95", "score_ratio", "bias", "relative_mae")
    figures: dict[str, Any] = {name: {horizon: row[name] for horizon, row in rows.items()} for name in names}
    errors = {name: {horizon: row[f"{name}_se"] for horizon, row in rows.items()} for name in names}
    best = {horizon: row["best_baseline"] for horizon, row in rows.items()}
    return {**figures, "standard_error": errors, "best_baseline": best}
