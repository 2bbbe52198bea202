"""By which day the outlook sums up, and what it says where the records end long before the day of the statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest


@pytest.mark.parametrize(
    ("told_on", "ahead"),
    [(date(2021, 7, 1), 3), (date(2023, 1, 1), 3), (date(2024, 7, 1), 5), (date(2090, 1, 1), 9)],
)
def test_ahead_is_the_first_day_to_come_three_years_after_the_records(council, told_on, ahead):
    found = replace(council.ahead, told_on=told_on)
    assert found.years_ahead == (1, 3, 5, 9)
    assert found.ahead == ahead


def test_records_that_end_long_before_the_statement_are_told_of(council, client):
    assert council.ahead.ended == ""
    late = replace(council.ahead, told_on=date(2024, 7, 1))
    assert late.ended.startswith("Our records end on 30 June 2021")
    assert "still to come" not in late.ended
    assert "no day of it is still to come" in replace(council.ahead, told_on=date(2090, 1, 1)).ended


def test_what_a_gap_is_measured_against_names_the_last_day_of_the_records(council):
    said = {one.compared_with for one in council.ahead.cells}
    assert said <= {"there are", "everybody bought in June 2021", "the council arranged in June 2021"}
    assert "the council arranged in June 2021" in said
