from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.cost.funnel import exact_limits, funnel, overdispersion


def test_exact_poisson_limits_interpolate_between_counts() -> None:
    # Four events expected of four people. P(0) = e^-4 = 0.018316, P(<=1) = 5 e^-4 = 0.091578: the count 1 is the first
    # above 2.5%, less (0.091578 - 0.025) / (0.091578 - 0.018316) = 0.908772, so 0.091228 events.
    # P(<=7) = 0.948866, P(<=8) = 0.978637: 8 - (0.978637 - 0.975) / 0.029770 = 7.877836 events.
    low, high = exact_limits("rate", 1.0, np.array([4.0]), 0.05)
    assert low[0] * 4 == pytest.approx(0.091228, abs=1e-4)
    assert high[0] * 4 == pytest.approx(7.877836, abs=1e-4)


def test_exact_binomial_limits_interpolate_between_counts() -> None:
    # Ten tosses: P(<=1) = 11/1024, P(<=2) = 56/1024. 2 - (56/1024 - 0.025) / (45/1024) = 1.324444 of 10; above:
    # P(<=7) = 968/1024, P(<=8) = 1013/1024: 8 - (1013/1024 - 0.975) / (45/1024) = 7.675556 of 10.
    low, high = exact_limits("proportion", 0.5, np.array([10.0]), 0.05)
    assert low[0] == pytest.approx(0.1324444, abs=1e-6)
    assert high[0] == pytest.approx(0.7675556, abs=1e-6)


def test_exact_limits_close_in_as_councils_grow() -> None:
    low, high = exact_limits("rate", 0.005, np.array([1e3, 1e5, 1e7]), 0.002)
    assert np.all(np.diff(low) > 0)
    assert np.all(np.diff(high) < 0)
    # 500 expected: 3.09 deviations of sqrt(500) = 22.36 either side, about.
    assert low[1] * 1e5 == pytest.approx(500 - 3.09 * 22.36, abs=3)


def test_overdispersion_by_hand() -> None:
    # Twenty z-scores of 2 and -2: phi = 4. With a deviation of 0.1 each weight is 100:
    # tau2 = (20 * 4 - 19) / (2000 - 200000 / 2000) = 61 / 1900.
    phi, tau2 = overdispersion(np.array([2.0, -2.0] * 10), np.full(20, 0.1))
    assert phi == pytest.approx(4)
    assert tau2 == pytest.approx(61 / 1900)
    # No more than chance: nothing is added.
    assert overdispersion(np.array([0.5, -0.5] * 10), np.full(20, 0.1)) == (pytest.approx(0.25), 0.0)


def test_overdispersion_is_not_moved_by_one_odd_council() -> None:
    usual = np.array([1.0, -1.0] * 25)
    odd = usual.copy()
    odd[0] = 50.0
    assert overdispersion(odd, np.full(50, 0.1))[0] == pytest.approx(overdispersion(usual, np.full(50, 0.1))[0])


def test_funnel_widens_where_councils_truly_differ() -> None:
    generator = np.random.default_rng(7)
    people = generator.uniform(2e4, 3e5, 150)
    rates = generator.gamma(25, 0.005 / 25, 150)  # a fifth of the mean either side
    found = funnel("rate", generator.poisson(rates * people).astype(float), people)
    assert found is not None
    assert found.tau2 > 0
    # Uncorrected, many of these would be called unusual though the group has only its usual spread.
    assert found.share_outside_uncorrected > 0.2
    low, high = found.limits["99.8"]
    outside = np.mean((rates < low) | (rates > high))
    assert outside <= 0.02
    assert "without it" in found.summary()


def test_funnel_of_chance_alone_is_exact() -> None:
    generator = np.random.default_rng(11)
    people = generator.uniform(2e4, 3e5, 150)
    found = funnel("rate", generator.poisson(0.005 * people).astype(float), people)
    assert found is not None
    # Chance can leave a little; it must not blow the funnel up.
    assert found.phi < 1.3
    low, high = found.limits["95"]
    assert np.all(low < found.target)
    assert np.all(high > found.target)


def test_funnel_of_proportions_stays_within_nought_and_one() -> None:
    generator = np.random.default_rng(3)
    base = generator.integers(20, 400, 60).astype(float)
    hits = generator.binomial(base.astype(int), generator.beta(8, 2, 60)).astype(float)
    found = funnel("proportion", hits, base)
    assert found is not None
    for low, high in found.limits.values():
        assert np.all((low >= 0) & (high <= 1) & (low <= high))


def test_no_funnel_of_few_councils() -> None:
    assert funnel("rate", np.ones(9), np.full(9, 100.0)) is None
    assert funnel("proportion", np.full(12, 100.0), np.full(12, 100.0)) is None  # all have all: nothing varies


@pytest.mark.parametrize(
    ("kind", "numerators"),
    [("rate", [48.0, 52.0, 50.0, 49.0, 51.0] * 4), ("proportion", [5.0, 95.0, 50.0, 20.0, 80.0] * 4)],
)
def test_limits_at_the_councils_sizes_are_those_of_the_councils(kind, numerators) -> None:
    sizes = np.linspace(100.0, 1000.0, 20)
    found = funnel(kind, np.array(numerators), sizes)
    assert found is not None
    again = found.at(sizes)
    for name, (low, high) in found.limits.items():
        assert again[name][0] == pytest.approx(low)
        assert again[name][1] == pytest.approx(high)
    # and between them, the larger the closer
    low, high = found.at(np.array([150.0, 1500.0, 15000.0]))["99.8"]
    assert np.all(np.diff(high - low) < 0)
