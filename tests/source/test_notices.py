"""What providers are written to about requests and lists: each person once, and only who may answer it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from careshape.accounts.models import Account, Membership, Message
from careshape.accounts.sealed import opened
from careshape.providers.standing import begin_tender
from careshape.source.failing.act import begin as fails
from careshape.source.lists import vehicles
from careshape.source.lists.lapses import keep_up
from careshape.source.lists.outcome import Placed
from careshape.source.lists.settling import follows, settle
from careshape.source.lists.shown import mark
from careshape.source.models import Member, Offer, Request
from careshape.source.requests.notices import write_to_providers
from tests.source.arranged import arranged, sent, yes
from tests.source.place import today
from tests.source.test_lists import shown

pytestmark = pytest.mark.django_db
COUNCIL = "worcestershire"
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def test_somebody_with_two_places_in_an_organisation_is_written_to_once(place):
    held = place.people.memberships[COUNCIL, "provider"]
    Membership.objects.create(
        account=held.account, council=held.council, role="voluntary", organisation=held.organisation
    )
    left = Account.objects.create_user("left@tests.example", None, name="Somebody who left", is_active=False)
    Membership.objects.create(account=left, council=held.council, role="provider", organisation=held.organisation)
    request = sent(place)
    yes(request, place.vehicle.members.get(organisation=held.organisation))
    assert write_to_providers(COUNCIL, request.pk) == 1
    assert [to for to, _ in _mails()] == [held.account.email]
    assert write_to_providers(COUNCIL, request.pk) == 0


def test_who_lost_is_sent_to_how_it_stood_and_who_said_no_is_promised_nothing(place):
    request: Request = arranged(place, number=1).award.request
    mine = yes(request, place.vehicle.members.order_by("pk").first())
    write_to_providers(COUNCIL, request.pk)
    assert "Read how you stood in the ranking" in _mails()[-1][1]
    Offer.objects.filter(pk=mine.pk).update(answer="no", reason="No room.", written=0)
    write_to_providers(COUNCIL, request.pk)
    assert "There is nothing more to do" in _mails()[-1][1]


def test_a_provider_that_fails_is_written_to_once_for_all_its_lists(place):
    member = _of_the_account(place)
    second = _also_on(place, member, "Day services")
    _mails_gone()
    fails(place.who("commissioner"), member.organisation, today() + WEEK, "The owner closes it.")
    ((to, text),) = _mails()
    assert to == place.people.memberships[COUNCIL, "provider"].account.email
    assert f"- {member.vehicle.title}" in text
    assert f"- {second.vehicle.title}" in text


def test_evidence_that_lapses_and_that_is_new_is_written_of_once(place):
    member = _of_the_account(place)
    _also_on(place, member, "Day services")
    shown(place.people, member.organisation, today() - DAY)
    _mails_gone()
    assert keep_up(COUNCIL) == 2
    assert len(_mails()) == 1
    assert keep_up(COUNCIL) == 0
    shown(place.people, member.organisation, today() + WEEK)
    assert keep_up(COUNCIL) == 2
    assert len(_mails()) == 2
    assert "insurance" not in "".join(text for _, text in _mails()).lower(), "why stands on the page"


def test_the_outcome_of_a_tender_is_written_to_those_whose_place_it_changes(place):
    commissioner, member = place.who("commissioner"), _of_the_account(place)
    ranked = vehicles.begin(commissioner, "Zones", "zone-list", today() - DAY, today() + 40 * WEEK)
    lot = vehicles.add_lot(commissioner, ranked, "Evesham", "home-care", zone="evesham-zone")
    tender = begin_tender(commissioner, "Home care", "home-care")
    _mails_gone()
    rows = [Placed(member.organisation, lot, 1, 2_050)]
    for _ in range(2):  # said again it changes nothing, and nobody is written to
        settle(commissioner, tender, ranked, today(), rows, mark(follows(tender, ranked, rows)))
        assert len(_mails()) == 1
    other = place.vehicle.members.exclude(pk=member.pk)[0].organisation
    lost = [Placed(other, lot, 1, 2_000), Placed(member.organisation, lot, reason="The price was too high.")]
    settle(commissioner, tender, ranked, today(), lost, mark(follows(tender, ranked, lost)))
    assert [text.count("Zones") for _, text in _mails()] == [1, 1]


def test_who_was_not_successful_and_is_on_no_list_is_told_once(place):
    commissioner, member = place.who("commissioner"), _of_the_account(place)
    ranked = vehicles.begin(commissioner, "Zones", "zone-list", today() - DAY, today() + 40 * WEEK)
    lot = vehicles.add_lot(commissioner, ranked, "Evesham", "home-care", zone="evesham-zone")
    tender = begin_tender(commissioner, "Home care of 2027", "home-care")
    other = place.vehicle.members.exclude(pk=member.pk)[0].organisation
    lost = [Placed(other, lot, 1, 2_000), Placed(member.organisation, lot, reason="The price was too high.")]
    _mails_gone()
    for _ in range(2):  # said again it changes nothing
        settle(commissioner, tender, ranked, today(), lost, mark(follows(tender, ranked, lost)))
        ((to, text),) = _mails()
    assert to == place.people.memberships[COUNCIL, "provider"].account.email
    assert "“Home care of 2027”, in which you took part, is decided. You were not successful." in text
    assert "The price was too high." not in text
    assert member.organisation.name not in text
    assert not Member.objects.filter(vehicle=ranked, organisation=member.organisation).exists()


def _of_the_account(place) -> Member:
    """The place on the list of the provider that has an account."""
    return place.vehicle.members.get(organisation=place.people.memberships[COUNCIL, "provider"].organisation)


def _also_on(place, member: Member, title: str) -> Member:
    commissioner = place.who("commissioner")
    other = vehicles.begin(commissioner, title, "spot", today() - DAY, None)
    return vehicles.admit(commissioner, other, member.organisation, "nursing", 96_000)


def _mails_gone() -> None:
    Message.objects.all().delete()


def _mails() -> list[tuple[str, str]]:
    said = [json.loads(opened(row.content)) for row in Message.objects.order_by("pk")]
    return [(one["to"], one["text"]) for one in said]
