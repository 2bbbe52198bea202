"""Care that is placed as one, as it draws on the same of what providers have, whichever service and place it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from careshape.matching.check_pools import check_shared
from careshape.matching.criteria import Criteria
from careshape.matching.pooled import Pooled, in_turn, place_pooled
from careshape.matching.rank import Candidate
from careshape.matching.rank import Request as Asked
from careshape.matching.shared import Among
from careshape.matching.week import NOBODY, week_of
from careshape.providers.capacity.free import in_pool, of_service

Pools = Mapping[str, int] | None
"""What a provider has left in each pool, in hundredths of an hour or of a place; None where nothing fresh says so."""


Kind = tuple[str, str, str]
"""Service, district and zone."""
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """Care that is to be placed.

    Attributes:
        service: which.
        asked: as it is ranked.
        candidates: who could take it, by name; one that is barred with why.
        pools: of each of them, those from which it could be given.
    """

    service: str
    asked: Asked
    candidates: tuple[Candidate, ...]
    pools: Mapping[str, Pools]

    @property
    def load(self) -> int:
        """What it takes of a provider's pools: hundredths of an hour, or of a place."""
        return in_pool(self.service, self.asked.hours)

    def among(self, provider: str) -> Among | None:
        """The pools from which a provider could give it; None where nothing fresh tells of them."""
        pools = self.pools.get(provider)
        return None if pools is None else frozenset(pools)


@dataclass(frozen=True)
class Group:
    """How some care is placed.

    Attributes:
        given, in_turn: for each row the provider by the plan, and first come, first served; '' for none.
        reasons: by reference, why nobody is given.
        value, bound, in_turn_value: what the plan is worth, what no plan can be worth more than, and first come.
    """

    given: tuple[str, ...]
    in_turn: tuple[str, ...]
    reasons: Mapping[str, str]
    method: str
    value: int
    bound: int
    in_turn_value: int


def asked(one: Asked, service: str) -> Asked:
    """A request as it is placed: what it takes of what a provider has stands with it."""
    return replace(one, load=of_service(service, in_pool(service, one.hours)))


def groups(items: Sequence[T], kind: Callable[[T], Kind], row: Callable[[T], Row]) -> list[list[T]]:
    """Things that are placed as one, in their order: those of a service and place, with all others that draw on a pool
    of theirs.
    """
    leads: dict[object, object] = {}

    def lead(one: object) -> object:
        while (above := leads.setdefault(one, one)) != one:
            one = above
        return one

    for one in items:
        for name, pools in row(one).pools.items():
            for pool in pools or ():
                leads[lead((name, pool))] = lead(kind(one))
    found: dict[object, list[T]] = {}
    for one in items:
        found.setdefault(lead(kind(one)), []).append(one)
    return list(found.values())


class Together:
    """Places care, one group after the other, by the council's criteria.

    by: the criteria. rows: the care of all groups; of a pool that was looked up twice the less counts.
    """

    def __init__(self, by: Criteria, rows: Iterable[Row]) -> None:
        self.by = by
        self._pools = _all_pools(rows)
        self._given: list[tuple[str, Among, int]] = []

    def place(self, rows: Sequence[Row]) -> Group:
        """Place care that draws on no pool of any other."""
        pooled = self._pooled(rows)
        placed, (turn, turn_value) = place_pooled(pooled), in_turn(pooled)
        given, after = (_named(pooled.week.providers, one) for one in (placed.given, turn))
        self._given += [
            (name, among, row.load) for row, name in zip(rows, given, strict=True)
            if name and (among := row.among(name)) is not None
        ]  # fmt: skip
        checked = placed.checked
        return Group(given, after, placed.reasons, placed.method, checked.value, checked.bound, turn_value)

    def judge(self) -> None:
        """Raises AssertionError where a provider is given more than it has in all groups together: a fault of ours."""
        faults = check_shared(self._pools, self._given)
        if faults:
            raise AssertionError(" ".join(faults))

    def _pooled(self, rows: Sequence[Row]) -> Pooled:
        """The week, where each request is worth its points times what it takes of the pools, whichever its unit is."""
        names = {candidate.provider for one in rows for candidate in one.candidates}
        candidates = {one.asked.reference: one.candidates for one in rows}
        week = week_of([one.asked for one in rows], candidates, dict.fromkeys(names, 0), self.by)
        loads = np.array([one.load for one in rows], dtype=np.int64)
        units = np.array([one.asked.hours for one in rows], dtype=np.int64)
        week = replace(week, hours=loads, value=week.value // units[:, None] * loads[:, None])
        number = {name: at for at, name in enumerate(week.providers)}
        among = tuple(
            {
                number[name]: frozenset(pools)
                for name, pools in one.pools.items()
                if pools is not None and name in number
            }
            for one in rows
        )
        return Pooled(week, among, {number[name]: held for name, held in self._pools.items() if name in number})


def _all_pools(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for name, pools in row.pools.items():
            for pool, left in (pools or {}).items():
                mine = found.setdefault(name, {})
                mine[pool] = min(left, mine.get(pool, left))
    return found


def _named(providers: Sequence[str], given: Sequence[int]) -> tuple[str, ...]:
    return tuple("" if one == NOBODY else providers[one] for one in given)
