"""Sets of pools that lie within each other, so that what a provider gives of several kinds is filled from inside out.

Loads fit where no set is asked for more than it holds by what can be taken from nothing else. Where sets lie within
each other or apart, asking each of them is enough. Where two cross, the later one counts as all that they touch
together: that lets more pass than there is, so a bound holds, and what passes must be judged once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from careshape.matching.shared import Among


@dataclass(frozen=True)
class Nest:
    """A set of pools, the kind of care that is taken from it, and the nests that lie within it.

    Attributes:
        pools: all of them, those of ``inside`` as well.
        kind: from which pools the care is taken that is laid here; ``pools`` unless sets cross.
        inside: apart from each other.
    """

    pools: Among
    kind: Among
    inside: tuple[Nest, ...] = ()

    @property
    def shape(self) -> tuple[object, ...]:
        """How nests lie in each other, whatever they hold: those of one shape are filled side by side."""
        return tuple(one.shape for one in self.inside)

    @property
    def crossed(self) -> bool:
        """Whether sets cross, here or within."""
        return self.kind != self.pools or any(one.crossed for one in self.inside)


def nests(kinds: Iterable[Among]) -> tuple[Nest, ...]:
    """The nests of a provider that are apart from each other, given from which pools each kind of care is taken."""
    tops: tuple[Nest, ...] = ()
    for kind in sorted(set(kinds), key=lambda one: (len(one), sorted(one))):
        within = tuple(one for one in tops if one.pools & kind)
        pools = kind.union(*(one.pools for one in within))
        inside = tuple(sorted(within, key=lambda one: (one.shape, sorted(one.pools))))
        tops = (*(one for one in tops if not one.pools & kind), Nest(pools, kind, inside))
    return tops
