"""Every kind of counting against a plain count, day by day, of the same rows; and on every engine alike."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_number, parse_period
from careshape.evaluate.measure import measure
from careshape.evaluate.measure.evaluate import open_context
from careshape.ledger.columns import OPEN_DAY

from .conftest import RowLedger, row, table

FIRST = date(2018, 1, 1)
DISTRICTS = ("bromsgrove", "redditch", "unknown")
CODES = {"nursing": "nursing", "residential": "residential"}


@st.composite
def spells(draw: st.DrawFn) -> list[dict[str, int]]:
    """Up to twelve lines of up to four people over four years, some open, some taken back by a reversal."""
    found = []
    for line in range(1, draw(st.integers(1, 12)) + 1):
        start = FIRST + timedelta(days=draw(st.integers(0, 1200)))
        length = draw(st.one_of(st.none(), st.integers(0, 900)))
        end = (start + timedelta(days=length)).isoformat() if length is not None else None
        version = row(
            line,
            start.isoformat(),
            end,
            person=draw(st.integers(1, 4)),
            service=draw(st.sampled_from(sorted(CODES))),
            district=draw(st.sampled_from(DISTRICTS)),
            weekly_cost=draw(st.integers(1, 200_000)),
            birth_month=draw(st.sampled_from([0, 1930 * 12, 1955 * 12 + 5, 1990 * 12 + 11])),
        )
        found.append(version)
        if draw(st.booleans()):
            found.append(version | {"sign": -1, "posting": 2})
            found.append(version | {"posting": 2, "weekly_cost": version["weekly_cost"] + 100})
    return found


def live(rows: list[dict[str, int]]) -> list[dict[str, int]]:
    """The versions that stand after every reversal, found by pairing and not by sums."""
    standing: list[dict[str, int]] = []
    for one in rows:
        if one["sign"] > 0:
            standing.append(one)
        else:
            standing.remove(next(r for r in standing if r["line"] == one["line"]))
    return standing


def counted_by_day(rows: list[dict[str, int]], period: str, what: str) -> Fraction:
    """Count by walking through the days: slow, and without any arithmetic of intervals."""
    window = parse_period(period)
    span = range(window.start_day, window.end_day + 1)
    total = Fraction(0)
    for one in live(rows):
        for day in span:
            here = one["start_day"] <= day <= one["end_day"]
            if what == "nights":
                total += here and day < one["end_day"]
            elif what == "days":
                total += here
            else:
                total += Fraction(one["weekly_cost"] * here, 700)
    return total


PERIODS = ("2018/19", "2019/20", "2020-02", "2019-12-31", "2019-03-15/2020-04-20")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
@pytest.mark.parametrize(("name", "what"), [("bed_nights", "nights"), ("care_days", "days"), ("cost", "cost")])
def test_sums_over_spells_equal_a_walk_through_the_days(make_ledger, rows, name, what):
    context = open_context(make_ledger(rows))
    for period in PERIODS:
        assert measure(context, name, period=period).exact == counted_by_day(rows, period, what), period


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_years_from_sufficient_statistics_equal_each_year_by_itself(make_ledger, rows):
    context = open_context(make_ledger(rows))
    together = measure(context, "bed_nights", by=["financial_year"], period="2017/18:2021/22")
    for year in ("2017/18", "2018/19", "2019/20", "2020/21", "2021/22"):
        window = parse_period(year)
        span = f"{window.start}/{window.end - timedelta(days=1)}"  # not a whole year, so counted the other way
        last = f"{window.end}"
        alone = counted_by_day(rows, span, "nights") + counted_by_day(rows, last, "nights")
        assert together.get(year) == alone


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_two_day_counts_differ_by_one_a_closed_spell(make_ledger, rows):
    closed = [one for one in rows if one["end_day"] != OPEN_DAY]
    if not closed:
        return
    context = open_context(make_ledger(closed))
    ever = "2010-01-01/2030-12-31"
    nights, days = (measure(context, name, period=ever).exact for name in ("bed_nights", "care_days"))
    assert days - nights == len(live(closed))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_stock_from_flows_equals_one_date_after_another(make_ledger, rows):
    context = open_context(make_ledger(rows))
    months = measure(context, "line_items", by=["month", "district"], period="2018-11:2020-10")
    for label in {key[0] for key in (cell.key for cell in months.cells)}:
        alone = measure(context, "line_items", by=["district"], period=label)
        for cell in alone.cells:
            assert months.get(label, *cell.key) == cell.exact


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_people_are_counted_once_however_many_lines(make_ledger, rows):
    context = open_context(make_ledger(rows))
    for period in PERIODS:
        window = parse_period(period)
        on_day = {r["person"] for r in live(rows) if r["start_day"] <= window.end_day <= r["end_day"]}
        over = {
            r["person"] for r in live(rows) if r["start_day"] <= window.end_day and r["end_day"] >= window.start_day
        }
        assert measure(context, "people_supported", period=period).value == len(on_day)
        assert measure(context, "people_in_receipt", period=period).value == len(over)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_people_of_many_months_in_one_question_are_those_of_each_month(make_ledger, rows):
    context = open_context(make_ledger(rows))
    on_day, over = (
        measure(context, name, by=["month", "district"], period="2018-01:2018-12")
        for name in ("people_supported", "people_in_receipt")
    )
    for number in range(1, 13):
        month = parse_period(f"2018-{number:02}")
        for district in DISTRICTS:
            here = [one for one in live(rows) if one["district"] == catalogue().code("district", district)]
            last = {r["person"] for r in here if r["start_day"] <= month.end_day <= r["end_day"]}
            any_day = {r["person"] for r in here if r["start_day"] <= month.end_day and r["end_day"] >= month.start_day}
            assert on_day.get(month.label, district) == len(last)
            assert over.get(month.label, district) == len(any_day)


def test_line_that_follows_the_next_day_carries_the_spell_on(make_ledger):
    rows = [
        row(1, "2020-01-01", "2020-03-31", person=1, service="nursing"),
        row(2, "2020-04-01", "2020-06-30", person=1, service="nursing"),  # a new price, not a new start
        row(3, "2020-07-02", None, person=1, service="nursing"),  # a day apart: a new start
        row(4, "2020-04-01", None, person=2, service="nursing"),
    ]
    context = open_context(make_ledger(rows))
    assert measure(context, "starts", period="2020/21").value == 2
    assert measure(context, "ends", period="2020/21").value == 1
    assert measure(context, "starts", period="2019/20").value == 1


def test_nobody_is_not_a_person_but_their_lines_count(make_ledger):
    rows = [row(1, "2020-01-01", None, person=0), row(2, "2020-01-01", None, person=5)]
    context = open_context(make_ledger(rows))
    assert measure(context, "people_supported", period="2020-02-01").value == 1
    assert measure(context, "line_items", period="2020-02-01").value == 2


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=spells())
def test_polars_gives_the_same_cells_as_duckdb(make_ledger, rows):
    ledger = make_ledger(rows)
    both = [open_context(ledger, engine=engine) for engine in ("duckdb", "polars")]
    for name, period in (
        ("bed_nights", "2018/19:2020/21"),
        ("bed_nights", "2019-03-15/2020-04-20"),
        ("cost", "2018/19:2020/21"),
        ("people_supported", "2019-03-31:2019-04-02"),
        ("people_in_receipt", "2020-02"),
        ("starts", "2019/20"),
        ("mean_weekly_cost", "2019-06-30"),
        ("line_items", "2018-06:2019-06"),
    ):
        answers = [
            {c.key: c.exact for c in measure(one, name, by=["district", "age_band"], period=period).cells}
            for one in both
        ]
        assert answers[0] == answers[1], name


def test_as_known_on_a_day_leaves_later_postings_out(make_ledger):
    first = row(1, "2020-01-01", "2020-01-31", person=1, service="nursing")
    rows = [
        first,
        first | {"sign": -1, "posting": 2, "reason": 2},
        row(1, "2020-01-01", "2020-01-21", person=1, service="nursing", posting=2, reason=2),
        row(2, "2020-01-01", "2020-01-11", person=2, service="nursing", posting=3, reason=3),
    ]
    ledger: RowLedger = make_ledger(rows, {1: date(2020, 2, 1), 2: date(2020, 3, 1), 3: date(2020, 4, 1)})
    known = {
        day: measure(ledger, "bed_nights", period="2020-01", known_on=day).value for day in ledger.recorded.values()
    }
    assert list(known.values()) == [30, 20, 30]


def test_rows_written_are_the_rows_read(make_ledger):
    rows = [row(1, "2020-01-01", None, person=1)]
    assert pq.read_table(make_ledger(rows).file).equals(table(rows))
    assert rows[0]["start_day"] == day_number(date(2020, 1, 1))
