from __future__ import annotations

import numpy as np
import pytest

from careshape.demo.worlds import make_world
from careshape.errors import CallError
from careshape.evaluate.forecast.backtest import (
    HORIZONS,
    LEVELS,
    MODEL,
    Backtest,
    _of_coverage,
    backtest,
    baseline,
    model,
    run_trial,
)
from careshape.evaluate.forecast.baselines import BASELINES
from careshape.evaluate.forecast.census import Census

AREAS = ("area", "service")


@pytest.fixture(scope="module")
def worlds():
    return [make_world("inside", number) for number in range(2)]


def narrowed(factor):
    """The plain Markov model with its intervals made ``factor`` times as wide."""

    def run(spells, origin, levels, horizons, draws, seed):
        made = baseline("plain Markov")(spells, origin, levels, horizons, draws, seed)
        return {
            by: {h: found.mean(axis=0) + factor * (found - found.mean(axis=0)) for h, found in forecasts.items()}
            for by, forecasts in made.items()
        }

    return run


def tried(worlds, method):
    return Backtest([run_trial(one.spells, one.origin, method, draws=200, seed=7) for one in worlds], "worlds")


@pytest.fixture(scope="module")
def itself(worlds):
    return tried(worlds, baseline("plain Markov"))


def test_a_baseline_given_as_the_forecast_scores_one_to_itself(itself):
    for by in LEVELS:
        for horizon in HORIZONS:
            ours, its = itself.row(by, horizon), itself.row(by, horizon, "plain Markov")
            assert ours["crps"] == its["crps"]
            if itself.best_baseline(by, horizon) == "plain Markov":
                assert (ours["score_ratio"], ours["score_ratio_se"]) == (1.0, 0.0)


def test_halved_intervals_are_seen_to_cover_too_little(worlds, itself):
    halved = tried(worlds, narrowed(0.5))
    for horizon in HORIZONS:
        assert halved.row(AREAS, horizon)["coverage_80"] < itself.row(AREAS, horizon)["coverage_80"] - 0.2
    assert "read them as too narrow" in halved.verdict(AREAS, 24)


def test_doubled_intervals_are_seen_to_cover_too_much(worlds):
    assert "read them as too wide" in tried(worlds, narrowed(2.5)).verdict(AREAS, 12)


def test_every_method_has_a_row_at_every_level_and_horizon(itself):
    rows = itself.rows()
    assert len(rows) == len(LEVELS) * len(HORIZONS) * (1 + len(BASELINES))
    row = itself.row(AREAS, 12)
    assert row["worlds"] == 2
    assert row["cells"] == sum(trial.found[AREAS, 12, MODEL].truth.size for trial in itself.trials)
    assert {"crps_se", "bias", "relative_mae", "pinball_10", "pinball_50", "pinball_90", "coverage_95_se"} <= set(row)
    assert itself.row(AREAS, 12, "flat line")["relative_mae"] == 1.0
    assert len(itself.verdicts()) == len(LEVELS) * len(HORIZONS)


def test_what_lies_after_the_origin_is_held_back(worlds):
    world = worlds[0]
    seen = []

    def spy(spells, origin, levels, horizons, draws, seed):
        seen.append(spells)
        return baseline("flat line")(spells, origin, levels, horizons, draws, seed)

    run_trial(world.spells, world.origin, spy, levels=(AREAS,), horizons=(3,), draws=50)
    assert seen[0].start.max() <= world.origin
    assert seen[0].window[1] == world.origin
    cut = world.spells.until(world.origin)
    made = [model(spells, world.origin, (AREAS,), (12,), 100, 3)[AREAS][12] for spells in (cut, world.spells)]
    assert np.array_equal(*made)  # given the future as well, the forecast does not look at it


def test_a_council_is_tried_quarter_by_quarter_on_its_own_records(worlds):
    spells = worlds[0].spells.until(worlds[0].origin)
    found = backtest(spells, levels=(AREAS,), horizons=(3, 12), draws=100)
    months = [round((worlds[0].origin - trial.origin) / 30.44) for trial in found.trials]
    assert months == list(range(48, 2, -3))  # back to the middle of 96 months, three months left at the end
    assert found.row(AREAS, 3)["origins"] == 16
    assert found.row(AREAS, 12)["origins"] == 13  # the last three have no year after them
    assert found.verdict(AREAS, 12).startswith("By area x service, 12 months ahead: 80% intervals covered")


def test_a_short_history_is_tried_as_far_as_it_goes(worlds):
    world = worlds[0]
    origin = Census(world.origin, "month").day(-70)  # 26 months in
    found = Backtest([run_trial(world.spells, origin, draws=50)])
    assert found.horizons(AREAS) == [3, 6, 12, 24]
    # Simple methods learn from errors within the history, of which 26 months hold none 36 months ahead.
    longer = Backtest([run_trial(world.spells, origin, levels=(AREAS,), horizons=(24, 36), draws=50)])
    assert longer.horizons(AREAS) == [24]
    with pytest.raises(CallError, match="26 months of records lie before"):
        run_trial(world.spells, origin, levels=(AREAS,), horizons=(36,), draws=50)


def test_records_too_short_to_hold_anything_back_are_refused(worlds):
    spells, origin = worlds[0].spells, worlds[0].origin
    with pytest.raises(CallError, match="too few: a year must lie before"):
        backtest(spells.until(Census(origin, "month").day(-84)))
    with pytest.raises(CallError, match="less than 3 months after"):
        run_trial(spells, spells.window[1] - 20)
    with pytest.raises(CallError, match="no simple method 'magic'"):
        baseline("magic")


def test_verdict_endorses_no_coverage_whose_error_is_unknown_or_large():
    row = {"coverage_80": 0.80, "coverage_80_se": 0.01}
    assert "taken at their word" in _of_coverage(row)
    assert "too few trials" in _of_coverage(row | {"coverage_80_se": None})
    assert "cannot tell" in _of_coverage(row | {"coverage_80_se": 0.06})
