"""Rows of a forecast: what comes, and what was, with intervals, units, methods and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from careshape.catalogue.periods import Period, month_ordinal, parse_periods
from careshape.errors import CallError
from careshape.evaluate.forecast.scores import quantiles
from careshape.evaluate.forecast.spells import check_by
from careshape.evaluate.forecast.weights import FLOWS, decimal_of, unit_of
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.near import near_to
from careshape.language import say

if TYPE_CHECKING:
    from careshape.evaluate.forecast.forecast import Forecast

NOBODY: Final = 0.005
"""Cells whose mean never reaches this, and in which nobody is at the origin, are left out."""
COLUMNS: Final = (
    "period", "value", *QUANTILES, "kind", "unit", "method", "note",
)  # fmt: skip
"""Columns of every row, the dimensions standing after the period."""


def wanted_days(forecast: Forecast, months: Sequence[int] | None, periods: str | None) -> list[tuple[str, int]]:
    """Label and month of each day that is asked for. Raises CallError outside of the forecast."""
    if months is not None and periods is not None:
        raise CallError("Give months or periods, not both.")
    census = forecast.rates.census
    if periods is not None:
        return [(one.label, _month_of(forecast, one)) for one in parse_periods(periods)]
    chosen = list(months) if months is not None else list(range(12, forecast.months + 1, 12)) or [forecast.months]
    return [(census.label(forecast.step_of(month)), month) for month in chosen]


def _month_of(forecast: Forecast, period: Period) -> int:
    """The month after the origin in which a period ends."""
    month = month_ordinal(period.end) - forecast.rates.census.month(0)
    if not 1 <= month <= forecast.months:
        census = forecast.rates.census
        raise CallError(
            f"'{period.label}' ends outside of the forecast, which runs from {census.label(0)} to "
            f"{census.label(forecast.step_of(forecast.months))}. Choose another period, or forecast more months; what "
            "was is history."
        )
    return month


def rows_of(
    forecast: Forecast, by: tuple[str, ...], measure: str, days: list[tuple[str, int]], where: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows for days and cells."""
    check_by(by)
    split = (*by, *(name for name in where if name not in by))
    keep = _kept(forecast, split, where)
    groups, cells = _fold(forecast, split, by, keep)
    steps = [forecast.step_of(month) for _, month in days]
    amounts = forecast.weight(measure, steps[0])
    counted = forecast.gather((amounts.amount > 0).astype(float)[:, None], split)[:, 0]
    note = _notes(forecast, split)
    rows: list[dict[str, Any]] = []
    drawn = forecast.drawn(steps, split, measure)
    means = np.asarray([forecast.mean(month, split, measure) for _, month in days])
    held = forecast.mean(0, split, "people") > 0
    live = [one[(counted[one] > 0) & (held[one] | (means[:, one].max(axis=0) > NOBODY))] for one in groups]
    shown = [i for i, members in enumerate(live) if len(members)]
    says = [note(live[i]) for i in shown]
    method, unit, names = forecast.method, unit_of(measure), tuple(QUANTILES)
    members = np.concatenate([live[i] for i in shown]) if shown else np.empty(0, np.int64)
    first = np.cumsum([0, *(len(live[i]) for i in shown)])[:-1]
    for (label, _), mean, draws in zip(days, means, drawn, strict=True):
        alone = len(members) == len(shown)
        together = draws[members] if alone else np.add.reduceat(draws[members], first, axis=0)
        bounds = quantiles(together.T, list(QUANTILES.values())).T
        values = mean[members] if alone else np.add.reduceat(mean[members], first)
        for i, value, ends, text in zip(shown, values.tolist(), bounds.tolist(), says, strict=True):
            row = {"period": label, **cells[i], "value": decimal_of(value, measure)}
            row |= {name: decimal_of(end, measure) for name, end in zip(names, ends, strict=True)}
            rows.append(row | {"kind": "forecast", "unit": unit, "method": method, "note": text})
    return rows


def _kept(forecast: Forecast, split: Sequence[str], where: Mapping[str, str]) -> Any:
    """Which cells of a split a filter keeps."""
    cells = forecast.cells(split)
    keep = np.ones(len(cells), bool)
    for name, text in where.items():
        wanted = [one.strip() for one in text.split("|")]
        ids = forecast.rates.spells.size[name]
        for one in wanted:
            if one not in ids:
                raise CallError(f"The forecast has no {name} '{one}'. {near_to(one, ids)}")
        keep &= np.asarray([cell[name] in wanted for cell in cells])
    return keep


def _fold(forecast: Forecast, split: Sequence[str], by: Sequence[str], keep: Any) -> tuple[list[Any], list[Any]]:
    """Cells of ``by``, each with the kept cells of the finer ``split`` that it is made of."""
    found: dict[tuple[str, ...], list[int]] = {}
    cells = forecast.cells(split)
    for i in np.flatnonzero(keep):
        found.setdefault(tuple(cells[i][name] for name in by), []).append(int(i))
    return [np.asarray(one) for one in found.values()], [dict(zip(by, key, strict=True)) for key in found]


def _notes(forecast: Forecast, split: Sequence[str]) -> Any:
    """A function from cells to what must be said of their rates."""
    entries = forecast.rates.entries
    events = forecast.gather(entries.events[:, None], split)[:, 0]
    least = forecast.rates.settings.minimum_events

    def note(cells: Any) -> str:
        seen = int(events[cells].sum())
        return say("{seen} entries seen: leans on the pooled rate", seen=seen) if seen < least else ""

    return note


def history_rows(
    forecast: Forecast, by: tuple[str, ...], months: int, measure: str, where: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows of what was on census days up to the origin, at the forecast's amounts for each person."""
    check_by(by)
    rates = forecast.rates
    if measure in FLOWS:
        raise CallError(f"The history holds days, and {measure} is over a year. Ask for people, hours or weekly_cost.")
    if months < 0:
        raise CallError(f"{months} months of history were asked for. It is a number of months, 0 or more.")
    split = (*by, *(name for name in where if name not in by))
    groups, cells = _fold(forecast, split, by, _kept(forecast, split, where))
    step = max(rates.census.steps(1), 1)
    days = [-k * step for k in range(min(months, rates.steps // step), -1, -1)]
    weight = forecast.weight(measure, 0).amount
    stock = rates.spells.stock([rates.census.day(day) for day in days], ("group", "area", "service"))
    values = forecast.gather((stock * weight).T, split)
    people = measure == "people"
    method = "counted in the records" if people else "people counted in the records, times the forecast's mean for each"
    note = "" if people else rates.quantities.price_note
    rows = []
    for j, day in enumerate(days):
        for cell, members in zip(cells, groups, strict=True):
            if values[members].any():
                row = {"period": rates.census.label(day), **cell}
                row |= {"value": decimal_of(float(values[members, j].sum()), measure), **dict.fromkeys(QUANTILES)}
                said = {"kind": "observed", "unit": unit_of(measure), "method": method, "note": note}
                rows.append(row | said)
    return rows
