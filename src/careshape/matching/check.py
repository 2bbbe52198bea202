"""A judge of plans that shares nothing with what made them: plain whole numbers, every limit and every value again.

The bound is proven by prices alone. Whatever the prices, no plan can be worth more than what they come to; good prices
only make that less. So nothing has to be believed about how they were found.
"""

from __future__ import annotations

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
    lists = lists_of(week)
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


def lists_of(week: Week) -> list[dict[int, int]]:
    """For each request the number of each provider that could take it, with what that is worth."""
    return [
        {provider: worth for provider, worth in zip(near, value, strict=True) if provider != -1}
        for near, value in zip(week.near.tolist(), week.value.tolist(), strict=True)
    ]


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
