from __future__ import annotations

import math

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast.scores import (
    absolute_error,
    covered,
    crps,
    error,
    interval,
    mean_over,
    pinball,
    ratio_over,
)

RNG = np.random.default_rng(5)


def normal_crps(mean: float, sd: float, truth: float) -> float:
    """Closed form for a normal forecast (Gneiting and Raftery 2007, equation 21)."""
    z = (truth - mean) / sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + math.erf(z / math.sqrt(2)))
    return sd * (z * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi))


def test_crps_of_few_draws_is_the_double_sum():
    # draws 1, 3, 8 and truth 4: mean distance (3 + 1 + 4) / 3; pairs |1-3|, |1-8|, |3-8| have mean 14 / 3: half of it
    assert crps([[1.0], [3.0], [8.0]], [4.0]) == pytest.approx([8 / 3 - 14 / 6])


@pytest.mark.parametrize("truth", [90.0, 100.0, 131.5])
def test_crps_of_many_draws_comes_to_the_closed_form_of_a_normal(truth):
    draws = RNG.normal(100, 10, (200_000, 1))
    assert crps(draws, [truth])[0] == pytest.approx(normal_crps(100, 10, truth), rel=0.01)


def test_crps_is_not_biased_by_the_number_of_draws():
    few = crps(RNG.normal(0, 1, (4, 50_000)), np.zeros(50_000)).mean()
    assert few == pytest.approx(normal_crps(0, 1, 0), abs=0.008)  # standard error 0.002; with ties counted, 0.14 more


def test_crps_prefers_the_honest_spread_to_half_and_to_double():
    truth = RNG.normal(0, 1, 20_000)
    scores = [crps(RNG.normal(0, sd, (100, 20_000)), truth).mean() for sd in (0.5, 1, 2)]
    assert scores[1] < min(scores[0], scores[2])


def test_pinball_weighs_too_low_and_too_high_by_the_level():
    draws = np.zeros((3, 2))
    assert pinball(draws, [10.0, -10.0], 0.9) == pytest.approx([9.0, 1.0])
    with pytest.raises(CallError, match="between 0 and 1"):
        pinball(draws, [0.0, 0.0], 1.0)


def test_coverage_is_the_level_for_an_honest_forecast_and_less_for_halved_intervals():
    truth, draws = RNG.normal(0, 1, 20_000), RNG.normal(0, 1, (500, 20_000))
    assert covered(draws, truth, 0.8).mean() == pytest.approx(0.8, abs=0.012)
    assert covered(draws, truth, 0.95).mean() == pytest.approx(0.95, abs=0.008)
    assert covered(draws / 2, truth, 0.8).mean() < 0.5  # P(|Z| < 0.64) = 0.48


def test_an_interval_holds_its_ends():
    draws = np.linspace(0, 1, 11)[:, None]
    assert interval(draws, 0.8) == (pytest.approx([0.1]), pytest.approx([0.9]))
    assert covered(np.tile(draws, 3), [0.1, 0.9, 0.91], 0.8).tolist() == [True, True, False]


def test_whole_numbers_are_spread_over_half_a_unit_to_either_side():
    # 9, 10 and 11 with shares 0.15, 0.7, 0.15: a tenth lies below 8.5 + 0.10 / 0.15.
    draws = np.repeat([9.0, 10.0, 11.0], [15, 70, 15])[:, None]
    lower, upper = interval(draws, 0.8)
    assert (lower[0], upper[0]) == (pytest.approx(8.5 + 10 / 15), pytest.approx(11.5 - 10 / 15))


@pytest.mark.parametrize("mean", [2.0, 6.0, 20.0])
def test_an_80_percent_interval_of_small_counts_holds_80_percent(mean):
    rng = np.random.default_rng(8)
    means = rng.gamma(20.0, mean / 20.0, 4_000)
    draws, truth = rng.poisson(means, (400, 4_000)), rng.poisson(means)
    assert covered(draws, truth, 0.8).mean() == pytest.approx(0.8, abs=0.03)  # plain quantiles: 0.92, 0.88, 0.84
    assert covered(draws, truth, 0.95).mean() == pytest.approx(0.95, abs=0.03)


def test_error_is_above_zero_where_the_forecast_was_too_high():
    assert error([[3.0], [5.0]], [1.0]) == [3.0]
    assert absolute_error([[3.0], [5.0], [9.0]], [6.0]) == [1.0]


def test_mean_over_worlds_knows_that_cells_of_a_world_go_together():
    worlds = [np.full(100, value) for value in (0.0, 1.0, 0.0, 1.0)]
    found = mean_over(worlds)
    assert found.value == 0.5
    assert found.standard_error == pytest.approx(np.std([0, 1, 0, 1], ddof=1) / 2)  # of four worlds, not of 400 cells
    assert mean_over([[1.0, 2.0]]).standard_error is None


def test_the_ratio_of_a_forecast_to_itself_is_one_without_error():
    found = ratio_over([3.0, 5.0], [3.0, 5.0])
    assert (found.value, found.standard_error) == (1.0, 0.0)
    with pytest.raises(CallError, match="nothing to score"):
        ratio_over([1.0], [0.0])


@pytest.mark.parametrize(
    ("draws", "truth"),
    [
        (np.zeros((1, 3)), np.zeros(3)),  # one draw has no spread
        (np.zeros((5, 3)), np.zeros(4)),  # another number of cells
        (np.zeros(5), np.zeros(5)),  # cells in place of draws
    ],
)
def test_scores_refuse_what_does_not_fit(draws, truth):
    with pytest.raises(CallError):
        crps(draws, truth)
