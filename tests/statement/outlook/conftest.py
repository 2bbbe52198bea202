"""A council with three years of made-up records in several districts, and the site over it."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")

import django

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.statement.council import Council, open_council
from careshape.statement.outlook.work_out import look_ahead
from tests.once import copy_of
from tests.statement.sample import HEADER, set_key, write_text

SERVICES = (
    ("older-people", "nursing", "week", 900, 1.0, 600),
    ("older-people", "home-care", "hour", 18, 14.0, 400),
    ("learning-disability", "supported-living", "week", 1200, 1.0, 2000),
    ("older-people", "direct-payments", "week", 200, 1.0, 800),
)
"""Client group, service, unit, price, units a week, mean days of a stay."""
DISTRICTS = ("wychavon", "redditch", "worcester")
FIRST, LAST = date(2018, 4, 1), date(2021, 6, 30)


def rows() -> list[str]:
    """Lines of 480 people who come at random and stay a while."""
    chance = random.Random(7)
    found = []
    for n in range(480):
        group, service, unit, price, units, stay = SERVICES[n % len(SERVICES)]
        start = FIRST - timedelta(days=200) + timedelta(days=chance.randrange(1300))
        end = start + timedelta(days=1 + int(chance.expovariate(1 / stay)))
        if end < FIRST or start > LAST:
            continue
        born = date(1935 if group == "older-people" else 1985, 1, 1) + timedelta(days=chance.randrange(3000))
        until = "" if end > LAST else end.isoformat()
        found.append(
            f"L{n},P{n},{born},{group},{service},,,spot,W-{n % 9},Synthetic provider W-{n % 9},private,H{n},"
            f"{DISTRICTS[n // 4 % 3]},in-county,{start},{until},{unit},{units},{price},{units * price:.2f}\n"
        )
    return found


def make_council(data: Path) -> Path:
    """The data directory: Worcestershire with these records, Thurrock with none."""
    set_key(data)
    folder = data / "councils" / "worcestershire"
    ledger = Ledger.create(folder, "worcestershire", demonstration=True)
    lines = data / "lines.csv"
    lines.write_text(HEADER + "".join(rows()), encoding="utf-8")
    report = import_file(ledger, lines, reader="packages", recorded_at=datetime(2021, 7, 1, 9, tzinfo=UTC))
    assert report.refused == 0, report
    write_text(folder / "statement")
    Ledger.create(data / "councils" / "thurrock", "thurrock", demonstration=True)
    return data


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory, with what is to come worked out and kept, as background work does it."""

    def make(data: Path) -> None:
        make_council(data)
        for slug in ("worcestershire", "thurrock"):
            council = open_council(data, slug)
            assert council is not None
            look_ahead(council)

    data = tmp_path_factory.mktemp("outlook-data")
    set_key(data)
    return copy_of("outlook-data", data, make)


@pytest.fixture(scope="session")
def council(made: Path) -> Council:
    """The council with records."""
    found = open_council(made, "worcestershire")
    assert found is not None
    return found


@pytest.fixture
def client(made: Path, monkeypatch: pytest.MonkeyPatch):
    """A client of the site."""
    django.setup()
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "CARESHAPE_DIR", made)
    return Client(SERVER_NAME="localhost")
