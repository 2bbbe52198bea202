"""Care of one service and place, placed together within what providers have left beside all that was placed before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from careshape.matching.check import check, check_shared
from careshape.matching.criteria import Criteria
from careshape.matching.place import place
from careshape.matching.rank import Candidate
from careshape.matching.rank import Request as Asked
from careshape.matching.shared import Among, Shared
from careshape.matching.week import NOBODY, Week, first_come, week_of
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
        asked: as it is ranked.
        candidates: who could take it, by name; one that is barred with why.
        pools: of each of them, those from which it could be given.
    """

    asked: Asked
    candidates: tuple[Candidate, ...]
    pools: Mapping[str, Pools]


@dataclass(frozen=True)
class Group:
    """How the care of one service and place is placed.

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


def groups(items: Iterable[T], kind: Callable[[T], Kind], row: Callable[[T], Row]) -> list[tuple[str, list[T]]]:
    """Things by their service and place, with the service: those first that can be given from the fewest pools of one
    provider, since the rest has a choice.
    """
    found: dict[Kind, list[T]] = {}
    for one in items:
        found.setdefault(kind(one), []).append(one)
    ordered = sorted(found.items(), key=lambda group: (max(_breadth(row(one)) for one in group[1]), group[0]))
    return [(service, group) for (service, *_), group in ordered]


def _breadth(row: Row) -> int:
    return max((len(pools) for pools in row.pools.values() if pools is not None), default=0)


class Together:
    """Places one group after the other. No pool is given twice, whichever services and places draw on it.

    by: the criteria. rows: the care of all groups; of a pool that was looked up twice the less counts.
    """

    def __init__(self, by: Criteria, rows: Iterable[Row]) -> None:
        self.by = by
        self._pools = _all_pools(rows)
        self._plan, self._turn = Shared(self._pools), Shared(self._pools)
        self._given: list[tuple[str, Among, int]] = []

    def place(self, service: str, rows: Sequence[Row]) -> Group:
        """Place some care of a service. The bound holds for any plan of it that has all pools to itself."""
        names = {
            name: frozenset(pools) for one in rows for name, pools in one.pools.items() if pools is not None
        }  # fmt: skip
        alone = self._week(service, rows, _left(Shared(self._pools), names))
        best, proof = place(alone), None
        beside = self._week(service, rows, _left(self._plan, names))
        if (beside.capacity != alone.capacity).any():
            proof, best = best.proof, place(beside)
        checked = check(alone, best.given, proof or best.proof)
        turn_week = self._week(service, rows, _left(self._turn, names))
        turn = tuple(first_come(turn_week).tolist())
        given, in_turn = (_named(alone, one) for one in (best.given, turn))
        self._given += _give(self._plan, service, rows, given, names)
        _give(self._turn, service, rows, in_turn, names)
        return Group(
            given, in_turn, best.reasons, best.method, checked.value, checked.bound,
            check(alone, turn, proof or best.proof).value,
        )  # fmt: skip

    def judge(self) -> None:
        """Raises AssertionError where a provider is given more than it has in all groups together: a fault of ours."""
        faults = check_shared(self._pools, self._given)
        if faults:
            raise AssertionError(" ".join(faults))

    def _week(self, service: str, rows: Sequence[Row], left: Mapping[str, int]) -> Week:
        """The week, with so much left of each provider; who told nothing fresh could take everything."""
        everything = sum(one.asked.takes for one in rows)
        names = {candidate.provider for one in rows for candidate in one.candidates}
        free = {name: of_service(service, left[name]) if name in left else everything for name in names}
        return week_of(
            [one.asked for one in rows], {one.asked.reference: one.candidates for one in rows}, free, self.by
        )


def _all_pools(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for name, pools in row.pools.items():
            for pool, left in (pools or {}).items():
                mine = found.setdefault(name, {})
                mine[pool] = min(left, mine.get(pool, left))
    return found


def _left(shared: Shared, names: Mapping[str, Among]) -> dict[str, int]:
    return {name: shared.left(name, among) for name, among in names.items()}


def _named(week: Week, given: Sequence[int]) -> tuple[str, ...]:
    return tuple("" if one == NOBODY else week.providers[one] for one in given)


def _give(
    shared: Shared, service: str, rows: Sequence[Row], given: Sequence[str], names: Mapping[str, Among]
) -> list[tuple[str, Among, int]]:  # fmt: skip
    """Give what is placed; which loads that were."""
    loads = [
        (name, names[name], in_pool(service, one.asked.hours))
        for one, name in zip(rows, given, strict=True) if name in names
    ]  # fmt: skip
    for load in loads:
        shared.give(*load)
    return loads
