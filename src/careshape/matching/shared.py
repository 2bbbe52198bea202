"""What a provider has left in several pools, hours by zone and places by type, on which care of several kinds draws.

A load may be taken from some pools, in any parts. Loads fit exactly where no set of pools is asked for more than it
holds by the loads that can be taken from nothing else (Hall's condition). ``check.check_shared`` judges it by moving
the loads one by one instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

Among = frozenset[str]
"""The pools from which a load may be taken."""


class Shared:
    """The pools of many providers, and what was given from them so far; in hundredths of an hour or of a place.

    pools: by provider, what it has in each.
    """

    def __init__(self, pools: Mapping[str, Mapping[str, int]]) -> None:
        self.pools = pools
        self.loads: dict[str, Counter[Among]] = {}

    def left(self, provider: str, among: Among) -> int:
        """The most that can still be given from some pools of a provider, wherever what was given is taken from."""
        pools, loads = self.pools.get(provider, {}), self.loads.get(provider, Counter())
        found = []
        for union in _unions(among, loads):
            asked = sum(load for within, load in loads.items() if within <= union)
            found.append(sum(pools.get(one, 0) for one in union) - asked)
        return max(0, min(found))

    def give(self, provider: str, among: Among, load: int) -> None:
        """Give so much from some pools of a provider. Raises ValueError where that is more than is left."""
        if load > self.left(provider, among):
            raise ValueError(f"{provider} has {self.left(provider, among)} left of {sorted(among)}, and not {load}.")
        self.loads.setdefault(provider, Counter())[among] += load


def _unions(among: Among, loads: Mapping[Among, int]) -> set[Among]:
    """The pools that are meant, together with those of any of the loads that were given."""
    found = {among}
    for one in loads:
        found |= {one | other for other in found}
    return found
