from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.forecast import fit, forecast
from careshape.evaluate.forecast.carry import centred, draw_means
from careshape.evaluate.forecast.draws import Parameters, people_drawn
from careshape.evaluate.forecast.paths import stretches
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


def alike(rates, lengths, entries=1.0, leaving=1.0) -> Parameters:
    """One draw in which everything is multiplied alike."""
    shape = rates.shape
    still = np.ones((len(lengths), shape.series, 1), np.float32)
    return Parameters(
        np.full((shape.leaves, 1), entries, np.float32),
        np.full((shape.leaves, 1), leaving, np.float32),
        np.ones((shape.series, 1), np.float32),
        lengths,
        still,
        still,
    )


def test_draw_at_the_estimates_is_the_expected_course(council):
    """Factors of 1 give the full projection's means in every cell: at the ends of stretches, and on days within."""
    rates = fit(council)
    made = forecast(rates, 60, draws=1)
    windows = [made._window(step, flow=False) for step in (1, 14, 23, 36, 52, 60)]
    found = draw_means(rates, made._live, made.expected, alike(rates, stretches(60, 1.0)), windows)
    for window, means in zip(windows, found, strict=True):
        assert means[:, 0] == pytest.approx(window @ made.expected.mean, rel=1e-4)


def test_mean_over_a_year_at_the_estimates_is_near_the_expected_one(council):
    """Days within a stretch are on a straight line, so that a course which bends is missed by a little."""
    rates = fit(council)
    made = forecast(rates, 60, draws=1)
    windows = [made._window(step, flow=True) for step in (12, 36, 52, 60)]
    found = draw_means(rates, made._live, made.expected, alike(rates, stretches(60, 1.0)), windows)
    for window, means in zip(windows, found, strict=True):
        assert means[:, 0] == pytest.approx(window @ made.expected.mean, rel=0.003)


@pytest.mark.parametrize(("entries", "leaving"), [(1.3, 1.0), (1.0, 1.3), (0.8, 0.7)])
def test_draw_carried_by_stretches_is_that_carried_by_months(council, entries, leaving):
    rates = fit(council)
    made = forecast(rates, 120, draws=1)
    windows = [made._window(step, flow=False) for step in (24, 36, 60, 64, 120)]
    months, long = (
        draw_means(rates, made._live, made.expected, alike(rates, lengths, entries, leaving), windows)
        for lengths in (np.ones(120, int), stretches(120, 1.0))
    )
    assert np.asarray(long) == pytest.approx(np.asarray(months), rel=0.004)
    assert np.asarray(months) != pytest.approx(
        np.asarray([w @ made.expected.mean for w in windows])[..., None], rel=0.02
    )


def test_people_whom_a_scenario_moves_within_a_stretch_are_moved_by_its_end(council):
    """They are moved step by step, but all at its end, where they are then there a little longer."""
    from careshape.evaluate.forecast import Lever, Point, Scenario

    rates = fit(council)
    one, two = rates.spells.services
    lever = Lever(kind="share", service=two, others=(one,), path=(Point(on="2000-01-01", value=0.6),))
    made = forecast(rates, 60, draws=1, scenario=Scenario(levers=(lever,)))
    windows = [made._window(step, flow=False) for step in (12, 36, 60)]
    found = draw_means(rates, made._live, made.expected, alike(rates, stretches(60, 1.0)), windows)
    assert found[0][:, 0] == pytest.approx(made.expected.mean[12], rel=1e-4)
    for window, means in zip(windows, found, strict=True):
        assert means[:, 0] == pytest.approx(window @ made.expected.mean, rel=0.05)


def test_cell_whose_people_no_draw_sees_has_their_mean_in_every_draw():
    means = np.array([[0, 0], [1, 3]], np.float32)
    assert centred(means, np.array([0.5, 4.0])).tolist() == [[0.5, 0.5], [2, 6]]


def test_draws_with_more_entries_equal_a_projection_with_more_entries(council):
    """20% more entries throughout, by a draw and by a scenario: the same people, since entries act in proportion."""
    from careshape.evaluate.forecast import Lever, Point, Scenario

    rates = fit(council)
    made = forecast(rates, 24, draws=1)
    lever = Lever(kind="entries", path=(Point(on="2000-01-01", value=1.2),))
    more = forecast(rates, 24, draws=1, scenario=Scenario(levers=(lever,)))
    factors = alike(rates, stretches(24, 1.0), entries=1.2)
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
