"""The national rules for one event, beside what the import and the measures make of the same events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product

import duckdb
import pytest

from careshape.catalogue import catalogue
from careshape.catalogue.entries import Frequency
from careshape.evaluate.cost.dhsc import period_cost, units_a_week, weeks_of_service
from careshape.evaluate.measure import measure
from careshape.evaluate.numbers import rounded
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.pseudonym import DEMONSTRATION_KEY
from tests.ledger.numbers import line_number
from tests.ledger.writing import event, write_csv

PRICES = ("0.05", "33.33", "812.47", "1200.00", "-90.10")
UNITS = ("0.25", "2.5", "7")
SPANS = (("2021-02-14", "2021-02-14"), ("2020-05-03", "2021-01-17"), ("2020-12-30", "2021-03-31"))
"""All end in the last quarter of the reporting period, for which costs are trusted."""


@dataclass(frozen=True)
class Event:
    """What a row of the file states."""

    frequency: str
    price: Fraction
    units: Fraction
    start: date
    end: date

    @property
    def weekly(self) -> Fraction:
        """Pounds a week by the national rules, without rounding."""
        return abs(self.price) * units_a_week(self.frequency, self.units)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, dict[str, Event]]:
    """A ledger with an event of every frequency, price and number of planned units, imported from a file."""
    folder = tmp_path_factory.mktemp("national")
    ledger = Ledger.create(folder / "councils" / "worcestershire", "worcestershire", demonstration=True)
    known = [one for one in catalogue().list("frequency").entries if isinstance(one, Frequency) and one.release_2]
    rows, events = [], {}
    for n, (frequency, price, units) in enumerate(product(known, PRICES, UNITS)):
        start, end = SPANS[n % 7 % len(SPANS)]
        stated = {"Unit_Cost": price, "Planned_Units_Per_Week": units, "Event_Start_Date": start}
        stated |= {"Event_End_Date": end, "Cost_Frequency_Unit_Type": str(frequency.release_2)}
        rows.append(event(f"E-{n}", **stated))
        span = (date.fromisoformat(start), date.fromisoformat(end))
        events[f"E-{n}"] = Event(frequency.id, Fraction(price), Fraction(units), *span)
    report = import_file(ledger, write_csv(folder / "events.csv", rows))
    assert report.refused == 0
    return ledger, events


def test_import_and_national_rules_give_each_event_the_same_cost(posted: tuple[Ledger, dict[str, Event]]) -> None:
    ledger, events = posted
    rows = duckdb.sql(f"SELECT line, weekly_cost, one_off_cost FROM {ledger.table.relation()}").fetchall()
    lines = {line: (weekly, once) for line, weekly, once in rows}
    assert len(lines) == len(rows) == len(events)
    for name, one in events.items():
        weekly, once = lines[line_number(DEMONSTRATION_KEY, "worcestershire", name)]
        assert Fraction(weekly, 100) == rounded(one.weekly, 2), one
        assert Fraction(once, 100) == (abs(one.price) if one.frequency == "one-off" else 0), one


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2020/21", date(2020, 4, 1), date(2021, 3, 31)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2021-02-14/2021-02-14", date(2021, 2, 14), date(2021, 2, 14)),
        ("2020-12-20/2021-01-17", date(2020, 12, 20), date(2021, 1, 17)),
    ],
)
def test_measure_and_national_rules_give_a_period_the_same_cost(
    posted: tuple[Ledger, dict[str, Event]], period: str, first: date, last: date
) -> None:
    ledger, events = posted
    counted = Fraction(0)
    for one in events.values():
        exact = period_cost(one.price, one.frequency, one.start, one.end, first, last, one.units)
        # the ledger holds whole pence a week: that much, and no more, the two may differ by
        weeks = weeks_of_service(one.start, one.end, first, last)
        counted += exact + (Fraction(rounded(one.weekly, 2)) - one.weekly) * weeks
    assert measure(ledger, "cost", period=period).exact == counted
