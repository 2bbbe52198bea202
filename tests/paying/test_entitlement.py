from __future__ import annotations

from fractions import Fraction

import pytest

from careshape.errors import CallError, InputError
from careshape.paying import (
    Absence,
    Change,
    Death,
    Ending,
    Funding,
    HandBack,
    Rate,
    Span,
    Uplift,
    day_by_day,
    entitlement,
    told,
)
from tests.paying.packages import april, line, terms, week

NIGHTS, DAYS = terms(), terms(day_count="days")
HELD = [{"reason": "hospital", "full_days": 2, "then_percent": 50, "then_days": 3}]


def owed(how, tellings, span=None):
    return entitlement(told("p", how, tellings), how, span or week(1, 4)).pence


def test_a_stay_is_a_day_longer_where_the_day_out_is_counted():
    # Monday 1 to Thursday 4 April: three nights or four days, at £100.00.
    stay = [line(last=april(4))]
    assert (owed(NIGHTS, stay), owed(DAYS, stay)) == (300_00, 400_00)
    assert owed(NIGHTS, [line(last=april(1))]) == 0
    assert owed(DAYS, [line(last=april(1))]) == 100_00


def test_two_lines_that_meet_are_one_by_nights_and_overlap_by_days():
    both = [line(last=april(4)), line("later", component="core", first=april(4), last=april(8))]
    assert owed(NIGHTS, both) == owed(NIGHTS, [line(last=april(8))])
    with pytest.raises(InputError, match="'later' and line 'core' are both 'core', and both are paid on 2024-04-04"):
        owed(DAYS, both)


def test_a_change_within_a_line_adds_no_day():
    changed = Change(id="c", known=april(1), line="core", first=april(3), price=140_000)
    # Two days at £100.00, then to the 5th: two more nights, or three more days, at £200.00.
    assert owed(NIGHTS, [line(last=april(5)), changed]) == 600_00
    assert owed(DAYS, [line(last=april(5)), changed]) == 800_00


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, 800_00),  # by nights, away the nights of 3 to 6: 2 and 8 to 12 are 7 nights; of four away 2 x 100, 2 x 50
        ({"retainers": []}, 500_00),
        ({"day_count": "days"}, 950_00),  # away on 4, 5, 6: 2 x 100, 1 x 50; there on 1 to 3 and 7 to 10: 7 x 100
        ({"day_count": "days", "retainers": []}, 700_00),
    ],
)
def test_an_absence_pays_in_full_then_a_part(how, expected):
    away = Absence(id="a", known=april(1), first=april(3), last=april(7), reason="hospital")
    assert owed(terms(**{"retainers": HELD} | how), [line(last=april(10)), away]) == expected


@pytest.mark.parametrize("how", [NIGHTS, DAYS])
def test_an_absence_without_retainer_pays_as_two_stays_do(how):
    away = Absence(id="a", known=april(1), first=april(3), last=april(7), reason="holiday")
    apart = [line(last=april(3)), line("again", component="core", first=april(7), last=april(10))]
    assert owed(how, [line(last=april(10)), away]) == owed(how, apart)


def test_an_absence_that_goes_on_comes_to_nothing_in_the_end():
    away = Absence(id="a", known=april(1), first=april(3), reason="hospital")
    # Two nights there, two in full, three at a half, then nothing.
    assert owed(terms(retainers=HELD), [line(), away]) == 550_00


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"pay_day_of_death": True}, 400_00),  # 1 to 4 April
        ({"pay_day_of_death": False}, 300_00),
        ({"pay_day_of_death": True, "day_count": "days"}, 400_00),
        ({"pay_day_of_death": False, "day_count": "days"}, 300_00),
        ({"pay_day_of_death": True, "days_after_death": 3}, 700_00),
    ],
)
def test_the_day_of_death_is_paid_by_the_terms_whichever_way_days_are_counted(how, expected):
    assert owed(terms(**how), [line(), Death(id="d", known=april(5), on=april(4))]) == expected


def test_a_death_ends_notice_and_pays_no_day_after_an_earlier_end():
    notice = Ending(id="e", known=april(2), given=april(2), on=april(3))
    died = Death(id="d", known=april(9), on=april(8))
    assert owed(terms(notice_days=10), [line(), notice]) == 1_100_00  # to 12 April, the day out
    assert owed(terms(notice_days=10), [line(), notice, died]) == 800_00
    assert owed(terms(notice_days=0, days_after_death=5), [line(), notice, died]) == 200_00


def test_notice_is_paid_from_the_council_and_until_a_provider_leaves():
    assert owed(terms(notice_days=7), [line(), Ending(id="e", known=april(9), on=april(3))]) == 200_00
    left = HandBack(id="h", known=april(2), given=april(2), on=april(5))
    assert owed(terms(notice_days=7), [line(), left]) == 400_00
    assert owed(terms(notice_days=7), [line(), HandBack(id="h", known=april(2), given=april(2))]) == 800_00


def test_an_uplift_rounds_the_new_price_to_the_penny_and_leaves_lines_to_come_alone():
    lines = [line(price=10_001), line("later", first=april(15)), line("other")]
    lift = Uplift(id="u", known=april(2), first=april(8), percent=450)
    found = entitlement(told("p", NIGHTS, [*lines, lift]), NIGHTS, week(3))
    # 10,001 pence and 4.5% are 10,451.045: £104.51.
    assert {one.line: one.stretches[0].price for one in found.entries} == {
        "core": 10_451,
        "later": 70_000,
        "other": 73_150,
    }


def test_uplifts_follow_each_other_in_the_order_of_their_days():
    first = Uplift(id="u", known=april(2), first=april(8), percent=1_000)
    dearer = Change(id="c", known=april(2), line="core", first=april(6), price=100_000)
    assert entitlement(told("p", NIGHTS, [line(), first, dearer]), NIGHTS, week(2)).pence == 1_100_00


def test_a_list_gives_the_price_of_each_day():
    old = Rate(id="r1", known=april(1), rate="zone", first=april(1), last=april(3), price=70_000)
    new = Rate(id="r2", known=april(1), rate="zone", first=april(4), price=140_000)
    assert owed(NIGHTS, [old, new, line(price=None, rate="zone")], week()) == 1_100_00
    with pytest.raises(InputError, match="'zone' has no price on 2024-04-04, when line 'core' needs one"):
        owed(NIGHTS, [old, line(price=None, rate="zone")], week())


def test_pence_are_rounded_once_a_line_and_period_half_away_from_nought():
    # A week at £0.05 for half a unit is 2.5 pence; its days are 5/14 of a penny each, and would all be nought.
    found = entitlement(told("p", NIGHTS, [line(price=5, units=50)]), NIGHTS, week(1, 2))
    assert [(one.exact, one.pence) for one in found.entries] == [(Fraction(5, 2), 3)] * 2
    assert found.pence == 6


def test_parts_come_to_the_whole_and_odd_pence_reach_the_person_last():
    thirds = Funding(council=3_334, nhs=3_333, person=3_333)
    found = entitlement(told("p", NIGHTS, [line(price=100, funding=thirds)]), NIGHTS, week())
    assert found.entries[0].parts == {"council": 34, "nhs": 33, "person": 33}
    halves = Funding(council=0, nhs=5_000, person=5_000)
    assert entitlement(told("p", NIGHTS, [line(price=101, funding=halves)]), NIGHTS, week()).parts == {
        "council": 0,
        "nhs": 51,
        "person": 50,
    }


def test_who_pays_may_change_within_a_period():
    nhs = Change(id="c", known=april(1), line="core", first=april(6), funding=Funding(council=0, nhs=10_000))
    found = entitlement(told("p", NIGHTS, [line(), nhs]), NIGHTS, week())
    assert found.parts == {"council": 500_00, "nhs": 200_00, "person": 0}


def test_days_add_up_to_the_periods():
    tellings = [line(price=71_333, last=april(20)), Absence(id="a", known=april(9), first=april(5), reason="hospital")]
    history = told("p", NIGHTS, tellings)
    days = list(day_by_day(history, NIGHTS, week(1, 4)))
    assert len(days) == len({day for _, day, _ in days}) == 19
    assert sum(exact for _, _, exact in days) == sum(
        one.exact for one in entitlement(history, NIGHTS, week(1, 4)).entries
    )


def test_a_span_that_cuts_a_period_is_refused_with_the_nearest_whole():
    with pytest.raises(
        CallError, match=r"2024-04-02/2024-04-09 cuts one\. Ask for whole ones, such as 2024-04-01/2024-04-14"
    ):
        entitlement(told("p", NIGHTS, [line()]), NIGHTS, Span(april(2), april(9)))
