"""Forecast many generated counties from the end of their history, and score against the two years kept apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from careshape.demo.worlds import KINDS, make_world
from careshape.demo.worlds.plan import plan
from careshape.evaluate.forecast.backtest import HORIZONS, MODEL, Backtest, Level, Method, Trial, product, run_trial

AREAS: Final[Level] = ("area", "service")
COUNTY: Final[Level] = ("service",)
INSIDE_COVERAGE: Final = (0.76, 0.84)
"""Bounds of the coverage of 80% intervals at every horizon, of areas and of the county, inside the family."""
OUTSIDE_COVERAGE: Final = {12: 0.74, 24: 0.68}
"""Horizon -> least coverage of 80% intervals outside the family."""
SCORE_RATIO: Final = {3: 1.0, 12: 0.95, 24: 0.9}
"""Horizon -> most that the score of areas may be of the best simple method's."""
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
                    said += [f"{name}: {text}" for text in _coverage_missed(kind, horizon, row, errors)]
                    if by == AREAS and horizon in SCORE_RATIO:
                        said += [f"{name}: {text}" for text in _score_missed(horizon, row, errors)]
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

    method: what is tried; the product's own forecast, with each county's projected population, if not given.

    The same seed gives the same counties and the same figures. Nothing runs in parallel.
    """
    found, by_departure = {}, {}
    names = plan()["outside"]["departures"]
    for kind in kinds:
        trials: list[Trial] = []
        for number in range(worlds):
            world = make_world(kind, number, seed)
            tried = method or product(world.population)
            trial = run_trial(world.spells, world.origin, tried, (COUNTY, AREAS), HORIZONS, draws, seed + number)
            trials.append(trial)
            if (number + 1) % 10 == 0:
                say(f"{kind.capitalize()}: {number + 1} of {worlds} counties.")
        found[kind] = Backtest(trials, "worlds")
        if kind == "outside":
            kept = {name: trials[index :: len(names)] for index, name in enumerate(names)}
            by_departure = {name: Backtest(some, "worlds") for name, some in kept.items() if some}
    return Honesty(worlds, seed, found, by_departure)


def _figures(trials: Backtest) -> dict[str, Any]:
    """Figures of areas by service, with those of the county's totals under ``county``."""
    return {**_by_horizon(trials, AREAS), "county": _by_horizon(trials, COUNTY)}


def _by_horizon(trials: Backtest, by: Level) -> dict[str, Any]:
    rows = {str(horizon): trials.row(by, horizon, MODEL) for horizon in trials.horizons(by)}
    names = ("coverage_80", "coverage_95", "score_ratio", "bias", "mase")
    figures: dict[str, Any] = {name: {horizon: row[name] for horizon, row in rows.items()} for name in names}
    errors = {name: {horizon: row[f"{name}_se"] for horizon, row in rows.items()} for name in names}
    best = {horizon: row["best_baseline"] for horizon, row in rows.items()}
    return {**figures, "standard_error": errors, "best_baseline": best}


def _coverage_missed(kind: str, horizon: int, row: Mapping[str, Any], errors: float) -> list[str]:
    share, slack = row["coverage_80"], errors * (row["coverage_80_se"] or 0.0)
    low, high = INSIDE_COVERAGE if kind == "inside" else (OUTSIDE_COVERAGE.get(horizon, 0.0), 1.0)
    if low - slack <= share <= high + slack:
        return []
    wanted = f"{low:.0%} to {high:.0%}" if kind == "inside" else f"at least {low:.0%}"
    return [f"80% intervals covered {share:.1%}; the goal is {wanted}"]


def _score_missed(horizon: int, row: Mapping[str, Any], errors: float) -> list[str]:
    ratio, slack = row["score_ratio"], errors * (row["score_ratio_se"] or 0.0)
    if ratio - slack <= SCORE_RATIO[horizon]:
        return []
    return [f"score_ratio is {ratio:.3f} (to {row['best_baseline']}); the goal is at most {SCORE_RATIO[horizon]:g}"]
