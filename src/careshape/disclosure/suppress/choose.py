"""The choice of what to hide: a good one by cheapest ways round, then cuts until it is proven, or the work is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from careshape.disclosure.suppress.master import Master, Ways
from careshape.disclosure.suppress.protection import Proof, cuts, meets
from careshape.disclosure.suppress.space import Flags, Floats, Space, Target

WORK: Final = 100
"""Work for each part of the search, in linear programmes over a space of 1,000 columns; more of them in a small one."""
TRY: Final = 10
"""What a try counts, in programmes, beside those it solves: it may need none, and must end all the same."""
LARGE: Final = 6_000
"""Size of the cuts beyond which no whole choice is sought from them: it would take minutes."""


@dataclass(frozen=True)
class Choice:
    """What is hidden in one space: flags by choice; the cost beyond what is forced, and the least it could be.

    failed: positions of targets that cannot be protected whatever is hidden.
    """

    hidden: Flags
    cost: int
    bound: int
    failed: tuple[int, ...] = ()


class Chooser:
    """The search in one space.

    Args:
        space: columns, lines and targets.
        forced: what is hidden in any case.
        weights: the cost of hiding each cell.
        nudge: by cell, a little above 0, less than 0.4 in all: decides between choices of the same cost.
        seed: of the tries at random.
        work: as ``WORK``.
    """

    def __init__(
        self, space: Space, forced: Flags, weights: Floats, nudge: Floats, seed: int = 0, work: int = WORK
    ) -> None:
        self.space, self.forced, self.weights = space, forced, weights
        self.costs = weights + nudge
        self.chance = np.random.default_rng(seed)
        self.share = max(20, int(work * min(8.0, (1000 / max(1, len(space.columns))) ** 1.5)))
        self.failed = self._without_hopeless()
        self.proof = Proof(space)
        self.ways = Ways(space)

    def _without_hopeless(self) -> tuple[int, ...]:
        """Leave out the targets that even hiding everything does not protect."""
        everything, proof = np.ones(self.space.choices, dtype=bool), Proof(self.space)
        open_ = proof.unproven(everything)
        failed = tuple(at for at in open_ if at in proof.unproven(everything) and not proof.protects(at, everything))
        self.space.targets = [one for at, one in enumerate(self.space.targets) if at not in failed]
        return failed

    def choose(self) -> Choice:
        """The best choice found."""
        if not self.space.targets or not len(self.costs):
            return Choice(self.forced, 0, 0, self.failed)
        master = Master(self.costs, self.forced)
        likely, bound = self._relax(master)
        best = min(
            (self._build(self.forced, prices) for prices in (self.costs, self.costs * (1.001 - likely))), key=self._cost
        )
        best = self._vary(best, bound, likely)
        best, bound = self._prove(master, best, bound)
        best = self._in_whole_numbers(best)
        return Choice(best, self._cost(best), min(bound, self._cost(best)), self.failed)

    def _cost(self, hidden: Flags) -> int:
        return int(self.weights[hidden & ~self.forced].sum())

    def _relax(self, master: Master) -> tuple[Floats, int]:
        """Cuts of fractional choices, until none is broken or the work is done: how likely each cell is; a bound."""
        limit = self.space.solved + self.share
        chosen, bound = master.relaxed()
        while self.space.solved < limit:
            found = [cut for target in self.space.targets for cut in cuts(self.space, target, chosen, self.proof)]
            if not found:
                break
            master.add(found)
            chosen, bound = master.relaxed()
        return chosen, bound

    def _build(self, start: Flags, prices: Floats) -> Flags:
        """Protect one target after another, each by the cheapest way round; then print again what is not needed."""
        hidden = start.copy()
        order = sorted(range(len(self.space.targets)), key=lambda at: (-self.space.targets[at].width, at))
        for at in order:
            low, high = self.proof.ranges(hidden)
            target = self.space.targets[at]
            if not meets(target, low[at], high[at]) and not self.proof.protects(at, hidden):
                hidden = self._around(target, hidden, prices)
        return self._lighten(hidden)

    def _around(self, target: Target, hidden: Flags, prices: Floats) -> Flags:
        """The cheaper of going all the way up, or down as far as the figure lets and up for the rest."""
        down = min(float(self.space.down[target.column]), max(target.down, target.width - target.up))
        ways: list[tuple[float, float]] = [
            (max(target.up, target.width - target.down), target.down),
            (max(target.up, target.width - down), down),
        ]
        found: list[tuple[float, int, Flags]] = []
        for up, below in dict.fromkeys(ways):
            tried: Flags | None = hidden
            for sign, far in ((1, up), (-1, below)):
                if far > 0 and tried is not None:
                    tried = self.ways.hide(target.column, sign, far, tried, prices)
            if tried is not None:
                found.append((float(self.costs[tried].sum()), len(found), tried))
        return min(found, key=lambda one: one[:2])[2] if found else np.ones_like(hidden)

    def _lighten(self, hidden: Flags) -> Flags:
        """Print again what is not needed, the dearest first."""
        limit = self.space.solved + 4 * self.share
        for at in sorted(np.flatnonzero(hidden & ~self.forced), key=lambda one: (-self.costs[one], one)):
            if self.space.solved > limit:
                break
            tried = hidden.copy()
            tried[at] = False
            if all(self.proof.protects(one, tried) for one in self.proof.unproven(tried)):
                hidden = tried
        return hidden

    def _vary(self, best: Flags, bound: int, likely: Floats) -> Flags:
        """Print a part of what is hidden again and build anew at other prices; keep what is no worse."""
        limit = self.space.solved + self.share
        while self.space.solved < limit and self._cost(best) > bound:
            self.space.solved += TRY
            loose = np.flatnonzero(best & ~self.forced)
            dropped = best.copy()
            dropped[loose[self.chance.random(len(loose)) < self.chance.choice([0.15, 0.3, 0.6])]] = False
            guide = 1.001 - likely * self.chance.random()
            prices = self.costs * guide * self.chance.uniform(0.5, 1.5, len(self.costs))
            found = self._build(dropped, prices)
            if self._cost(found) <= self._cost(best):
                best = found
        return best

    def _prove(self, master: Master, best: Flags, bound: int) -> tuple[Flags, int]:
        """The cheapest choice that keeps to all cuts, the cuts that it breaks, and so on until it breaks none."""
        limit = self.space.solved + self.share
        while bound < self._cost(best) and self.space.solved < limit and master.size < LARGE:
            self.space.solved += TRY
            hidden, least = master.solve()
            bound = max(bound, least)
            broken = [cut for at in self.proof.unproven(hidden) for cut in self.proof.broken(at, hidden)]
            if not broken:
                if self._cost(hidden) < self._cost(best):
                    best = hidden
                break
            master.add(broken)
            found = self._build(hidden, self.costs)
            if self._cost(found) < self._cost(best):
                best = found
        return best, bound

    def _in_whole_numbers(self, hidden: Flags) -> Flags:
        """Look again at targets that only fractions were seen to protect; give those that lack room a little more."""
        for at in self.proof.unproven(hidden):
            target = self.space.targets[at]
            low, high = (self.space.whole(target.column, sign, hidden) for sign in (-1, 1))
            if not meets(target, -low, high):
                wider = Target(target.column, target.width + 1.0, target.up, target.down)
                hidden = self._around(wider, hidden, self.costs)
        return hidden
