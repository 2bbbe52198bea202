from __future__ import annotations

import pytest

from careshape.bench.goals import Goal


@pytest.mark.parametrize(
    ("goal", "value", "said"),
    [
        (Goal("ratio is", high=2.0), 2.0, []),  # a bound belongs to what is wanted
        (Goal("ratio is", high=2.0), 2.01, ["ratio is 2.01; the goal is at most 2"]),
        (Goal("ratio is", low=8.0, form=".1f"), 7.9, ["ratio is 7.9; the goal is at least 8"]),
        (Goal("covered", low=0.76, high=0.84, form=".1%", bound_form=".0%"), 0.8, []),
        (
            Goal("covered", low=0.76, high=0.84, form=".1%", bound_form=".0%"),
            0.85,
            ["covered 85.0%; the goal is 76% to 84%"],
        ),
    ],
)
def test_goal_is_met_or_said_in_words(goal, value, said):
    assert goal.missed(value) == goal.failed(value) == said


def test_figure_outside_a_goal_by_less_than_its_slack_is_not_missed():
    goal = Goal("covered", low=0.76, high=0.84)
    assert goal.missed(0.75, slack=0.02) == goal.missed(0.85, slack=0.02) == []
    assert goal.missed(0.73, slack=0.02) != []


@pytest.mark.parametrize(("goal", "slow", "failing"), [
    (Goal("took", high=1.0, tolerance=3), 2.9, 3.1),
    (Goal("rows a second are", low=300, tolerance=3), 101, 99),
])  # fmt: skip
def test_goal_with_a_tolerance_is_missed_at_once_and_fails_beyond_it(goal, slow, failing):
    assert goal.missed(slow) != []
    assert goal.failed(slow) == []
    assert goal.failed(failing) == goal.missed(failing) != []
