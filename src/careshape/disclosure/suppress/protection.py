"""Whether a choice of hidden cells protects the targets: by tables already seen that prove it, else by programmes."""

from __future__ import annotations

from typing import Final

import numpy as np

from careshape.disclosure.suppress.space import ALWAYS, Cut, Flags, Floats, Reach, Space, Target

NEAR: Final = 1e-6


class Proof:
    """Whole departures that a reader cannot exclude, and what must be hidden for each: kept from choice to choice."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.columns = np.array([target.column for target in space.targets], dtype=np.int64)
        self._count = 0
        self._values = np.zeros((64, len(self.columns)))
        self._uses = np.zeros((64, space.choices), dtype=bool)
        self._seen: set[bytes] = set()

    def add(self, point: Floats) -> None:
        """Keep a point if it moves a target, and counts of people by whole numbers."""
        whole = np.where(self.space.counted, np.rint(point), np.where(np.abs(point) < NEAR, 0.0, point))
        if np.abs(whole - point).max() > NEAR or not whole[self.columns].any():
            return
        key = whole.tobytes()
        if key in self._seen:
            return
        self._seen.add(key)
        if self._count == len(self._values):
            self._values = np.vstack([self._values, np.zeros_like(self._values)])
            self._uses = np.vstack([self._uses, np.zeros_like(self._uses)])
        self._values[self._count] = whole[self.columns]
        self._uses[self._count, self.space.choice[(whole != 0) & (self.space.choice != ALWAYS)]] = True
        self._count += 1

    def ranges(self, hidden: Flags) -> tuple[Floats, Floats]:
        """The least and greatest departure of each target among the points that a choice allows."""
        allowed = ~(self._uses[: self._count] & ~hidden).any(axis=1)
        values = self._values[: self._count][allowed]
        return values.min(axis=0, initial=0.0), values.max(axis=0, initial=0.0)

    def unproven(self, hidden: Flags) -> list[int]:
        """Positions of the targets for which no such points are known."""
        low, high = self.ranges(hidden)
        return [at for at, target in enumerate(self.space.targets) if not meets(target, low[at], high[at])]

    def protects(self, at: int, hidden: Flags) -> bool:
        """Whether a choice protects one target."""
        target, chosen = self.space.targets[at], hidden.astype(float)
        reaches = []
        for sign in (1, -1):
            reaches.append(self.space.reach(target.column, sign, chosen).kept(self))
            low, high = self.ranges(hidden)
            if meets(target, low[at], high[at]):
                return True
        return meets(target, -reaches[1].reach, reaches[0].reach)

    def broken(self, at: int, hidden: Flags) -> list[Cut]:
        """The cuts that a choice breaks for one target."""
        return cuts(self.space, self.space.targets[at], hidden.astype(float), self)


def meets(target: Target, low: float, high: float) -> bool:
    """Whether departures from ``low`` to ``high`` are the room that a target needs."""
    return high >= target.up - NEAR and -low >= target.down - NEAR and high - low >= target.width - NEAR


def cuts(space: Space, target: Target, chosen: Floats, proof: Proof | None = None) -> list[Cut]:
    """The cuts that a choice, which may be fractional, breaks for one target; none if it is protected."""
    above, below = space.reach(target.column, 1, chosen), space.reach(target.column, -1, chosen)
    if proof is not None:
        above.kept(proof)
        below.kept(proof)
    found = []
    if above.reach < target.up - NEAR:
        found.append(_cut(target.up, above))
    if below.reach < target.down - NEAR:
        found.append(_cut(target.down, below))
    if above.reach + below.reach < target.width - NEAR:
        found.append(_cut(target.width, above, below))
    return found


def _cut(need: float, *reaches: Reach) -> Cut:
    """The limits of one or two reaches as a cut; no factor is above what is missing, since one such cell is enough."""
    least = need - sum(one.constant for one in reaches)
    factors = sum((one.factors for one in reaches[1:]), reaches[0].factors)
    kept = np.flatnonzero(factors > NEAR)
    return Cut(tuple((int(at), min(1.0, float(factors[at]) / least)) for at in kept))
