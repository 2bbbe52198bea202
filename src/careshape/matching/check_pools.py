"""The judge of plans whose loads come from pools: every load is laid down again, and every price held against it.

It shares nothing with what made the plan. Prices of two kinds prove a bound. A hundredth of an hour in a pool has a
price, and who may take it from several pays the least of theirs at least: no plan is worth more than all pools at their
prices, and each request's best gain above them. Or each request has a price: no plan is worth more than all of these,
and the most that each provider could gain above them within its pools.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careshape.matching.check import Checked, lists_of
from careshape.matching.week import Week

Among = Mapping[int, frozenset[str]]
"""Number of a provider -> the pools from which it could give a request; who is not named can take everything."""
Prices = Mapping[int, Mapping[str, int]]
"""Number of a provider -> the price of a hundredth in each of its pools, in thousandths."""


@dataclass(frozen=True)
class Proven:
    """Prices that prove a bound: of pools, of each request, whole, or of both; then the lesser bound holds."""

    pools: Prices | None = None
    requests: tuple[int, ...] | None = None

    @property
    def all(self) -> list[int]:
        """Every price."""
        return [*(price for held in (self.pools or {}).values() for price in held.values()), *(self.requests or ())]


def check_pools(
    week: Week, given: Sequence[int], among: Sequence[Among], pools: Prices, proven: Proven | None = None
) -> Checked:
    """Judge a plan.

    Args:
        week: what the requests are worth and take; what it says is left of providers is not read.
        given: for each request the number of its provider, -1 for none.
        among: for each request, from which pools each provider could give it.
        pools: by number of the provider, what it has in each pool.
        proven: prices; without any, nothing is proven, and the bound is what all requests could be worth at best.
    """
    lists, hours, faults, total = lists_of(week), week.hours.tolist(), [], 0
    if len(given) != len(lists):
        faults.append(f"The plan names {len(given)} requests; the week has {len(lists)}.")
    loads = []
    for number, (provider, worth) in enumerate(zip(given, lists, strict=False)):
        if provider == -1:
            continue
        if provider not in worth:
            faults.append(f"Request {week.requests[number]} goes to provider {provider}, who may not be offered it.")
            continue
        total += worth[provider]
        if provider in among[number]:
            loads.append((week.providers[provider], among[number][provider], hours[number]))
    named = {week.providers[number]: held for number, held in pools.items()}
    faults += check_shared(named, loads)
    proven = proven or Proven({})
    if min(proven.all, default=0) < 0:
        faults.append("A price of the proof is below nought, so that it proves nothing.")
    bounds = []
    if proven.pools is not None:
        bounds.append(_by_pools(lists, hours, among, pools, proven.pools))
    if proven.requests is not None:
        bounds.append(_by_requests(lists, hours, among, pools, proven.requests))
    most = min(bounds)
    if total > most:
        faults.append(f"The plan is worth {total}, more than the bound {most} that no plan can pass.")
    return Checked(total, most, tuple(faults))


Lists = Sequence[Mapping[int, int]]


def _by_pools(lists: Lists, hours: Sequence[int], among: Sequence[Among], pools: Prices, prices: Prices) -> int:
    """All pools at their prices, and each request's best gain above the least price that it would pay."""
    total = sum(prices.get(one, {}).get(pool, 0) * has for one, held in pools.items() for pool, has in held.items())
    for worth, long, mine in zip(lists, hours, among, strict=True):
        gains = [0]
        for provider, value in worth.items():
            if provider not in mine:
                gains.append(1000 * value)
            elif mine[provider]:  # where no pool is near, nothing can be given
                least = min(prices.get(provider, {}).get(pool, 0) for pool in mine[provider])
                gains.append(1000 * value - least * long)
        total += max(gains)
    return -(-total // 1000)


def _by_requests(
    lists: Lists, hours: Sequence[int], among: Sequence[Among], pools: Prices, prices: Sequence[int]
) -> int:
    """All requests' prices, the best gain of each above its price with who has no limit, and the most of the others."""
    total, unit = sum(prices), math.gcd(*hours) or 1
    mine: dict[int, dict[frozenset[str], list[tuple[int, int]]]] = {}
    for worth, long, kinds, price in zip(lists, hours, among, prices, strict=True):
        total += max(0, *(value - price for provider, value in worth.items() if provider not in kinds), 0)
        for provider, value in worth.items():
            if value > price and (kind := kinds.get(provider)):
                mine.setdefault(provider, {}).setdefault(kind, []).append((value - price, long // unit))
    return total + sum(_most(kinds, pools.get(provider, {}), unit) for provider, kinds in mine.items())


def _most(kinds: Mapping[frozenset[str], Sequence[tuple[int, int]]], pools: Mapping[str, int], unit: int) -> int:
    """The most that some of the pairs, gain and units, come to within the pools.

    The kinds with the fewest pools go first. What was put together from pools that one touches becomes one with it,
    and takes no more than all of them hold.
    """
    apart: list[tuple[frozenset[str], NDArray[np.int64]]] = []
    asked = sum(long for pairs in kinds.values() for _, long in pairs)
    for kind in sorted(kinds, key=len):
        touched = [one for one in apart if one[0] & kind]
        pooled = kind.union(*(other for other, _ in touched))
        most = np.zeros(min(asked, sum(pools.get(pool, 0) for pool in pooled) // unit) + 1, dtype=np.int64)
        for _, theirs in touched:
            most = _beside(most, theirs)
        for gain, long in kinds[kind]:
            if long < len(most):
                most[long:] = np.maximum(most[long:], most[:-long] + gain)
        apart = [one for one in apart if not one[0] & kind] + [(pooled, most)]
    return sum(int(most[-1]) for _, most in apart)


def _beside(most: NDArray[np.int64], theirs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most in so much room, of which others take some: by room, as both are."""
    found = most.copy()
    for used in np.nonzero(np.diff(theirs, prepend=0))[0].tolist():
        if used < len(most):
            found[used:] = np.maximum(found[used:], most[: len(most) - used] + theirs[used])
    return found


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
