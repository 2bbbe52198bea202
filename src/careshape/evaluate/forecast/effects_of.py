"""What a scenario's levers come to, step by step and leaf by leaf, for the projection to apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError
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
    """[step, leaf] people added, or entries in a stated number: no level of the records changes how many they are."""
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
    there, where a number of people who enter is stated twice for one cell, and where added people would have to go.

    A stated number of entries holds whatever factors on entries stand beside it, before it or after.
    """
    arrays: dict[str, Floats] = {}
    shifts: list[Shift] = []
    stated: list[tuple[Lever, Ints, Floats]] = []
    for lever in scenario.levers if scenario else ():
        leaves = _leaves(rates, lever.service, lever)
        values = lever.values(rates.census, steps)
        on = ~np.isnan(values)
        if lever.kind in ("share", "moves"):
            shifts.append(_shift(rates, lever, leaves, values))
            continue
        if lever.kind == "entries_a_week":
            stated.append((lever, leaves, values))
            continue
        name = "added" if lever.kind == "stock" else lever.kind
        start = {"added": 0.0, "fixed_price": np.nan}.get(name, 1.0)
        array = arrays.setdefault(name, np.full((steps, rates.shape.leaves), start))
        if lever.kind == "stock":
            array[:, leaves] += _gained(lever, values)[:, None] * _spread(entries, leaves, rates)
        elif lever.kind == "fixed_price":
            array[on[:, None] & _mask(leaves, rates)] = np.repeat(values[on], len(leaves))
        else:
            array[on[:, None] & _mask(leaves, rates)] *= np.repeat(values[on], len(leaves))
    _state(stated, arrays, entries, rates)
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


def _gained(lever: Lever, values: Floats) -> Floats:
    """People whom a ``stock`` lever adds in each step. Raises CallError for a path that falls."""
    for before, after in pairwise(lever.path):
        if after.value < before.value:
            raise CallError(
                f"The path of the lever 'stock' on {lever.service} falls from {before.value:g} on {before.on} to "
                f"{after.value:g} on {after.on}. It says how many people are added in all, and cannot take any away: "
                "let it rise or stay, and use 'leaving' or 'moves' for people who go."
            )
    return np.diff(np.concatenate([[0.0], np.nan_to_num(values)]))


def _state(
    stated: Sequence[tuple[Lever, Ints, Floats]], arrays: dict[str, Floats], entries: Floats, rates: Rates
) -> None:
    """Let so many people a week enter as levers state, in place of those who enter by the rates."""
    held = np.zeros(rates.shape.leaves, bool)
    for lever, leaves, values in stated:
        if held[leaves].any():
            raise CallError(
                f"Two levers 'entries_a_week' state who enters {lever.service}. Name each cell in one of them only."
            )
        held[leaves] = True
        steps = len(entries)
        on = ~np.isnan(values)
        a_step = values * np.asarray([rates.census.length(k) for k in range(1, steps + 1)]) / 7
        factor = arrays.setdefault("entries", np.ones((steps, rates.shape.leaves)))
        added = arrays.setdefault("added", np.zeros((steps, rates.shape.leaves)))
        factor[np.ix_(on, leaves)] = 0
        by_step = entries[:, leaves].sum(axis=2)
        total = by_step.sum(axis=1, keepdims=True)
        share = np.where(total > 0, by_step / np.maximum(total, 1e-300), _spread(entries, leaves, rates))
        added[np.ix_(on, leaves)] += (a_step[:, None] * share)[on]


def _spread(entries: Floats, leaves: Ints, rates: Rates) -> Floats:
    """How people added to several leaves are spread: as entries are; where there are none, as entries into all
    services of each group and area are; where there are none either, evenly.
    """
    by_leaf = entries.sum(axis=(0, 2))
    weight = by_leaf[leaves]
    if not weight.any():
        weight = by_leaf.reshape(rates.shape.blocks, -1).sum(axis=1)[leaves // rates.shape.services]
    weight = weight + 1e-12
    return np.asarray(weight / weight.sum())


def _shift(rates: Rates, lever: Lever, target: Ints, values: Floats) -> Shift:
    origins = [_leaves(rates, other, lever) for other in lever.others]
    if lever.kind == "moves" and rates.settings.step == "day":
        values = values / DAYS_A_MONTH
    return Shift(np.concatenate(origins), np.tile(target, len(origins)), lever.kind, values)
