"""Spells for the tests: a council whose people obey known chances of leaving, moving and coming, month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from careshape.catalogue.periods import day_number, month_end, month_start
from careshape.evaluate.forecast import Spells
from careshape.ledger.columns import OPEN_DAY

START = 2014 * 12 + 3
"""The first month of the made councils: April 2014."""


@dataclass
class Flow:
    """What people of one service obey, a month."""

    entries: float
    leave: Callable[[int], float]
    """Chance of leaving in the month after so many month ends in the service."""
    to: dict[int, float] = field(default_factory=dict)
    """Service -> share of those who leave that move there at once."""


def month_days(month: int) -> tuple[int, int]:
    return day_number(month_start(START + month)), day_number(month_end(START + month))


def make_spells(
    flows: list[Flow], months: int, seed: int = 1, areas: tuple[float, ...] = (1.0,), burn_in: int = 240
) -> Spells:
    """People come in the middle of a month, and leave in the middle of one: month ends see each of their months.

    The records begin after ``burn_in`` months. areas: share of the entries of each area.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, int, int, int]] = []
    person = 0
    queue: list[tuple[int, int, int, int]] = []
    for service, flow in enumerate(flows):
        for area, share in enumerate(areas):
            for month in range(-burn_in, months):
                for _ in range(rng.poisson(flow.entries * share)):
                    person += 1
                    queue.append((person, area, service, month))
    while queue:
        who, area, service, month = queue.pop()
        gone = month + 1
        while gone < months and rng.random() >= flows[service].leave(gone - month - 1):
            gone += 1
        ended = gone < months
        day = month_days(gone)[0] + 9
        rows.append((who, area, service, month_days(month)[0] + 10, day if ended else OPEN_DAY))
        if ended:
            share = rng.random()
            for to, chance in flows[service].to.items():
                share -= chance
                if share < 0:
                    queue.append((who, area, to, gone))
                    break
    table = np.asarray(rows, np.int64)
    first, last = month_days(0)[0], month_days(months - 1)[1]
    kept = table[table[:, 4] >= first]
    return Spells.from_arrays(
        person=kept[:, 0],
        area=kept[:, 1],
        group=np.zeros(len(kept), int),
        service=kept[:, 2],
        start=kept[:, 3],
        end=kept[:, 4],
        window=(first, last),
        areas=tuple(f"synthetic-area-{i}" for i in range(len(areas))),
        groups=("all",),
        services=tuple(f"synthetic-service-{i}" for i in range(len(flows))),
        quantity=np.full(len(kept), 1000),
        weekly_cost=np.full(len(kept), 50_000),
    )


@pytest.fixture(scope="session")
def council() -> Spells:
    """Two services and two areas; the first service loses many in the first month, and a third of its leavers move."""
    flows = [
        Flow(40, lambda d: 0.3 if d == 0 else 0.05, {1: 1 / 3}),
        Flow(10, lambda d: 0.04),
    ]
    return make_spells(flows, 96, areas=(0.7, 0.3))


@pytest.fixture
def one_stay():
    """Return a function that makes spells of rows (person, service, start, end) of ISO days; None is open."""

    def make(*rows: tuple[int, int, str, str | None], window=("2020-01-01", "2021-12-31"), **columns) -> Spells:
        days = [np.datetime64(row[2], "D").astype(int) for row in rows]
        ends = [OPEN_DAY if row[3] is None else np.datetime64(row[3], "D").astype(int) for row in rows]
        defaults = {"area": [0] * len(rows), "group": [0] * len(rows), "areas": ("a",), "groups": ("g",)}
        return Spells.from_arrays(
            **(defaults | columns),
            person=[row[0] for row in rows],
            service=[row[1] for row in rows],
            start=days,
            end=ends,
            window=tuple(int(np.datetime64(day, "D").astype(int)) for day in window),
            services=("one", "two", "three"),
        )

    return make
