"""After a tender: what follows is read, then done as one act; who was not successful keeps its packages alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.providers.models import TenderOutcome
from careshape.providers.standing import begin_tender
from careshape.source.lists import vehicles
from careshape.source.lists.outcome import OutcomeRefusedError, Placed, as_rows, read_outcome
from careshape.source.lists.running import running_of
from careshape.source.lists.settling import follows, settle
from careshape.source.lists.shown import mark
from careshape.source.models import Line, Member, Settlement
from tests.source.arranged import arranged
from tests.source.place import today
from tests.source.test_lists import a_list

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"


@pytest.fixture
def who(people):
    return people.principal("commissioner")


@pytest.fixture
def ranked(who):
    """A ranked list with a lot for each of two zones."""
    row = a_list(who, "zone-list")
    for zone in ("evesham-zone", "redditch-zone"):
        vehicles.add_lot(who, row, zone, "home-care", zone=zone)
    return row


def read(ranked, people, *rows: str) -> list[Placed]:
    organisations = people.organisations[COUNCIL]
    names = [one.name for one in organisations]
    text = "\n".join(["lot,provider,place,price,reason", *rows])
    for number, name in enumerate(names):
        text = text.replace(f"P{number}", f'"{name}"')
    return read_outcome(ranked, organisations, text)


def test_outcome_is_done_as_one_act_and_a_later_one_puts_it_right(who, people, ranked):
    first, second, third = people.organisations[COUNCIL][:3]
    tender = begin_tender(who, "Home care 2027", "home-care")
    rows = read(ranked, people, "Evesham,P0,primary,20.50,", "evesham-zone,P1,backup 1,20.60,", "2,P1,1,20.60,",
                "2,P2,,,The price was too high.")  # fmt: skip
    assert not Member.objects.filter(vehicle=ranked).exists(), "reading does nothing"
    settle(who, tender, ranked, today(), rows, mark(follows(tender, ranked, rows)))
    where = {"starts_on": today(), "zone": "evesham-zone"}
    asked = vehicles.ranked_members(COUNCIL, "home-care", "wychavon", **where)
    assert [(one.organisation, one.rank, one.price) for one in asked] == [(first, 1, 2_050), (second, 2, 2_060)]
    assert dict(TenderOutcome.objects.values_list("organisation", "won")) == {
        first.pk: True, second.pk: True, third.pk: False,
    }  # fmt: skip
    tender.refresh_from_db()
    assert tender.decided_on == today()
    right = read(ranked, people, "1,P1,1,20.60,", "1,P0,2,20.50,", ",P2,,,Not successful.")
    settle(who, tender, ranked, today(), right, mark(follows(tender, ranked, right)))
    asked = vehicles.ranked_members(COUNCIL, "home-care", "wychavon", **where)
    assert [one.organisation for one in asked] == [second, first]
    assert Settlement.objects.count() == 2
    assert read_outcome(ranked, people.organisations[COUNCIL], as_rows(right)) == [
        Placed(one.organisation, one.lot, one.place, one.price, one.reason, line) for line, one in enumerate(right, 2)
    ]


def test_who_had_a_place_by_mistake_loses_it_when_the_outcome_is_put_right(who, people, ranked):
    first, second, third = people.organisations[COUNCIL][:3]
    vehicles.admit(who, ranked, third, price=2_000, lot=ranked.lots.get(number=1))
    tender = begin_tender(who, "Home care 2027", "home-care")
    wrong = read(ranked, people, "1,P0,1,20.50,", "1,P1,2,20.60,", "2,P0,1,20.50,")
    settle(who, tender, ranked, today(), wrong, mark(follows(tender, ranked, wrong)))
    right = read(ranked, people, "2,P0,1,20.50,")
    evesham, redditch = follows(tender, ranked, right)
    assert evesham.lost == tuple(sorted([first.name, second.name])), "it is shown before it is done"
    assert redditch.lost == ()
    settle(who, tender, ranked, today(), right, mark([evesham, redditch]))
    stand = {(one.organisation, one.lot.number): (one.state, one.rank) for one in ranked.members.select_related("lot")}
    assert stand == {
        (first, 1): ("removed", None), (second, 1): ("removed", None), (first, 2): ("admitted", 1),
        (third, 1): ("admitted", 1),  # it was there before the tender, and nobody recorded it by mistake
    }  # fmt: skip
    assert ranked.members.get(organisation=second).reason == "The outcome of Home care 2027 was put right."
    assert dict(TenderOutcome.objects.values_list("organisation", "won")) == {first.pk: True}


def test_loser_keeps_its_packages_and_what_they_come_to_is_shown_by_place(place, who, ranked):
    package = arranged(place, number=1, on=today())
    Line.objects.filter(package=package).update(starts_on=today(), units=1_250)
    type(package).objects.filter(pk=package.pk).update(service="home-care", district="redditch")
    tender = begin_tender(who, "Home care 2027", "home-care")
    rows = read(ranked, place.people, "2,P0,1,20.50,")
    evesham, redditch = follows(tender, ranked, rows)
    assert (evesham.primary, evesham.with_lost) == ("", 0)
    loser = place.people.organisations[COUNCIL][1]
    assert (redditch.lost, redditch.with_lost, redditch.people) == ((loser.name,), 1_250, 1), (
        "who took no part lost too"
    )
    settle(who, tender, ranked, today(), rows, mark([evesham, redditch]))
    assert Line.objects.filter(package=package, withdrawn=False, ends_on=None).exists()


def test_who_stood_on_the_list_and_lost_stands_on_it_no_more(who, people, ranked):
    first, second = people.organisations[COUNCIL][:2]
    lot = ranked.lots.get(number=1)
    for one in (first, second):
        vehicles.admit(who, ranked, one, price=2_000, lot=lot)
    tender = begin_tender(who, "Home care 2027", "home-care")
    rows = read(ranked, people, "1,P1,1,20.60,", "1,P0,no,,Its staffing plan was not met.")
    settle(who, tender, ranked, today(), rows, mark(follows(tender, ranked, rows)))
    member = Member.objects.get(vehicle=ranked, organisation=first)
    assert (member.state, member.rank, member.reason) == ("removed", None, "Its staffing plan was not met.")
    assert Member.objects.get(vehicle=ranked, organisation=second).rank == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("1,P0,2,20.50,",), r"has the places 2. They go from 1 without a gap"),
        (("1,P0,1,20.50,", "1,P1,1,20.50,"), "without a gap, each once"),
        (("1,P0,1,20.50,", "1,P0,2,20.50,"), "stands twice for evesham-zone"),
        (("1,P0,1,,",), "has no price"),
        (("9,P0,1,20.50,",), "Line 2: The list has no lot '9'"),
        (("1,Nobody,1,20.50,",), "Line 2: The register has no provider 'Nobody'"),
        (("1,P0,best,20.50,",), "Line 2: The place 'best' is none"),
        (("1,P0,1,much,",), "is no number"),
        ((",P0,,,",), "Name who was successful"),
        (("1,P0,1,20.50,", ",P0,,,"), "as successful and as not successful"),
    ],
)
def test_outcome_that_cannot_be_is_refused_with_its_line(people, ranked, rows, said):
    with pytest.raises(OutcomeRefusedError, match=said):
        read(ranked, people, *rows)


def test_outcome_is_refused_on_another_kind_of_list_on_a_day_to_come_and_where_it_changed(who, people, ranked):
    tender = begin_tender(who, "Home care 2027", "home-care")
    rows = read(ranked, people, "1,P0,1,20.50,")
    with pytest.raises(CallError, match="Choose a ranked list"):
        settle(who, tender, a_list(who), today(), rows, "")
    with pytest.raises(CallError, match="has changed since you read it"):
        settle(who, tender, ranked, today(), rows, "another")
    with pytest.raises(CallError, match="this day is to come"):
        settle(who, tender, ranked, today() + timedelta(days=1), rows, mark(follows(tender, ranked, rows)))
    assert not Member.objects.filter(vehicle=ranked).exists(), "all of it or nothing"


def test_care_that_is_no_care_by_the_hour_counts_in_its_district(place):
    package = arranged(place, number=1, on=today())
    Line.objects.filter(package=package).update(starts_on=today())
    (found,) = running_of(COUNCIL, "nursing", today())
    assert (found.place, found.packages, found.people) == ("wychavon", {package.pk}, {place.person.pk})


def test_provider_that_took_another_name_is_found_by_its_number_and_loses_what_was_recorded_by_mistake(
    who, people, ranked
):  # fmt: skip
    first, second, _ = people.organisations[COUNCIL][:3]
    tender = begin_tender(who, "Home care 2027", "home-care")
    wrong = read(ranked, people, "1,P0,1,20.50,", "2,P1,1,20.50,")
    settle(who, tender, ranked, today(), wrong, mark(follows(tender, ranked, wrong)))
    first.name = "Synthetic provider under another name"
    first.save(update_fields=["name"])
    right = read(ranked, people, "2,P1,1,20.50,")
    settle(who, tender, ranked, today(), right, mark(follows(tender, ranked, right)))
    assert ranked.members.get(organisation=first).state == "removed"
    assert ranked.members.get(organisation=second).state == "admitted"


def test_of_two_providers_of_one_name_the_one_is_chosen_by_its_number(people, ranked):
    first, second, _ = people.organisations[COUNCIL][:3]
    second.name = first.name.upper()
    with pytest.raises(OutcomeRefusedError, match=f"column 'id', and say which is meant: {first.pk}.* or {second.pk}"):
        read_outcome(ranked, [first, second], f"lot,provider,place,price\n1,{first.name},1,20.50")
    (found,) = read_outcome(ranked, [first, second], f"lot,provider,place,price,id\n1,,1,20.50,{second.pk}")
    assert found.organisation == second
    confirmed = read_outcome(ranked, [first, second], as_rows([found]))
    assert [one.organisation for one in confirmed] == [second], "what was shown is read again for the same provider"
    with pytest.raises(OutcomeRefusedError, match="no provider with the id '0'"):
        read_outcome(ranked, [first, second], f"lot,provider,place,price,id\n1,{first.name},1,20.50,0")
