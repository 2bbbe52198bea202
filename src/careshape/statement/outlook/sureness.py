"""The page that says how good the forecasts are: tried on the council's own past, beside simple methods."""

from __future__ import annotations

from typing import Any, Final

from careshape.catalogue.periods import day_date
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.forecast.backtest import HORIZONS, LEVELS, MODEL, Backtest, backtest, product
from careshape.evaluate.forecast.baselines import BASELINES, Level
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.spells import Spells
from careshape.evaluate.numbers import MINUS
from careshape.language import say
from careshape.statement.charts import draw
from careshape.statement.council import Council
from careshape.statement.formatting import Value, day
from careshape.statement.outlook.report import Report, Section, even, headed, numeric
from careshape.statement.outlook.words import tenth
from careshape.statement.tables import Column, Table, simple

DRAWS: Final = 200
MOST_ORIGINS: Final = 3
BETWEEN: Final = 3
"""Months between two days from which a forecast is tried."""
LEVEL_WORDS: Final[dict[Level, str]] = {("service",): "By service", ("area", "service"): "By area and service"}
TRIED: Final = (
    "Tried from {days} days, with {draws} draws for each forecast; trials share one history, so that they are not "
    "independent."
)
TRIED_ONCE: Final = (
    "Tried from {days} day, with {draws} draws for each forecast; trials share one history, so that they are not "
    "independent."
)


def tried(council: Council) -> Backtest:
    """The council's forecast tried on its own records, once a state. Raises CareshapeError where they are too short."""
    outlook = council.outlook
    with outlook.lock:
        if "backtest" not in council.kept:
            council.kept["backtest"] = _tried(council)
        found: Backtest | CareshapeError = council.kept["backtest"]
    if isinstance(found, CareshapeError):
        raise found
    return found


def _tried(council: Council) -> Backtest | CareshapeError:
    try:
        rates = council.outlook.made.forecast.rates
        return backtest(rates.spells, origins_of(rates.spells), product(rates.population), draws=DRAWS)
    except CareshapeError as error:
        return error


def origins_of(spells: Spells) -> list[int]:
    """Days from which a forecast is tried: up to three, a quarter apart, the last with room after it.

    Raises CallError for records of less than eighteen months: a year must lie before a trial, and some months after.
    """
    first, last = spells.window
    census = Census(last, "month")
    months = next(k for k in range(1, 10_000) if census.day(-k) < first - 1) - 1
    fitting = [one for one in HORIZONS if one <= max(months // 3, HORIZONS[0])]
    after = max(fitting)
    if months - after < 12:
        raise CallError(
            say(
                "{months} months of records are too few to try a forecast on: it needs eighteen or more.", months=months
            )
        )
    backs = [after + BETWEEN * number for number in range(MOST_ORIGINS)]
    least = max(12, months // 2)
    return sorted(census.day(-back) for back in backs if back == after or months - back >= least)


def verdict(council: Council) -> str:
    """What a reader of a forecast must know of how such forecasts did; empty where they could not be tried."""
    try:
        found = tried(council)
    except CareshapeError:
        return ""
    level = LEVELS[0]
    horizons = found.horizons(level)
    return found.verdict(level, 12 if 12 in horizons else horizons[-1])


def sureness_report(council: Council) -> Report:
    """Coverage of the intervals and scores beside simple methods, with what follows for a reader."""
    if council.outlook.problem:
        return Report(problem=council.outlook.problem)
    try:
        found = tried(council)
    except CareshapeError as error:
        return Report(problem=str(error))
    days = [day(day_date(one.origin)) for one in found.trials]
    lead = say(
        "The forecast was made as if it were {days}, with what was known then, and held against what "
        "came. So were three simple methods: a flat line, a straight line and a plain Markov model.",
        days=_listed(days),
    )
    sections = (
        Section("verdicts", "In words", listed=tuple(found.verdicts())),
        Section("coverage", "Did the intervals hold what they say?", _COVERAGE, None, _coverage(found)),
        *(_scores(found, level) for level in found.levels),
    )
    notes = (
        "Each number is over all services (or areas and services) together and all days it was tried from. So few "
        "trials are only a rough guide; the method itself was tried on generated counties with known rates.",
        _population(council),
        say(TRIED_ONCE if len(found.trials) == 1 else TRIED, days=len(found.trials), draws=DRAWS),
        *(("The records are synthetic: this shows the method at work, not a real council.",) * council.demonstration),
    )
    return Report(lead, sections, notes)


def _population(council: Council) -> str:
    """What the tried forecasts knew of the population."""
    people = council.outlook.made.forecast.rates.population
    if people is None:
        return "Tried, as the forecasts of these pages are made, without a population."
    return say(
        "Tried, as the forecasts of these pages are made, with the population ({label}). It is the "
        "one at hand today, which may know a little of what came after the days that forecasts were "
        "tried from.",
        label=people.label,
    )


_COVERAGE: Final = (
    "An 80% interval should hold four values in five. Where it holds fewer, it is too narrow; where more, too wide.",
)


def _listed(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"


def _coverage(found: Backtest) -> Table:
    columns = (
        Column("Split", "level"),
        Column("Ahead", "horizon"),
        numeric("80% interval held", "coverage_80"),
        numeric("95% interval held", "coverage_95"),
        numeric("Bias", "bias"),
        numeric("Cells", "cells"),
    )
    rows, records = [], []
    for level in found.levels:
        for horizon in found.horizons(level):
            row = found.row(level, horizon)
            rows.append(
                (
                    LEVEL_WORDS.get(level, row["level"]), f"{horizon} months", f"{row['coverage_80']:.0%}",
                    f"{row['coverage_95']:.0%}", f"{row['bias']:+.1%}".replace("-", MINUS), row["cells"],
                )
            )  # fmt: skip
            records.append(_record(row))
    return headed(simple("coverage", "How many values the intervals held", columns, rows, records), 2)


def _scores(found: Backtest, level: Level) -> Section:
    names = (MODEL, *BASELINES)
    columns = (Column("Ahead", "horizon"), *(numeric(_method(name), name.replace(" ", "_")) for name in names))
    rows: list[tuple[Value, ...]] = []
    records = []
    for horizon in found.horizons(level):
        each = [found.row(level, horizon, name) for name in names]
        rows.append((f"{horizon} months", *(tenth(row["crps"]) for row in each)))
        records += [_record(row) for row in each]
    words = LEVEL_WORDS.get(level, " by ".join(level))
    id = f"scores-{'-'.join(level)}"
    title = say("{words}: mean score in people, less is better", words=words)
    table = simple(id, title, columns, rows, records, unit="people", chart="bar")
    said = (
        "The score is the continuous ranked probability score: how far off a forecast is on average, with its "
        "intervals taken into account, in people.",
    )
    return Section(id, say("{words}: nearer than a simple method?", words=words), said, draw(table), even(table))


def _method(name: str) -> str:
    return "This forecast" if name == MODEL else name[:1].upper() + name[1:]


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": row["level"], "horizon_months": row["horizon"], "method": row["method"], "cells": row["cells"],
        **{name: round(row[name], 4) for name in ("coverage_80", "coverage_95", "crps", "score_ratio", "bias")},
        "best_simple_method": row["best_baseline"],
    }  # fmt: skip
