"""Synthetic curated lines of any number, realistic in shape and of nobody: what a benchmark measures on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date, day_number, month_ordinal
from careshape.ledger.columns import CODED, DELIVERED, NAMES, OPEN_DAY, PLANNED, SCHEMA

BATCH: Final = 1_000_000
FIRST, LAST = day_number(date(2014, 4, 1)), day_number(date(2021, 7, 1))
"""First days of lines fall between these."""
DELIVERED_SHARE: Final = 0.75
"""Of the home care lines: a delivery a week stands beside a package that lasts for months."""
MEAN_DAYS: Final = 300
LINES_PER_PERSON: Final = 4

SHARES: Final[dict[str, dict[str, float]]] = {
    "service": {
        "home-care": 40,
        "residential": 10,
        "nursing": 7,
        "post-hospital-step-down": 3,
        "supported-living": 6,
        "day-services": 5,
        "replacement-care": 6,
        "assisted-transport": 4,
        "direct-payments": 7,
        "extra-care-housing": 2,
        "shared-lives": 1,
        "assistive-technology": 4,
        "reablement": 5,
    },
    "client_group": {
        "older-people": 50,
        "learning-disability": 20,
        "physical-disability": 15,
        "mental-health": 8,
        "other": 5,
        "sensory-impairment": 2,
    },
    "delivery_mechanism": {"commissioned": 75, "direct-payment": 15, "managed-personal-budget": 10},
    "booking_type": {"planned": 90, "emergency": 10},
    "placement_area": {"in-county": 93, "out-of-county": 7},
    "district": {
        "worcester": 18,
        "wychavon": 22,
        "wyre-forest": 18,
        "bromsgrove": 16,
        "malvern-hills": 13,
        "redditch": 12,
        "unknown": 1,
    },
    "authority": {"worcestershire": 1},
}
"""Column -> id -> share. Columns that are not here take the entries of their list in equal shares."""

Numbers = npt.NDArray[Any]


def synthesise_lines(lines: int, seed: int) -> Iterator[pa.Table]:
    """Yield ``lines`` rows in batches, in the ledger's columns, none corrected; equal calls give equal rows."""
    rng = np.random.default_rng(seed)
    months = np.array([month_ordinal(day_date(day)) for day in range(FIRST, OPEN_DAY + 2)], np.int32)
    for made in range(0, lines, BATCH):
        size = min(BATCH, lines - made)
        columns = _coded(rng, size) | _people(rng, size, made, lines)
        columns |= _spells(rng, columns["service"], months)
        columns |= {"sign": np.ones(size), "reason": np.ones(size), "posting": np.ones(size)}
        arrays = [pa.array(columns[name].astype(SCHEMA.field(name).type.to_pandas_dtype())) for name in NAMES]
        yield pa.Table.from_arrays(arrays, schema=SCHEMA)


def _coded(rng: np.random.Generator, size: int) -> dict[str, Numbers]:
    """Codes of every coded column, by the shares."""
    found = {}
    for column, listing in CODED.items():
        codes, shares = _shares(column, listing)
        found[column] = rng.choice(codes, size, p=shares)
    return found


def _shares(column: str, listing: str) -> tuple[Numbers, Numbers]:
    entries = catalogue().list(listing).entries
    shares = SHARES.get(column, {entry.id: 1 for entry in entries if entry.code})
    weights = np.array(list(shares.values()), float)
    return np.array([catalogue().code(listing, name) for name in shares]), weights / weights.sum()


def _people(rng: np.random.Generator, size: int, made: int, lines: int) -> dict[str, Numbers]:
    """Who and where: numbers spread as keyed hashes are."""
    person = rng.integers(1, lines // LINES_PER_PERSON + 2, size)
    return {
        "line": _spread(np.arange(made + 1, made + size + 1)),
        "person": _spread(person),
        "birth_month": 1925 * 12 + (person * 7919) % (77 * 12),
        "provider": _spread(rng.integers(1, 300, size)),
        "setting": _spread(rng.integers(1, 250, size)) * (rng.random(size) < 0.4),
        "postcode_district": 41_500 + rng.integers(0, 20, size),
    }


def _spread(numbers: Numbers) -> Numbers:
    """One large number for each small one."""
    return (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(1)).astype(np.int64)


def _spells(rng: np.random.Generator, service: Numbers, months: Numbers) -> dict[str, Numbers]:
    """Days, amounts and prices: deliveries of a week in home care, packages of months elsewhere, a part still open."""
    size = len(service)
    home = service == catalogue().code("service", "home-care")
    delivered = home & (rng.random(size) < DELIVERED_SHARE)
    start = rng.integers(FIRST, LAST, size)
    end = start + np.where(delivered, 6, rng.exponential(MEAN_DAYS, size).astype(np.int64))
    end = np.where((end >= LAST) & ~delivered, OPEN_DAY, end)
    hour, week = (catalogue().code("unit", name) for name in ("hour", "week"))
    quantity = np.where(home, rng.integers(100, 4_000, size), 100)
    price = np.where(home, rng.integers(1_600, 2_500, size), rng.integers(5_000, 150_000, size))
    return {
        "record": np.where(delivered, DELIVERED, PLANNED),
        "start_day": start,
        "end_day": end,
        "start_month": months[start - FIRST],
        "end_month": months[end - FIRST],
        "close_month": months[end + 1 - FIRST],
        "unit": np.where(home, hour, week),
        "quantity": quantity,
        "unit_price": price,
        "weekly_cost": np.where(delivered, 0, quantity * price // 100),
        "one_off_cost": np.zeros(size),
    }
