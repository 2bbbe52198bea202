"""Spark gives every measure to the penny as DuckDB and Polars do: what a region or the nation would be counted with."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from careshape.catalogue import catalogue
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.entry import Measure
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.unmet import is_unmet
from careshape.ledger.columns import CODED, CONTRIBUTION, DELIVERED, ONE_OFF, PLANNED

from .conftest import RowLedger, row, table

pytestmark = pytest.mark.national
RECORDED = {1: date(2021, 4, 1), 2: date(2021, 7, 1)}
PERIOD = "2018/19:2020/21"
DRAWN = (
    "service",
    "component",
    "client_group",
    "cost_centre",
    "purchase_type",
    "delivery_mechanism",
    "booking_type",
    "provider_type",
    "district",
    "team",
    "placement_area",
)


def drawn_rows(lines: int) -> list[dict[str, int]]:
    """Lines over all services, what others pay of some, deliveries and one-off purchases; a quarter is corrected in
    a second posting.
    """
    rng = random.Random(11)
    codes = {name: sorted(catalogue().list(CODED[name]).by_code) for name in DRAWN}
    codes["service"] = codes["service"][:15]
    hour = catalogue().code("unit", "hour")
    found = []
    for line in range(1, lines + 1):
        start = date(2017, 6, 1) + timedelta(days=rng.randrange(1600))
        end = start + timedelta(days=rng.randrange(700)) if rng.random() < 0.7 else None
        record = rng.choice([PLANNED, PLANNED, DELIVERED, ONE_OFF, CONTRIBUTION])
        values = {name: rng.choice(codes[name]) for name in DRAWN}
        version = row(
            line,
            start.isoformat(),
            end.isoformat() if end else None,
            record=record,
            person=rng.randrange(lines // 4),
            provider=rng.randrange(40),
            setting=rng.randrange(30),
            birth_month=rng.choice([0, rng.randrange(1925 * 12, 2001 * 12)]),
            unit=rng.choice([0, hour]),
            quantity=rng.randrange(1, 4_000),
            weekly_cost=rng.randrange(1, 200_000) if record in (PLANNED, CONTRIBUTION) else 0,
            one_off_cost=rng.randrange(1, 90_000) if record == ONE_OFF else 0,
        )
        version |= values
        found.append(version)
        if rng.random() < 0.25:
            found.append(version | {"sign": -1, "posting": 2, "reason": 2})
            found.append(version | {"posting": 2, "reason": 2, "weekly_cost": version["weekly_cost"] + 1})
    return found


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> RowLedger:
    file: Path = tmp_path_factory.mktemp("national") / "rows.parquet"
    pq.write_table(table(drawn_rows(3_000)), file)
    return RowLedger(file, RECORDED)


@pytest.fixture(scope="module")
def spark(ledger: RowLedger) -> Iterator[dict[str, Context]]:
    """The ledger on Spark, as known on each recorded day; stopped afterwards."""
    pytest.importorskip("pyspark", reason="needs the extra 'national'")
    if shutil.which("java") is None:
        pytest.skip("needs Java 17")
    from pyspark.sql import SparkSession

    yield {day.isoformat(): open_context(ledger, day, "spark", "local[2]") for day in RECORDED.values()}
    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


def split(name: str) -> list[str]:
    """District and financial year; a rate of the population is known for a whole council only."""
    return ["financial_year"] if measures()[name].population else ["district", "financial_year"]


def of_lines() -> dict[str, Measure]:
    """The measures that count line items; those of unmet need have rows of their own, which one engine counts."""
    return {name: entry for name, entry in measures().items() if not is_unmet(entry)}


def answers(context: Context, name: str) -> dict[tuple[str, ...], object]:
    return {cell.key: cell.exact for cell in measure(context, name, by=split(name), period=PERIOD).cells}


def test_every_measure_is_the_same_on_every_engine_to_the_penny(spark, ledger):
    day = RECORDED[2]
    known = {engine: open_context(ledger, day, engine) for engine in ("duckdb", "polars")}
    for name in of_lines():
        ours = answers(known["duckdb"], name)
        assert ours, f"{name} counts nothing in these rows, so it shows nothing"
        assert answers(spark[day.isoformat()], name) == ours, name
        assert answers(known["polars"], name) == ours, name


def test_every_kind_of_counting_is_the_same_as_known_on_an_earlier_day(spark, ledger):
    first, last = (open_context(ledger, day) for day in RECORDED.values())
    kinds = {entry.kind: name for name, entry in of_lines().items() if not entry.population}
    changed = 0
    for name in kinds.values():
        ours = answers(first, name)
        assert answers(spark[RECORDED[1].isoformat()], name) == ours, name
        changed += ours != answers(last, name)
    assert changed, "the second posting changes nothing, so leaving it out shows nothing"
