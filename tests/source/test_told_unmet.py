"""What a statement is told of needs that were not met: whole months, nobody by name, and only what differs anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.people.models import Person
from careshape.records.unmet_need import FILE, Row, read_unmet_need
from careshape.source.models import Offer, Request
from careshape.source.requests.request import withdraw
from careshape.source.taught.told import tell_unmet
from tests.source.arranged import sent, yes
from tests.source.place import Place, today
from tests.source.test_together import place, somebody  # noqa: F401  (the fixture)

COUNCIL = "worcestershire"
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def refused(place: Place, number: int, on: datetime, code: str = "no-capacity", **more: object) -> Request:  # noqa: F811
    """A request that one provider refused on a day."""
    row = sent(place, sent_at=on, starts_on=uk_day(on) + timedelta(days=400), **more)
    no = yes(row, place.vehicle.members.order_by("pk")[number])
    Offer.objects.filter(pk=no.pk).update(
        answer="no", reason="Said in words.", reason_code=code, price=None, can_start_on=None, answered_at=on
    )
    return row


@pytest.fixture
def told(place, settings, monkeypatch):  # noqa: F811
    """A way to tell the needs of a council on a day in June 2026, and what is told then."""
    folder = Home(settings.CARESHAPE_DIR).council_path(COUNCIL)
    folder.mkdir(parents=True, exist_ok=True)

    def tell(now: datetime = NOW):
        monkeypatch.setattr(timezone, "now", lambda: now)
        tell_unmet(COUNCIL)
        return read_unmet_need(folder)

    tell.folder = folder
    return tell


@pytest.mark.django_db(transaction=True)
def test_months_that_are_over_are_told_without_anybody(place, told):  # noqa: F811
    first = refused(place, 0, NOW - timedelta(days=70))
    refused(place, 1, NOW - timedelta(days=1), "price")  # in a month that is not over
    found = told()
    assert (found.first, found.last) == ("2026-04", "2026-05")
    who = Person.objects.get(pk=first.person_id)
    assert found.rows == (Row("2026-04", "no-capacity", "nursing", who.client_group, "wychavon", "unknown", 1),)
    text = (told.folder / FILE).read_text()
    assert who.reference not in text
    assert (told.folder / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_care_that_nobody_has_is_of_the_month_in_which_it_should_have_begun(place, told):  # noqa: F811
    row = sent(place, sent_at=NOW - timedelta(days=60), starts_on=uk_day(NOW) - timedelta(days=35))
    assert [(one.month, one.unmet) for one in told().rows] == [("2026-05", "waiting")]
    monkey = timezone.now
    assert monkey() == NOW
    withdraw(place.who("practitioner"), row)
    assert [(one.month, one.unmet) for one in told().rows] == [("2026-04", "not-found")]


@pytest.mark.django_db(transaction=True)
def test_file_is_left_alone_where_nothing_changed_and_goes_where_nothing_is_told(place, told):  # noqa: F811
    refused(place, 0, NOW - timedelta(days=70), "a-reason-of-old")
    assert [one.unmet for one in told().rows] == ["unknown"]
    stamp = (told.folder / FILE).stat().st_mtime_ns
    told(NOW + timedelta(days=2))
    assert (told.folder / FILE).stat().st_mtime_ns == stamp
    Offer.objects.all().delete()
    Request.objects.all().delete()
    assert told() is None


@pytest.mark.django_db(transaction=True)
def test_council_that_sent_its_first_request_this_month_tells_nothing(place, told):  # noqa: F811
    assert today() is not None
    refused(place, 0, NOW - timedelta(days=2))
    assert told() is None
