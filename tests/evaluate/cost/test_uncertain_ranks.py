from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.cost.uncertain_ranks import (
    RankInterval,
    draw_counts,
    draw_normal,
    error_from_change,
    rank_intervals,
)


def test_rank_intervals_of_certain_figures_are_their_ranks() -> None:
    drawn = np.tile(np.array([3.0, 1.0, 2.0]), (50, 1))
    assert rank_intervals(drawn) == [RankInterval(3, 3, 3), RankInterval(1, 1, 3), RankInterval(2, 2, 3)]
    assert rank_intervals(drawn, "up")[0] == RankInterval(1, 1, 3)


def test_rank_intervals_of_equal_chances_span_the_places() -> None:
    drawn = np.random.default_rng(1).normal(size=(4000, 10))
    assert all(one.low == 1 and one.high == 10 for one in rank_intervals(drawn))


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_rank_intervals_cover_the_true_rank(kind: str) -> None:
    # 30 worlds of 100 councils whose true figures are known: the share of true ranks inside of the 95% intervals.
    generator, held, of = np.random.default_rng(5), 0, 0
    for _ in range(30):
        size = generator.uniform(2e3, 2e5, 100) if kind == "rate" else generator.integers(50, 2000, 100).astype(float)
        true = generator.gamma(20, 0.005 / 20, 100) if kind == "rate" else generator.beta(20, 10, 100)
        seen = generator.poisson(true * size) if kind == "rate" else generator.binomial(size.astype(int), true)
        found = rank_intervals(draw_counts(kind, seen.astype(float), size, generator, 1000))  # type: ignore[arg-type]
        ranks = np.argsort(np.argsort(true)) + 1
        held += sum(one.low <= rank <= one.high for one, rank in zip(found, ranks, strict=True))
        of += 100
    assert 0.92 <= held / of <= 0.985


def test_small_councils_have_wider_intervals() -> None:
    generator = np.random.default_rng(2)
    size = np.array([5e2, *np.full(40, 5e4), 5e5])
    seen = np.round(size * np.linspace(0.003, 0.007, 42))
    seen[0], seen[-1] = round(5e2 * 0.005), round(5e5 * 0.005)
    found = rank_intervals(draw_counts("rate", seen, size, generator))
    assert found[0].high - found[0].low > 4 * (found[-1].high - found[-1].low)


def test_normal_draws_lie_between_figure_and_mean() -> None:
    figures, errors = np.array([10.0, 20.0, 30.0, 40.0]), np.full(4, 8.0)
    centre = draw_normal(figures, errors, np.random.default_rng(1), 20000).mean(axis=0)
    # Spread by moments: variance of the figures 500/3 = 166.7 less 64 of error = 102.7; kept 102.7 / 166.7 = 0.616.
    assert centre == pytest.approx(25 + 0.616 * (figures - 25), abs=0.2)


def test_error_from_change_takes_out_what_all_share() -> None:
    # All rise by 5%, and move 10% of log either side: MAD 0.1, times 1.4826, over the root of two.
    before = np.full(20, 100.0)
    after = 100 * np.exp(0.05 + np.array([0.1, -0.1] * 10))
    assert error_from_change(before, after) == pytest.approx(0.1 * 1.4826 / 2**0.5, rel=1e-6)
    assert error_from_change(before[:9], after[:9]) is None
    assert error_from_change(before, before * 1.05) is None  # nobody moved: nothing is known


@pytest.mark.parametrize(
    ("low", "high", "good", "words"),
    [
        (1, 25, "down", "clearly among the best quarter"),
        (76, 100, "up", "clearly among the worst quarter"),
        (1, 25, "neither", "clearly among the lowest quarter"),
        (10, 50, "neither", "clearly in the lowest half"),
        (10, 50, "up", "clearly in the better half"),
        (51, 90, "down", "clearly in the worse half"),
        (40, 60, "down", "not clearly in either half"),
    ],
)
def test_band_is_given_only_where_the_whole_interval_lies_in_it(low: int, high: int, good: str, words: str) -> None:
    assert RankInterval(low, high, 100).band(good) == words  # type: ignore[arg-type]
