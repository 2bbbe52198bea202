"""How a cell was reached: from heads to entries, from entries to people, from people to pounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.enter import step_heads
from careshape.evaluate.forecast.levers import leaves_of
from careshape.evaluate.forecast.weights import DAYS_A_YEAR

if TYPE_CHECKING:
    from careshape.evaluate.forecast.forecast import Forecast

Floats = NDArray[np.float64]


def explain(forecast: Forecast, service: str, group: str | None, area: str | None, month: int) -> list[dict[str, Any]]:
    """Steps from heads to pounds for a service, in a group and an area or in all of them, so many months on.

    Each row has a ``step`` (an id), a ``label``, the ``value``, its ``unit`` and ``how`` it follows from the steps
    before, by their ids; `recompute` follows them. Raises CallError for ids that are not there.
    """
    spells = forecast.rates.spells
    leaves = leaves_of(service, group, area, spells.services, spells.groups, spells.areas)
    t = forecast._step(month)
    expected = forecast.expected
    entries = float(expected.entries[:t, leaves].sum())
    moved = float(expected.moved_in[:t, leaves].sum())
    there, still = float(expected.stayers[0, leaves].sum()), float(expected.stayers[t, leaves].sum())
    since, people = float(expected.comers[t, leaves].sum()), float(expected.mean[t, leaves].sum())
    hours, cost = (
        float((expected.mean[t, leaves] * forecast._weight(measure, t).amount[leaves]).sum())
        for measure in ("hours", "weekly_cost")
    )
    label = forecast.rates.census.label(t)
    rows = [
        *_entry_steps(forecast, leaves, t, entries),
        _row("entries", "People who come from outside", entries, "people", "heads * entry_rate / 1000 * years"),
        _row("moved_in", "People who move in from another service", moved, "people", ""),
        _row("share_stayed", "Share of both who are still there", since / max(entries + moved, 1e-12), "share", ""),
        _row("since", "People who came since and are there", since, "people", "(entries + moved_in) * share_stayed"),
        _row("start", "People there at the start", there, "people", ""),
        _row("share_left_over", "Share of them who are still there", still / max(there, 1e-12), "share", ""),
        _row("still", "People there from the start", still, "people", "start * share_left_over"),
        _row("people", f"People at the end of {label}", people, "people", "still + since"),
    ]
    if hours:
        rows.append(_row("hours_each", "Hours a week for each person", hours / max(people, 1e-12), "hours a week", ""))
        rows.append(_row("hours", "Hours a week", hours, "hours a week", "people * hours_each"))
    price = forecast.rates.quantities.price_note
    rows += [
        _row("cost_each", f"Cost of a person's week, {price}", cost / max(people, 1e-12), "pounds a week", ""),
        _row("weekly_cost", "Cost a week", cost, "pounds a week", "people * cost_each"),
        _row(
            "year_at_this_rate", "Cost of a year at this weekly cost", cost * DAYS_A_YEAR / 7, "pounds a year",
            "weekly_cost * 365.25 / 7",
        ),
    ]  # fmt: skip
    return rows


def recompute(rows: list[Mapping[str, Any]]) -> dict[str, float]:
    """Follow every ``how`` from the values of the steps that have none. Returns step -> value."""
    known: dict[str, float] = {}
    for row in rows:
        how = str(row["how"])
        known[str(row["step"])] = _follow(how, known) if how else float(row["value"])
    return known


def _follow(how: str, known: Mapping[str, float]) -> float:
    """Work out sums of products and quotients of steps and numbers, with at most one pair of brackets."""
    if "(" in how:
        before, _, rest = how.partition("(")
        inner, _, after = rest.partition(")")
        return _follow(f"{before}{_follow(inner, known)!r}{after}", known)
    if " + " in how:
        return sum(_follow(part, known) for part in how.split(" + "))
    words = how.split()
    value = _number(words[0], known)
    for sign, word in zip(words[1::2], words[2::2], strict=True):
        value = value * _number(word, known) if sign == "*" else value / _number(word, known)
    return value


def _number(word: str, known: Mapping[str, float]) -> float:
    return known[word] if word in known else float(word)


def _entry_steps(forecast: Forecast, leaves: NDArray[np.int64], t: int, entries: float) -> list[dict[str, Any]]:
    """Heads, rate and time, whose product is the entries."""
    rates = forecast.rates
    years = (rates.census.day(t) - rates.census.day(0)) / DAYS_A_YEAR
    if rates.population is None:
        a_year = entries / max(years, 1e-12)
        return [
            _row("heads", "Heads: no population is loaded, so entries are counted for the whole", 1.0, "", ""),
            _row("entry_rate", "Entries a year, in thousandths of the whole", a_year * 1000, "people a year", ""),
            _row("years", "Years from the start", years, "years", ""),
        ]
    shape = rates.shape
    at_head = step_heads(rates.census, rates.spells, rates.settings, rates.population, rates.entries.size, 1, max(t, 1))
    lengths = np.asarray([rates.census.length(1 + j) for j in range(max(t, 1))], float)
    lengths /= 365.25 / 12 if rates.census.step == "month" else 1.0
    areas = np.unique(leaves // shape.services % shape.areas)
    group = int(leaves[0] // (shape.areas * shape.services))
    heads = float((at_head[group][areas][:, -1].sum(axis=0) / lengths).mean())
    rate = entries / max(years, 1e-12) / max(heads, 1e-12) * 1000
    label = f"People of the ages that are known, mean over the time ({rates.population.label})"
    return [
        _row("heads", label, heads, "people", ""),
        _row("entry_rate", "Entries a year for each 1,000 of them", rate, "people a year", ""),
        _row("years", "Years from the start", years, "years", ""),
    ]  # fmt: skip


def _row(step: str, label: str, value: float, unit: str, how: str) -> dict[str, Any]:
    return {"step": step, "label": label, "value": value, "unit": unit, "how": how}
