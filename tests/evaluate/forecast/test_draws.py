from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.forecast import fit, forecast
from careshape.evaluate.forecast.draws import Parameters, draw_means, people_drawn
from careshape.evaluate.forecast.spread import covariances

DRAWS = 20_000


def drawn(mean: float, variance: float, whole: bool = True) -> np.ndarray:
    """Draws about one known mean."""
    noise = np.random.default_rng(1).standard_normal((1, DRAWS), dtype=np.float32)
    means = np.full((1, DRAWS), mean, np.float32)
    return people_drawn(means, np.array([mean]), np.array([[[variance]]]), noise, whole)[0]


@pytest.mark.parametrize("mean", [0.02, 0.4, 2.0, 3.9, 8.0, 60.0])
def test_poisson_people_are_whole_never_below_0_and_have_poisson_moments(mean):
    found = drawn(mean, mean)
    assert found.min() >= 0
    assert np.array_equal(found, np.round(found))
    assert found.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / DRAWS) + 0.03 * mean)
    assert found.var() == pytest.approx(mean, rel=0.08 if mean > 1 else 0.15)
    assert (found == 0).mean() == pytest.approx(np.exp(-mean), abs=0.012)


def test_people_who_are_nearly_sure_to_stay_are_drawn_near_their_number():
    """Ten people who each stay with 97%: binomial, 10 with 0.97^10 = 74%, hardly ever below 8, never above 10 but for
    rounding.
    """
    found = drawn(9.7, 10 * 0.97 * 0.03)
    assert (found == 10).mean() == pytest.approx(0.74, abs=0.05)
    assert (found < 8).mean() < 0.01
    assert (found > 10).mean() < 0.01


def test_cell_of_nobody_stays_empty():
    assert not drawn(0.0, 0.0).any()


def test_services_that_people_move_between_are_drawn_together():
    """Everybody who leaves one enters the other: what one has less, the other has more, and the total stands."""
    noise = np.random.default_rng(1).standard_normal((2, DRAWS), dtype=np.float32)
    means = np.full((2, DRAWS), 50, np.float32)
    cov = np.array([[[25.0, -25.0], [-25.0, 25.0]]])
    found = people_drawn(means, np.array([50.0, 50.0]), cov, noise, whole=True)
    assert found.var(axis=1) == pytest.approx([25, 25], rel=0.05)
    assert found.sum(axis=0).std() < 1.2


def test_draw_at_the_estimates_is_the_expected_course(council):
    """Factors of 1 must give the full projection's means in every cell and month, in months and means over a year."""
    rates = fit(council)
    made = forecast(rates, 36, draws=3)
    shape = rates.shape
    ones = Parameters(
        np.ones((shape.leaves, 3), np.float32),
        np.ones((shape.leaves, 3), np.float32),
        np.ones((shape.series, 3), np.float32),
        np.ones((36, shape.series, 3), np.float32),
        np.ones((36, shape.series, 3), np.float32),
    )
    windows = [made._window(step, flow) for step, flow in ((1, False), (36, False), (36, True))]
    for window, means in zip(windows, draw_means(rates, made._live, made.expected, ones, windows), strict=True):
        assert means[:, 0] == pytest.approx(window @ made.expected.mean, rel=1e-4)


def test_draws_with_more_entries_equal_a_projection_with_more_entries(council):
    """20% more entries throughout, by a draw and by a scenario: the same people, since entries act in proportion."""
    from careshape.evaluate.forecast import Lever, Point, Scenario

    rates = fit(council)
    made = forecast(rates, 24, draws=1)
    lever = Lever(kind="entries", path=(Point(on="2000-01-01", value=1.2),))
    more = forecast(rates, 24, draws=1, scenario=Scenario(levers=(lever,)))
    shape = rates.shape
    ones = np.ones((24, shape.series, 1), np.float32)
    factors = Parameters(
        np.full((shape.leaves, 1), 1.2, np.float32),
        np.ones((shape.leaves, 1), np.float32),
        np.ones((shape.series, 1), np.float32),
        ones,
        ones,
    )
    found = draw_means(rates, made._live, made.expected, factors, [made._window(24, False)])[0][:, 0]
    assert found == pytest.approx(more.expected.mean[24], rel=0.01)


def test_spread_of_draws_is_chance_and_rates_together(council):
    """Draws spread wider than chance alone, and their mean is the expected one."""
    made = forecast(fit(council), 24, draws=4_000)
    found = made.samples(24, ("area", "service"))
    (cov,) = covariances(made.rates, made.expected, [made._window(24, flow=False)])
    chance = np.sqrt(cov[:, [0, 1], [0, 1]].ravel())
    assert np.all(found.std(axis=0) > chance)
    assert found.mean(axis=0) == pytest.approx(made.mean(24, ("area", "service")), rel=0.03)


@pytest.mark.parametrize("measure", ["people", "nights", "yearly_cost"])
def test_mean_of_the_draws_is_the_value_that_is_printed(council, measure):
    """Ten years on as well, where long stays in some draws add more people than short ones in others take away."""
    made = forecast(fit(council), 120, draws=4_000)
    drawn = made.samples(120, ("area", "service"), measure)
    slack = 4 * drawn.std(axis=0) / np.sqrt(4_000)
    assert np.all(np.abs(drawn.mean(axis=0) - made.mean(120, ("area", "service"), measure)) <= slack)


def test_areas_share_the_level_of_their_service(council):
    """Parameter draws move the areas of a service together: their means rise and fall with one level and one drift."""
    made = forecast(fit(council), 60, draws=2_000)
    (means,) = made._draw_means([60], flow=False)
    together = np.corrcoef(means.reshape(1, 2, 2, -1)[0, :, 0])[0, 1]
    assert together > 0.5
