from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast.conventions import constant_rates
from careshape.evaluate.forecast.spells import Spells
from careshape.ledger.columns import OPEN_DAY

YOUNG, OLD = 0, 1
HOME, HOUSE = 0, 1


def stays(*rows: tuple[int, int, int, int, int]) -> Spells:
    """Stays of (person, bracket, service, first day, last day) in records of days 0 to 100."""
    person, group, service, start, end = np.array(rows).T
    return Spells.from_arrays(
        person=person,
        area=np.zeros(len(rows), int),
        group=group,
        service=service,
        start=start,
        end=end,
        window=(0, 100),
        areas=("whole",),
        groups=("young", "old"),
        services=("home", "house"),
    )


def test_a_rate_is_the_mean_of_daily_shares_and_an_empty_day_counts_as_nought():
    # Days 11 to 14 of reference. Person 1 is alone at home and leaves care on day 13 (last day 12): share 1 of 1; on
    # the other days nobody leaves, and on day 14 nobody is there. Mean over four days: 1/4.
    found = constant_rates(stays((1, YOUNG, HOME, 0, 12), (2, OLD, HOUSE, 0, OPEN_DAY)), (11, 14), (None, None))
    assert found.transition[0].tolist() == [0.75, 0, 0, 0]
    assert found.transition[3].tolist() == [0, 0, 0, 1]
    assert found.stock.tolist() == [0, 0, 0, 1]


def test_a_move_keeps_the_bracket_of_the_stay_that_ended():
    # Two at home on every day before; one of them goes on to the house on day 12, when the return calls it old.
    # Shares: 0, 1/2, 0 over days 11 to 13.
    rows = stays((1, YOUNG, HOME, 0, 11), (1, OLD, HOUSE, 12, OPEN_DAY), (2, YOUNG, HOME, 0, OPEN_DAY))
    found = constant_rates(rows, (11, 13), (None, None))
    assert found.transition[0] == pytest.approx([5 / 6, 1 / 6, 0, 0])
    assert found.entries.sum() == 0
    assert found.stock.tolist() == [1, 0, 0, 1]


def test_a_stay_that_goes_on_in_the_same_service_is_no_event():
    rows = stays((1, YOUNG, HOME, 0, 11), (1, YOUNG, HOME, 12, OPEN_DAY))
    found = constant_rates(rows, (11, 13), (None, None))
    assert found.transition[0, 0] == 1
    assert found.entries.sum() == 0


def test_a_gap_of_a_day_is_an_end_and_an_entry():
    rows = stays((1, YOUNG, HOME, 0, 11), (1, YOUNG, HOUSE, 13, OPEN_DAY), (2, YOUNG, HOME, 0, OPEN_DAY))
    found = constant_rates(rows, (11, 13), (None, None))
    assert found.transition[0] == pytest.approx([5 / 6, 0, 0, 0])
    assert found.entries.tolist() == [0, 1 / 2, 0, 0]  # one over the days from 11 to 13


def test_children_grow_out_of_a_bracket_at_a_constant_rate():
    found = constant_rates(stays((1, YOUNG, HOME, 0, OPEN_DAY), (2, OLD, HOME, 0, OPEN_DAY)), (10, 20), (4, 10))
    assert found.transition[0] == pytest.approx([3 / 4, 0, 1 / 4, 0])
    assert found.transition[2] == pytest.approx([0, 0, 9 / 10, 0])  # the oldest leave
    # after two days: 1 * (3/4)^2 young; old: 0.9 * (0.9 * 1 + 0.25) + 0.25 * 0.75
    assert found.mean(2)[2] == pytest.approx([9 / 16, 0, 0.9 * 1.15 + 0.1875, 0])
    rows = found.rows(2)
    assert [row["value"] for row in rows] == pytest.approx(found.mean(2)[2].tolist())
    assert "cs-demand-model" in rows[0]["method"]


@pytest.mark.parametrize(
    ("reference", "ageing"),
    [
        ((10, 10), (None, None)),  # one day has no change
        ((90, 101), (None, None)),  # beyond the records
        ((10, 20), (None,)),  # a bracket without its length
    ],
)
def test_rates_refuse_what_they_cannot_rest_on(reference, ageing):
    with pytest.raises(CallError):
        constant_rates(stays((1, YOUNG, HOME, 0, 50)), reference, ageing)
