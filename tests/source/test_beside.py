"""A price beside what the council pays for the like, and beside what other councils publish."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.catalogue import catalogue
from careshape.evaluate.cost.indicators import indicators
from careshape.people.models import Person
from careshape.source.models import Line, Package
from careshape.source.requests.beside import Prices, elsewhere, entries, paid
from tests.source.arranged import arranged, sent
from tests.source.place import Place, today

pytestmark = pytest.mark.database


def _paid_at(place: Place, price: int, group: str = "older-people", **more: object) -> Package:
    """A package of somebody that has been given for a week at a price."""
    package = arranged(place, today() - timedelta(days=7))
    someone = Person.objects.create(
        council="worcestershire", reference=f"P-{price}", name="Synthetic person", born_on=place.person.born_on,
        gender="female", client_group=group, support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    Package.objects.filter(pk=package.pk).update(person=someone)
    fields = {"price": price, "starts_on": today() - timedelta(days=7)} | more
    package.lines.update(**fields)
    return Package.objects.get(pk=package.pk)


def test_the_like_is_of_the_same_client_group_once_there_are_three_of_them(place: Place):
    row = sent(place)
    assert paid(row) is None
    for price, group in ((80_000, "older-people"), (90_000, "older-people"), (200_000, "learning-disability")):
        _paid_at(place, price, group)
    found = paid(row)
    assert (found.prices, found.group) == (Prices(3, 80_000, 90_000, 200_000), ""), "two of a group say too little"
    _paid_at(place, 110_000)
    found = paid(row)
    assert (found.prices, found.group) == (Prices(3, 80_000, 90_000, 110_000), "older-people")
    assert [found.prices.above(one) for one in (99_000, 90_000, 81_000)] == [10, 0, -10]


def test_what_is_over_or_is_no_core_or_of_another_council_is_not_counted(place: Place):
    row = sent(place)
    _paid_at(place, 70_000, ends_on=today() - timedelta(days=1))
    _paid_at(place, 71_000, withdrawn=True)
    _paid_at(place, 72_000, component="one-to-one")
    _paid_at(place, 73_000, starts_on=today() + timedelta(days=1))
    Person.objects.filter(pk=_paid_at(place, 74_000).person_id).update(council="thurrock")
    assert Line.objects.count() == 5
    assert paid(row) is None
    _paid_at(place, 75_000, ends_on=today())
    assert paid(row).prices == Prices(1, 75_000, 75_000, 75_000)


def test_councils_printed_beside_it_are_compared_without_itself_and_by_age(place: Place):
    found = elsewhere(sent(place))
    # Worcestershire's statement prints eleven comparators: 581 615 627 657 672 682 696 700 727 759 851, and itself 794.
    assert found.prices == Prices(11, 58_100, 68_200, 85_100)
    assert (found.indicator.id, found.indicator.unit) == ("nursing-unit-cost-65", "gbp-per-week")
    Person.objects.filter(pk=place.person.pk).update(born_on=today() - timedelta(days=40 * 365))
    assert elsewhere(sent(place, person=Person.objects.get())).indicator.id == "nursing-unit-cost-18-64"


def test_what_nobody_published_or_nobody_loaded_is_set_beside_nothing(place: Place):
    assert elsewhere(sent(place, service="supported-living")) is None
    assert elsewhere(sent(place, service="home-care")) is None, "its rates are in a file that is not loaded"


def test_each_figure_that_a_price_is_set_beside_is_in_the_unit_of_its_service():
    units = {"gbp-per-week": "week", "gbp-per-hour": "hour"}
    services = catalogue().lists["service"].by_id
    for one in entries():
        assert units[indicators()[one.indicator].unit] == services[one.service].unit, one
