from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast.engine import propagate

STOCK = np.array([100.0, 40.0])
MOVE = np.array([[1 - 0.002 - 0.003, 0.002], [0.004, 1 - 0.004 - 0.005]])
ENTRIES = np.array([0.3, 0.1])


@pytest.fixture(scope="module")
def course():
    return propagate(STOCK, None, MOVE, ENTRIES, 1825)


# The two-state example of which three programs were compared: leavers of 0.003 and 0.005 a day, moves of 0.002 and
# 0.004, 0.3 and 0.1 entrants. The exact standard deviations of the first state were worked out independently of us.
@pytest.mark.parametrize(("days", "deviation"), [(30, 4.89), (365, 9.12), (730, 9.21), (1825, 9.15)])
def test_spread_equals_the_known_two_state_example(course, days, deviation):
    assert round(float(np.sqrt(course[1][days, 0, 0])), 2) == deviation


def test_mean_and_covariance_equal_simulation_within_its_error():
    """8,000 simulated histories: bounds are four standard errors of a mean and of a covariance of normal variables."""
    rng = np.random.default_rng(7)
    histories, days = 8_000, 60
    people = np.tile(STOCK.astype(np.int64), (histories, 1))
    for _ in range(days):
        moved = [rng.multinomial(people[:, i], [*MOVE[i], 1 - MOVE[i].sum()]) for i in range(2)]
        people = moved[0][:, :2] + moved[1][:, :2] + rng.poisson(ENTRIES, (histories, 2))
    means, covs = propagate(STOCK, None, MOVE, ENTRIES, days)
    cov = covs[-1]
    assert np.all(np.abs(people.mean(axis=0) - means[-1]) < 4 * np.sqrt(np.diag(cov) / histories))
    error = np.sqrt((np.outer(np.diag(cov), np.diag(cov)) + cov**2) / histories)
    assert np.all(np.abs(np.cov(people.T) - cov) < 4 * error)


def test_two_steps_by_hand():
    """One state, 10 people, a half leave each step, 3 come: variances 10/4 + 3, then a quarter of it + 8/4 + 3."""
    means, covs = propagate([10.0], None, [[0.5]], [3.0], 2)
    assert means[:, 0].tolist() == [10, 8, 7]
    assert covs[:, 0, 0].tolist() == [0, 2.5 + 3, 5.5 / 4 + 2 + 3]


def test_spread_of_the_start_is_carried_on():
    """A start known to a variance of 16 adds a quarter of it after a step in which half leave."""
    known = propagate([10.0], None, [[0.5]], [0.0], 1)[1][1, 0, 0]
    unsure = propagate([10.0], [[16.0]], [[0.5]], [0.0], 1)[1][1, 0, 0]
    assert unsure - known == pytest.approx(4.0)


def test_several_populations_and_changing_steps_are_carried_together():
    moves = np.stack([MOVE, MOVE @ MOVE])[:, None]
    means, covs = propagate(np.stack([STOCK, 2 * STOCK]), None, moves, ENTRIES, 2)
    alone = propagate(propagate(STOCK, None, MOVE, ENTRIES, 1)[0][1], propagate(STOCK, None, MOVE, ENTRIES, 1)[1][1],
                      MOVE @ MOVE, ENTRIES, 1)  # fmt: skip
    assert means[2, 0] == pytest.approx(alone[0][1])
    assert covs[2, 0] == pytest.approx(alone[1][1])
    assert covs[2, 1, 0, 0] > covs[2, 0, 0, 0]


@pytest.mark.parametrize(
    ("move", "entries", "steps", "says"),
    [
        ([[1.2]], [0.0], 1, "outside of 0 to 1"),  # a share above 1
        ([[-0.1]], [0.0], 1, "outside of 0 to 1"),  # a share below 0
        ([[float("nan")]], [0.0], 1, "outside of 0 to 1"),
        ([[0.6, 0.6], [0, 1]], [0.0, 0.0], 1, "sum to 1.2000"),  # more leave a state than there are
        ([[0.5]], [-1.0], 1, "below 0"),
        ([[0.5]], [1.0], 0, "0 steps"),
    ],
)
def test_impossible_chain_is_refused_with_a_sentence(move, entries, steps, says):
    with pytest.raises(CallError, match=says):
        propagate(np.ones(len(move)), None, move, entries, steps)
