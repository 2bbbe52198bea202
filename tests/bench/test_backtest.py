from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.bench.backtest import bench_backtest
from careshape.demo.worlds import make_world
from careshape.evaluate.forecast.backtest import baseline, product
from careshape.evaluate.forecast.fit import fit

HORIZONS = ["3", "6", "12", "24"]


def silent(text: str) -> None:
    pass


@pytest.fixture(scope="module")
def honesty():
    """Twenty counties of each kind: some forty seconds of processor time, which is what a hundred are too long for."""
    return bench_backtest(20, 1, silent, draws=200)


def test_forecasts_meet_their_goals_within_what_twenty_counties_can_tell(honesty):
    # Each goal may be missed by 2.5 standard errors of the figure: of some fifty figures, one in a hundred runs would
    # then fail by chance alone, and these counties are always the same ones.
    assert honesty.missed(errors=2.5) == honesty.judged() == []


def test_figures_stand_under_the_names_that_others_rely_on(honesty):
    found = honesty.as_json()
    for kind in ("inside", "outside"):
        apart = found[kind]["without_population"]
        for figures in (found[kind], found[kind]["county"], apart, apart["county"]):
            for name in ("coverage_80", "coverage_95", "score_ratio"):
                assert list(figures[name]) == HORIZONS
                assert all(0 < value < 2 for value in figures[name].values())
    assert set(found["departures"]) == {"drift", "shock", "policy", "local"}
    assert found["worlds"] == 20
    assert found["tuned_on"] == [1, 3]


def test_the_forecast_without_a_population_stands_in_rows_of_its_own(honesty):
    """The same draws but for entries: three hundred cells that agreed throughout would be the same method twice."""
    trials = honesty.found["inside"]
    one, other = (trials.row(("service",), 24, method) for method in trials.methods[:2])
    assert (one["method"], other["method"]) == ("forecast", "forecast without a population")
    assert one["crps"] != other["crps"]
    assert one["best_baseline"] == other["best_baseline"]


def test_a_shock_in_the_history_does_not_become_a_trend(honesty):
    # Five counties after a pandemic year: a forecast that took its last months for a trend would be off by far more.
    shock = honesty.departures["shock"]
    for horizon in (12, 24):
        row = shock.row(("service",), horizon)
        assert abs(row["bias"]) < 0.03 + 2 * row["bias_se"]
        assert row["score_ratio"] < 1.05


def halved(spells, origin, levels, horizons, draws, seed):
    made = product()(spells, origin, levels, horizons, draws, seed)
    return {
        by: {h: found.mean(axis=0) + (found - found.mean(axis=0)) / 2 for h, found in forecasts.items()}
        for by, forecasts in made.items()
    }


def test_halved_intervals_miss_the_goals():
    found = bench_backtest(4, 1, silent, method=halved, kinds=("inside",), draws=100)
    missed = [said for said in found.missed(errors=2.5) if "intervals covered" in said and "area" in said]
    assert len(missed) == 4


def test_a_baseline_in_place_of_the_forecast_misses_the_goals_with_a_ratio_of_one_or_more():
    found = bench_backtest(4, 1, silent, method=baseline("plain Markov"), kinds=("inside",), draws=100)
    ratios = found.as_json()["inside"]["score_ratio"]
    best = found.as_json()["inside"]["best_baseline"]
    assert all(ratio >= 1 for ratio in ratios.values())
    assert all(ratios[h] == 1 for h in HORIZONS if best[h] == "plain Markov")
    assert any("score_ratio" in said for said in found.missed())


def test_goals_are_judged_as_they_stand_from_a_hundred_counties_on_and_not_by_a_few(honesty):
    assert replace(honesty, worlds=100).judged() == honesty.missed()
    assert replace(honesty, worlds=19, found={}).judged() == []


def test_the_same_seed_gives_the_same_figures():
    once, again = (bench_backtest(1, 3, silent, kinds=("outside",), draws=50).as_json() for _ in range(2))
    assert once == again


@pytest.mark.parametrize("kind", ["inside", "outside"])
def test_goals_that_are_missed_are_said_in_words(honesty, kind):
    row = honesty.found[kind].row(("area", "service"), 12)
    assert row["coverage_80"] < 1
    trials = honesty.found[kind]
    wide = replace(trials, trials=[replace(one, found=_all_missed(one.found)) for one in trials.trials], _cache={})
    said = replace(honesty, found={kind: wide}).missed()
    assert f"{kind}, area x service, 12 months: 80% intervals covered 0.0%" in "\n".join(said)


def _all_missed(found):
    return {key: replace(one, covered_80=one.covered_80 & False) for key, one in found.items()}


def test_true_drift_is_recovered():
    # The plan's wandering is 0.02 a month entering and 0.01 leaving; eight years of a series tell it within a half.
    for number in range(3):
        world = make_world("inside", number)
        rates = fit(world.spells, until=world.origin, population=world.population)
        entering, leaving = rates.entries.levels.drift_size, rates.hazards.levels.drift_size
        some = rates.hazards.events.sum(axis=(1, 2)) > 0
        assert some.all()
        assert 0.010 < (entering**2).mean() ** 0.5 < 0.032
        assert 0.005 < (leaving**2).mean() ** 0.5 < 0.020
