"""A council's day is a day in the United Kingdom: an hour earlier in summer than the clock of Greenwich has it."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.posting import end_of, uk_day
from tests.ledger.writing import package


@pytest.mark.parametrize(
    ("day", "end"),
    [
        # winter: midnight in Worcester is midnight in Greenwich
        (date(2026, 3, 28), datetime(2026, 3, 29, tzinfo=UTC)),
        # the clocks go forward in the small hours of this day, so that it ends in summer time
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, 23, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        # the clocks go back in the small hours of this day
        (date(2026, 10, 25), datetime(2026, 10, 26, tzinfo=UTC)),
    ],
)
def test_day_ends_at_midnight_in_the_united_kingdom(day: date, end: datetime) -> None:
    assert end_of(day) == end - timedelta(microseconds=1)
    assert uk_day(end_of(day)) == day
    assert uk_day(end) == day + timedelta(days=1)


def test_time_is_itself_and_without_zone_is_utc() -> None:
    half_past = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert end_of(half_past.replace(tzinfo=None)) == end_of(half_past) == half_past


def test_days_are_those_of_the_list_of_time_zones() -> None:
    try:
        london = zoneinfo.ZoneInfo("Europe/London")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("This computer has no list of time zones.")
    hours = (datetime(2019, 12, 30, 0, 30, tzinfo=UTC) + timedelta(hours=number) for number in range(24 * 366 * 8))
    assert all(uk_day(hour) == hour.astimezone(london).date() for hour in hours)


def test_posting_of_a_summer_evening_counts_on_the_day_of_the_clock_on_the_wall(ledger: Ledger, write) -> None:
    evening = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past eleven at night in Worcester
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July
    import_file(ledger, write("a.csv", [package("L-1")]), recorded_at=evening)
    import_file(ledger, write("b.csv", [package("L-2")]), recorded_at=night)
    assert [ledger.posting_on(day) for day in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1))] == [0, 1, 2]
    assert [ledger.recorded_on(number) for number in (1, 2)] == [date(2026, 6, 30), date(2026, 7, 1)]
