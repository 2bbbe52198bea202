"""What care that is arranged holds of a provider's capacity: as much as was promised, for as long as it runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.providers.capacity.free import held
from careshape.source.packages.package import change_of, end
from careshape.source.packages.promised import give_back_ended
from careshape.source.requests.award import award, said_of
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
