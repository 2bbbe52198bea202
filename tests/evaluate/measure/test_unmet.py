"""Needs that were not met, counted by the same kinds of counting as care that was arranged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.measure.reach import beyond
from careshape.records.unmet_need import FILE, Row, as_text
from tests.evaluate.measure.conftest import row

HERE = ("older-people", "redditch", "unknown")
ROWS = [
    Row("2025-03", "no-capacity", "nursing", *HERE, 1),
    Row("2025-03", "not-here", "nursing", *HERE, 1),
    Row("2025-03", "no-capacity", "home-care", "older-people", "wychavon", "droitwich-zone", 2),
    Row("2026-02", "waiting", "home-care", "older-people", "wychavon", "droitwich-zone", 2),
    Row("2024-04", "late", "nursing", *HERE, 3),
]


@pytest.fixture
def told(make_ledger, tmp_path):
    """A ledger with one line, beside which needs are told of the two years to March 2026."""

    def tell(rows: list[Row], authority: str = "worcestershire", first: str = "2024-04", last: str = "2026-03"):
        ledger = make_ledger([row(1, "2020-01-01", None, person=1, service="nursing")])
        folder = tmp_path / authority
        folder.mkdir()
        (folder / FILE).write_text(as_text(first, last, rows))
        ledger.authority, ledger.path = authority, Path(folder)
        return ledger

    return tell


def by(answer):
    return {cell.key: cell.exact for cell in answer.cells}


def test_times_and_people_are_counted_by_what_is_known_of_them(told):
    context = open_context(told(ROWS))
    assert by(measure(context, "unmet_need", by=["unmet"], period="2024/25")) == {
        ("late",): 1, ("no-capacity",): 2, ("not-here",): 1,
    }  # fmt: skip
    assert by(measure(context, "unmet_need", by=["service"], period="2024/25")) == {("home-care",): 1, ("nursing",): 3}
    assert by(measure(context, "unmet_need_people", by=["district"], period="2024/25")) == {
        ("redditch",): 2, ("wychavon",): 1,
    }  # fmt: skip
    refused = measure(context, "unmet_need", where={"unmet": "refused", "zone": "droitwich-zone"}, period="2024/25")
    assert refused.value == 1
    assert by(measure(context, "unmet_need", by=["month"], period="2025-03:2025-03")) == {("2025-03",): 3}


def test_without_a_period_the_last_twelve_months_that_are_told_are_counted(told):
    answer = measure(open_context(told(ROWS)), "unmet_need")
    assert (answer.value, answer.periods[0].label) == (1, "2025/26")
    assert not beyond(open_context(told(ROWS, "thurrock")), measures()["unmet_need"], answer.periods)


def test_what_is_not_told_is_not_nought(told, make_ledger):
    context = open_context(told(ROWS))
    for period, says in (
        ("2026-04", "are told from April 2024 to March 2026, and so not of all of April 2026"),
        ("2023/24", "and so not of all of 2023/24"),
        ("2025-03-31", "told by whole months, and 31 March 2025 is none"),
    ):
        with pytest.raises(CallError, match=says):
            measure(context, "unmet_need", period=period)
    with pytest.raises(CareshapeError, match="No whole month is told yet"):
        measure(open_context(make_ledger([row(1, "2020-01-01")])), "unmet_need", period="2024/25")


def test_a_month_in_which_nothing_was_unmet_is_nought(told):
    assert measure(open_context(told(ROWS)), "unmet_need", period="2026-03").value == 0


def test_care_and_needs_are_not_split_by_what_only_the_other_knows(told):
    context = open_context(told(ROWS))
    with pytest.raises(CallError, match=r"'unmet_need' is not known by 'provider'\. Choose from authority, unmet"):
        measure(context, "unmet_need", by=["provider"])
    with pytest.raises(CallError, match="'bed_nights' counts care that was arranged, and that has no 'unmet'"):
        measure(context, "bed_nights", where={"unmet": "late"})


def test_people_of_two_councils_are_not_taken_for_one(told):
    context = open_context([told(ROWS[:1]), told(ROWS[:1], "thurrock", last="2025-12")])
    assert measure(context, "unmet_need_people", period="2025-03").value == 2
    assert measure(context, "unmet_need").periods[0].end == date(2025, 12, 31), "no further than both are told of"
