from __future__ import annotations

import numpy as np
import pytest

from careshape.evaluate.forecast import FitSettings
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.counting import FAR, over_time, see, segments, shape_of

ORIGIN = int(np.datetime64("2021-12-31", "D").astype(int))
SETTINGS = FitSettings(duration_bands=(0, 1, 3))
BANDS = np.asarray(SETTINGS.duration_bands)


def counted(spells, settings=SETTINGS):
    shape = shape_of(spells, settings, len(settings.duration_bands))
    seen = see(spells, Census(ORIGIN, "month"), settings, shape)
    return seen, segments(seen, BANDS, shape, -23), shape


def exposure(parts, shape):
    """People at risk times months, by age band and duration band."""
    found = np.zeros((shape.ages, shape.durations))
    np.add.at(found, (parts.age, parts.duration), parts.high - parts.low)
    return found


def test_month_ends_stay_month_ends_and_other_days_keep_theirs():
    census = Census(ORIGIN, "month")
    assert [str(np.datetime64(census.day(k), "D")) for k in (-1, -10, 2)] == ["2021-11-30", "2021-02-28", "2022-02-28"]
    middle = Census(int(np.datetime64("2021-01-30", "D").astype(int)), "month")
    assert [str(np.datetime64(middle.day(k), "D")) for k in (1, 2)] == ["2021-02-28", "2021-03-30"]


def test_stay_is_at_risk_on_each_month_end_by_time_in_the_service(one_stay):
    """10 Feb to 20 Aug 2020: there on six month ends, February (month 0 of the stay) to July (month 5)."""
    seen, parts, shape = counted(one_stay((1, 0, "2020-02-10", "2020-08-20")))
    assert (seen.first[0], seen.gone[0]) == (-22, -16)
    assert exposure(parts, shape)[-1].tolist() == [1, 2, 3]


def test_stay_that_began_before_the_records_keeps_its_true_time(one_stay):
    """There since 10 years: at risk in the longest band alone, in the 23 months between 24 month ends."""
    _, parts, shape = counted(one_stay((1, 0, "2010-02-10", None)))
    assert exposure(parts, shape)[-1].tolist() == [0, 0, 23]


def test_stay_between_two_month_ends_is_not_seen(one_stay):
    seen, _, _ = counted(one_stay((1, 0, "2020-02-10", "2020-02-20"), (2, 0, "2020-01-01", None)))
    assert seen.row.tolist() == [1]


def test_birthday_moves_a_person_to_the_next_age_band(one_stay):
    """Born in June 1955: 65 from June 2020. Of 23 months at risk from January 2020, five end before 30 June 2020."""
    spells = one_stay((1, 0, "2019-12-01", None), birth_month=[1955 * 12 + 5])
    _, parts, shape = counted(spells)
    found = exposure(parts, shape).sum(axis=1)
    assert found.tolist() == [0, 5, 18, 0, 0, 0]  # 0-17, 18-64, 65-74, 75-84, 85+, unknown


def test_end_is_a_move_where_another_service_starts_within_a_week(one_stay):
    rows = [(1, 0, "2020-02-10", "2020-05-20"), (1, 1, "2020-05-25", None)]
    seen, _, _ = counted(one_stay(*rows))
    assert seen.next_service.tolist() == [1, -1]
    assert seen.moved_in.tolist() == [False, True]


@pytest.mark.parametrize(
    "second",
    [
        (1, 1, "2020-06-10", None),  # three weeks later
        (2, 1, "2020-05-21", None),  # another person
        (1, 1, "2020-02-01", None),  # held beside it from before
        (1, 1, "2020-05-18", "2020-05-20"),  # ends on the same day, and no month end sees it
    ],
)
def test_end_is_no_move_otherwise(one_stay, second):
    seen, _, _ = counted(one_stay((1, 0, "2020-02-10", "2020-05-20"), second))
    assert (seen.next_service == -1).all()
    assert not seen.moved_in.any()


def test_one_stay_is_entered_by_the_nearest_end_only(one_stay):
    rows = [(1, 0, "2020-02-10", "2020-05-20"), (1, 2, "2020-02-10", "2020-05-22"), (1, 1, "2020-05-23", None)]
    seen, _, _ = counted(one_stay(*rows))
    assert seen.next_service.tolist() == [-1, 1, -1]


def test_move_between_areas_is_an_end_and_an_entry(one_stay):
    rows = [(1, 0, "2020-02-10", "2020-05-20"), (1, 1, "2020-05-21", None)]
    seen, _, _ = counted(one_stay(*rows, area=[0, 1], areas=("a", "b")))
    assert seen.next_service.tolist() == [-1, -1]


def test_open_stay_never_ends_and_running_sums_are_stocks(one_stay):
    spells = one_stay((1, 0, "2020-02-10", "2020-05-20"), (2, 0, "2020-04-01", None))
    seen, parts, shape = counted(spells)
    assert seen.gone[1] == FAR
    series = over_time(parts.leaf, shape.leaves, parts.low, parts.high, -23)[0]
    month_ends = [Census(ORIGIN, "month").day(k) for k in range(-23, 0)]
    assert series.tolist() == spells.stock(month_ends, ()).ravel().tolist()
