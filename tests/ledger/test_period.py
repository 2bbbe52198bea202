"""The reporting period of a file that states one which ends before it begins."""

from __future__ import annotations

from datetime import date

from careshape.catalogue.periods import day_number, month_ordinal
from careshape.ledger.period import reporting

FIRST, LAST = day_number(date(2021, 7, 1)), day_number(date(2021, 6, 30))


def test_period_that_ends_before_it_begins_is_told_and_not_used():
    found = reporting(FIRST, LAST, ())
    assert found.days is None
    assert "2021-07-01 to 2021-06-30, which ends before it begins" in found.note


def test_period_that_ends_before_it_begins_gives_way_to_what_the_events_bear_out():
    month = month_ordinal(date(2021, 6, 1))
    found = reporting(FIRST, LAST, [(month, kind, 400) for kind in (1, 2, 3)])
    assert found.days == (day_number(date(2021, 6, 1)), LAST)
    assert "which ends before it begins. The months that its events bear out are used" in found.note


def test_period_in_order_is_taken_as_it_is():
    assert reporting(LAST, FIRST, ()).note == ""
