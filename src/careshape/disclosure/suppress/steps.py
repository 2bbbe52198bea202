"""Points of a space that need no programme: a place and all totals above it, one step up or down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from careshape.disclosure.suppress.protection import Proof, meets
from careshape.disclosure.suppress.space import Floats, Space, Target

TRIED: Final = 12
"""How many places below a figure are tried."""
ELSEWHERE: Final = 24
"""How many places are tried to take somebody from, where a total that is known must stay."""
EVEN: Final = 1e-9


class Ladder:
    """Which totals stand above each column of a space. In a line, the total has factor 1 and the parts have -1."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.above: dict[int, list[int]] = defaultdict(list)
        self.below: dict[int, list[int]] = defaultdict(list)
        self.lines: dict[int, list[int]] = defaultdict(list)
        self._vectors: dict[int, Floats] = {}
        for number, line in enumerate(space.lines):
            total = [column for column, factor in line.terms if factor == 1 and line.least == line.greatest]
            for column, factor in line.terms:
                self.lines[column].append(number)
                if len(total) == 1 and factor == -1:
                    self.above[column].append(total[0])
                    self.below[total[0]].append(column)
        leaves = [column for column in self.lines if column not in self.below]
        self.elsewhere = leaves[:: max(1, len(leaves) // ELSEWHERE)]
        """Places to take somebody from."""

    def step(self, column: int) -> set[int]:
        """A column and everything above it."""
        found, waiting = {column}, [column]
        while waiting:
            fresh = set(self.above[waiting.pop()]) - found
            found |= fresh
            waiting += fresh
        return found

    def places(self, column: int) -> list[int]:
        """The first few columns below one that are no total themselves."""
        found: list[int] = []
        waiting, seen = [column], {column}
        while waiting and len(found) < TRIED:
            at = waiting.pop()
            if at not in self.below:
                found.append(at)
            fresh = [part for part in self.below.get(at, ()) if part not in seen]
            seen.update(fresh)
            waiting += fresh
        return found

    def moves(self, column: int) -> Iterator[Floats]:
        """Departures of a column by 1: somebody more in a place below it; or that, with somebody less elsewhere."""
        below = [self.vector(place) for place in self.places(column)]
        yield from below
        for one in below:
            for other in self.elsewhere:
                move = one - self.vector(other)
                if move[column] > 0:
                    yield move

    def vector(self, column: int) -> Floats:
        """One more in a column and in everything above it."""
        if column not in self._vectors:
            self._vectors[column] = np.zeros(len(self.space.columns))
            self._vectors[column][list(self.step(column))] = 1.0
        return self._vectors[column]

    def ends(self, move: Floats, base: Floats, target: Target) -> tuple[float, float]:
        """How many moves up and down from a point there is room for; no line is looked at where that is too little."""
        where = np.flatnonzero(move)
        above, below = self.space.up[where] - base[where], base[where] + self.space.down[where]
        rising = move[where] > 0
        up, down = float(np.where(rising, above, below).min()), float(np.where(rising, below, above).min())
        if not meets(target, base[target.column] - down, base[target.column] + up):
            return 0.0, 0.0
        most, least = self.room(move, where.tolist(), base)
        up, down = max(0.0, min(up, most)), max(0.0, min(down, least))
        if self.space.counted[where].any():
            return float(np.floor(up + EVEN)), float(np.floor(down + EVEN))
        return up, down

    def room(self, move: Floats, moved: Sequence[int], base: Floats) -> tuple[float, float]:
        """How often a point can be moved, and the other way, before a line is broken."""
        up = down = float("inf")
        for number in {number for column in moved for number in self.lines[column]}:
            line = self.space.lines[number]
            step = sum(factor * move[column] for column, factor in line.terms)
            if abs(step) > EVEN:
                value = sum(base[column] * factor for column, factor in line.terms)
                above, below = (line.greatest - value) / abs(step), (value - line.least) / abs(step)
                up, down = (min(up, above), min(down, below)) if step > 0 else (min(up, below), min(down, above))
            if up + down <= 0:
                break
        return up, down


def walk(space: Space, base: Floats, proof: Proof) -> None:
    """Keep ``base``, and for each target points a few steps from it that give the target room, where there are any."""
    proof.add(base)
    ladder = Ladder(space)
    nothing = np.zeros(space.choices, dtype=bool)
    for at in proof.unproven(nothing):
        target = space.targets[at]
        for move in ladder.moves(target.column):
            up, down = ladder.ends(move, base, target)
            if meets(target, base[target.column] - down, base[target.column] + up):
                proof.add(base + up * move)
                proof.add(base - down * move)
                break
