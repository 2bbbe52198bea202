"""What care that is arranged holds of a provider's capacity: as much as was promised, for as long as it runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.providers.capacity.free import held
from careshape.providers.capacity.send import send
from careshape.providers.models import Location
from careshape.source.lists.vehicles import admit
from careshape.source.packages.package import change_of, end
from careshape.source.packages.promised import give_back_ended
from careshape.source.requests.award import award, said_of
from tests.providers.homes import branch, hours
from tests.source.arranged import returned, sent, yes
from tests.source.place import Place, today

pytestmark = pytest.mark.database


def holds() -> list[tuple[str, int]]:
    """What is promised to each award."""
    return list(held().order_by("pk").values_list("reference", "units"))


def test_an_award_takes_one_place_and_as_many_are_awarded_as_are_free(place: Place):
    member = place.vehicle.members.order_by("pk")[0]
    returned(place, member, 2)
    offers = [yes(sent(place), member) for _ in range(3)]
    made = [award(place.who("broker"), one, said_of(one)) for one in offers[:2]]
    assert holds() == [(f"award {one.award_id}", 100) for one in made]
    with pytest.raises(CallError, match="has 0 weeks a week free, and 1 are needed"):
        award(place.who("broker"), offers[2], said_of(offers[2]))


def test_a_package_that_grows_takes_more_where_it_is_and_not_at_another_branch(place: Place):
    first = place.vehicle.members.order_by("pk")[0].organisation
    member = admit(place.who("commissioner"), place.vehicle, first, "home-care", 2_000)
    north, south = branch(first, "North branch"), branch(first, "South branch")
    send_hours(place, north, "10")
    send_hours(place, south, "30")
    row = sent(place, service="home-care", units=1_000, district="worcester", starts_on=today() - timedelta(days=9))
    offer = yes(row, member)
    package = award(place.who("broker"), offer, said_of(offer))
    said = r"0 hours a week free at North branch, and 5 are asked for\. .* Others of its locations have 30\."
    with pytest.raises(CallError, match=said):
        change_of(place.who("broker"), package, today(), units=1_500)
    assert holds() == [(f"award {package.award_id}", 1_000)]
    send_hours(place, north, "5")
    change_of(place.who("broker"), package, today(), units=1_500)
    assert list(held().order_by("pk").values_list("location", "units")) == [(north.pk, 1_000), (north.pk, 500)]


def send_hours(place: Place, location: Location, free: str) -> None:
    """A branch returns so many free hours of home care."""
    send(place.who("provider"), location, "hours", [hours(location, free)], way="api")


def test_a_package_that_ends_gives_back_the_place_that_it_held(place: Place):
    member = place.vehicle.members.order_by("pk")[0]
    returned(place, member, 2)
    offer = yes(sent(place, starts_on=today() - timedelta(days=9)), member)
    package = award(place.who("broker"), offer, said_of(offer))
    change_of(place.who("broker"), package, today(), price=96_000)
    assert [units for _, units in holds()] == [100]
    end(place.who("broker"), package, today() - timedelta(days=1), "They went home.")
    assert holds() == []
    assert give_back_ended("worcestershire") == 0
