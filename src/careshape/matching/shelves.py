"""The best load of each provider by itself, where care of several kinds is taken from pools: all at once, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from careshape.matching.knapsack import TOGETHER, Flags, Laid, Loads, unit_of
from careshape.matching.nested import Nest, nests
from careshape.matching.prices import Real
from careshape.matching.shared import Among, Shared
from careshape.matching.week import NOBODY, Week, Whole


class Shelves(Loads):
    """The pairs of a week by *shelf*: the pools of one provider that belong together, apart from its others.

    What a shelf holds is filled from inside out: first what can be taken from the fewest pools, within what these hold.
    Where kinds cross, a load is worth what it could at most be, and what does not fit is taken out of it.

    Args:
        week: its requests; what it says is left of providers is not read.
        among: for each request, from which pools a provider could give it; who is not named has no limit.
        pools: by number of the provider, what it has in each pool.

    Attributes:
        provider: of each shelf, the number of the provider.
        least, without: of each request, what it is worth with the best of those who have no limit, and who that is;
            nought and -1 where there is nobody.
    """

    def __init__(
        self, week: Week, among: Sequence[Mapping[int, Among]], pools: Mapping[int, Mapping[str, int]]
    ) -> None:
        row, place = np.nonzero(week.near != NOBODY)
        of = list(zip(row.tolist(), week.near[row, place].tolist(), strict=True))
        kinds = [among[one].get(provider) for one, provider in of]
        none = np.array([kind is None for kind in kinds], dtype=bool)
        self.least, self.without = np.zeros(len(week.requests)), np.full(len(week.requests), NOBODY, dtype=np.int64)
        for one, at in zip(row[none][::-1], place[none][::-1], strict=True):  # the best stands first in its list
            self.least[one], self.without[one] = week.value[one, at], week.near[one, at]
        self._pools = pools
        self._nests = _nests((provider, kind) for (_, provider), kind in zip(of, kinds, strict=True))
        self.provider = tuple(one for one, _ in self._nests)
        number = {(one, kind): at for at, (one, nest) in enumerate(self._nests) for kind in _kinds(nest)}
        laid = [
            (at, number[provider, kind]) for at, ((_, provider), kind) in enumerate(zip(of, kinds, strict=True)) if kind
        ]
        pairs, shelf = np.array(laid, dtype=np.int64).reshape(len(laid), 2).T
        self._lay_out(week, row[pairs], place[pairs], shelf, len(self._nests))
        self._among = among
        self._unit = unit_of(week)
        self.room = np.array([self._room(at, nest) for at, (_, nest) in enumerate(self._nests)], dtype=np.int64)
        self._batches = list(self._side_by_side())
        self._crossed = [at for at, (_, nest) in enumerate(self._nests) if nest.crossed]

    def best(self, prices: Real, free: Flags | None = None, open_: Flags | None = None) -> tuple[Real, Flags]:
        """What each shelf's best load is worth above the requests' prices, and which pairs are in it."""
        profit = self._profit(prices, free, open_)
        worth, take = np.zeros(len(self.room)), np.zeros(profit.shape, dtype=bool)
        for some, shelf in self._batches:
            filled = _Filled(shelf, profit[some], self.weight[some])
            worth[some] = filled.worth[np.arange(len(some)), shelf.room]
            chosen = np.zeros((len(some), profit.shape[1]), dtype=bool)
            filled.trace(shelf.room, chosen)
            take[some] = chosen
        for at in self._crossed:
            self._take_out(at, profit[at], take[at])
        return worth, take

    def kind(self, at: int, pair: int) -> Among:
        """From which pools a pair of a shelf is taken."""
        return self._among[int(self.request[at, pair])][self.provider[at]]

    def _room(self, at: int, nest: Nest) -> int:
        """What the pools of a nest hold, but no more than all that could be laid there."""
        held = self._pools.get(self.provider[at], {})
        asked = int(self.weight[at][self.real[at]].sum())
        return min(sum(held.get(pool, 0) for pool in nest.pools) // self._unit, asked)

    def _side_by_side(self) -> Iterator[tuple[Whole, _Shelf]]:
        """Shelves of one shape and of like size."""
        shapes: dict[object, list[int]] = {}
        for at in np.argsort(self.room, kind="stable").tolist():
            shapes.setdefault(self._nests[at][1].shape, []).append(at)
        for alike in shapes.values():
            for start in range(0, len(alike), TOGETHER):
                some = alike[start : start + TOGETHER]
                yield np.array(some, dtype=np.int64), self._shelf([(at, self._nests[at][1]) for at in some])

    def _shelf(self, some: list[tuple[int, Nest]]) -> _Shelf:
        columns = [
            [pair for pair in np.nonzero(self.real[at])[0].tolist() if self.kind(at, pair) == nest.kind]
            for at, nest in some
        ]
        longest = max(map(len, columns))
        padded = np.array([[*one, *[NOBODY] * (longest - len(one))] for one in columns], dtype=np.int64)
        inside = tuple(
            self._shelf([(at, nest.inside[place]) for at, nest in some]) for place in range(len(some[0][1].inside))
        )
        room = np.array([self._room(at, nest) for at, nest in some], dtype=np.int64)
        return _Shelf(padded.reshape(len(some), longest), room, inside)

    def _take_out(self, at: int, profit: Real, take: Flags) -> None:
        """Take out of a load what does not fit into its pools, the least worth first."""
        shared = Shared({"": self._pools.get(self.provider[at], {})})
        chosen = np.nonzero(take)[0]
        for pair in chosen[np.argsort(-profit[chosen], kind="stable")].tolist():
            kind, load = self.kind(at, pair), int(self.weight[at, pair]) * self._unit
            if shared.left("", kind) < load:
                take[pair] = False
            else:
                shared.give("", kind, load)


@dataclass(frozen=True)
class _Shelf:
    """Nests of one shape side by side: the columns of what is laid in each, -1 after the last; room; those within."""

    columns: Whole
    room: Whole
    inside: tuple[_Shelf, ...]


class _Filled:
    """Shelves filled from inside out, so that it is known of every room what is the most in it, and by which pairs."""

    def __init__(self, shelf: _Shelf, profit: Real, weight: Whole) -> None:
        self._shelf = shelf
        self._size = int(shelf.room.max(initial=0)) + 1
        self._inside = [_Filled(one, profit, weight) for one in shelf.inside]
        self.worth = np.zeros((len(shelf.room), self._size))
        self._parts = [self._set_beside(one.worth) for one in self._inside]
        laid = np.where(shelf.columns == NOBODY, 0, shelf.columns)
        mine = np.where(shelf.columns == NOBODY, -1.0, np.take_along_axis(profit, laid, axis=1))
        self._laid = Laid(self.worth, mine, np.take_along_axis(weight, laid, axis=1))
        within = np.minimum(np.arange(self._size)[None, :], shelf.room[:, None])
        self.worth = np.take_along_axis(self.worth, within, axis=1)

    def _set_beside(self, other: Real) -> Whole:
        """Add what another has beside what is here: of every room, how much of it is best given to the other."""
        worth, part = self.worth.copy(), np.zeros(self.worth.shape, dtype=np.int64)
        for given in range(1, min(other.shape[1], self._size)):
            if (other[:, given] == other[:, given - 1]).all():
                continue
            with_it = self.worth[:, : self._size - given] + other[:, given : given + 1]
            better = with_it > worth[:, given:]
            worth[:, given:] = np.where(better, with_it, worth[:, given:])
            part[:, given:] = np.where(better, given, part[:, given:])
        self.worth = worth
        return part

    def trace(self, room: Whole, take: Flags) -> None:
        """Flag in (shelves, columns) which pairs are the most in so much room."""
        every = np.arange(len(room))
        chosen = np.zeros(self._shelf.columns.shape, dtype=bool)
        left = self._laid.pick(np.minimum(room, self._shelf.room), chosen)
        at, pair = np.nonzero(chosen)
        take[at, self._shelf.columns[at, pair]] = True
        for part, one in zip(reversed(self._parts), reversed(self._inside), strict=True):
            given = part[every, left]
            one.trace(given, take)
            left = left - given


def _nests(pairs: Iterable[tuple[int, Among | None]]) -> list[tuple[int, Nest]]:
    """The shelves of every provider: its number and what lies in each other."""
    kinds: dict[int, set[Among]] = {}
    for one, kind in pairs:
        if kind:
            kinds.setdefault(one, set()).add(kind)
    return [(one, nest) for one, mine in kinds.items() for nest in nests(mine)]


def _kinds(nest: Nest) -> Iterator[Among]:
    yield nest.kind
    for one in nest.inside:
        yield from _kinds(one)
