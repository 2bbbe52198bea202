"""How far records reach, and what is said of a figure that was asked for a day outside of them."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.catalogue.periods import parse_periods
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.measure.reach import beyond, reach

from .conftest import row

POSTED = {1: date(2021, 7, 2)}


def lines():
    """Two who came long ago and stayed, and one a month from April 2018 on, each for a year: synthetic."""
    found = [row(n, f"{2009 + n}-05-01", None, person=n, service="nursing") for n in (1, 2)]
    for n in range(38):
        month = 2018 * 12 + 3 + n
        last = month + 12
        end = f"{last // 12}-{last % 12 + 1:02}-10" if last < 2021 * 12 + 6 else None
        found.append(row(10 + n, f"{month // 12}-{month % 12 + 1:02}-05", end, person=10 + n, service="nursing"))
    return [*found, row(9, "2010-02-01", "2018-04-02", person=9, service="nursing")]


@pytest.fixture
def context(make_ledger):
    return open_context(make_ledger(lines(), POSTED))


def said(context, measure, period, **more):
    entry = measures()[measure]
    found = reach(context, entry).beyond(entry, parse_periods(period), **more)
    assert more or found == beyond(context, entry, parse_periods(period))
    return found


@pytest.mark.parametrize(
    ("measure", "period", "begins"),
    [
        (
            "care_home_people",
            "2031-06",
            "The records reach 10 June 2021: care that was open then is counted as going on",
        ),
        ("bed_nights", "2021/22", "The records reach 10 June 2021: care that was open then is counted as going on"),
        ("care_home_people", "2020-03,2031-06", "The records reach 10 June 2021"),
        ("care_home_people", "1999-06", "The records begin on 2 April 2018: of 30 June 1999 only what had not ended"),
        ("bed_nights", "2016/17:2018/19", "The records begin on 2 April 2018: of 1 April 2016 only"),
        ("care_home_people", "2018-03", ""),
        ("care_home_people", "2021-08", ""),
        ("bed_nights", "2018/19:2020/21", ""),
    ],
)
def test_days_outside_of_the_records_are_told(context, measure, period, begins):
    found = said(context, measure, period)
    assert found.startswith(begins)
    assert bool(found) == bool(begins)


def test_only_what_lies_after_the_last_posting_is_surely_unknown(make_ledger):
    context = open_context(make_ledger(lines(), {1: date(2022, 5, 2)}))
    assert said(context, "care_home_people", "2022-03") != ""
    assert said(context, "care_home_people", "2022-03", surely=True) == ""
    assert said(context, "care_home_people", "2022-12", surely=True) != ""


def test_a_year_after_the_last_record_nothing_is_known_whatever_was_posted_since(make_ledger):
    """Files that came later and tell of nothing newer, as those of a demonstration, do not make records reach on."""
    context = open_context(make_ledger(lines(), {1: date(2026, 11, 2)}))
    assert said(context, "care_home_people", "2022-03", surely=True) == ""
    assert said(context, "bed_nights", "2023/24", surely=True).startswith("The records reach 10 June 2021")


def test_young_records_begin_with_their_first_line(make_ledger):
    """Whoever came in the two years before the first end is all there was."""
    young = [row(n, f"2019-{n:02}-05", None, person=n, service="nursing") for n in range(1, 13)]
    young.append(row(20, "2019-01-02", "2020-05-03", person=20, service="nursing"))
    context = open_context(make_ledger(young, POSTED))
    assert reach(context, measures()["care_home_people"]).first == date(2019, 1, 2)
    assert said(context, "care_home_people", "2019-06") == ""
