"""The kinds of list by which a council may buy, as the data states them."""

from __future__ import annotations

from careshape.catalogue import catalogue
from careshape.source.kinds import kinds
from careshape.source.models import Vehicle


def test_every_kind_is_bought_in_a_way_that_the_records_know_and_that_the_database_takes():
    assert {one.purchased_as for one in kinds().values()} <= set(catalogue().lists["purchase_type"].by_id)
    (held,) = [one for one in Vehicle._meta.constraints if one.name == "source_vehicle_kind"]
    assert dict(held.condition.children) == {"kind__in": list(kinds())}
