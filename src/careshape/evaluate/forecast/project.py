"""The expected course of a forecast, and what it takes to know its spread.

People there at the origin are followed one by one, with their true age and time in the service. People who come later
are followed by the step in which they came, their age band and leaf; they grow older at 1 / (width of the band) a step,
since of them only the band is known. An end is a move to another service of the same group and area with the shares of
`Hazards.destination`, or leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.effects import odds
from careshape.evaluate.forecast.effects_of import Change, Shift
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[Any]
Ints = NDArray[Any]

CACHED: Final = 2**16
"""Numbers of people that are carried together: their state stays in the processor's cache."""


@dataclass(frozen=True)
class Expected:
    """Expected course, by census day (0 is the origin) or by step, and leaf."""

    stayers: Floats
    """[day, leaf] people there at the origin who are still in that stay."""
    squares: Floats
    """[day, leaf] sum over them of their squared chance of being there."""
    comers: Floats
    """[day, leaf] people who came since, from outside or by a move."""
    stayers_leave: Floats
    """[step, leaf] share of the stayers who leave."""
    comers_leave: Floats
    """[step, leaf] share of the comers who leave."""
    entries: Floats
    """[step, leaf] people from outside, those that a scenario adds among them."""
    added: Floats | None
    """[step, leaf] those of them whose number a scenario states; None where it states none."""
    moved_in: Floats
    """[step, leaf] people who moved in from another service."""
    shifted: list[tuple[Shift, Floats]] = field(default_factory=list)
    """Each shift of the scenario with the share of the people in its origins that it moves [step, pairs]."""

    @property
    def mean(self) -> Floats:
        """[day, leaf] expected people."""
        return self.stayers + self.comers


class _Course:
    """The state of the projection between two steps."""

    def __init__(self, rates: Rates, entries: Floats, change: Change, steps: int) -> None:
        shape, initial = rates.shape, rates.initial
        self.rates, self.shape, self.change, self.steps = rates, shape, change, steps
        self.entries = entries if change.entries is None else entries * change.entries[:, :, None]
        self.age_mix = _age_mix(entries)
        self.level = rates.hazards.levels.course(np.arange(1, steps + 1) / rates.census.steps(1))
        self.season = rates.hazards.season[[rates.census.month(k) % 12 for k in range(1, steps + 1)]]
        self.dest = rates.hazards.destination
        self.base = rates.hazards.base.reshape(shape.series, shape.ages, -1)
        self.initial_series = shape.series_of(initial.leaf)
        self.alive = np.ones(len(initial.leaf))
        self.rows = _active(rates, entries, change)
        self.leaf, age = (axis.astype(np.int64) for axis in np.divmod(self.rows, shape.ages))
        self.ageing = _ageing(rates)[age]
        self.series = shape.series_of(self.leaf)
        self.hazard = np.ascontiguousarray(self.base[self.series, age].T)
        self.effect = rates.hazards.effect[self.leaf]
        self.by_stay = shape.durations > 1
        self.people = np.zeros((steps if self.by_stay else 1, len(self.rows)))
        """[step in which they came, row]"""
        self.here = np.zeros(len(self.rows))
        """[row] sum of ``people`` over all who came"""

    def step(self, t: int) -> tuple[Floats, Floats, Floats]:
        """Carry everybody from census day t to t + 1. Returns leavers among stayers, among comers, and moved in."""
        shape, change = self.shape, self.change
        factor = None if change.leaving is None else change.leaving[t]
        stay_out = self._stayers_leave(t, factor)
        come_out = self._comers_leave(t, factor)
        by_row = np.zeros(shape.leaves * shape.ages)
        by_row[self.rows] = come_out
        leavers = (by_row + stay_out).reshape(shape.groups, shape.areas, shape.services, shape.ages)
        moved = np.einsum("grsa,gsz->grza", leavers, self.dest).reshape(shape.leaves, shape.ages)
        came = self.entries[t] + moved
        if change.added is not None:
            came = came + change.added[t][:, None] * self.age_mix
        self._join(t, came)
        come_leaf = np.bincount(self.leaf, come_out, shape.leaves)
        return stay_out.reshape(shape.leaves, shape.ages).sum(axis=1), come_leaf, moved.sum(axis=1)

    def _stayers_leave(self, t: int, factor: Floats | None) -> Floats:
        """Leavers among the people of the origin, by leaf and age band, flat."""
        shape, initial = self.shape, self.rates.initial
        age = _age(self.rates, t)
        duration = np.searchsorted(self.rates.bands, t - initial.first, side="right") - 1
        effect = self.rates.hazards.effect * self.season[t]
        if factor is not None:
            effect = effect * factor
        h = odds(
            self.base[self.initial_series, age, duration], effect[initial.leaf] * self.level[t, self.initial_series]
        )
        gone = self.alive * h
        self.alive = self.alive - gone
        return np.bincount(initial.leaf * shape.ages + age, gone * initial.people, shape.leaves * shape.ages)

    def _comers_leave(self, t: int, factor: Floats | None) -> Floats:
        """Leavers among those who came, by row; the others grow older."""
        effect = self.effect * self.level[t, self.series] * self.season[t]
        if factor is not None:
            effect = effect * factor[self.leaf]
        leave = odds(self.hazard, effect)
        out, kept = np.zeros_like(self.here), np.zeros_like(self.here)
        for band, low, high in self._together(t):
            part = self.people[low:high]
            held = part.sum(axis=0)
            out += held * leave[band]
            stay = 1 - leave[band]
            kept += held * stay
            # The next age band of the same leaf is the next row: `_active` has it wherever people grow into it.
            older = part[:, :-1] * (stay * self.ageing)[:-1]
            part *= stay * (1 - self.ageing)
            part[:, 1:] += older
        self.here = kept * (1 - self.ageing)
        self.here[1:] += (kept * self.ageing)[:-1]
        return out

    def _together(self, t: int) -> Iterator[tuple[int, int, int]]:
        """Duration band and the steps in which people came, from and to before, of those who leave alike in step t.

        A few steps at a time, so that what is at work stays in the processor's cache.
        """
        if not self.by_stay:
            yield 0, 0, 1
            return
        # Who came in step k has been there for t - 1 - k steps.
        width = max(CACHED // len(self.rows), 1) if len(self.rows) else t
        edges = [*self.rates.bands.tolist(), self.steps]
        for band, (least, most) in enumerate(pairwise(edges)):
            high = t - least
            for low in range(max(t - most, 0), high, width):
                yield band, low, min(low + width, high)

    def _join(self, t: int, came: Floats) -> None:
        """Add people [leaf, age band] who came in step t."""
        rows = came.ravel()[self.rows]
        self.people[t if self.by_stay else 0] += rows
        self.here += rows

    def stock(self) -> tuple[Floats, Floats, Floats]:
        """Stayers, the sum of their squared chances, and comers, by leaf."""
        initial, leaves = self.rates.initial, self.shape.leaves
        return (
            np.bincount(initial.leaf, self.alive * initial.people, leaves),
            np.bincount(initial.leaf, self.alive**2 * initial.people, leaves),
            np.bincount(self.leaf, self.here, leaves),
        )

    def shift(self, t: int, shift: Shift) -> Floats:
        """Move people as a scenario asks at the end of step t. Returns the share moved, by pair."""
        stayers, _, comers = self.stock()
        share = _share_moved(shift, t, stayers + comers)
        if not share.any():
            return share
        keep = np.ones(self.shape.leaves)
        np.multiply.at(keep, shift.origin, 1 - np.maximum(share, 0))
        back = np.zeros(self.shape.leaves)
        np.maximum.at(back, shift.target, np.maximum(-share, 0))
        keep *= 1 - back
        by_age = self._by_age(t + 1)
        gained = np.zeros_like(by_age)
        np.add.at(gained, shift.target, by_age[shift.origin] * np.maximum(share, 0)[:, None])
        _give_back(gained, by_age, shift, back)
        self.alive = self.alive * keep[self.rates.initial.leaf]
        self.people *= keep[self.leaf]
        self.here *= keep[self.leaf]
        self._join(t, gained)
        return share

    def _by_age(self, t: int) -> Floats:
        shape, initial = self.shape, self.rates.initial
        flat = np.zeros(shape.leaves * shape.ages)
        flat[self.rows] = self.here
        code = initial.leaf * shape.ages + _age(self.rates, t)
        flat += np.bincount(code, self.alive * initial.people, len(flat))
        return flat.reshape(shape.leaves, shape.ages)


def project(rates: Rates, steps: int, entries: Floats, change: Change) -> Expected:
    """Carry the origin's people and those who come over ``steps`` steps.

    entries: [step, leaf, age band] people from outside without the scenario's change.
    """
    course = _Course(rates, entries, change, steps)
    leaves = rates.shape.leaves
    stock = np.zeros((3, steps + 1, leaves))
    out = np.zeros((2, steps, leaves))
    moved_in, came = np.zeros((steps, leaves)), course.entries.sum(axis=2)
    if change.added is not None:
        came = came + change.added
    stock[:, 0] = course.stock()
    shares: list[list[Floats]] = [[] for _ in change.shifts]
    for t in range(steps):
        before = stock[0, t], stock[2, t]
        left = course.step(t)
        moved_in[t] = left[2]
        for i in (0, 1):
            out[i, t] = left[i] / np.maximum(before[i], 1e-12)
        for shift, found in zip(change.shifts, shares, strict=True):
            found.append(course.shift(t, shift))
        stock[:, t + 1] = course.stock()
    shifted = [(shift, np.asarray(found)) for shift, found in zip(change.shifts, shares, strict=True)]
    out = np.minimum(out, 1.0)
    return Expected(stock[0], stock[1], stock[2], out[0], out[1], came, change.added, moved_in, shifted)


def _age(rates: Rates, day: int) -> Ints:
    """Age band of the people of the origin on a census day."""
    initial = rates.initial
    age = np.zeros(len(initial.leaf), np.int64)
    for turn in initial.turns:
        age += turn <= day
    return np.where(initial.known_age, age, rates.shape.ages - 1)


def _ageing(rates: Rates) -> Floats:
    """[age band] share of people who pass to the next band in one step."""
    settings, census = rates.settings, rates.census
    shares = [1 / census.steps(12 * (top - low)) for low, top in pairwise(settings.age_bands)]
    # Nobody leaves the last band, nor the one of unknown ages.
    return np.asarray([*shares, 0.0, 0.0])


def _active(rates: Rates, entries: Floats, change: Change) -> Ints:
    """Rows (leaf times ages, plus age) that anybody can come to be in after the origin."""
    shape = rates.shape
    live = (entries.sum(axis=0) > 0).reshape(shape.leaves, shape.ages)
    ages = _age(rates, 0)
    held = np.zeros_like(live)
    held[rates.initial.leaf, ages] = True
    if change.added is not None:
        live |= (change.added.sum(axis=0) > 0)[:, None] & (_age_mix(entries) > 0)
    to = (rates.hazards.destination > 0).astype(np.float64)
    while True:
        both = live | held
        for a in range(shape.ages - 2):
            held[:, a + 1] |= held[:, a]
            live[:, a + 1] |= live[:, a]
        cube = both.reshape(shape.groups, shape.areas, shape.services, shape.ages).astype(np.float64)
        more = np.einsum("grsa,gsz->grza", cube, to).reshape(shape.leaves, shape.ages) > 0
        for shift in change.shifts:
            np.logical_or.at(more, shift.target, both[shift.origin])
            np.logical_or.at(more, shift.origin, both[shift.target])
        if not (more & ~live).any() and (live | held == both).all():
            return np.flatnonzero(live.ravel())
        live |= more


def _age_mix(entries: Floats) -> Floats:
    """[leaf, age band] ages of those who enter, as shares; of all services together where nobody enters a leaf."""
    total = entries.sum(axis=0)
    whole = total.sum(axis=0) + 1e-12
    mix = np.where(total.sum(axis=1, keepdims=True) > 0, total, whole)
    return np.asarray(mix / mix.sum(axis=1, keepdims=True))


def _share_moved(shift: Shift, t: int, stock: Floats) -> Floats:
    """Share of each origin's people that a shift moves at step t; below 0 it is a share of the target's, given back."""
    value = shift.values[t]
    pairs = np.zeros(len(shift.origin))
    if np.isnan(value):
        return pairs
    out = float(stock[shift.origin].sum())
    if shift.kind == "moves":
        return pairs + (min(value / out, 1.0) if out > 0 else 0.0)
    there = float(stock[np.unique(shift.target)].sum())
    need = value * (there + out) - there
    if need >= 0:
        return pairs + (need / out if out > 0 else 0.0)
    # Origins in which nobody is get people back all the same, evenly.
    return pairs + need / there


def _give_back(gained: Floats, by_age: Floats, shift: Shift, back: Floats) -> None:
    """Spread the people that targets give back over their origins, as people are spread there."""
    if not back.any():
        return
    held = by_age.sum(axis=1)
    for target in np.unique(shift.target):
        origins = shift.origin[shift.target == target]
        weight = held[origins] + 1e-12
        gained[origins] += (weight / weight.sum())[:, None] * by_age[target] * back[target]
