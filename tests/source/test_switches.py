"""Only gold and silver: what would be lost is read first, somebody else agrees, and matching follows from its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.providers.models import Grade
from careshape.source.lists import vehicles
from careshape.source.lists.losses import losses, parts
from careshape.source.lists.shown import mark
from careshape.source.lists.standards import GOLD_AND_SILVER
from careshape.source.lists.switches import move, propose
from careshape.source.models import Line, Switch
from careshape.source.requests.offers import admitted
from tests.providers.homes import beds, branch, home, hours, returned
from tests.source.arranged import arranged
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"
DAY = timedelta(days=1)
WHY = "The council buys from the best alone."


def graded(place, number, grade, on=None):
    """A grade of one of the providers on the list."""
    organisation = place.people.organisations[COUNCIL][number]
    account = place.people.account("quality-officer")
    return Grade.objects.create(organisation=organisation, grade=grade, on=on or today(), why="Visited.", by=account)


def lost(place, lot=None):
    return losses(parts(place.vehicle, GOLD_AND_SILVER, today(), lot))


def switched_on(place, begins_on=None, vehicle=None, lot=None) -> Switch:
    """A switch that a quality officer proposed and a commissioner agreed to."""
    vehicle = vehicle or place.vehicle
    read = mark(losses(parts(vehicle, GOLD_AND_SILVER, today(), lot)))
    row = propose(place.who("quality-officer"), vehicle, begins_on or today(), WHY, read, lot=lot)
    move(place.who("commissioner"), row, "agree")
    return row


def asked(place, service="nursing"):
    may, barred = vehicles.askable(COUNCIL, service, "wychavon", starts_on=today() + 7 * DAY)
    return {one.organisation for one, _ in may}, {one.organisation: why for one, why in barred}


def test_loss_is_told_by_service_and_place_before_anything_is_switched_on(place):
    second = place.people.organisations[COUNCIL][1]
    graded(place, 0, "gold")
    package = arranged(place, number=1, on=today())
    Line.objects.filter(package=package).update(starts_on=today())
    (only,) = lost(place)
    assert (only.service, only.place, only.providers, only.lost) == ("nursing", "wychavon", 2, 1)
    assert (only.unknown, only.packages, only.people) == (1, 1, 1), "no return of the second tells what it has"
    place_of = home(second)
    returned(place.who("provider"), place_of, beds(place_of))
    (known,) = lost(place)
    assert (known.in_use, known.free, known.unknown) == (1500, 500, 0)
    other = vehicles.begin(place.who("commissioner"), "Other", "spot", today())
    vehicles.admit(place.who("commissioner"), other, second, "nursing", 95_000)
    assert lost(place)[0].elsewhere == 1, "it would still be asked from another list"
    switched_on(place, vehicle=other)
    assert lost(place)[0].elsewhere == 0


def test_switch_needs_somebody_else_and_bars_from_its_day_until_it_is_switched_off(place):
    graded(place, 0, "silver")
    first, second = place.people.organisations[COUNCIL][:2]
    officer, commissioner = place.who("quality-officer"), place.who("commissioner")
    row = propose(officer, place.vehicle, today() + DAY, WHY, mark(lost(place)))
    assert asked(place)[0] == {first, second}, "a proposal changes nothing"
    with pytest.raises(CallError, match="Somebody else must agree"):
        move(officer, row, "agree")
    with pytest.raises(CallError, match="proposed or switched on for it already"):
        propose(commissioner, place.vehicle, today(), WHY, mark(lost(place)))
    move(commissioner, row, "agree")
    assert asked(place)[0] == {first, second}, "its day has not come"
    Switch.objects.filter(pk=row.pk).update(begins_on=today())
    may, barred = asked(place)
    assert may == {first}
    assert barred[second] == (f"only gold and silver on Care homes from {today():%d/%m/%Y}, and it has no grade",)
    member = place.vehicle.members.get(organisation=second)
    assert vehicles.why_barred(member, "wychavon") == barred[second]
    grade = graded(place, 1, "bronze")
    assert asked(place)[1][second][0].endswith("and it is graded bronze")
    Grade.objects.filter(pk=grade.pk).update(grade="gold")
    assert asked(place)[0] == {first, second}, "a grade brings it back at once"
    Grade.objects.filter(pk=grade.pk).delete()
    with pytest.raises(CallError, match="Say why"):
        move(officer, row, "switch-off")
    move(officer, row, "switch-off", "Too few are left in Evesham.")
    assert asked(place)[0] == {first, second}
    told = Event.objects.filter(act="source.switch", outcome="done").order_by("pk")
    assert ['"to":"on"' in one.detail for one in told] == [False, True, False]


def test_lot_alone_is_switched_on_and_a_list_after_it_is_refused(place):
    who = place.who("commissioner")
    row = vehicles.begin(who, "Home care", "dynamic-market", today())
    lots = [vehicles.add_lot(who, row, name, "home-care", zone=name) for name in ("evesham-zone", "redditch-zone")]
    first = place.people.organisations[COUNCIL][0]
    members = [vehicles.admit(who, row, first, price=2_000, lot=lot) for lot in lots]
    provider = place.who("provider")
    place_of = branch(first)
    returned(provider, place_of, hours(place_of, "10", "evesham-zone"), hours(place_of, "4", "redditch-zone"))
    both = losses(parts(row, GOLD_AND_SILVER, today()))
    assert [(one.place, one.in_use, one.free) for one in both] == [
        ("evesham-zone", 10_000, 1_000), ("redditch-zone", 10_000, 400),
    ]  # fmt: skip
    switched_on(place, vehicle=row, lot=lots[0])
    assert vehicles.why_barred(members[0], "wychavon", zone="evesham-zone")
    assert vehicles.why_barred(members[1], "redditch", zone="redditch-zone") == ()
    with pytest.raises(CallError, match="already"):
        propose(who, row, today(), WHY, mark(both), lot=lots[0])


@pytest.mark.parametrize(
    ("begins", "why", "read", "said"),
    [
        (0, " ", "", "Say why"),
        (-1, WHY, "", "is past, or more than a year ahead"),
        (400, WHY, "", "is past, or more than a year ahead"),
        (0, WHY, "another", "has changed since you read it"),
    ],
)
def test_proposal_that_cannot_be_is_refused_in_a_sentence(place, begins, why, read, said):
    with pytest.raises(CallError, match=said):
        propose(place.who("commissioner"), place.vehicle, today() + begins * DAY, why, read)
    assert not Switch.objects.exists()


def test_switch_agreed_after_its_day_binds_from_the_day_of_agreement(place):
    row = propose(place.who("commissioner"), place.vehicle, today(), WHY, mark(lost(place)))
    Switch.objects.filter(pk=row.pk).update(begins_on=today() - 9 * DAY)
    move(place.who("quality-officer"), row, "agree")
    assert row.begins_on == today()


def test_request_that_is_out_is_not_awarded_to_who_is_below_the_standard(place):
    request = place.ask()
    place.clear(request)
    assert len(admitted(request)[0]) == 2
    graded(place, 0, "gold")
    switched_on(place)
    may, not_ = admitted(request)
    assert [one.organisation for one in may] == [place.people.organisations[COUNCIL][0]]
    assert "only gold and silver" in not_[0][1][0]
