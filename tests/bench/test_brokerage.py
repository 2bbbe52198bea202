from __future__ import annotations

from dataclasses import replace

from careshape.bench.brokerage import Brokered, bench_brokerage
from careshape.bench.brokerage_weeks import make_week

GOOD = Brokered(1000, 300, 70_000, "whole loads", 980, 950, 0.003, 0.12, 0.02, 12.0, 0.5, 60.0, 2.0, 0)


def test_a_plan_far_from_its_bound_fails_at_once_and_a_slow_one_at_three_times_its_goal():
    assert GOOD.missed() == GOOD.failed() == []
    assert replace(GOOD, gap_to_bound=0.011).failed() == ["gap_to_bound is 1.10%; the goal is at most 1%"]
    assert replace(GOOD, first_come_gap=0.04).failed()
    assert replace(GOOD, cpu_seconds=61.0).missed()
    assert not replace(GOOD, cpu_seconds=61.0).failed()
    assert replace(GOOD, cpu_seconds=181.0).failed()
    assert replace(GOOD, faults=1).failed() == ["the judge found 1 faults in plans"]


def test_a_small_week_is_placed_judged_and_timed():
    found = bench_brokerage(80, 24, 1, lambda text: None, beside=False)
    assert found.faults == 0
    assert found.placed >= found.first_come_placed - 8
    assert 0 <= found.gap_to_bound < 0.03
    assert found.first_come_gap > 0
    assert found.solver_gap is found.solver_seconds is None


def test_the_same_seed_makes_the_same_week():
    assert make_week(20, 12, 3) == make_week(20, 12, 3)
    assert make_week(20, 12, 3) != make_week(20, 12, 4)
