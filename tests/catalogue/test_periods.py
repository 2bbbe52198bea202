"""Periods, months and financial years: what they read, what they refuse, and that they come back as they went in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshape.catalogue.periods import (
    Period,
    day_date,
    day_number,
    financial_year_end,
    financial_year_label,
    financial_year_of,
    financial_year_of_month,
    financial_year_period,
    financial_year_start,
    month_end,
    month_label,
    month_ordinal,
    month_period,
    month_start,
    parse_financial_year,
    parse_period,
    parse_periods,
    period_between,
)
from careshape.errors import CallError

days = st.dates(date(1900, 4, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "kind", "title"),
    [
        ("2020/21", date(2020, 4, 1), date(2021, 3, 31), "2020/21", "financial_year", "2020/21"),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31), "1999/00", "financial_year", "1999/00"),
        ("2021-03", date(2021, 3, 1), date(2021, 3, 31), "2021-03", "month", "March 2021"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "2020-02", "month", "February 2020"),
        ("2021-03-31", date(2021, 3, 31), date(2021, 3, 31), "2021-03-31", "day", "31 March 2021"),
        ("2018", date(2018, 1, 1), date(2018, 12, 31), "2018", "year", "2018"),
        (" 2021-03 ", date(2021, 3, 1), date(2021, 3, 31), "2021-03", "month", "March 2021"),
        # four digits after the stroke: calendar years, as the published projections are written
        ("2018/2030", date(2018, 1, 1), date(2030, 12, 31), "2018-01-01/2030-12-31", "span", None),
        ("2017-02/2022-02", date(2017, 2, 1), date(2022, 2, 28), "2017-02-01/2022-02-28", "span", None),
        ("2021-06-05/2021-06-11", date(2021, 6, 5), date(2021, 6, 11), "2021-06-05/2021-06-11", "span", None),
        # a span that is exactly a financial year, a month or a day is called by that name
        ("2018-04-01/2019-03-31", date(2018, 4, 1), date(2019, 3, 31), "2018/19", "financial_year", "2018/19"),
        ("2021-03-01/2021-03-31", date(2021, 3, 1), date(2021, 3, 31), "2021-03", "month", "March 2021"),
    ],
)
def test_parse_period_reads_each_kind(
    text: str, start: date, end: date, label: str, kind: str, title: str | None
) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.label, period.kind) == (start, end, label, kind)
    assert title is None or period.title == title


def test_title_of_span_says_both_ends() -> None:
    assert parse_period("2021-06-05/2021-06-11").title == "5 June 2021 to 11 June 2021"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2020/22", "second year follows the first, as in 2020/21"),  # not two years in a row
        ("2021-13", "does not exist"),  # no thirteenth month
        ("2021-02-30", "does not exist"),  # no such day
        ("2021-00", "does not exist"),  # a month of nothing
        ("March 2021", "is not a period"),  # words
        ("", "is not a period"),
        ("21", "is not a period"),
        ("٢٠٢١", "is not a period"),  # digits of another script
        ("2021-06-11/2021-06-05", "ends before it starts"),
        ("1066", "outside 1900 to 2199"),
        ("9999/00", "outside 1900 to 2199"),
        ("2018/19:2020/21", "is a list of periods"),
        ("2021-01,2021-02", "is a list of periods"),
        ("2021/", "is not a period"),
    ],
)
def test_parse_period_refuses_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("2018/19:2020/21", ["2018/19", "2019/20", "2020/21"]),
        ("2019-11:2020-02", ["2019-11", "2019-12", "2020-01", "2020-02"]),
        ("2021-03-30:2021-04-01", ["2021-03-30", "2021-03-31", "2021-04-01"]),
        ("2019:2021", ["2019", "2020", "2021"]),
        ("2019-03, 2020-03 ,2021-03", ["2019-03", "2020-03", "2021-03"]),
        ("2020/21", ["2020/21"]),
        ("2018/19:2019/20,2021-03", ["2018/19", "2019/20", "2021-03"]),
    ],
)
def test_parse_periods_reads_runs_and_lists(text: str, labels: list[str]) -> None:
    assert [period.label for period in parse_periods(text)] == labels


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2020/21:2021-03", "two periods of one kind"),
        ("2021-06-05/2021-06-11:2021-06-12/2021-06-18", "two periods of one kind"),  # runs of spans have no step
        ("2020/21:2018/19", "ends before it starts"),
        ("2020/21,", "is not a period"),
        ("2018/19:2019/20:2020/21", "is a list of periods"),
    ],
)
def test_parse_periods_refuses_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        parse_periods(text)


@given(days, days)
def test_every_period_comes_back_from_its_label(one: date, other: date) -> None:
    period = period_between(min(one, other), max(one, other))
    assert parse_period(period.label) == period
    assert (period.start, period.end) == (min(one, other), max(one, other))


@given(days)
def test_day_number_counts_days_and_comes_back(day: date) -> None:
    assert day_date(day_number(day)) == day
    assert day_number(day) == (day - date(1970, 1, 1)).days


@given(days)
def test_month_and_financial_year_hold_the_day(day: date) -> None:
    month, year = month_ordinal(day), financial_year_of(day)
    assert month_start(month) <= day <= month_end(month)
    assert financial_year_start(year) <= day <= financial_year_end(year)
    assert financial_year_of_month(month) == year
    assert parse_period(month_label(month)) == month_period(month)
    assert parse_financial_year(financial_year_label(year)) == year
    assert parse_period(financial_year_label(year)) == financial_year_period(year)


@given(st.integers(1900 * 12, 2199 * 12))
def test_months_follow_each_other_without_gap(month: int) -> None:
    assert month_end(month) + timedelta(days=1) == month_start(month + 1)


@given(days, days)
def test_period_parts_cover_it(one: date, other: date) -> None:
    period = period_between(min(one, other), max(one, other))
    assert period.days == (period.end - period.start).days + 1
    assert month_start(period.months[0]) <= period.start <= month_end(period.months[0])
    assert month_start(period.months[-1]) <= period.end <= month_end(period.months[-1])
    assert period.financial_years[0] == financial_year_of(period.start)
    assert period.financial_years[-1] == financial_year_of(period.end)
    assert period.contains(period.start)
    assert period.contains(period.end)
    assert not period.contains(period.end + timedelta(days=1))


def test_financial_year_turns_on_the_first_of_april() -> None:
    assert financial_year_of(date(2021, 3, 31)) == 2020
    assert financial_year_of(date(2021, 4, 1)) == 2021


@pytest.mark.parametrize("text", ["2020", "2020/2021", "2020-21", "2020/22"])
def test_parse_financial_year_refuses_other_forms(text: str) -> None:
    with pytest.raises(CallError):
        parse_financial_year(text)


def test_periods_sort_by_time() -> None:
    unsorted: list[Period] = parse_periods("2021-03,2019-03,2020/21")
    assert [period.label for period in sorted(unsorted)] == ["2019-03", "2020/21", "2021-03"]
