"""Under which contract a request is bought, where the provider stands on several lists that admit it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.source.lists import vehicles
from careshape.source.models import Offer, Vehicle
from careshape.source.requests.award import award, said_of
from careshape.source.requests.contracts import contracts_of
from tests.source.arranged import yes
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The framework's terms for a stay in hospital suit better here."


@pytest.fixture
def offered(place) -> Offer:
    """A yes of the first provider, which stands on three lists."""
    request = place.ask()
    place.clear(request)
    request.state = "sent"
    request.save()
    first = place.vehicle.members.order_by("pk")[0]
    who = place.who("commissioner")
    for title, price in (("Cheaper", 90_000), ("Dearer", 99_000)):
        row = vehicles.begin(who, title, "spot", today())
        Vehicle.objects.filter(pk=row.pk).update(contract="care-home-inclusive" if title == "Dearer" else "")
        vehicles.admit(who, row, first.organisation, "nursing", price)
    later = vehicles.begin(who, "Later", "spot", today() + timedelta(days=90))
    vehicles.admit(who, later, first.organisation, "nursing", 99_000)
    return yes(request, first)


def test_contracts_that_hold_on_the_day_are_offered_with_price_and_rule_of_days(place, offered):
    found = contracts_of(offered)
    assert [(one.member.vehicle.title, one.price, one.terms.day_count) for one in found] == [
        ("Care homes", 95_000, "nights"), ("Dearer", 99_000, "days"),
    ], "not one that has not begun, nor one under which it would get less than it said yes to"  # fmt: skip
    vehicles.move(place.who("commissioner"), found[1].member, "suspend", "Its terms are looked at.")
    assert [one.member.vehicle.title for one in contracts_of(offered)] == ["Care homes"]


def test_package_is_bought_under_the_contract_that_was_chosen(place, offered):
    dearer = contracts_of(offered)[1].member
    broker = place.who("broker")
    with pytest.raises(CallError, match="costs more under this contract"):
        award(broker, offered, said_of(offered), member=dearer.pk)
    offered.refresh_from_db()
    package = award(broker, offered, said_of(offered), WHY, member=dearer.pk)
    assert (package.contract, package.purchase_type, package.lines.get().price) == (
        "care-home-inclusive",
        "spot",
        99_000,
    )


def test_contract_by_which_it_was_asked_stays_where_none_is_chosen(place, offered):
    package = award(place.who("broker"), offered, said_of(offered))
    assert (package.purchase_type, package.lines.get().price) == ("accredited-list", 95_000)


def test_contract_of_another_provider_is_refused(place, offered):
    other = place.vehicle.members.exclude(organisation=offered.organisation).get()
    with pytest.raises(CallError, match="cannot be bought under this contract any more"):
        award(place.who("broker"), offered, said_of(offered), WHY, member=other.pk)
