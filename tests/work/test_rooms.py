"""Places to live on the pages of those who tell of them, and of the broker who fills them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.providers.models import Room, Stay
from careshape.providers.rooms.keep import Description, keep_room
from careshape.source.lists.vehicles import admit
from careshape.source.models import Package
from careshape.source.requests.award import said_of
from tests.providers.homes import home, setting
from tests.source.arranged import sent, yes
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


def _told(location: int, **more: object) -> dict[str, object]:
    return {
        "location": location, "name": "Room 1", "part": "general-nursing",
        "begins_on": f"{today() - timedelta(days=9):%d/%m/%Y}", "has": ["garden"], **more,
    }  # fmt: skip


def test_provider_tells_of_a_place_the_council_agrees_to_pay_and_the_award_takes_it(place: Place, signed_in: Sign):
    provider, broker, commissioner = signed_in("provider"), signed_in("broker"), signed_in("commissioner")
    member = place.vehicle.members.get(organisation=place.who("provider").organisation)
    at = home(member.organisation)
    both = provider.post("/work/rooms/add/", _told(at.pk, only=["women", "men"]))
    assert both.status_code == 422
    assert "Nobody is both" in both.content.decode()
    assert "Room 1" in both.content.decode(), "what was typed is not lost"
    made = provider.post("/work/rooms/add/", _told(at.pk))
    room = Room.objects.get()
    assert made["Location"] == f"/work/rooms/{room.pk}/"
    assert provider.get(f"/work/rooms/{room.pk}/agree/").status_code == 403
    commissioner.post(f"/work/rooms/{room.pk}/agree/", {"rent": "70.00", "support": "", "paid_after": ""})
    shown = commissioner.get("/work/rooms/").content.decode()
    assert "1 of 1 stand empty today." in shown
    assert "£70.00 a week" in shown
    assert b"Room 1" in commissioner.get("/work/rooms.csv").content
    row = sent(place)
    offer = yes(row, member)
    assert "filling it saves that" in broker.get(f"/work/requests/{row.pk}/rooms/").content.decode()
    form = broker.get(f"/work/offers/{offer.pk}/award/").content.decode()
    assert "Which empty place does it take?" in form
    stopped = broker.post(f"/work/offers/{offer.pk}/award/", {"read": said_of(offer), "room": "", "why": ""})
    assert stopped.status_code == 422
    assert "An empty place suits, and is filled first: Room 1 at Home" in stopped.content.decode()
    broker.post(f"/work/offers/{offer.pk}/award/", {"read": said_of(offer), "room": str(room.pk), "why": ""})
    assert Stay.objects.get().reference == f"award {Package.objects.get().award_id}"
    assert "(by an award)" in broker.get(f"/work/rooms/{room.pk}/").content.decode()


def test_page_of_empty_places_names_each_limit_and_what_a_return_alone_tells(place: Place, signed_in: Sign):
    broker = signed_in("broker")
    member = place.vehicle.members.order_by("pk")[0]
    at = home(member.organisation)
    signed_in("commissioner").post("/work/rooms/add/", _told(at.pk, only=["men"]))
    text = broker.get(f"/work/requests/{sent(place).pk}/rooms/").content.decode()
    assert "No empty place that is told of suits." in text
    assert "It is only for men" in text
    assert "Its provider is on no list of the council for this" in text, "and it was not asked"


def test_request_for_a_new_service_names_the_empty_places_that_come_first(
    place: Place, signed_in: Sign, django_assert_max_num_queries
):
    first = place.vehicle.members.order_by("pk")[0].organisation
    admit(place.who("commissioner"), place.vehicle, first, "supported-living", 1_900)
    at = setting(first)
    for number in range(7):
        told = Description(f"Flat {number}", "supported-living-place", today() - timedelta(days=9))
        keep_room(place.who("commissioner"), at, told)
    row = place.ask("supported-living")
    here = f"/work/requests/{row.pk}/"
    worker, broker = signed_in("practitioner"), signed_in("broker")
    form = worker.get(f"{here}say/").content.decode()
    assert 'name="new-service"' in form
    assert "voids-that-suit" not in form, "it is counted, and not said"
    worker.post(f"{here}say/", {"new-service": "yes"})
    broker.get(here)  # what is read once for all pages
    with django_assert_max_num_queries(30):
        shown = broker.get(here).content.decode()
    named = "; ".join(f"Flat {number} at House" for number in range(5))
    assert f"7 empty places suit: {named} and 2 more." in shown
    assert f'href="{here}rooms/">See how each of them suits' in shown
    read = worker.get(here).content.decode()
    assert "7 empty places suit." in read, "who may not see places reads how many there are"
    assert "Flat 1" not in read


def test_moving_in_and_out_is_told_and_a_day_that_cannot_be_is_refused(place: Place, signed_in: Sign):
    commissioner = signed_in("commissioner")
    at = home(place.vehicle.members.order_by("pk")[0].organisation)
    commissioner.post("/work/rooms/add/", _told(at.pk))
    room = Room.objects.get()
    early = commissioner.post(f"/work/rooms/{room.pk}/in/", {"on": f"{today() - timedelta(days=60):%d/%m/%Y}"})
    assert "can be had from" in early.content.decode()
    commissioner.post(f"/work/rooms/{room.pk}/in/", {"on": f"{today():%d/%m/%Y}"})
    assert "Say when they leave" in commissioner.get(f"/work/rooms/{room.pk}/").content.decode()
    commissioner.post(f"/work/rooms/{room.pk}/out/", {"on": f"{today():%d/%m/%Y}"})
    assert Stay.objects.get().ends_on == today()
    closed = _told(at.pk, closed_on=f"{today():%d/%m/%Y}", name="Room A")
    assert commissioner.post(f"/work/rooms/{room.pk}/correct/", closed).status_code == 302
    assert Room.objects.get().name == "Room A"
