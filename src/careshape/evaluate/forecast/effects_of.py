"""What a scenario's levers come to, step by step and leaf by leaf, for the projection to apply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.levers import Lever, Scenario, leaves_of
from careshape.evaluate.forecast.rates import Rates
from careshape.evaluate.forecast.settings import DAYS_A_MONTH

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Shift:
    """People who are moved from some leaves to another leaf of their block at the end of each step."""

    origin: Ints
    """Leaves that people come from [pairs]."""
    target: Ints
    """Leaf of the same block that they go to [pairs]."""
    kind: str
    """``share`` (values are the target's share of both) or ``moves`` (values are people a step)."""
    values: Floats
    """By step; NaN where nothing is asked."""


@dataclass(frozen=True)
class Change:
    """A scenario as arrays."""

    entries: Floats | None
    """[step, leaf] factor on entries."""
    leaving: Floats | None
    """[step, leaf] factor on the odds of leaving."""
    added: Floats | None
    """[step, leaf] people added."""
    shifts: tuple[Shift, ...]
    price: Floats | None
    """[step, leaf] factor on the cost of a person's week."""
    fixed_price: Floats | None
    """[step, leaf] pounds for a person's week; NaN where none is fixed."""
    quantity: Floats | None
    """[step, leaf] factor on a person's weekly quantity."""


def change_of(scenario: Scenario | None, rates: Rates, steps: int, entries: Floats) -> Change:
    """Work out a scenario.

    entries: [step, leaf, age band] entries without the scenario. Raises CallError where a lever names what is not
    there.
    """
    arrays: dict[str, Floats] = {}
    shifts: list[Shift] = []
    for lever in scenario.levers if scenario else ():
        leaves = _leaves(rates, lever.service, lever)
        values = lever.values(rates.census, steps)
        on = ~np.isnan(values)
        if lever.kind in ("share", "moves"):
            shifts.append(_shift(rates, lever, leaves, values))
            continue
        name = "entries" if lever.kind == "entries_a_week" else "added" if lever.kind == "stock" else lever.kind
        start = {"added": 0.0, "fixed_price": np.nan}.get(name, 1.0)
        array = arrays.setdefault(name, np.full((steps, rates.shape.leaves), start))
        if lever.kind == "stock":
            gained = np.diff(np.concatenate([[0.0], np.nan_to_num(values)]))
            if len(lever.path) == 1:
                gained = np.where(np.arange(steps) == np.argmax(on), lever.path[0].value, 0.0) * on.any()
            array[:, leaves] += np.maximum(gained, 0)[:, None] * _spread(entries, leaves)
        elif lever.kind == "entries_a_week":
            base = entries[:, leaves].sum(axis=(1, 2))
            a_step = values * np.asarray([rates.census.length(k) for k in range(1, steps + 1)]) / 7
            array[on[:, None] & _mask(leaves, rates)] *= np.repeat((a_step / np.maximum(base, 1e-9))[on], len(leaves))
        elif lever.kind == "fixed_price":
            array[on[:, None] & _mask(leaves, rates)] = np.repeat(values[on], len(leaves))
        else:
            array[on[:, None] & _mask(leaves, rates)] *= np.repeat(values[on], len(leaves))
    return Change(
        arrays.get("entries"),
        arrays.get("leaving"),
        arrays.get("added"),
        tuple(shifts),
        arrays.get("price"),
        arrays.get("fixed_price"),
        arrays.get("quantity"),
    )


def _leaves(rates: Rates, service: str | None, lever: Lever) -> Ints:
    spells = rates.spells
    return leaves_of(service, lever.group, lever.area, spells.services, spells.groups, spells.areas)


def _mask(leaves: Ints, rates: Rates) -> NDArray[np.bool_]:
    found = np.zeros((1, rates.shape.leaves), bool)
    found[0, leaves] = True
    return found


def _spread(entries: Floats, leaves: Ints) -> Floats:
    """How people added to several leaves are spread: as entries are, evenly where there are none."""
    weight = entries[:, leaves].sum(axis=(0, 2)) + 1e-12
    return np.asarray(weight / weight.sum())


def _shift(rates: Rates, lever: Lever, target: Ints, values: Floats) -> Shift:
    origins = [_leaves(rates, other, lever) for other in lever.others]
    if lever.kind == "moves" and rates.settings.step == "day":
        values = values / DAYS_A_MONTH
    return Shift(np.concatenate(origins), np.tile(target, len(origins)), lever.kind, values)
