from __future__ import annotations

import numpy as np
import pytest

from careshape.matching import Week, check
from careshape.matching.check import Proof
from tests.matching.brute import best, small_week

# Two requests of 1 hour; both may go to p0, the second to p1 as well. p0 has 1 hour, p1 has 1 hour.
WEEK = Week(
    ("r0", "r1"), ("p0", "p1"), np.array([[0, -1], [0, 1]]), np.array([[50, 0], [40, 30]]),
    np.array([100, 100]), np.array([100, 100]),
)  # fmt: skip
PROOF = Proof("requests", (50, 30))


def test_a_plan_is_worth_what_its_pairs_are_worth():
    # The best: r0 to p0, r1 to p1: 50 + 30. Prices 50 and 30 leave nothing above them but 10 for p0 with r1.
    judged = check(WEEK, (0, 1), PROOF)
    assert (judged.value, judged.bound, judged.faults) == (80, 90, ())
    assert judged.gap == pytest.approx(1 / 9)
    assert check(WEEK, (0, 1), Proof("requests", (50, 40))).bound == 90
    # An hour of p0 at 40 a hour: 0.4 a hundredth; r0 gains 10, r1 gains 30 at p1 for nothing: 40 + 10 + 30.
    assert check(WEEK, (0, 1), Proof("hours", (400, 0))).bound == 80


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((0, 0), "Provider p0 is given 200 hundredths of an hour and has 100."),
        ((1, -1), "Request r0 goes to provider 1, who may not be offered it."),
        ((0,), "The plan names 1 requests; the week has 2."),
    ],
)
def test_a_plan_that_breaks_a_limit_is_no_plan(given, said):
    assert said in check(WEEK, given, PROOF).faults


def test_a_proof_that_proves_nothing_is_found_out():
    assert check(WEEK, (0, 1), Proof("requests", (-50, 30))).faults


@pytest.mark.parametrize("kind", ["hours", "requests"])
def test_any_prices_at_all_prove_a_bound(kind):
    rng = np.random.default_rng(7)
    for seed in range(30):
        week = small_week(seed)
        count = len(week.providers) if kind == "hours" else len(week.requests)
        prices = tuple(rng.integers(0, 500 if kind == "hours" else 80, count).tolist())
        nothing = (-1,) * len(week.requests)
        assert check(week, nothing, Proof(kind, prices)).bound >= best(week)
