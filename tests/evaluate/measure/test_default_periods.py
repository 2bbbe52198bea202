"""Which days are counted where none, or only some of a year, are asked for."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.errors import CallError
from careshape.evaluate.measure import measure
from careshape.evaluate.measure.evaluate import open_context

from .conftest import row


def labels(result) -> list[str]:
    return [period.label for period in result.periods]


def test_flow_takes_the_complete_years_since_lines_began_to_end(make_ledger):
    rows = [
        row(1, "2009-05-01", "2018-04-20", person=1, service="nursing"),  # the first end: records go back to here
        row(2, "2012-01-01", "2020-06-01", person=2, service="nursing"),  # the last known day
    ]
    context = open_context(make_ledger(rows))
    assert labels(measure(context, "bed_nights", by=["financial_year"])) == ["2018/19", "2019/20"]
    assert labels(measure(context, "bed_nights")) == ["2019/20"]


def test_young_records_count_from_their_first_start(make_ledger):
    rows = [
        row(1, "2022-04-19", "2024-01-09", person=1, service="nursing"),
        row(2, "2023-02-01", "2024-02-01", person=2, service="nursing"),
    ]
    result = measure(open_context(make_ledger(rows)), "bed_nights", by=["financial_year"])
    assert [tuple(one.values()) for one in result.rows] == [("2022/23", 347 + 59)]


def test_records_of_less_than_a_year_give_the_year_up_to_their_last_day(make_ledger):
    rows = [row(1, "2023-05-01", "2023-05-11", person=1, service="nursing")]
    result = measure(open_context(make_ledger(rows)), "bed_nights")
    assert labels(result) == ["2023/24"]
    assert (str(result.periods[0].start), str(result.periods[0].end)) == ("2023-05-01", "2023-05-11")
    assert result.value == 10


def test_stock_is_taken_on_the_last_known_day(make_ledger):
    context = open_context(make_ledger([row(1, "2020-01-01", None, person=1), row(2, "2020-02-01", "2020-03-05")]))
    assert labels(measure(context, "people_supported")) == ["2020-03-05"]


def test_splitting_by_year_counts_only_the_days_asked_for(make_ledger):
    context = open_context(make_ledger([row(1, "2020-01-01", "2022-01-01", person=1, service="nursing")]))
    one_day = measure(context, "bed_nights", by=["financial_year"], period="2020-10-01")
    assert [tuple(r.values()) for r in one_day.rows] == [("2020/21", 1)]
    months = measure(context, "bed_nights", by=["financial_year"], period="2021-02:2021-04")
    assert [tuple(r.values()) for r in months.rows] == [("2020/21", 28 + 31), ("2021/22", 30)]


def test_dimension_given_twice_is_refused(make_ledger):
    context = open_context(make_ledger([row(1, "2020-01-01", None, person=1)]))
    with pytest.raises(CallError, match="given twice"):
        measure(context, "people_supported", by=["service", "service"])


def test_measure_that_finds_no_record_says_which_kind_it_wants(make_ledger):
    context = open_context(make_ledger([row(1, "2020-01-01", None, person=1)]))
    with pytest.raises(CallError, match="no delivery that 'home_care_hours' counts"):
        measure(context, "home_care_hours")


def test_planned_ends_and_versions_taken_back_do_not_stretch_the_records(make_ledger):
    rows = [
        row(1, "2019-04-10", "2021-05-01", person=1, service="nursing"),
        row(2, "2019-05-01", "2031-03-31", person=2, service="nursing"),  # an end that is only planned
        row(3, "2019-05-01", "2029-01-01", person=3, service="nursing"),  # a slip of the pen ...
        row(3, "2019-05-01", "2029-01-01", person=3, service="nursing", sign=-1, posting=2),  # ... taken back
    ]
    ledger = make_ledger(rows, {1: date(2021, 6, 1), 2: date(2021, 6, 2)})
    assert labels(measure(ledger, "people_supported")) == ["2021-05-01"]


def test_composition_is_of_its_own_council(make_ledger):
    rows = [
        row(
            1, "2020-01-01", None, person=1, service="supported-living", authority="worcestershire", component="visits"
        ),
        row(2, "2020-01-01", None, person=2, service="supported-living", authority="worcestershire", component="block"),
        row(3, "2020-01-01", None, person=3, service="supported-living", authority="thurrock", component="visits"),
    ]
    context = open_context(make_ledger(rows))
    asked = {"where": {"component": "visits"}, "period": "2020-06-30"}
    split = measure(context, "supported_living_share", by=["authority"], **asked)
    assert {tuple(one.values()) for one in split.rows} == {("worcestershire", 50), ("thurrock", 100)}
    one = measure(
        context, "supported_living_share", where={"component": "visits", "authority": "thurrock"}, period="2020-06-30"
    )
    assert one.value == 100
