"""Points of a space that need no programme: a place and all totals above it, one step up or down."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np

from careshape.disclosure.suppress.protection import Proof, meets
from careshape.disclosure.suppress.space import Floats, Space

TRIED: Final = 12
"""How many places below a figure are tried."""


class Ladder:
    """Which totals stand above each column of a space. In a line, the total has factor 1 and the parts have -1."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.above: dict[int, list[int]] = defaultdict(list)
        self.below: dict[int, list[int]] = defaultdict(list)
        self.lines: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(space.lines):
            total = [column for column, factor in line.terms if factor == 1]
            for column, factor in line.terms:
                self.lines[column].append(number)
                if len(total) == 1 and factor == -1:
                    self.above[column].append(total[0])
                    self.below[total[0]].append(column)

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

    def room(self, moved: set[int], base: Floats) -> tuple[float, float]:
        """How far all moved columns can go up together, and down, from a point before a line is broken."""
        up = down = float("inf")
        for number in {number for column in moved for number in self.lines[column]}:
            line = self.space.lines[number]
            step = sum(factor for column, factor in line.terms if column in moved)
            if step:
                value = sum(base[column] * factor for column, factor in line.terms)
                above, below = (line.greatest - value) / abs(step), (value - line.least) / abs(step)
                up, down = (min(up, above), min(down, below)) if step > 0 else (min(up, below), min(down, above))
        return up, down


def walk(space: Space, base: Floats, proof: Proof) -> None:
    """Keep ``base``, and for each target points a few steps from it that give the target room, where there are any."""
    proof.add(base)
    ladder = Ladder(space)
    nothing = np.zeros(space.choices, dtype=bool)
    for at in proof.unproven(nothing):
        target = space.targets[at]
        for place in ladder.places(target.column):
            moved = ladder.step(place)
            where = np.array(sorted(moved))
            above, below = ladder.room(moved, base)
            up = min(above, float((space.up[where] - base[where]).min()))
            down = min(below, float((base[where] + space.down[where]).min()))
            if not meets(target, base[target.column] - down, base[target.column] + up):
                continue
            for by in (up, -down):
                point = base.copy()
                point[where] += by
                proof.add(point)
            break
