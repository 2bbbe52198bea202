"""Figures of which alerts are raised: refusals, hand-backs, prices, and on how few providers home care rests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from careshape.market.alerts import Figure, alerts
from careshape.providers.models import Provider
from careshape.source import market_figures
from careshape.source.lists.vehicles import admit
from careshape.source.models import Award, Offer, Package, Request
from careshape.source.packages.tellings import tell_of
from tests.source.arranged import arranged, sent, yes
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db
COUNCIL = "worcestershire"
AREA = "wychavon"


def _by_name(found: list[Figure]) -> dict[tuple[str, str], tuple[Decimal | None, int]]:
    return {(one.figure, one.area): (one.value, one.base) for one in found}


def _answered(place: Place, answer: str, days_ago: int, **more: object) -> Offer:
    """A provider's answer to a request of its own, so many days ago."""
    offer = yes(sent(place, **more), place.vehicle.members.order_by("pk")[0])
    no = {"price": None, "can_start_on": None, "reason": "Nobody works there.", "reason_code": "no-capacity"}
    Offer.objects.filter(pk=offer.pk).update(
        answer=answer, answered_at=timezone.now() - timedelta(days=days_ago), **(no if answer == "no" else {})
    )
    return offer


def test_refusals_are_those_of_the_last_quarter_by_district(place: Place):
    for answer, ago in (("no", 1), ("no", 90), ("yes", 2), ("no", 92)):
        _answered(place, answer, ago)
    _answered(place, "yes", 3, district="redditch")
    yes(sent(place), place.vehicle.members.order_by("pk")[0])  # has not been answered at any time
    found = _by_name(market_figures.refusals(COUNCIL, today()))
    assert found == {("refusal_rate", AREA): (Decimal("66.7"), 3), ("refusal_rate", "redditch"): (Decimal(0), 1)}
    assert market_figures.refusals("thurrock", today()) == []


def test_hand_backs_are_those_told_in_the_last_quarter_and_not_withdrawn(place: Place):
    day = today() + timedelta(days=8)
    packages = [arranged(place, number=number % 2) for number in range(4)]
    assert market_figures.hand_backs(COUNCIL, today()) == [], "none runs yet"
    for one in packages[:2]:
        tell_of(place.who("broker"), one, "hand-back", {"given": today().isoformat(), "on": day.isoformat()})
    assert _by_name(market_figures.hand_backs(COUNCIL, day)) == {("hand_back_rate", AREA): (Decimal(50), 4)}
    tell_of(place.who("broker"), packages[0], "withdrawal", {}, replaces=2)
    assert _by_name(market_figures.hand_backs(COUNCIL, day)) == {("hand_back_rate", AREA): (Decimal(25), 4)}
    later = today() + timedelta(days=100)
    assert _by_name(market_figures.hand_backs(COUNCIL, later))["hand_back_rate", AREA][0] == 0, "told a quarter before"


def test_prices_of_a_year_are_beside_those_of_the_year_before(place: Place):
    for pence, ago in ((100_000, 400), (100_000, 500), (110_000, 10), (121_000, 20), (1, 800)):
        made = arranged(place).award
        Offer.objects.filter(pk=made.offer_id).update(price=pence)
        Award.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=ago))
    found = market_figures.prices(COUNCIL, today())
    assert _by_name(found) == {("price_rise", f"{AREA}/nursing"): (Decimal("15.5"), 2)}
    assert alerts(found, today()) == [], "two prices are too few to tell"
    Award.objects.exclude(at__gt=timezone.now() - timedelta(days=30)).delete()
    assert market_figures.prices(COUNCIL, today())[0].value is None, "of one year alone there is no rise"


def test_home_care_rests_on_its_providers_by_zone(place: Place):
    first, second = (
        admit(place.who("commissioner"), place.vehicle, one, "home-care", 2_000)
        for one in place.people.organisations[COUNCIL][:2]
    )
    for number in range(10):
        package = arranged(place)
        member = second if number < 2 else first
        zone = "evesham-zone" if number < 9 else ""
        Request.objects.filter(pk=package.award.request_id).update(service="home-care", zone=zone)
        Package.objects.filter(pk=package.pk).update(service="home-care", organisation=member.organisation)
    day = today() + timedelta(days=8)
    assert market_figures.home_care(COUNCIL, day) == [], "nine packages are too few to tell"
    Request.objects.update(zone="evesham-zone")
    found = market_figures.home_care(COUNCIL, day)
    area = "evesham-zone/home-care"
    # Eight of ten places a week with one and two with the other: 80 x 80 + 20 x 20.
    assert _by_name(found) == {
        ("hhi", area): (Decimal(6_800), 2), ("top_1_share", area): (Decimal(80), 2), ("top_3_share", area): (100, 2),
    }  # fmt: skip
    assert {one.line.id for one in alerts(found, day)} == {"concentration", "largest-provider"}
    assert set(found) <= set(market_figures.figures(COUNCIL, day))
    for one in (first, second):
        Provider.objects.update_or_create(organisation=one.organisation, defaults={"brand": "Brand A"})
    assert _by_name(market_figures.home_care(COUNCIL, day))["hhi", area] == (Decimal(10_000), 1)
