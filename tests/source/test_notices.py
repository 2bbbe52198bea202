"""What providers are written to about a request: each person once, and only who may answer it."""

from __future__ import annotations

import json

import pytest

from careshape.accounts.models import Account, Membership, Message
from careshape.accounts.sealed import opened
from careshape.source.models import Offer, Request
from careshape.source.requests.notices import write_to_providers
from tests.source.arranged import arranged, sent, yes

pytestmark = pytest.mark.django_db
COUNCIL = "worcestershire"


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


def _mails() -> list[tuple[str, str]]:
    said = [json.loads(opened(row.content)) for row in Message.objects.order_by("pk")]
    return [(one["to"], one["text"]) for one in said]
