"""What providers return counts once, and what was promised since is not promised again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.providers.capacity.free import Free, free_of
from careshape.providers.capacity.send import FaultyReturnError, send
from careshape.providers.capacity.take import Asked, change_to, confirm, give_back, take
from careshape.providers.models import Newest, Return, Taking
from tests.accounts.people import People
from tests.providers.homes import beds, branch, home, hours, returned
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"


@pytest.fixture
def provider(people: People) -> Principal:
    return people.principal("provider")


@pytest.fixture
def broker(people: People) -> Principal:
    return people.principal("broker")


@pytest.fixture
def organisation(people: People, provider: Principal):
    return next(one for one in people.organisations[COUNCIL] if one.pk == provider.organisation)


def free(organisation, service="home-care", district="worcester", **more) -> Free | None:
    return free_of(COUNCIL, [organisation.pk], service, district, today(), **more)[organisation.pk]


def promised(who, asked: Asked, reference="award 1", **more):
    with change(who, "source.broker") as told:
        made = take(told, asked, reference, **more)
        told("source.award:1")
    return made


def test_newest_return_tells_what_is_free_where_it_is_wanted(provider, organisation):
    assert free(organisation) is None, "nothing was returned: not known, and not nought"
    place = branch(organisation)
    late = hours(place, "2.5", band="evening")
    returned(provider, place, hours(place, "10", band="morning"), late, hours(place, "7", "redditch-zone"))
    assert replace(free(organisation), pools={}) == Free(1_250, 700, 0, today(), 0)
    assert free(organisation, district="redditch").units == 700
    assert free(organisation, "nursing") is None
    assert free(organisation, "advocacy") is None, "no return asks of it"
    returned(provider, place, hours(place, "1"))
    assert free(organisation).units == 100
    assert Return.objects.count() == 2, "the older stays"


def test_stale_return_tells_nothing_of_what_is_free(provider, organisation, broker):
    place = branch(organisation)
    returned(provider, place, hours(place, day=today() - timedelta(days=11)))
    assert free(organisation) is None
    assert promised(broker, Asked(organisation.pk, "home-care", 5_000, "worcester")) == [], "it bars nothing"


def test_same_return_again_has_one_effect_and_an_older_one_does_not_count(provider, organisation):
    place = branch(organisation)
    first = returned(provider, place, hours(place, "10"))
    assert returned(provider, place, hours(place, "10")).pk == first.pk
    assert Return.objects.count() == 1
    returned(provider, place, hours(place, "20", day=today() - timedelta(days=3)))
    assert free(organisation).units == 1_000
    second = returned(provider, place, hours(place, "3"))
    third = returned(provider, place, hours(place, "10"))
    assert Newest.objects.get().given_id == third.pk, "what is said after something else is said anew"
    assert second.pk != third.pk != first.pk


def test_promise_takes_from_what_is_free_and_no_more(provider, organisation, broker):
    place = branch(organisation)
    returned(provider, place, hours(place, "10"))
    promised(broker, Asked(organisation.pk, "home-care", 600, "worcester"))
    assert (free(organisation).units, free(organisation).promised) == (400, 600)
    with pytest.raises(CallError, match="has 4 hours a week free here, and 5 are asked for"):
        promised(broker, Asked(organisation.pk, "home-care", 500, "worcester"), "award 2")
    with pytest.raises(CallError, match="promised to award 1 already"):
        promised(broker, Asked(organisation.pk, "home-care", 100, "worcester"))
    promised(broker, Asked(organisation.pk, "home-care", 400, "worcester"), "award 2")
    assert free(organisation).units == 0


def test_promise_may_rest_on_several_zones_of_a_district_and_names_the_zone_where_it_is_known(
    provider, organisation, broker
):
    place = branch(organisation)
    returned(provider, place, hours(place, "3", "evesham-zone"), hours(place, "3", "pershore-zone"))
    assert free(organisation, district="wychavon").units == 600
    assert free(organisation, district="wychavon", zone="evesham-zone").units == 300
    assert len(promised(broker, Asked(organisation.pk, "home-care", 500, "wychavon"))) == 2
    with pytest.raises(CallError):
        promised(broker, Asked(organisation.pk, "home-care", 400, "wychavon", "evesham-zone"), "award 2")


def test_given_back_is_free_again_and_a_change_takes_or_gives_the_difference(provider, organisation, broker):
    place = branch(organisation)
    returned(provider, place, hours(place, "10"))
    asked = Asked(organisation.pk, "home-care", 600, "worcester")
    promised(broker, asked)
    with change(broker, "source.broker") as told:
        change_to(told, Asked(organisation.pk, "home-care", 900, "worcester"), 600, "award 1")
        told("source.award:1")
    assert free(organisation).units == 100
    with change(broker, "source.broker") as told:
        change_to(told, Asked(organisation.pk, "home-care", 250, "worcester"), 900, "award 1")
        told("source.award:1")
    assert free(organisation).units == 750
    with pytest.raises(CallError, match=r"7\.5 hours"), change(broker, "source.broker") as told:
        change_to(told, Asked(organisation.pk, "home-care", 1_001, "worcester"), 250, "award 1")
    with change(broker, "source.broker") as told:
        assert give_back(told, "award 1") == 250
        assert give_back(told, "award 1") == 0
        told("source.award:1")
    assert free(organisation).units == 1_000
    assert sum(one.units for one in Taking.objects.all()) == 900, "what was promised and when stays to be read"


def test_promise_for_a_time_falls_back_by_itself_and_can_be_made_firm(provider, organisation, broker):
    place = branch(organisation)
    returned(provider, place, hours(place, "10"))
    soon = timezone.now() + timedelta(hours=1)
    promised(broker, Asked(organisation.pk, "home-care", 600, "worcester"), until=soon)
    assert free(organisation).units == 400
    Taking.objects.update(until=timezone.now())
    assert free(organisation).units == 1_000
    with pytest.raises(CallError, match="is over"), change(broker, "source.broker") as told:
        confirm(told, "award 1")
    Taking.objects.update(until=soon)
    with change(broker, "source.broker") as told:
        assert confirm(told, "award 1") == 1
    assert Taking.objects.get().until is None


def test_later_return_holds_what_was_promised_before_unless_it_was_begun_before(provider, organisation, broker):
    place = branch(organisation)
    returned(provider, place, hours(place, "10"))
    read_at = timezone.now()
    promised(broker, Asked(organisation.pk, "home-care", 600, "worcester"))
    returned(provider, place, hours(place, "9"), read_at=read_at)
    assert free(organisation).units == 300, "it was filled in before the promise"
    returned(provider, place, hours(place, "4"), read_at=timezone.now())
    assert free(organisation).units == 400


def test_beds_are_whole_and_of_types_that_fit(provider, organisation, broker):
    place = home(organisation)
    flats = beds(place, "general-residential", maximum=10, in_use=8, admittable=2)
    returned(provider, place, beds(place, admittable=1), flats)
    assert free(organisation, "nursing", "wychavon").units == 100
    assert free(organisation, "residential", "wychavon").units == 200
    assert replace(free(organisation, "residential", "redditch"), pools={}) == Free(0, 200, 0, today(), 0)
    assert free(organisation, "replacement-care", "wychavon").units == 2_100, "three places of seven nights"
    promised(broker, Asked(organisation.pk, "replacement-care", 300, "wychavon"))
    assert free(organisation, "nursing", "wychavon").units == 0, "whoever stays some nights has the place"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (lambda one: [beds(one, maximum=41)], "41 beds over all types are more than the 40"),
        (lambda one: [beds(one, in_use=21)], "21 beds in use are more than the 20"),
        (lambda one: [beds(one, day=today() + timedelta(days=1))], "has not come yet"),
        (lambda one: [], "at least one line"),
    ],
)  # fmt: skip
def test_return_that_cannot_be_is_refused_with_a_sentence(provider, organisation, lines, said):
    place = home(organisation)
    with pytest.raises(CallError, match=said) as found:
        send(provider, place, "beds", lines(place), way="form")
    assert not Return.objects.exists()
    assert isinstance(found.value, FaultyReturnError) or "line" in said
