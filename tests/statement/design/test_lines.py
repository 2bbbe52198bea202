"""Progress lines, the answers and what is wanted, of a small council with files of its own."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from careshape.design import Question
from careshape.records.intentions import FILE, SHEET
from careshape.statement.council import Council, open_council
from careshape.statement.design.lines import line_of
from careshape.statement.design.market import answer, choices
from careshape.statement.lint import lint_statement
from careshape.statement.listings import listing
from careshape.statement.text import review_day

BASE = {"service": "nursing", "client_group": "all", "direction": "reduce", "statement": "Mean it.", "section": "6.6.2"}
NURSING = 'measure("care_home_people", period="{}", service="nursing")'
ROWS = (
    # Six people were there on 31 March 2020, four on the last day of the records, 1 October 2020.
    {"id": "W-CI-001", "by_date": "2022-04"},
    {"id": "X-MET", "measure": NURSING.format("last-day"), "baseline": NURSING.format("2020-03-31"),
     "baseline_on": "2020-03-31", "target_value": "4", "target_measure": "people", "by_date": "2021-03-31"},
    {"id": "X-LATE", "measure": NURSING.format("last-day"), "baseline": "8", "baseline_on": "2020-03-31",
     "target_value": "1", "target_measure": "people", "by_date": "2020-10-31"},
    {"id": "X-DROP", "direction": "do-not-develop", "dropped_on": "2021-01-01", "dropped_because": "No need."},
    {"id": "X-NOT", "service": "residential", "direction": "do-not-develop", "exceptions": "A small one."},
    {"id": "X-GONE", "measure": 'measure("no_such_measure")', "service": "home-care", "direction": "grow"},
)  # fmt: skip


@pytest.fixture(scope="module")
def own(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Council:
    """The sample with a file of intentions of its own."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(data, folder)
    file = folder / "councils" / "worcestershire" / FILE
    file.parent.mkdir()
    file.write_text(SHEET.write([{**BASE, **row} for row in ROWS]), "utf-8")
    found = open_council(folder, "worcestershire")
    assert found is not None
    return found


def test_lines_are_judged_by_the_records(own):
    lines = {one.id: line_of(own, one) for one in own.decided.intentions}
    states = {name: line.state for name, line in lines.items()}
    assert states == {
        "W-CI-001": "no-measure", "X-MET": "met", "X-LATE": "late", "X-DROP": "dropped", "X-NOT": "no-measure",
        "X-GONE": "not-known",
    }  # fmt: skip
    assert (lines["X-MET"].start.text, lines["X-MET"].now.text, lines["X-MET"].percent) == ("4", "4", None)
    assert lines["X-LATE"].progress.overdue
    assert lines["X-LATE"].percent == 57  # from 8 to 4 of from 8 to 1
    assert lines["X-DROP"].said == "Given up on 1 January 2021: No need."
    assert "Nobody can tell from figures" in lines["W-CI-001"].warning


def test_lines_figures_are_asked_through_the_book(own):
    """What an edition's gate must see: each figure is among those that are computed and have a card."""
    line = line_of(own, own.decided.intention("X-LATE"))
    assert own.book.by_key(line.now.key) is not None
    asked = {str(call) for call in own.calls()}
    assert any("care_home_people" in text and "2020-10-01" in text for text in asked)


def test_lines_stand_in_the_list_with_their_filter(own):
    table = listing(own, "intentions")
    assert [row.cells[-1].text for row in table.rows] == [
        "No measure, date passed", "Met", "Late, date passed", "Dropped", "No measure", "Not known",
    ]  # fmt: skip
    assert table.records[2]["state"] == "late"
    assert table.records[2]["share_of_way"] == 57


def test_lint_finds_a_dead_measure_of_an_intention(own):
    faults = lint_statement("worcestershire", own.written, own.observations, own.decided)
    (fault,) = [one for one in faults if one.file.endswith("intentions.csv")]
    assert "X-GONE, field 'measure': There is no measure 'no_such_measure'" in fault.message


def test_answer_takes_the_councils_own_intentions(own):
    found = answer(own, Question("residential", "older-people"))
    assert (found.verdict, found.exceptions) == ("no", ("A small one.",))
    assert answer(own, Question("nursing", on=date(2020, 10, 1))).verdict == "not-now"
    services, groups, areas = choices(own)
    assert "residential" in dict(services)
    assert "older-people" in dict(groups)
    assert dict(areas)["wychavon"] == "Wychavon"


def test_answer_without_a_day_is_by_the_day_of_review(own):
    """Each intention about nursing was meant for a time that ended years ago."""
    found = answer(own, Question("nursing"))
    assert {one.intention.id for one in found.meant} == {"W-CI-001", "X-MET", "X-LATE"}
    assert all(one.past for one in found.meant)
    assert found.rule not in ("held-back", "wanted-and-held-back")
    assert found == answer(own, Question("nursing", on=review_day(own)))


def test_file_with_faults_keeps_the_council_readable_and_says_where(own, data, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    file = folder / "councils" / "worcestershire" / FILE
    file.parent.mkdir()
    file.write_text(SHEET.write([{**BASE, "id": "X-1", "direction": "sideways"}]), "utf-8")
    found = open_council(folder, "worcestershire")
    assert found is not None
    assert found.faulty
    assert "intentions.csv, row 2, field 'direction' has 'sideways'" in found.content_problem
