"""Weeks of requests for home care, made up: providers with the hours they have left by zone, and requests near them.

They are such as a round meets: the hours of each zone are a pool, on which all care by the hour draws. Who asks for a
zone draws on the pool of that zone; who asks for a district, as the zone is not known, on those of all its zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from careshape.matching import Candidate, Request, week_of
from careshape.matching.pooled import Pooled
from careshape.matching.week import NOBODY

ZONES: Final = 10
WIDE: Final = 60.0
"""Kilometres across the county."""
DAY: Final = date(2021, 6, 7)
SLACK: Final = 1.02
"""Hours left of all providers together over the hours asked for: tight, so that it matters who is given what."""
DISTRICTS: Final = 6
DISTRICT_ALONE: Final = 0.3
"""Share of requests whose zone is not known, but only their district."""
QUARTER: Final = 25
"""Hundredths of an hour."""
RATINGS: Final = (("outstanding", 0.04), ("good", 0.78), ("requires-improvement", 0.14), ("unrated", 0.04))
"""Of rated services in England, 1 August 2024; the rest stand as not rated."""


@dataclass(frozen=True)
class MadeWeek:
    """What a round starts from, synthetic: see :func:`careshape.matching.week_of`.

    Attributes:
        requests, candidates: candidates by reference of the request.
        wanted: by reference, the pools from which it could be given by whoever has them.
        pools: by provider, what it has left in each pool, in hundredths of an hour a week.
    """

    requests: Sequence[Request]
    candidates: dict[str, list[Candidate]]
    wanted: dict[str, frozenset[str]]
    pools: dict[str, dict[str, int]]

    def pooled(self) -> Pooled:
        """The week as it is placed."""
        free = {name: sum(held.values()) for name, held in self.pools.items()}
        week = week_of(self.requests, self.candidates, free)
        mine = [frozenset(self.pools[name]) for name in week.providers]
        among = tuple(
            {one: self.wanted[name] & mine[one] for one in near if one != NOBODY}
            for name, near in zip(week.requests, week.near.tolist(), strict=True)
        )
        return Pooled(week, among, {one: self.pools[name] for one, name in enumerate(week.providers)})


def make_week(requests: int, providers: int, seed: int) -> MadeWeek:
    """A synthetic week. A provider serves one to four neighbouring zones, and is offered requests of those alone."""
    rng = np.random.default_rng(seed)
    centre = rng.random((ZONES, 2)) * WIDE
    home = rng.integers(ZONES, size=providers)
    base = centre[home] + rng.normal(0, 4, (providers, 2))
    zone = rng.integers(ZONES, size=requests)
    place = centre[zone] + rng.normal(0, 5, (requests, 2))
    hours = np.clip(np.round(rng.gamma(2.2, 6.5, requests) * 4).astype(int), 4, 240) * QUARTER
    free = _hours_left(rng, providers, int(hours.sum()))
    serves = _serves(rng, centre, home)
    district = centre[:, 0].argsort().argsort() * DISTRICTS // ZONES  # zones beside each other
    wanted_in = _wanted_in(rng, zone, district)
    price = rng.integers(1900, 2900, providers)
    rating, rated = _rated(rng, providers)
    name = [f"synthetic-{number:04d}" for number in range(providers)]
    pools = {one: _by_zone(rng, int(free[at]), serves[at]) for at, one in enumerate(name)}
    made, candidates, wanted = [], {}, {}
    for row in range(requests):
        near = np.nonzero(serves[:, wanted_in[row]].any(axis=1))[0]
        reference = f"request-{row:05d}"
        wanted[reference] = frozenset(_pool(one) for one in wanted_in[row])
        made.append(
            Request(reference, int(hours[row]), DAY + timedelta(days=int(rng.integers(7))), _choices(rng, name, near))
        )
        away = np.hypot(*(base[near] - place[row]).T)
        wait = rng.integers(0, 10, len(near))
        known = rng.choice(["now", "before", "new"], len(near), p=[0.01, 0.02, 0.97])
        candidates[reference] = [
            Candidate(
                name[one], int(price[one]), made[-1].wanted_on + timedelta(days=int(wait[i])),
                free=sum(pools[name[one]].get(pool, 0) for pool in wanted[reference]),
                minutes=_minutes(float(away[i])), rating=rating[one], rated_on=rated[one], known=known[i],
            )
            for i, one in enumerate(near)
        ]  # fmt: skip
    return MadeWeek(made, candidates, wanted, pools)


def _pool(zone: int) -> str:
    return f"zone-{zone:02d}"


def _wanted_in(rng: np.random.Generator, zone: Any, district: Any) -> list[list[int]]:
    """The zones in which each request can be given: its own, or all of its district."""
    alone = rng.random(len(zone)) < DISTRICT_ALONE
    return [
        np.nonzero(district == district[one])[0].tolist() if wide else [int(one)]
        for one, wide in zip(zone, alone, strict=True)
    ]


def _by_zone(rng: np.random.Generator, free: int, serves: Any) -> dict[str, int]:
    """What a provider has left, in parts over the zones that it serves."""
    zones = np.nonzero(serves)[0]
    ends = np.round(np.cumsum(rng.dirichlet(np.full(len(zones), 3.0))) * (free // QUARTER)).astype(int)
    parts = np.diff(ends, prepend=0) * QUARTER
    return {_pool(int(one)): int(part) for one, part in zip(zones, parts, strict=True)}


def _minutes(kilometres: float) -> int:
    """The straight line with a detour of three tenths at 35 miles an hour, and three minutes to park and hand over."""
    return round(kilometres * 1.3 / (35 * 1.609) * 60) + 3


def _hours_left(rng: np.random.Generator, providers: int, asked: int) -> Any:
    share = rng.gamma(3.0, 1.0, providers)
    return np.maximum(8 * 100, np.floor(share / share.sum() * asked * SLACK / QUARTER).astype(int) * QUARTER)


def _serves(rng: np.random.Generator, centre: Any, home: Any) -> Any:
    """Which zones each provider serves: that of its base and up to three next to it."""
    order = np.argsort(np.hypot(*(centre[:, None] - centre[None, :]).transpose(2, 0, 1)), axis=1)
    serves = np.zeros((len(home), ZONES), dtype=bool)
    for one, where in enumerate(home):
        serves[one, order[where, : rng.integers(1, 5)]] = True
    return serves


def _rated(rng: np.random.Generator, providers: int) -> tuple[list[Any], list[date]]:
    names, shares = [name for name, _ in RATINGS], [share for _, share in RATINGS]
    rating = [str(one) for one in rng.choice(names, providers, p=shares)]
    return rating, [DAY - timedelta(days=int(age)) for age in rng.integers(30, 2000, providers)]


def _choices(rng: np.random.Generator, name: list[str], near: Any) -> tuple[str, ...]:
    """Three people in ten name a provider, some of them two."""
    if rng.random() > 0.3 or len(near) < 2:
        return ()
    return tuple(name[one] for one in rng.choice(near, rng.integers(1, 3), replace=False))
