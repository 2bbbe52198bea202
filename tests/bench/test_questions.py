"""What is asked of a benchmark ledger is what the statements ask, and nothing of it falls outside the ledger."""

from __future__ import annotations

import pytest

from careshape.bench.questions import COVERED, asked_by_statement, chosen, questions
from careshape.catalogue.periods import parse_period
from careshape.evaluate.measure import measures
from careshape.evaluate.published import asks
from careshape.records import authorities


def test_questions_are_those_of_both_statements_each_once():
    found = questions()
    assert all(found.count(ask) == 1 for ask in found)
    for ask in (*asks("worcestershire"), *asked_by_statement("worcestershire")):
        assert ask in found
    assert {ask.measure for ask in found} >= {
        ask.measure for authority in authorities() for ask in (*asks(authority), *asked_by_statement(authority))
    }


@pytest.mark.parametrize("authority", ["worcestershire", "thurrock"])
def test_statement_asks_more_than_the_check_of_what_was_published(authority):
    asked, checked = asked_by_statement(authority), asks(authority)
    assert len([ask for ask in asked if ask not in checked]) > 40
    assert {ask.measure for ask in asked} <= set(measures())


def test_periods_lie_in_the_ledger_and_each_is_asked_once():
    for ask in questions():
        assert ask.periods
        assert len({period.label for period in ask.periods}) == len(ask.periods)
        for period in ask.periods:
            assert COVERED.start <= period.start <= period.end <= COVERED.end
            assert parse_period(period.label) == period


def test_years_of_another_statement_are_moved_to_those_of_the_ledger():
    spend = [ask for ask in asks("thurrock") if ask.measure == "gross_cost"]
    assert [period.label for ask in spend for period in ask.periods] == ["2017/18"]
    moved = [ask for ask in questions() if ask.measure == "gross_cost" and not ask.by and not ask.where]
    assert "2020/21" in {period.label for ask in moved for period in ask.periods}


def test_a_few_are_spread_over_all_and_all_are_asked_where_no_number_is_given():
    every = questions()
    assert chosen(0) == chosen(len(every) + 1) == every
    few = [every.index(ask) for ask in chosen(10)]
    assert few == sorted(set(few))
    assert len(few) == 10
    assert few[0] < len(every) / 5
    assert few[-1] > len(every) * 4 / 5
