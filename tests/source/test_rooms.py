"""A place to live for a request: empty ones that suit, paid ones first, one award for each place, and void days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.providers.models import Room, Stay
from careshape.providers.rooms.empty import standing
from careshape.providers.rooms.keep import Description, agree, keep_room, move_in, move_out
from careshape.providers.rooms.words import features, traits
from careshape.source.lists.vehicles import admit
from careshape.source.models import Member, Request
from careshape.source.packages.package import end
from careshape.source.requests.award import award, said_of
from careshape.source.requests.needs import Need, as_json, kinds
from careshape.source.requests.rooms import empty_for, fits, of_offers
from careshape.source.requests.steps import ask_next, send
from tests.providers.homes import home
from tests.source.arranged import sent, yes
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db
NEEDS = (Need("ground-floor", "must"), Need("garden", "wish"), Need("pets", "wish"))


def _room(place: Place, member: Member, name: str = "Room 1", **more) -> Room:
    """A bed of a provider's home, empty for a month."""
    location = next(iter(member.organisation.locations.filter(registered__isnull=False)), None)
    at = location.registered if location is not None else home(member.organisation)
    told = {
        "name": name,
        "part": "general-nursing",
        "begins_on": today() - timedelta(days=30),
        "has": ("ground-floor",),
    }
    return keep_room(place.who("commissioner"), at, Description(**told | more))


def _members(place: Place) -> list[Member]:
    return list(place.vehicle.members.order_by("pk"))


def _sent(place: Place, **more) -> Request:
    return sent(place, needs=as_json(NEEDS), **more)


def test_every_need_that_a_place_can_meet_is_a_word_of_places():
    assert {one.feature for one in kinds().values() if one.feature} <= set(features())
    assert {one.trait for one in kinds().values() if one.trait} <= set(traits())


def test_places_that_suit_come_first_of_them_the_paid_and_each_limit_is_named(place: Place):
    first, second = _members(place)
    plain = _room(place, first, "Plain")
    paid = _room(place, second, "Paid")
    agree(place.who("commissioner"), paid, 20_000, 10_000)
    men = _room(place, first, "Men", only=("men",), has=())
    late = _room(place, first, "Late")
    move_in(place.who("commissioner"), late, today(), today() + timedelta(days=60))
    full = _room(place, first, "Full")
    move_in(place.who("commissioner"), full, today())
    row = _sent(place)
    found = fits(row, empty_for(row), {})
    assert [one.room for one in found if one.may] == [paid, plain]
    assert found[0].stands.weekly == 30_000
    why = {one.room: one.suit.why_not for one in found if not one.may}
    assert why[men] == ("it has no room on the ground floor, or lift", "it is only for men")
    assert why[late] == (f"it is free only from {today() + timedelta(days=60):%d/%m/%Y}",)
    assert full not in why, "a place that nobody is known to leave is not empty"


def test_shared_lives_goes_to_the_household_that_suits_both_sides(place: Place):
    """Hard limits of the person and of those who live there rule out; wishes of both give the points."""
    member = admit(
        place.who("commissioner"),
        place.vehicle,
        place.people.organisations["worcestershire"][0],
        "shared-lives",
        45_000,
    )
    at = home(member.organisation, "Household", beds=None, kind="shared-lives-home", services=["shared-lives"])
    quiet = {"part": "shared-lives-place", "begins_on": today() - timedelta(days=9), "has": ("quiet",)}

    def household(name: str, **more) -> Room:
        return keep_room(place.who("commissioner"), at, Description(name=name, **{**quiet, **more}))

    loud = household("Loud", has=("garden",))
    with_men = household("With men", lives=("men",))
    no_pets = household("No pets", not_for=("pet",))
    for_young = household("For the young", only=("under-65",))
    plain = household("Plain", lives=("women",), wishes=("under-65",))
    suits = household("Suits", has=("quiet", "garden", "pets"), lives=("women",), wishes=("65-and-over",))
    needs = (Need("live-with", "must", "women"), Need("quiet", "must"), Need("garden", "wish"), Need("pets", "wish"))
    row = sent(place, service="shared-lives", needs=as_json(needs))
    found = fits(row, empty_for(row), {})
    assert [(one.room, one.suit.points) for one in found if one.may] == [(suits, 10_000), (plain, 0)]
    why = {one.room: one.suit.why_not for one in found if not one.may}
    assert set(why) == {loud, with_men, no_pets, for_young}
    assert why[loud] == ("it has no quiet surroundings",)
    assert why[no_pets] == ("it is not for people with a pet",)
    assert why[for_young] == ("it is only for people under 65",)
    assert "men" in why[with_men][0]
    offer = yes(row, member)
    with pytest.raises(CallError, match="does not suit: it is not for people with a pet"):
        award(place.who("broker"), offer, said_of(offer), "Her sister lives next door.", room=no_pets.pk)
    package = award(place.who("broker"), offer, said_of(offer), room=suits.pk)
    assert Stay.objects.get().room == suits
    assert (package.service, package.lines.get().price) == ("shared-lives", 45_000)


def test_award_takes_the_place_and_another_cannot_have_it(place: Place):
    first, _ = _members(place)
    room = _room(place, first)
    row, other = _sent(place), _sent(place)
    offers = [yes(row, first), yes(other, first)]
    package = award(place.who("broker"), offers[0], said_of(offers[0]), room=room.pk)
    stay = Stay.objects.get(room=room)
    assert (stay.starts_on, stay.ends_on, stay.reference) == (row.starts_on, None, f"award {package.award_id}")
    with pytest.raises(CallError, match="not empty any more"):
        award(place.who("broker"), offers[1], said_of(offers[1]), room=room.pk)


def test_paid_void_is_passed_over_only_with_a_reason_that_is_kept(place: Place):
    first, second = _members(place)
    _room(place, first)
    paid = _room(place, second, "Paid")
    agree(place.who("commissioner"), paid, 20_000, 0)
    row = _sent(place)
    mine, _ = yes(row, first), yes(row, second)
    with pytest.raises(CallError, match="An empty place suits, and is filled first: Paid at Home"):
        award(place.who("broker"), mine, said_of(mine))
    made = award(place.who("broker"), mine, said_of(mine), "She wants to stay near her sister.")
    assert made.award.why == "She wants to stay near her sister."
    assert not Stay.objects.exists(), "it takes a place of which nothing is told"


def test_place_that_does_not_suit_is_not_taken(place: Place):
    first, _ = _members(place)
    room = _room(place, first, not_for=("pet",))
    row = _sent(place)
    offer = yes(row, first)
    with pytest.raises(CallError, match="does not suit: it is not for people with a pet"):
        award(place.who("broker"), offer, said_of(offer), room=room.pk)


def test_end_of_a_package_frees_the_place_and_its_void_days_are_counted_again(place: Place):
    first, _ = _members(place)
    room = _room(place, first)
    row = _sent(place, starts_on=today())
    offer = yes(row, first, today())
    package = award(place.who("broker"), offer, said_of(offer), room=room.pk)
    on = today()
    assert standing(room, on, on, on).free_from is None
    end(place.who("broker"), package, on + timedelta(days=10), "They moved in with family.")
    room = Room.objects.get(pk=room.pk)
    assert standing(room, on, on, on).free_from == on + timedelta(days=10)
    assert len(of_offers(row, [offer])) == 1


def test_void_days_count_from_leaving_and_are_paid_after_the_agreed_days(place: Place):
    room = _room(place, _members(place)[0])
    commissioner, on = place.who("commissioner"), today()
    agree(commissioner, room, 7_000, 0, paid_after=5)
    move_in(commissioner, room, on - timedelta(days=20))
    move_out(commissioner, room, on - timedelta(days=9))
    found = standing(Room.objects.get(pk=room.pk), on, on - timedelta(days=30), on)
    # Empty from day -30 to -21 (10 days, 5 of them paid) and from -9 to today (10 days, 5 paid), of 31; £10 a day.
    assert (found.voids.days, found.voids.available, found.paid, found.cost) == (20, 31, 10, 10_000)
    assert found.since == on - timedelta(days=9)
    within = standing(Room.objects.get(pk=room.pk), on, on - timedelta(days=5), on)
    assert (within.voids.days, within.paid) == (6, 5), "the days that are not paid are those of the void"


def test_two_stays_of_one_place_never_overlap(place: Place):
    room, who, on = _room(place, _members(place)[0]), place.who("commissioner"), today()
    move_in(who, room, on, on + timedelta(days=10))
    with pytest.raises(CallError, match="Somebody has Room 1"):
        move_in(who, room, on + timedelta(days=9))
    move_in(who, room, on + timedelta(days=10))
    with pytest.raises(CallError, match="Somebody has Room 1"):
        move_in(who, room, on + timedelta(days=20), on + timedelta(days=30))


def test_voids_are_asked_first_and_all_others_next(place: Place):
    first, second = _members(place)
    _room(place, second)
    row = place.ask("nursing")
    place.clear(row)
    assert [one.organisation_id for one in send(place.who("broker"), row, "voids")] == [second.organisation_id]
    row.refresh_from_db()
    assert [one.organisation_id for one in ask_next(place.who("broker"), row)] == [first.organisation_id]
