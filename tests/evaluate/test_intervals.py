"""Names and quantiles of limits."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from careshape.evaluate.intervals import QUANTILES, WITH_MEDIAN, Z_80, Z_95, bounds


def test_limits_are_the_ends_of_the_middle_95_and_80_percent():
    for level in (80, 95):
        assert QUANTILES[f"upper_{level}"] - QUANTILES[f"lower_{level}"] == pytest.approx(level / 100)
        assert QUANTILES[f"lower_{level}"] + QUANTILES[f"upper_{level}"] == pytest.approx(1)
    assert list(WITH_MEDIAN) == ["lower_95", "lower_80", "median", "upper_80", "upper_95"]
    assert pytest.approx(NormalDist().inv_cdf(QUANTILES["upper_95"]), abs=1e-12) == Z_95
    assert pytest.approx(NormalDist().inv_cdf(QUANTILES["upper_80"]), abs=1e-12) == Z_80


def test_bounds_by_cell_and_none_where_a_draw_is_no_number():
    draws = np.stack([np.arange(201), np.full(201, 7)], axis=1)
    assert bounds(draws) == [
        {"lower_95": 5.0, "lower_80": 20.0, "upper_80": 180.0, "upper_95": 195.0},
        dict.fromkeys(QUANTILES, 7.0),
    ]
    assert bounds(np.arange(201), median=True)[0]["median"] == 100
    assert bounds(np.array([1.0, math.nan])) == [dict.fromkeys(QUANTILES)]
    assert bounds(np.zeros((0, 2)), median=True) == [dict.fromkeys(WITH_MEDIAN)] * 2
