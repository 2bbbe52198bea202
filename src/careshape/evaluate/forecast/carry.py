"""Each draw's mean number of people, carried from stretch to stretch about the full projection.

A stretch is a step, or later on a quarter (`paths.stretches`), in which the drawn levels stand still. Of each leaf two
kinds of people are carried: those there at the origin, and those who came since. With *o* the odds at which the full
projection has one of them leave in a step, and *f* what a draw multiplies them by, 1 / (1 + o f) stay each step. Who
comes in a stretch of k steps comes a part in each, of whom 1 + s + ... + s^(k-1) are left at its end, s being the share
that stays a step. Those who leave are moved as the full projection moves its leavers. So a draw at the estimates gives
the full projection's mean exactly, whatever the length of a stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.draws import NOBODY, Live, Parameters
from careshape.evaluate.forecast.effects_of import Shift
from careshape.evaluate.forecast.project import Expected
from careshape.evaluate.forecast.rates import Rates

Floats = NDArray[Any]
Ints = NDArray[Any]

LEAVES: Final = 128
"""Leaves, at least, that are carried together: their state stays in the processor's cache."""
DRAWS: Final = 256
"""Draws that are carried together."""
_NOUGHT: Final = 1e-30
"""Least share who stay: odds beyond it would be too large to write."""


def draw_means(
    rates: Rates, live: Live, expected: Expected, parameters: Parameters, windows: Sequence[Floats]
) -> list[Floats]:
    """Each draw's mean number of people: for each window (weights by census day), an array [live leaf, draw].

    A window may weigh several days, as a mean over a year does: then those within a stretch are taken to lie on a
    straight line between its two ends.
    """
    draws = parameters.entries.shape[1]
    found = np.zeros((len(windows), len(live.leaves), draws), np.float32)
    stops = _stops(np.asarray(windows, float).reshape(len(windows), -1), parameters.stretches)
    course = list(_course(rates, live, expected, stops))
    whole = [slice(0, len(live.leaves))]
    for leaves in whole if expected.shifted else _parts(live.leaves // rates.shape.services):
        for low in range(0, draws, DRAWS):
            part = _Part(live, expected, parameters, leaves, slice(low, min(low + DRAWS, draws)))
            part.carry(stops[0], course, found)
    return list(found)


def centred(means: Floats, centre: Floats) -> Floats:
    """Draws of means [live leaf, draw] scaled so that the mean of each cell's is ``centre`` [live leaf]."""
    found = means.mean(axis=1)
    means *= (centre / np.maximum(found, NOBODY)).astype(np.float32)[:, None]
    # People who come and go between two days on which draws are known have no draws: only their mean is known.
    unseen = (found <= NOBODY) & (centre > NOBODY)
    means[unseen] = centre[unseen].astype(np.float32)[:, None]
    return means


@dataclass(frozen=True)
class _Stop:
    """The end of a stretch, or a day within one that is asked for by itself."""

    stretch: int
    """Number of the stretch; -1 for the origin."""
    first: int
    """Its first step."""
    steps: int
    """Steps from there to the stop."""
    end: bool
    windows: list[tuple[int, float]]
    """Number of each window to which people on this day are added, and their weight."""


def _stops(weights: Floats, stretches: Ints) -> list[_Stop]:
    """Where the draws' course is looked at. weights: of census days [window, day].

    In a mean over days, one within a stretch is as near to its ends as it lies between them.
    """
    ends = np.concatenate([[0], np.cumsum(stretches)])
    days = np.arange(weights.shape[1])
    after = np.searchsorted(ends, days)
    before = np.maximum(after - 1, 0)
    share = (days - ends[before]) / np.maximum(ends[after] - ends[before], 1)
    at_end = np.zeros((len(weights), len(ends)))
    within: dict[int, list[tuple[int, float]]] = {}
    for window, weighed in enumerate(weights):
        some = np.flatnonzero(weighed)
        if len(some) == 1 and some[0] not in ends:
            within.setdefault(int(some[0]), []).append((window, float(weighed[some[0]])))
        else:
            np.add.at(at_end[window], after, weighed * share)
            np.add.at(at_end[window], before, weighed * (1 - share))
    found = []
    for number, end in enumerate(ends.tolist()):
        first = int(ends[max(number - 1, 0)])
        for day in sorted(day for day in within if first < day < end):
            found.append(_Stop(number - 1, first, day - first, False, within[day]))
        here = [(int(window), float(at_end[window, number])) for window in np.flatnonzero(at_end[:, number])]
        found.append(_Stop(number - 1, first, end - first, True, here))
    last = max([i for i, stop in enumerate(found) if stop.windows], default=0)
    return found[: last + 1]


def _parts(block: Ints) -> Iterator[slice]:
    """Live leaves in parts of whole blocks, since people move within a block only. block: of each live leaf."""
    low = 0
    for edge in [*(np.flatnonzero(np.diff(block)) + 1).tolist(), len(block)]:
        if edge - low >= LEAVES or edge == len(block) > low:
            yield slice(low, edge)
            low = edge


@dataclass(frozen=True)
class _Stretch:
    """What the full projection says of a stretch, or of its part to a day: columns [live leaf, 1]."""

    stop: _Stop
    stayers: Floats
    """Odds of leaving in a step of those there at the origin."""
    comers: Floats
    """The same of those who came since."""
    came: Floats
    """People a step who come by the rates."""
    stated: Floats | None
    """People a step who come as a scenario states."""
    moved_in: Floats
    """People a step who move in, for each who would by the shares of moves of all who leave in the stretch."""
    shifts: list[tuple[_Pairs, Floats]] = field(default_factory=list)
    """Pairs of each shift of the scenario with the shares that it moves [step, pairs]."""

    @property
    def middle(self) -> float:
        """Steps from the origin to those who come, in the mean."""
        return self.stop.first + (self.stop.steps + 1) / 2


def _course(rates: Rates, live: Live, expected: Expected, stops: Sequence[_Stop]) -> Iterator[_Stretch]:
    """The full projection to each stop but the origin."""
    shifted = [(_live_shift(shift, live, rates.shape.leaves), share) for shift, share in expected.shifted]
    by_rates = expected.entries if expected.added is None else np.maximum(expected.entries - expected.added, 0)
    for stop in stops[1:]:
        first, steps = stop.first, stop.steps
        rows = np.ix_(np.arange(first, first + steps), live.leaves)
        leave = expected.comers_leave[rows]
        stayer, comer = _a_step(expected.stayers_leave[rows]), _a_step(leave)
        # Of those who come in a step, as many are left as stay in all steps after it.
        left = np.concatenate([np.cumprod((1 - leave)[:0:-1], axis=0)[::-1], np.ones((1, len(comer)))])
        shares = (comer ** np.arange(steps)[:, None]).sum(axis=0)
        came = (by_rates[rows] * left).sum(axis=0) / shares
        stated = None if expected.added is None else (expected.added[rows] * left).sum(axis=0) / shares
        out = expected.stayers[first, live.leaves] * (1 - stayer**steps)
        out += expected.comers[first, live.leaves] * (1 - comer**steps)
        out += (came if stated is None else came + stated) * (steps - shares)
        moved, passed = (expected.moved_in[rows] * left).sum(axis=0), live.moves @ out
        moved_in = np.divide(moved, passed * shares, out=np.zeros_like(passed), where=passed > _NOUGHT)
        yield _Stretch(
            stop,
            _column(1 / stayer - 1),
            _column(1 / comer - 1),
            _column(came),
            None if stated is None else _column(stated),
            _column(moved_in),
            [(pairs, share[first : first + steps]) for pairs, share in shifted],
        )


def _a_step(leave: Floats) -> Floats:
    """Share who stay in each of some steps [step, leaf], such that as many stay in all of them."""
    return np.asarray(np.maximum(np.prod(1 - leave, axis=0), _NOUGHT) ** (1 / len(leave)))


def _column(values: Floats) -> Floats:
    return np.asarray(values, np.float32)[:, None]


class _Part:
    """Some leaves in some draws. Every stretch is worked out in the same few arrays: new ones would cost more."""

    def __init__(self, live: Live, expected: Expected, drawn: Parameters, leaves: slice, draws: slice) -> None:
        self.drawn, self.leaves, self.draws = drawn, leaves, draws
        self.series, self.moves = live.of_leaf[leaves], live.moves[leaves, leaves]
        self.entries, self.leaving = (
            np.ascontiguousarray(one[leaves, draws]) for one in (drawn.entries, drawn.leaving)
        )
        self.stay_leaving = self.leaving * drawn.stayers[self.series, draws]
        self.local = None if drawn.local is None else np.ascontiguousarray(drawn.local[leaves, draws])
        self.half: Any = 0 if drawn.local is None else drawn.local[leaves].var(axis=1, keepdims=True) / 2
        self.stayers, self.comers = (
            np.repeat(_column(one[0, live.leaves[leaves]]), self.entries.shape[1], axis=1)
            for one in (expected.stayers, expected.comers)
        )
        self.stay, self.kept, self.shares, self.out = (np.empty_like(self.entries) for _ in range(4))

    def carry(self, origin: _Stop, course: Sequence[_Stretch], found: Floats) -> None:
        """Carry everybody along, adding the people at each stop to the windows that weigh it."""
        self._weigh(origin, found)
        for stretch in course:
            kept = None if stretch.stop.end else (self.stayers.copy(), self.comers.copy())
            self._leave(stretch)
            self._come(stretch)
            for pairs, shares in stretch.shifts:
                for share in shares:
                    _shift(self.stayers, self.comers, pairs, share)
            self._weigh(stretch.stop, found)
            if kept is not None:
                self.stayers, self.comers = kept

    def _leave(self, stretch: _Stretch) -> None:
        """Let those who are there leave, into ``out``; ``shares`` is then what is left of a person a step who comes."""
        level, stay, out = self._level(self.drawn.leaving_path[stretch.stop.stretch], self.shares), self.stay, self.out
        np.multiply(level, self.stay_leaving, out=stay)
        _stay(stay, stretch.stayers[self.leaves])
        np.copyto(out, self.stayers)
        for _ in range(stretch.stop.steps):
            self.stayers *= stay
        out -= self.stayers
        np.multiply(level, self.leaving, out=stay)
        _stay(stay, stretch.comers[self.leaves])
        kept, shares = self.kept, self.shares
        np.copyto(kept, stay)
        shares.fill(1)
        for _ in range(stretch.stop.steps - 1):
            shares += kept
            kept *= stay
        out += self.comers
        self.comers *= kept
        out -= self.comers

    def _come(self, stretch: _Stretch) -> None:
        """Let people come from outside, and those who left from other services."""
        new = self._level(self.drawn.entries_path[stretch.stop.stretch], self.stay)
        new *= self.entries
        if self.local is not None:
            # Spread as a random walk's is on each day, of mean 1.
            drift = np.multiply(self.local, np.float32(np.sqrt(stretch.middle)), out=self.kept)
            drift -= self.half * np.float32(stretch.middle)
            new *= np.exp(drift, out=drift)
        new *= stretch.came[self.leaves]
        if stretch.stated is not None:
            new += stretch.stated[self.leaves]
        if stretch.stop.steps > 1:
            gone = np.subtract(stretch.stop.steps, self.shares, out=self.kept)
            gone *= new
            self.out += gone
            new *= self.shares
        self.comers += new
        if self.moves.nnz:
            moved = self.moves @ self.out
            moved *= stretch.moved_in[self.leaves]
            moved *= self.shares
            self.comers += moved

    def _level(self, path: Floats, out: Floats) -> Floats:
        """Draws of the level of each leaf's series, into ``out``."""
        # "clip" alone writes into ``out`` at once.
        return np.take(path[:, self.draws], self.series, axis=0, out=out, mode="clip")

    def _weigh(self, stop: _Stop, found: Floats) -> None:
        for window, weight in stop.windows:
            room = found[window, self.leaves, self.draws]
            if weight == 1:  # the window's only day
                np.add(self.stayers, self.comers, out=room)
                continue
            people = np.add(self.stayers, self.comers, out=self.out)
            people *= np.float32(weight)
            room += people


def _stay(factor: Floats, odds: Floats) -> None:
    """Turn factors on the odds of leaving into the share who stay."""
    factor *= odds
    factor += 1
    np.divide(1, factor, out=factor)


@dataclass(frozen=True)
class _Pairs:
    """A shift's pairs as places among the live leaves; ``kept`` are the pairs whose leaves are both live."""

    origin: Ints
    target: Ints
    kept: NDArray[np.bool_]


def _live_shift(shift: Shift, live: Live, leaves: int) -> _Pairs:
    place = np.full(leaves, -1)
    place[live.leaves] = np.arange(len(live.leaves))
    kept = (place[shift.origin] >= 0) & (place[shift.target] >= 0)
    return _Pairs(place[shift.origin][kept], place[shift.target][kept], kept)


def _shift(stayers: Floats, comers: Floats, pairs: _Pairs, share: Floats) -> None:
    """Move the same share of people as the full projection did."""
    share = share[pairs.kept].astype(np.float32)
    if not share.any():
        return
    both = stayers + comers
    forward, back = np.maximum(share, 0)[:, None], np.maximum(-share, 0)[:, None]
    gained = np.zeros_like(both)
    np.add.at(gained, pairs.target, both[pairs.origin] * forward)
    keep = np.ones((len(both), 1), np.float32)
    np.multiply.at(keep, pairs.origin, 1 - forward)
    for target in np.unique(pairs.target[back[:, 0] > 0]):
        mine = pairs.target == target
        held = both[pairs.origin[mine]] + np.float32(1e-12)
        gained[pairs.origin[mine]] += both[target] * back[mine] * (held / held.sum(axis=0))
        keep[target] *= 1 - back[mine].max()
    stayers *= keep
    comers *= keep
    comers += gained
