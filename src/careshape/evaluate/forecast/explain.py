"""How a cell was reached: from heads to entries, from entries to people, from people to pounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.effects import odds
from careshape.evaluate.forecast.enter import step_heads
from careshape.evaluate.forecast.levers import leaves_of
from careshape.evaluate.forecast.weights import DAYS_A_YEAR
from careshape.language import say

if TYPE_CHECKING:
    from careshape.evaluate.forecast.forecast import Forecast

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def explain(forecast: Forecast, service: str, group: str | None, area: str | None, month: int) -> list[dict[str, Any]]:
    """Steps from heads to pounds for a service, in a group and an area or in all of them, so many months on.

    Each row has a ``step`` (an id), a ``label``, the ``value``, its ``unit`` and ``how`` it follows from the steps
    before, by their ids; `recompute` follows them. Entries and the people still there from the start are worked out
    here from the fitted rates, so that they prove what the projection came to; what levers change has rows of its own.
    Raises CallError for ids that are not there.
    """
    spells = forecast.rates.spells
    leaves = leaves_of(service, group, area, spells.services, spells.groups, spells.areas)
    t = forecast.step_of(month)
    people = float(forecast.expected.mean[t, leaves].sum())
    hours, cost = (
        float((forecast.expected.mean[t, leaves] * forecast.weight(measure, t).amount[leaves]).sum())
        for measure in ("hours", "weekly_cost")
    )
    label = forecast.rates.census.label(t)
    rows = [
        *_entry_steps(forecast, leaves, t),
        *_comer_steps(forecast, leaves, t),
        *_start_steps(forecast, leaves, t),
        _row("people", say("People at the end of {label}", label=label), people, "people", "still + since"),
    ]
    if hours:
        rows.append(_row("hours_each", "Hours a week for each person", hours / max(people, 1e-12), "hours a week", ""))
        rows.append(_row("hours", "Hours a week", hours, "hours a week", "people * hours_each"))
    each = say("Cost of a person's week, {price}", price=forecast.rates.quantities.price_note)
    rows += [
        _row("cost_each", each, cost / max(people, 1e-12), "pounds a week", ""),
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
    """Work out sums and differences of products and quotients of steps and numbers."""
    if " - " in how:
        before, _, after = how.rpartition(" - ")
        return _follow(before, known) - _follow(after, known)
    if " + " in how:
        return sum(_follow(part, known) for part in how.split(" + "))
    words = how.split()
    value = _number(words[0], known)
    for sign, word in zip(words[1::2], words[2::2], strict=True):
        value = value * _number(word, known) if sign == "*" else value / _number(word, known)
    return value


def _number(word: str, known: Mapping[str, float]) -> float:
    return known[word] if word in known else float(word)


def _entry_steps(forecast: Forecast, leaves: Ints, t: int) -> list[dict[str, Any]]:
    """Heads, fitted rate, time, area, level and season, whose product is what the rates let enter."""
    rates, shape, steps = forecast.rates, forecast.rates.shape, max(t, 1)
    found = rates.entries
    years = (rates.census.day(t) - rates.census.day(0)) / DAYS_A_YEAR
    at_head = step_heads(rates.census, rates.spells, rates.settings, rates.population, found.size, 1, steps)
    block, s = leaves // shape.services, leaves % shape.services
    g, r = block // shape.areas, block % shape.areas
    base = np.einsum("lat,la->lt", at_head[g, r], found.rate[s, g])
    local = base * found.effect[leaves, None]
    at = np.arange(1, steps + 1) / rates.census.steps(1)
    lifted = local * found.levels.course(at)[:, shape.series_of(leaves)].T
    months = [rates.census.month(k) % 12 for k in range(1, steps + 1)]
    course = lifted * (found.season[months] * np.exp(found.growth * np.arange(1, steps + 1)))
    if rates.population is None:
        heads, label = 1.0, "Heads: no population is loaded, so entries are counted for the whole"
    else:
        lengths = np.asarray([rates.census.length(1 + j) for j in range(steps)], float)
        lengths /= 365.25 / 12 if rates.census.step == "month" else 1.0
        heads = float((at_head[g[0]][np.unique(r)][:, -1].sum(axis=0) / lengths).mean())
        label = say("People of the ages that are known, mean over the time ({label})", label=rates.population.label)
    whole = (rates.census.day(steps) - rates.census.day(0)) / DAYS_A_YEAR
    by_levers = float((forecast.expected.entries[:t, leaves] - forecast.entries[:t, leaves].sum(axis=2)).sum())
    return [
        _row("heads", label, heads, "people", ""),
        _row(
            "entry_rate", "Entries a year for each 1,000 of them, at the fitted rates by group and age",
            float(base.sum()) / whole / max(heads, 1e-12) * 1000, "people a year", "",
        ),
        _row("years", "Years from the start", years, "years", ""),
        _row("area_effect", "Factor of the area, as fitted", _ratio(local, base), "", ""),
        _row("level", "Factor of the level over the time, over the mean of the records", _ratio(lifted, local), "", ""),
        _row("course", "Factor of season and growth over the time", _ratio(course, lifted), "", ""),
        _row(
            "entries_by_rates", "People who come from outside by the rates", float(course.sum()) if t else 0.0,
            "people", "heads * entry_rate / 1000 * years * area_effect * level * course",
        ),
        _row("entries_by_levers", "People whom levers add to them, or keep away (below 0)", by_levers, "people", ""),
        _row(
            "entries", "People who come from outside", float(forecast.expected.entries[:t, leaves].sum()), "people",
            "entries_by_rates + entries_by_levers",
        ),
    ]  # fmt: skip


def _ratio(values: Floats, base: Floats) -> float:
    """One factor for several leaves: the mean, by what it multiplies."""
    return float(values.sum() / base.sum()) if base.any() else 1.0


def _comer_steps(forecast: Forecast, leaves: Ints, t: int) -> list[dict[str, Any]]:
    """Those who came since: in, less out. Moves by levers bring in people from other services, or of the start."""
    course = forecast.expected
    comers, leave = course.comers[:, leaves], course.comers_leave[:, leaves]
    left = float((comers[:t] * leave[:t]).sum())
    there = float(comers[:t].sum())
    moved = float(course.moved_in[:t, leaves].sum())
    kept = comers[:-1] * (1 - leave) + course.entries[:, leaves] + course.moved_in[:, leaves]
    by_levers = float((comers[1:] - kept)[:t].sum()) if course.shifted else 0.0
    step = "month" if forecast.rates.settings.step == "month" else "day"
    summed = say("Sum over all {step}s of those of them who are there", step=step)
    chance = say("Their mean chance of leaving in a {step}", step=step)
    return [
        _row("moved_in", "People who move in from another service", moved, "people", ""),
        _row("moved_by_levers", "People whom levers move in, or out (below 0)", by_levers, "people", ""),
        _row("time_there", summed, there, f"person-{step}s", ""),
        _row("chance", chance, left / max(there, 1e-12), "share", ""),
        _row("left_since", "Those of them who leave again", left, "people", "time_there * chance"),
        _row(
            "since", "People who came since and are there", float(comers[t].sum()), "people",
            "entries + moved_in + moved_by_levers - left_since",
        ),
    ]  # fmt: skip


def _start_steps(forecast: Forecast, leaves: Ints, t: int) -> list[dict[str, Any]]:
    """Those there at the start, and how many the fitted chances of leaving let stay."""
    there = float(forecast.expected.stayers[0, leaves].sum())
    still = float(forecast.expected.stayers[t, leaves].sum())
    share = _share_staying(forecast, leaves, t)
    by_levers = 0.0 if forecast.scenario is None else still - there * share
    label = "Share of them who are still there, by the fitted chances of leaving for their age and time in the service"
    return [
        _row("start", "People there at the start", there, "people", ""),
        _row("share_staying", label, share, "share", ""),
        _row("still_by_levers", "People whom levers keep there, or take away (below 0)", by_levers, "people", ""),
        _row("still", "People there from the start", still, "people", "start * share_staying + still_by_levers"),
    ]


def _share_staying(forecast: Forecast, leaves: Ints, t: int) -> float:
    """Share of the origin's people who stay for t steps: the product of their chances of not leaving."""
    rates = forecast.rates
    initial, hazards, shape = rates.initial, rates.hazards, rates.shape
    mine = np.flatnonzero(np.isin(initial.leaf, leaves))
    leaf, first = initial.leaf[mine], initial.first[mine]
    series = shape.series_of(leaf)
    base = hazards.base.reshape(shape.series, shape.ages, -1)
    stay = np.ones(len(mine))
    level = hazards.levels.course(np.arange(1, t + 1) / rates.census.steps(1))
    for day in range(t):
        age = sum((turn[mine] <= day for turn in initial.turns), np.zeros(len(mine), np.int64))
        age = np.where(initial.known_age[mine], age, shape.ages - 1)
        band = np.searchsorted(rates.bands, day - first, side="right") - 1
        season = hazards.season[rates.census.month(day + 1) % 12]
        stay *= 1 - odds(base[series, age, band], hazards.effect[leaf] * level[day, series] * season)
    people = initial.people[mine]
    return float((stay * people).sum() / max(people.sum(), 1e-12))


def _row(step: str, label: str, value: float, unit: str, how: str) -> dict[str, Any]:
    return {"step": step, "label": label, "value": value, "unit": unit, "how": how}
