"""A provider fails: everybody whom it leaves is listed, and placed anew; the drill changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.people.models import Person
from careshape.source.failing.act import begin, place_anew
from careshape.source.failing.drill import drill
from careshape.source.models import Affected, Failure, Member, Offer, Package, Request
from careshape.source.models.brokerage import Answer
from careshape.source.together.accept import accept
from careshape.source.together.propose import begin as begin_round
from careshape.source.together.propose import work_out
from careshape.source.together.weeks import week_of_day
from tests.source.arranged import arranged
from tests.source.place import Place, today
from tests.source.test_together import place, somebody  # noqa: F401  (the fixture)


def full_home(place: Place, many: int) -> Member:  # noqa: F811
    """The first provider of the list, with so many people whom it supports from today."""
    was = place.person
    for number in range(many):
        place.person = somebody(place, number)
        arranged(place, on=today())
    place.person = was
    Request.objects.update(starts_on=today())
    found: Member = place.vehicle.members.order_by("pk")[0]
    return found


@pytest.mark.django_db
def test_drill_names_everybody_and_who_is_left_and_changes_nothing(place):  # noqa: F811
    home = full_home(place, 3)
    before = (Request.objects.count(), Offer.objects.count(), Package.objects.count())
    found = drill(home.organisation, today() + timedelta(days=14))
    assert found.people == 3
    assert {one.package.person.name for one in found.hits} == set(
        Person.objects.filter(packages__organisation=home.organisation).values_list("name", flat=True)
    )
    other = place.vehicle.members.order_by("pk")[1].organisation
    assert {one.proposed.organisation for one in found.hits} == {other}
    assert not found.without
    assert found.units_by() == {("nursing", "wychavon"): 300}
    assert (Request.objects.count(), Offer.objects.count(), Package.objects.count()) == before
    assert not Failure.objects.exists()
    Member.objects.filter(organisation=other).update(state="suspended", reason="Its insurance ended.")
    left = drill(home.organisation, today() + timedelta(days=14))
    assert len(left.without) == 3
    assert "may be offered it" in left.without[0].why


@pytest.mark.django_db
def test_thirty_people_are_placed_anew_in_one_go(place):  # noqa: F811
    home = full_home(place, 30)
    commissioner, broker = place.who("commissioner"), place.who("broker")
    with pytest.raises(CallError, match="Say why"):
        begin(commissioner, home.organisation, today() + timedelta(days=7), " ")
    with pytest.raises(CallError, match="is past"):
        begin(commissioner, home.organisation, today() - timedelta(days=1), "It closes.")
    failure = begin(commissioner, home.organisation, today() + timedelta(days=14), "It closes.")
    with pytest.raises(CallError, match="said already"):
        begin(commissioner, home.organisation, failure.last_day, "It closes.")
    assert Affected.objects.filter(request__isnull=False).count() == 30
    home.refresh_from_db()
    assert home.state == "suspended"
    cleared(place, failure)
    assert place_anew(broker, failure) == {"ended": 30, "sent": 30}
    assert place_anew(broker, failure) == {"ended": 0, "sent": 0}, "nothing is done twice"
    for offer in Offer.objects.filter(answer=Answer.WAITING.value).select_related("request"):
        offer.answer, offer.price, offer.can_start_on = "yes", offer.list_price, offer.request.starts_on
        offer.save()
    placing = work_out(begin_round(broker, week_of_day(failure.last_day + timedelta(days=1))))
    assert accept(broker, placing) == 30
    new = Package.objects.filter(award__request__replaces__failure=failure)
    assert new.count() == 30
    assert not new.filter(organisation=home.organisation).exists()
    assert {one.lines.get().starts_on for one in new} == {failure.last_day + timedelta(days=1)}
    lines = [line for one in Package.objects.filter(organisation=home.organisation) for line in one.lines.all()]
    assert len(lines) == 30
    assert all(line.ends_on is not None and line.ends_on <= failure.last_day for line in lines)


def cleared(place: Place, failure: Failure) -> None:  # noqa: F811
    """What the rules ask for is recorded for everybody whom a failure leaves."""
    was = place.person
    for one in failure.affected.select_related("request__person"):
        place.person = one.request.person
        place.clear(one.request)
    place.person = was


@pytest.mark.django_db
def test_whom_a_rule_stops_is_named_and_the_rest_goes_on(place):  # noqa: F811
    home = full_home(place, 2)
    failure = begin(place.who("commissioner"), home.organisation, today() + timedelta(days=7), "It closes.")
    one, other = failure.affected.order_by("pk")
    place.person = one.request.person
    place.clear(one.request)
    done = place_anew(place.who("broker"), failure)
    assert done == {"ended": 2, "sent": 1}
    other.refresh_from_db()
    assert "reablement, technology and equipment" in other.why
