from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError, InputError
from careshape.evaluate.forecast import Spells
from careshape.ledger.columns import OPEN_DAY

GOOD = {
    "person": [1, 2],
    "area": [0, 0],
    "group": [0, 0],
    "service": [0, 1],
    "start": [100, 200],
    "end": [150, OPEN_DAY],
    "window": (90, 400),
    "areas": ("a",),
    "groups": ("g",),
    "services": ("one", "two"),
}


def test_ids_do_as_well_as_indexes():
    assert Spells.from_arrays(**(GOOD | {"service": ["one", "two"]})).service.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"end": [99, OPEN_DAY]}, r"Row 0: the stay ends on 1970-04-10, before it starts on 1970-04-11"),
        ({"person": [1, 1], "service": [0, 0], "end": [200, 300]}, "Rows 0 and 1 .* overlap"),  # both there on day 200
        ({"service": [0, 2]}, "service 2, but there are 2"),
        ({"service": ["one", "three"]}, "The service 'three' is not in the list: one, two"),
        ({"person": [1]}, "person has 1 rows where start has 2"),
        ({"window": (400, 90)}, "ends .* before it begins"),
        ({"birth_month": [0, 1940]}, "Row 1: birth_month is 1940"),  # a year where a month ordinal belongs
        ({"weekly_cost": [1, -1]}, "weekly_cost below 0"),
    ],
)
def test_rows_that_cannot_be_are_refused_with_the_row_and_the_rule(fault, says):
    with pytest.raises(InputError, match=says):
        Spells.from_arrays(**(GOOD | fault))


def test_two_services_at_once_and_stays_on_consecutive_days_are_right():
    Spells.from_arrays(**(GOOD | {"person": [1, 1], "end": [300, 300]}))  # two services
    Spells.from_arrays(**(GOOD | {"person": [1, 1], "service": [0, 0], "end": [199, 300]}))  # one after the other


def test_stock_counts_first_and_last_days_and_each_service_of_a_person(one_stay):
    spells = one_stay((1, 0, "2020-03-01", "2020-03-10"), (1, 1, "2020-03-10", None))
    days = [
        int(np.datetime64(day, "D").astype(int)) for day in ("2020-02-29", "2020-03-01", "2020-03-10", "2020-03-11")
    ]
    assert spells.stock(days, ("service",)).tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    assert spells.stock(days, ()).ravel().tolist() == [0, 1, 2, 1]
    assert [cell["service"] for cell in spells.cells(("service",))] == ["one", "two", "three"]


def test_until_forgets_what_came_later(one_stay):
    spells = one_stay((1, 0, "2020-03-01", "2020-06-10"), (2, 0, "2020-07-01", None))
    known = spells.until(int(np.datetime64("2020-05-31", "D").astype(int)))
    assert known.person.tolist() == [1]
    assert known.end.tolist() == [OPEN_DAY]
    with pytest.raises(CallError, match="2019-12-31 is outside of the days that the records cover"):
        spells.until(int(np.datetime64("2019-12-31", "D").astype(int)))


def test_split_by_what_a_forecast_does_not_have_is_refused(one_stay):
    spells = one_stay((1, 0, "2020-03-01", None))
    with pytest.raises(CallError, match=r"cannot be split by 'provider'\. Choose from service, group, area"):
        spells.cells(("provider",))
    with pytest.raises(CallError, match="twice"):
        spells.cells(("area", "area"))
