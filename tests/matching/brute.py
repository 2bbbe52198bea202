"""Small weeks at random, and the best plan of one by trying every plan there is."""

from __future__ import annotations

import itertools

import numpy as np

from careshape.matching import Week


def small_week(seed: int, requests: int = 6, providers: int = 3) -> Week:
    """A week so small that every plan can be tried."""
    rng = np.random.default_rng(seed)
    near = np.full((requests, providers), -1, dtype=np.int64)
    value = np.zeros((requests, providers), dtype=np.int64)
    for row in range(requests):
        some = rng.permutation(providers)[: rng.integers(0, providers + 1)]
        worth = np.sort(rng.integers(1, 100, len(some)))[::-1]
        near[row, : len(some)], value[row, : len(some)] = some, worth
    hours = rng.integers(1, 8, requests) * 25
    return Week(
        tuple(f"r{row}" for row in range(requests)), tuple(f"p{one}" for one in range(providers)),
        near, value, hours, rng.integers(0, 15, providers) * 25,
    )  # fmt: skip


def best(week: Week) -> int:
    """What the best plan is worth."""
    lists = [dict(zip(n, v, strict=True)) for n, v in zip(week.near.tolist(), week.value.tolist(), strict=True)]
    found = 0
    for plan in itertools.product(*[[-1, *(one for one in pairs if one != -1)] for pairs in lists]):
        used = [0] * len(week.providers)
        for row, one in enumerate(plan):
            if one != -1:
                used[one] += int(week.hours[row])
        if all(taken <= has for taken, has in zip(used, week.capacity.tolist(), strict=True)):
            found = max(found, sum(lists[row][one] for row, one in enumerate(plan) if one != -1))
    return found
