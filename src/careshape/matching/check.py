"""A judge of plans that shares nothing with what made them: plain whole numbers, every limit and every value again.

The bound is proven by prices alone. Whatever the prices, no plan can be worth more than what they come to; good prices
only make that less. So nothing has to be believed about how they were found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from careshape.matching.week import Week

Kind = Literal["hours", "requests"]


@dataclass(frozen=True)
class Proof:
    """Prices that prove a bound: of a hundredth of an hour of each provider in thousandths, or of each request."""

    kind: Kind
    prices: tuple[int, ...]


@dataclass(frozen=True)
class Checked:
    """What a plan is worth, what no plan can be worth more than, and every fault found.

    Attributes:
        value, bound: in the unit of the week's values.
        faults: sentences; a plan with any is none.
    """

    value: int
    bound: int
    faults: tuple[str, ...]

    @property
    def gap(self) -> float:
        """How far below the bound the plan is at most, as a share of the bound."""
        return 0.0 if self.bound == 0 else (self.bound - self.value) / self.bound


def check(week: Week, given: tuple[int, ...], proof: Proof) -> Checked:
    """Judge a plan: ``given`` holds for each request the number of its provider, -1 for none."""
    lists = [_pairs(near, value) for near, value in zip(week.near.tolist(), week.value.tolist(), strict=True)]
    hours, capacity = week.hours.tolist(), week.capacity.tolist()
    faults, total, used = [], 0, [0] * len(capacity)
    if len(given) != len(lists):
        faults.append(f"The plan names {len(given)} requests; the week has {len(lists)}.")
    for number, (provider, pairs) in enumerate(zip(given, lists, strict=False)):
        if provider == -1:
            continue
        if provider not in pairs:
            faults.append(f"Request {week.requests[number]} goes to provider {provider}, who may not be offered it.")
            continue
        total += pairs[provider]
        used[provider] += hours[number]
    for provider, (taken, has) in enumerate(zip(used, capacity, strict=True)):
        if taken > has:
            faults.append(f"Provider {week.providers[provider]} is given {taken} hundredths of an hour and has {has}.")
    bound = (
        _by_hours(lists, hours, capacity, proof)
        if proof.kind == "hours"
        else _by_requests(lists, hours, capacity, proof)
    )
    if min(proof.prices, default=0) < 0:
        faults.append("A price of the proof is below nought, so that it proves nothing.")
    if total > bound:
        faults.append(f"The plan is worth {total}, more than the bound {bound} that no plan can pass.")
    return Checked(total, bound, tuple(faults))


def check_shared(
    pools: Mapping[str, Mapping[str, int]], given: Sequence[tuple[str, frozenset[str], int]]
) -> tuple[str, ...]:
    """Every provider that is given more than its pools hold, a sentence each; none where all fits.

    Each load is put where there is room, and what stands in its way is moved on, until it lies or nothing can move.

    Args:
        pools: by provider, what it has in each pool.
        given: provider, the pools from which a load may be taken, and how much it is.
    """
    faults = []
    for provider in dict.fromkeys(name for name, _, _ in given):
        loads = [(among, load) for name, among, load in given if name == provider]
        room = dict(pools.get(provider, {}))
        lies: list[dict[str, int]] = [{} for _ in loads]
        for number, (_, load) in enumerate(loads):
            while load > 0 and (way := _way(number, loads, lies, room)):
                many = min(load, room[way[-1][1]], *(lies[mover][left] for mover, left, _ in _moves(way)))
                for mover, left, to in _moves(way):
                    lies[mover][left] -= many
                    lies[mover][to] = lies[mover].get(to, 0) + many
                first = way[0][1]
                lies[number][first] = lies[number].get(first, 0) + many
                room[way[-1][1]] -= many
                load -= many
            if load > 0:
                faults.append(f"Provider {provider} is given {load} hundredths more than its pools hold.")
                break
    return tuple(faults)


def _moves(way: list[tuple[int, str]]) -> list[tuple[int, str, str]]:
    """Who moves from where to where, along a way: (load, pool) after (load, pool)."""
    return [(mover, way[place - 1][1], to) for place, (mover, to) in enumerate(way) if place]


def _way(
    number: int, loads: list[tuple[frozenset[str], int]], lies: list[dict[str, int]], room: Mapping[str, int]
) -> list[tuple[int, str]]:
    """The shortest way by which some of a load can be put down: which load goes into which pool; empty for none."""
    ways = [[(number, pool)] for pool in sorted(loads[number][0]) if pool in room]
    seen = {way[-1][1] for way in ways}
    for way in ways:
        at = way[-1][1]
        if room[at] > 0:
            return way
        for other, (among, _) in enumerate(loads):
            if lies[other].get(at, 0) > 0:
                onward = [pool for pool in sorted(among) if pool in room and pool not in seen]
                seen |= set(onward)
                ways += [[*way, (other, pool)] for pool in onward]
    return []


def _pairs(near: list[int], value: list[int]) -> dict[int, int]:
    return {provider: worth for provider, worth in zip(near, value, strict=True) if provider != -1}


def _by_hours(lists: list[dict[int, int]], hours: list[int], capacity: list[int], proof: Proof) -> int:
    """All hours bought at their prices, and each request's best gain above them; rounded up to a whole."""
    price = proof.prices
    gains = (
        max([0, *(1000 * worth - price[provider] * long for provider, worth in pairs.items())])
        for pairs, long in zip(lists, hours, strict=True)
    )
    total = sum(gains) + sum(one * has for one, has in zip(price, capacity, strict=True))
    return -(-total // 1000)


def _by_requests(lists: list[dict[int, int]], hours: list[int], capacity: list[int], proof: Proof) -> int:
    """All requests' prices, and the most that each provider could gain above them within its hours."""
    mine: list[list[tuple[int, int]]] = [[] for _ in capacity]
    for number, pairs in enumerate(lists):
        for provider, worth in pairs.items():
            if worth > proof.prices[number]:
                mine[provider].append((worth - proof.prices[number], hours[number]))
    return sum(proof.prices) + sum(_most(pairs, has) for pairs, has in zip(mine, capacity, strict=True))


def _most(pairs: list[tuple[int, int]], has: int) -> int:
    """The most that some of the pairs come to within the hours: only plans that no other beats are carried on."""
    front: list[tuple[int, int]] = [(0, 0)]  # hours used and gain, both rising
    for gain, long in pairs:
        longer = [(used + long, came + gain) for used, came in front if used + long <= has]
        front = _unbeaten(front, longer)
    return front[-1][1]


def _unbeaten(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for used, came in sorted([*one, *other], key=lambda plan: (plan[0], -plan[1])):
        if not kept or came > kept[-1][1]:
            kept.append((used, came))
    return kept
