from __future__ import annotations

from fractions import Fraction

import pytest

from careshape.errors import InputError
from careshape.paying import Absence, Change, Ending, Funding, Visit, book, minutes_paid, told, visits_owed
from tests.paying.packages import april, line, terms, week

REASONS = book().reasons
DELIVERED = terms(day_count="days", visits={"pay": "delivered", "tolerance_minutes": 5})
PLANNED = terms(day_count="days", visits={"pay": "planned", "tolerance_minutes": 5})


def visit(delivered, planned=30, reason="", reference="v", day=2):
    return Visit(reference, "core", april(day), planned, delivered, reason)


@pytest.mark.parametrize(
    ("delivered", "reason", "paid"),
    [
        (30, "", 30),
        (25, "", 30),  # within five minutes of the plan
        (35, "", 30),
        (24, "", 24),  # less, and paid as less
        (45, "", 30),  # more, and nobody agreed to it
        (45, "extra-agreed", 45),
        (0, "", 0),
        (0, "cancelled-late", 30),
        (0, "cancelled-in-time", 0),
        (0, "missed", 0),
        (20, "missed", 0),
        (10, "declined", 30),
        (28, "short-of-staff", 28),  # no tolerance where the provider cut it short
        (None, "", 0),  # not recorded yet
        (None, "no-answer", 30),
    ],
)
def test_minutes_paid_where_delivered_ones_are(delivered, reason, paid):
    assert minutes_paid(visit(delivered, reason=reason), DELIVERED, REASONS)[0] == paid


@pytest.mark.parametrize(("delivered", "paid"), [(0, 0), (1, 5)])
def test_visit_no_longer_than_the_tolerance_is_not_paid_where_it_did_not_take_place(delivered, paid):
    assert minutes_paid(visit(delivered, planned=5), DELIVERED, REASONS)[0] == paid


@pytest.mark.parametrize(("delivered", "reason", "paid"), [(0, "", 30), (None, "", 30), (0, "missed", 0), (50, "", 30)])
def test_minutes_paid_where_planned_ones_are(delivered, reason, paid):
    assert minutes_paid(visit(delivered, reason=reason), PLANNED, REASONS)[0] == paid


def settled(tellings, visits, how=DELIVERED, span=None):
    return visits_owed(told("p", how, tellings), how, visits, REASONS, span or week())


def test_visits_are_added_up_and_rounded_once():
    # 1,999 pence an hour: seven visits of 25 minutes are 5,830 5/12; each for itself would be 833 and 5,831.
    visits = [visit(25, 25, reference=f"v{day}", day=day) for day in range(1, 8)]
    (entry,) = settled([line(price=1_999)], visits)
    assert (entry.planned, entry.delivered, entry.paid) == (175, 175, 175)
    assert (entry.exact, entry.pence) == (Fraction(69_965, 12), 5_830)


def test_price_and_who_pays_are_those_of_the_day():
    dearer = Change(
        id="c", known=april(1), line="core", first=april(3), price=4_000, funding=Funding(council=0, nhs=10_000)
    )
    visits = [visit(60, 60), visit(60, 60, reference="w", day=3), visit(60, 60, reference="x", day=9)]
    (entry,) = settled([line(price=2_000), dearer], visits)
    assert entry.parts == {"council": 2_000, "nhs": 4_000, "person": 0}


def test_nothing_is_paid_after_the_end_and_a_retainer_while_away():
    how = terms(
        day_count="days", retainers=[{"reason": "hospital", "full_days": 1, "then_percent": 50, "then_days": 9}]
    )
    away = Absence(id="a", known=april(1), first=april(1), last=april(5), reason="hospital")
    ended = Ending(id="e", known=april(6), on=april(6))
    visits = [visit(0, 60, reference=str(day), day=day) for day in (2, 3)] + [visit(60, 60, reference="7", day=7)]
    (entry,) = settled([line(price=2_000), away, ended], visits, how)
    assert [(one.minutes, one.why.split(":")[0]) for one in entry.visits] == [
        (60, "a retainer"),
        (30, "a retainer"),
        (0, "nothing"),
    ]
    assert entry.pence == 3_000


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: [visit(30), visit(30)], "Visit 'v' is there twice"),
        (lambda: [visit(30, reason="tired")], "there is no reason 'tired'. Reasons are cancelled-late"),
        (lambda: [Visit("v", "cor", april(2), 30, 30)], "the package has no line 'cor'"),
        (lambda: [visit(-1)], "'delivered' is -1; it must be whole minutes from 0 to 1440"),
        (lambda: [visit(30, planned=30.5)], "'planned' is 30.5"),
    ],
)
def test_visits_that_cannot_be_are_refused(make, said):
    with pytest.raises(InputError) as fault:
        settled([line()], make())
    assert said in str(fault.value)
