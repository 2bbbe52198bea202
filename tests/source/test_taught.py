"""What finding care teaches: derived from requests, offers and awards, and shown to who may learn from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from careshape.providers.models import Location
from careshape.source.models import Offer, Request
from careshape.source.models.packages import Line
from careshape.source.requests.award import award, said_of
from careshape.source.requests.beside import middle_price
from careshape.source.requests.request import withdraw
from careshape.source.taught.measured import found, within
from careshape.source.taught.quoted import quarter, quoted
from careshape.source.taught.unmet import Kind, unmet
from tests.source.arranged import sent, yes
from tests.source.place import Place, today
from tests.source.test_together import place, somebody  # noqa: F401  (the fixture)

Sign = Callable[..., Client]


def market(place: Place) -> None:  # noqa: F811
    """One request refused by the first and awarded, late and above the list, to the second; one found nobody; one
    waits beyond its day.
    """
    first, second = place.vehicle.members.order_by("pk")
    row = sent(place, sent_at=timezone.now() - timedelta(days=4))
    no = yes(row, first)
    Offer.objects.filter(pk=no.pk).update(
        answer="no", reason="No capacity.", reason_code="no-capacity", price=None, can_start_on=None,
        answered_at=timezone.now(),
    )  # fmt: skip
    dear = yes(row, second, row.starts_on + timedelta(days=3))
    Offer.objects.filter(pk=dear.pk).update(answer="counter", price=dear.list_price + 5_000)
    dear.refresh_from_db()
    award(place.who("broker"), dear, said_of(dear))
    withdraw(place.who("practitioner"), sent(place, person=somebody(place, 1), sent_at=timezone.now()))
    sent(place, person=somebody(place, 2), starts_on=today() - timedelta(days=2), sent_at=timezone.now())


@pytest.mark.django_db
def test_unmet_need_follows_from_what_happened(place):  # noqa: F811
    market(place)
    ledger = {one.kind: one for one in unmet(Request.objects.all())}
    assert set(ledger) == {Kind.REFUSED, Kind.LATE, Kind.OVER_RATE, Kind.NOT_FOUND, Kind.WAITING}
    assert ledger[Kind.REFUSED].reason == "No capacity"
    assert ledger[Kind.LATE].days == 3
    assert ledger[Kind.OVER_RATE].over == 5_000, "one place a week at £50 above the list"
    assert ledger[Kind.WAITING].days == 2
    second = place.vehicle.members.order_by("pk")[1].organisation
    where = second.locations.create(name="Far away")
    home = Location.objects.create(place=where, kind="care-home", district="redditch", services=["nursing"])
    assert any(one.kind is Kind.OUT_OF_AREA for one in unmet(Request.objects.all()))
    Location.objects.filter(pk=home.pk).update(district="wychavon")
    assert not any(one.kind is Kind.OUT_OF_AREA for one in unmet(Request.objects.all()))


@pytest.mark.django_db
def test_ledger_asks_the_database_as_often_for_many_as_for_one(place, django_assert_max_num_queries):  # noqa: F811
    market(place)
    with django_assert_max_num_queries(4):
        unmet(Request.objects.all())


@pytest.mark.django_db
def test_how_well_care_is_found(place):  # noqa: F811
    market(place)
    told = found(Request.objects.all())
    (one,) = told
    assert (one.service, one.awards, one.median, one.providers, one.largest, one.first) == (
        "nursing",
        1,
        4,
        1,
        1.0,
        1.0,
    )
    assert one.above_list == 1.0
    assert one.price_to_list == 1.05, "£1,050 beside £1,000"


@pytest.mark.django_db
def test_quotes_stand_beside_what_was_paid_when_their_quarter_began(place):  # noqa: F811
    market(place)
    quarters = [quarter(today()), quarter(quarter(today()) - timedelta(days=1))]
    Offer.objects.exclude(answer="no").update(answered_at=timezone.now())
    (one,) = quoted(Request.objects.all())
    assert (one.begins, one.quotes, one.quoted, one.listed, one.paid) == (quarters[0], 1, 105_000, 100_000, None)
    assert one.to_list == 1.05
    earlier = yes(sent(place, person=somebody(place, 5)), place.vehicle.members.order_by("pk")[0])
    at = timezone.make_aware(datetime.combine(quarters[1], time(12)))
    Offer.objects.filter(pk=earlier.pk).update(answered_at=at, price=84_000)
    Line.objects.update(starts_on=quarters[0] - timedelta(days=3))
    now, before = quoted(Request.objects.all())
    assert (now.begins, now.paid, now.to_paid) == (quarters[0], 105_000, 1.0), "its line ran when the quarter began"
    assert (before.begins, before.quoted, before.paid, before.to_paid) == (quarters[1], 84_000, None, None)
    Line.objects.update(ends_on=quarters[0] - timedelta(days=1))
    assert quoted(Request.objects.all())[0].paid is None


def test_quarters_begin_in_january_april_july_and_october():
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 23), date(2028, 2, 29)]
    assert [quarter(one) for one in days] == [
        date(2026, 1, 1), date(2026, 1, 1), date(2026, 10, 1), date(2028, 1, 1)
    ]  # fmt: skip


def test_waits_are_ordered_and_counted_up():
    assert within([], 0.5) is None
    assert within([9, 1, 3], 0.5) == 3
    assert within(list(range(1, 11)), 0.9) == 9


@pytest.mark.django_db(transaction=True)
def test_pages_show_it_and_a_provider_sees_its_own_line_alone(place, client, settings):  # noqa: F811
    from tests.accounts.signing import sign_in_at_once

    market(place)

    def read(role: str, path: str) -> str:
        sign_in_at_once(client, place.people.memberships["worcestershire", role].account)
        return client.get(path).content.decode()

    shown = read("analyst", "/work/unmet/")
    assert "No capacity" in shown
    assert "£50.00" in shown
    assert read("analyst", "/work/unmet.csv").count("\n") == 6
    assert "105.0%" in read("commissioner", "/work/finding/")
    Offer.objects.exclude(answer="no").update(answered_at=timezone.now())
    shown = read("analyst", "/work/quotes/")
    assert "105.0%" in shown
    begins = quarter(today())
    assert f"{begins:%B %Y} to {begins.replace(month=begins.month + 2):%B %Y}" in shown
    assert read("analyst", "/work/quotes.csv").count("\n") == 2
    whole = read("auditor", "/work/fairness.csv")
    assert whole.count("\n") == 3
    assert "The first of the ranking was chosen." in whole
    own = read("provider", "/work/fairness.csv")
    assert own.count("\n") == 2, "its own line, and no other's"


@pytest.mark.django_db(transaction=True)
def test_programs_read_the_same(place, client):  # noqa: F811
    from tests.policy.sweep import token_of

    market(place)

    def read(role: str, path: str):
        token = token_of(place.people.memberships["worcestershire", role])
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}).json()

    assert {one["kind"] for one in read("analyst", "unmet-need")["items"]} >= {"A provider said no"}
    assert read("commissioner", "finding")["items"][0]["awards"] == 1
    Offer.objects.exclude(answer="no").update(answered_at=timezone.now())
    assert read("commissioner", "quotes")["items"][0]["to_list"] == 105
    assert len(read("auditor", "fairness")["items"]) == 2
    assert len(read("provider", "fairness")["items"]) == 1
    assert read("broker", "rounds")["items"] == []


@pytest.mark.parametrize(("prices", "middle"), [([2150], 2150), ([3, 4], 4), ([2, 3], 3), ([9, 1, 5], 5)])
def test_half_a_penny_of_a_middle_price_is_rounded_as_money_is(prices, middle):
    assert middle_price(prices) == middle
