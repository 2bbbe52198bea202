"""Which days the gaps of a council are of: counted from the records, and from the day of the statement."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.evaluate.gap.council import still_to_come, years_passed, years_within


@pytest.mark.parametrize(
    ("months", "passed", "years"),
    [
        (120, 0, (1, 3, 5, 10)),
        (102, 0, (1, 3, 5, 8)),
        # Five whole years have passed: those from the records stay, and 1, 3 and 5 from the statement's day join them.
        (114, 5, (1, 3, 5, 6, 8, 9)),
        # The forecast ends before the day of the statement.
        (102, 8, (1, 3, 5, 8)),
        (11, 0, ()),
    ],
)
def test_years_are_counted_from_the_records_and_from_the_statement(months, passed, years):
    assert years_within(months, passed) == years


@pytest.mark.parametrize(
    ("told_on", "passed"),
    [(None, 0), (date(2021, 7, 1), 0), (date(2022, 6, 29), 0), (date(2022, 6, 30), 1), (date(2026, 11, 22), 5),
     (date(2020, 1, 1), 0)],
)  # fmt: skip
def test_years_passed_are_whole(told_on, passed):
    assert years_passed(date(2021, 6, 30), told_on) == passed


def test_still_to_come_is_the_last_where_all_have_passed():
    assert still_to_come((1, 3, 5, 6, 8, 9), 5) == (6, 8, 9)
    assert still_to_come((1, 3, 5, 8), 8) == (8,)
