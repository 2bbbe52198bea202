from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.bench.figures import Imported, Measured, Timing, by_measure, check_same, growth
from careshape.errors import CareshapeError

FAST = Timing(
    "bed_nights", "district", "", 1, "now", 7, 6, cpu=1.0, scan_cpu=2.0, plain_scan_cpu=1.0, wall=1.0, pandas_cpu=10.0
)
SLOW = replace(FAST, measure="cost", cpu=3.0, scan_cpu=1.0, pandas_cpu=30.0)
RUN = Measured(50_000_000, 2, 400.0, (FAST, SLOW))
IMPORTED = Imported(rows=1_000_000, file_mb=400, cpu=5.0, wall=3.0, peak_mb=500, accepted=1, repaired=2, refused=3)


def test_scan_ratio_is_a_ratio_of_sums_and_not_a_mean_of_ratios():
    assert RUN.scan_ratio == (1 + 3) / (2 + 1)
    assert RUN.plain_scan_ratio == (1 + 3) / (1 + 1)
    assert RUN.pandas_ratio == (10 + 30) / (1 + 3)
    assert FAST.scan_ratio == 0.5


def test_pandas_ratio_is_left_out_unless_every_question_was_asked_of_pandas():
    assert replace(RUN, timings=(FAST, replace(SLOW, pandas_cpu=None))).pandas_ratio is None


def test_goals_are_met_or_named():
    assert RUN.missed() == []
    slower = replace(RUN, timings=(FAST, replace(SLOW, cpu=8.0)))
    assert slower.missed() == [
        "scan_ratio is 3.00; the goal is at most 2",
        "pandas_ratio is 4.4; the goal is at least 8",
    ]
    assert "peak_mb is 1,600" in replace(RUN, peak_mb=1_600.0).missed()[0]


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (999_999, 0),  # to begin a question takes longer than to scan so little
        (1_000_000, 1),  # the scan decides
        (50_000_000, 2),  # pandas too
    ],
)
def test_goals_hold_from_the_size_that_they_were_set_for(lines, count):
    slower = replace(RUN, lines=lines, timings=(FAST, replace(SLOW, cpu=8.0)))
    assert len(slower.missed()) == count


def test_growth_is_processor_time_a_line_of_the_largest_over_the_smallest():
    small = replace(RUN, lines=1_000_000, timings=(replace(FAST, cpu=0.1),))
    large = replace(RUN, lines=10_000_000, timings=(replace(FAST, cpu=2.0),))
    assert growth([large, small]) == pytest.approx(2.0)
    assert growth([small]) is None
    assert growth([small, small]) is None


def test_table_adds_up_the_questions_of_a_measure():
    rows = by_measure([FAST, replace(FAST, cpu=2.0), SLOW])
    assert [row["questions"] for row in rows] == [2, 1]
    assert rows[0]["cpu"] == "3.000"
    assert rows[0]["scan_ratio"] == "0.75"


def test_answers_that_differ_in_one_cell_give_no_ratio():
    check_same("cost by district", {"worcester": "3/7"}, {"worcester": "3/7"})
    with pytest.raises(CareshapeError, match=r"cost by district differ in the cell 'worcester'.* 3/7, pandas 4/7"):
        check_same("cost by district", {"worcester": "3/7"}, {"worcester": "4/7"})
    with pytest.raises(CareshapeError, match="pandas None"):
        check_same("cost by district", {"worcester": "3/7"}, {})


def test_import_fails_only_at_three_times_its_goal():
    assert IMPORTED.rows_per_cpu_second == 200_000
    slower, failing = replace(IMPORTED, cpu=14.9), replace(IMPORTED, cpu=15.1)
    assert IMPORTED.missed() == slower.failed() == []
    assert len(slower.missed()) == 1
    said = "rows_per_cpu_second is 66,225; the goal is at least 200,000, and it fails below 66,667"
    assert failing.missed() == failing.failed() == [said]
    assert replace(IMPORTED, rows=1_000, cpu=1.0).missed() == []  # beginning takes longer than so few rows
