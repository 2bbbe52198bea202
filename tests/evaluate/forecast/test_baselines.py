from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast.baselines import (
    BASELINES,
    _markov_draws,
    _markov_spread,
    flat,
    line,
    markov,
)
from careshape.evaluate.forecast.panel import Panel
from careshape.evaluate.forecast.scores import covered

BY = ("area", "service")


def panel_of(series, entries=None, leavers=None) -> Panel:
    """A panel of one group and service; ``series`` is [census day, area]."""
    stock = np.asarray(series)[:, :, None, None]
    months, areas = len(stock) - 1, stock.shape[1]
    zero = np.zeros((months, areas, 1, 1), np.int64)
    flows = np.zeros((months, areas, 1, 1, 2), np.int64)
    return Panel(
        np.arange(months + 1) * 30, stock, zero if entries is None else entries, flows if leavers is None else leavers
    )


def in_balance(seed: int, areas: int = 30, months: int = 120, mean: float = 50.0, leave: float = 0.1) -> Panel:
    """People who come and go at constant rates, which is what a Markov model believes."""
    rng = np.random.default_rng(seed)
    stock, entries, leavers = [rng.poisson(mean, areas)], [], []
    for _ in range(months):
        gone, come = rng.binomial(stock[-1], leave), rng.poisson(mean * leave, areas)
        stock.append(stock[-1] - gone + come)
        entries.append(come)
        leavers.append(np.stack([np.zeros(areas, int), gone], axis=-1))
    return panel_of(stock, np.array(entries)[:, :, None, None], np.array(leavers)[:, :, None, None, :])


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_says_that_what_never_changes_stays(name):
    panel = panel_of(np.full((61, 3), 40))
    found = BASELINES[name](panel, BY, (3, 24), 200, np.random.default_rng(1))
    assert found[3].shape == (200, 3)
    assert np.abs(np.median(found[24], axis=0) - 40).max() <= 1


def test_a_straight_line_goes_on_where_a_flat_one_stands_still():
    panel = panel_of(np.stack([100 + 2 * np.arange(61), 300 - np.arange(61)], axis=1))
    assert np.median(line(panel, BY, (12,), 200, np.random.default_rng(1))[12], axis=0) == pytest.approx([244, 228])
    assert np.median(flat(panel, BY, (12,), 200, np.random.default_rng(1))[12], axis=0) == pytest.approx([220, 240])


def test_a_flat_line_takes_its_intervals_from_its_own_past_errors():
    rng = np.random.default_rng(2)
    quiet = panel_of(1_000 + rng.integers(-5, 6, (97, 4)))
    wild = panel_of(1_000 + rng.integers(-50, 51, (97, 4)))
    spread = [np.ptp(flat(one, BY, (12,), 200, rng)[12], axis=0).mean() for one in (quiet, wild)]
    assert spread[1] == pytest.approx(10 * spread[0], rel=0.3)


def test_larger_cells_have_wider_intervals():
    rng = np.random.default_rng(3)
    sizes = np.array([25, 2_500])
    panel = panel_of(np.maximum(sizes + np.sqrt(sizes) * rng.normal(0, 1, (97, 2)), 0).round().astype(int))
    spread = np.ptp(flat(panel, BY, (12,), 200, rng)[12], axis=0)
    assert spread[1] > 5 * spread[0]


def test_a_markov_model_that_is_right_covers_what_it_says():
    # 120 areas in four panels; the standard error of a coverage of 0.8 is 0.037.
    shares, widths = [], []
    for seed in range(4):
        whole = in_balance(seed)
        found = markov(whole.upto(96), BY, (12,), 400, np.random.default_rng(seed))[12]
        truth = whole.series(BY)[108]
        shares.append(covered(found, truth, 0.8).mean())
        widths.append(found.std())
    assert np.mean(shares) == pytest.approx(0.8, abs=0.11)
    # Given the stock, twelve months on: variance is a binomial's and a Poisson's, 50 p (1 - p) + 50 (1 - p) with
    # p = 0.9 ** 12 = 0.28: 46, a deviation of 6.8; areas add their own stock, and rates some noise.
    assert 6.5 < np.mean(widths) < 9.5


def test_the_spread_of_a_markov_model_is_that_of_its_draws():
    panel = in_balance(5, areas=6)
    drawn = _markov_draws(panel, BY, 12, 24, 20_000, np.random.default_rng(1))
    mean, deviation = _markov_spread(panel, BY, 12, 24, 20_000, np.random.default_rng(2))
    assert mean == pytest.approx(drawn.mean(axis=0), rel=0.01)
    assert deviation == pytest.approx(drawn.std(axis=0), rel=0.03)


def test_markov_steps_by_the_day_as_the_peer_does():
    # One person in thirty leaves a month, from a hundred, and nobody comes: daily rate 1/30/30.4375, for 365 days.
    entries = np.zeros((24, 1, 1, 1), np.int64)
    leavers = np.zeros((24, 1, 1, 1, 2), np.int64)
    leavers[..., 1] = 3_000
    panel = panel_of(np.full((25, 1), 90_000), entries, leavers)
    found = markov(panel, BY, (12,), 400, np.random.default_rng(1))[12]
    assert found.mean() == pytest.approx(90_000 * (1 - 1 / 30 / 30.4375) ** 365, rel=0.01)


@pytest.mark.parametrize("name", ["flat line", "straight line"])
def test_too_short_a_history_is_refused(name):
    with pytest.raises(CallError, match="12 months of history are too few"):
        BASELINES[name](panel_of(np.full((13, 2), 9)), BY, (24,), 50, np.random.default_rng(1))


def test_a_history_shorter_than_the_horizon_lends_its_errors_grown_as_a_walk_grows():
    rng = np.random.default_rng(4)
    panel = panel_of(1_000 + rng.integers(-20, 21, (25, 8)))  # errors up to 12 months ahead, all alike
    spread = {h: np.ptp(found, axis=0).mean() for h, found in flat(panel, BY, (12, 48), 200, rng).items()}
    assert spread[48] == pytest.approx(2 * spread[12], rel=0.25)
