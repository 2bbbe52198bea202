from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from careshape.bench.draws import Drawn, bench_draws, region_of
from careshape.demo.worlds import make_world
from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.forecast import forecast

GOOD = Drawn(500, 7_000, 1.0, 20.0, 0.1, 0.5, 500.0)


@pytest.fixture(scope="module")
def county():
    return make_world("inside", 3).spells


def test_a_region_is_so_many_counties_with_areas_and_people_of_their_own(county):
    region = region_of(county, 3)
    assert len(region) == 3 * len(county)
    assert len(set(region.areas)) == 3 * len(county.areas)
    assert len(np.unique(region.person)) == 3 * len(np.unique(county.person))
    day = county.window[1]
    assert np.array_equal(region.stock([day], ("service",)), 3 * county.stock([day], ("service",)))


def test_a_region_s_expected_course_is_that_of_its_counties(county):
    one, three = (forecast(fit(spells), months=12, draws=20) for spells in (county, region_of(county, 3)))
    # Pooled strength differs a little: areas lean on three times as many others.
    assert three.mean(12, ("service",)) == pytest.approx(3 * one.mean(12, ("service",)), rel=0.03)


def test_a_time_beyond_its_goal_is_missed_and_fails_beyond_three_times_it_only():
    assert GOOD.missed() == GOOD.failed() == []
    slow, failing = (replace(GOOD, cpu_seconds=a, region_cpu_seconds=b) for a, b in ((2.9, 59.0), (3.1, 61.0)))
    assert [text.split(" took")[0] for text in slow.missed()] == ["the county", "the region"]
    assert slow.missed()[0] == "the county took 2.90 processor seconds; the goal is at most 1, and it fails above 3.00"
    assert slow.failed() == []
    assert failing.failed() == failing.missed()


def test_draws_of_a_small_ledger_are_timed_in_every_cell(tmp_path):
    found = bench_draws(tmp_path / "ledger", 3_000, 1, lambda text: None, councils=2)
    assert found.region_cells > found.cells > 50
    assert found.cpu_seconds > 0
    assert found.as_json()["draws"] == 1_000
