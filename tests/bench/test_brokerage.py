from __future__ import annotations

import json
import os
from dataclasses import fields, replace

import pytest

from careshape.bench.brokerage import Brokered, bench_brokerage
from careshape.bench.brokerage_weeks import make_week
from careshape.cli import main

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
    found = bench_brokerage(80, 24, 1, lambda text: None, beside=None)
    assert found.faults == 0
    assert found.placed >= found.first_come_placed - 8
    assert 0 <= found.gap_to_bound < 0.03
    assert found.first_come_gap > 0
    assert found.solver_gap is found.solver_seconds is None


def test_the_same_seed_makes_the_same_week():
    assert make_week(20, 12, 3) == make_week(20, 12, 3)
    assert make_week(20, 12, 3) != make_week(20, 12, 4)


def test_the_command_gives_every_figure_of_both_comparisons(capsys):
    assert main(["bench", "brokerage", "--requests", "40", "--providers", "12", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {one.name for one in fields(Brokered)} | {"missed", "failed"}
    assert (found["requests"], found["providers"], found["faults"]) == (40, 12, 0)
    assert found["cpu_seconds"] > found["rank_seconds"] > 0
    assert found["first_come_gap"] > 0.05
    # So few are placed by both as well as they can be; the solver's plan is judged against the same bound.
    assert 0 <= found["gap_to_bound"] < 0.01
    assert found["solver_gap"] == pytest.approx(found["gap_to_bound"], abs=1e-3)


FULL = "CARESHAPE_TEST_WEEKS"
"""./soak asks for the weeks of the goals; ./test places a small one."""


@pytest.mark.parametrize("requests", [int(one) for one in os.environ.get(FULL, "150").split(",")])
def test_weeks_that_share_pools_are_placed_near_their_bound(requests, promise):
    providers = 300 if FULL in os.environ else 45
    found = bench_brokerage(requests, providers, 42, lambda text: None, beside=None)
    assert found.failed() == []
    promise(
        "R1 weeks placed together",
        f"{requests:,} requests x {providers} providers: {found.gap_to_bound:.2%} below the bound at most, first "
        f"come {found.first_come_gap:.1%} worse, {found.cpu_seconds:.1f} processor seconds, 0 faults by the judge",
    )
