"""The page on which a request is awarded offers the contracts that hold on the day, and buys under the one chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from careshape.source.lists.vehicles import admit, begin
from careshape.source.models import Package
from careshape.source.requests.award import said_of
from tests.source.arranged import yes
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)


def test_award_offers_contracts_with_price_and_rule_of_days(place: Place, signed_in: Callable[..., Client]):
    request = place.ask()
    place.clear(request)
    request.state = "sent"
    request.save()
    first = place.vehicle.members.order_by("pk")[0]
    offer = yes(request, first)
    broker, where = signed_in("broker"), f"/work/offers/{offer.pk}/award/"
    assert "Under which contract" not in broker.get(where).content.decode(), "one is no choice"
    who = place.who("commissioner")
    row = begin(who, "Framework", "spot", today(), contract="care-home-inclusive")
    other = admit(who, row, first.organisation, "nursing", 95_000)
    shown = broker.get(where).content.decode()
    assert "Under which contract is it bought?" in shown
    assert "Framework: £950.00 a week. Care home, first and last day both counted" in shown
    assert "the day out is not paid" in shown
    given = {"read": said_of(offer), "why": "", "member": str(other.pk)}
    assert broker.post(where, given).status_code == 302
    package = Package.objects.get()
    assert (package.contract, package.purchase_type) == ("care-home-inclusive", "spot")


def test_list_is_begun_with_the_contract_of_its_packages(place: Place, signed_in: Callable[..., Client]):
    given = {
        "title": "Framework",
        "kind": "spot",
        "begins_on": f"{today():%d/%m/%Y}",
        "contract": "care-home-inclusive",
    }
    assert signed_in("commissioner").post("/work/lists/add/", given).status_code == 302
    assert signed_in("commissioner").post("/work/lists/add/", given | {"contract": "none"}).status_code == 422
