from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.forecast.drift import Grid, Levels
from careshape.evaluate.forecast.paths import DRIFT_MARGIN, DRIFT_REACH, _averaged, level_paths, stretches

DRAWS = 20_000


def levels(drift: float, swing: float = 0.0, keep: float = 1.0, swung: float = 0.0) -> Levels:
    """One series of known movement and level: its mean is that of its swing, and nothing else is uncertain."""
    grid = Grid(*(np.array([one]) for one in (drift, swing, keep, 0.0, 1.0)))
    known, none = np.full((1, 1), 1e9), np.zeros((1, 1))
    return Levels(grid, np.ones((1, 1)), known, np.full((1, 1), np.exp(swung)), np.full((1, 1), swung), none, none)


def drawn(found: Levels, months: int) -> np.ndarray:
    """[month, draw] levels over their course; a month within a stretch has that of its whole."""
    lengths = stretches(months, 1.0)
    rng, stay = np.random.default_rng(1), np.array([0.9])
    return np.repeat(level_paths(found, np.array([0]), lengths, 1.0, DRAWS, rng, stay)[:, 0], lengths, axis=0)


def test_small_drift_spreads_with_the_root_of_time():
    """0.02 a month, times the margin: after two years sqrt(24) times that, less a hundredth or two for what returns."""
    spread = np.log(drawn(levels(0.02), 24)).std(axis=1)
    assert spread[0] == pytest.approx(0.02 * DRIFT_MARGIN, rel=0.03)
    assert spread[23] == pytest.approx(0.02 * DRIFT_MARGIN * np.sqrt(24), rel=0.05)


def test_no_drift_goes_further_than_its_reach():
    """A drift of a tenth a month would have spread over 1.5 after ten years."""
    spread = np.log(drawn(levels(0.1), 120)).std(axis=1)
    assert spread[0] == pytest.approx(0.1 * DRIFT_MARGIN, rel=0.03)
    assert spread[119] == pytest.approx(DRIFT_REACH, rel=0.05)


def test_swing_goes_back_and_others_come():
    """Half of today's swing is gone in three months; the spread about its course is soon that of any swing, 0.2."""
    keep = 0.5 ** (1 / 3)
    found = levels(1e-9, 0.2 * np.sqrt(1 - keep**2), keep, swung=0.4)
    assert found.course(np.array([0.0, 3.0, 60.0]))[:, 0] == pytest.approx(np.exp([0.4, 0.2, 0.0]), rel=1e-4)
    paths = drawn(found, 48)
    assert np.log(paths).std(axis=1)[[2, 47]] == pytest.approx([0.2 * np.sqrt(1 - keep**6), 0.2], rel=0.03)


@pytest.mark.parametrize("found", [levels(0.05), levels(0.01, 0.1, 0.8, swung=-0.3)], ids=["drift", "swing"])
def test_paths_have_a_mean_of_one(found):
    """Steps are of mean one, on their own months and on those that later blocks hold."""
    assert drawn(found, 60).mean(axis=1) == pytest.approx(np.ones(60), abs=0.02)


def test_stretches_are_months_for_a_year_then_quarters_then_half_years():
    assert stretches(50, 1.0).tolist() == [1] * 12 + [3] * 8 + [6, 6, 2]
    assert stretches(14, 1.0).tolist() == [1] * 12 + [2]
    by_day = stretches(1_300, 12 / 365.25).tolist()
    assert by_day[:365] == [1] * 365
    assert by_day[365:] == [91] * 8 + [3, 183, 21]


def test_what_months_have_apart_averages_out_over_those_whose_people_are_still_there():
    """Over all six where all stay; of two where half stay, (1 + 1/2)^2 over (1 + 1/4); over the last where all go."""
    found = _averaged(np.array([1.0, 0.5, 0.0]), np.array([1, 2, 6]))
    assert found[0] == pytest.approx([1, 1, 1])
    assert found[1] == pytest.approx([2, 1.8, 1])
    assert found[2, [0, 2]] == pytest.approx([6, 1])
