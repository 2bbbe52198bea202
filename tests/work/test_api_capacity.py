"""The API's acts of capacity: returned, read with its age, and what lies beyond a line."""

from __future__ import annotations

import pytest

from careshape.accounts.models import Organisation
from careshape.providers.models import Return
from tests.providers.homes import beds, home, returned
from tests.source.place import today
from tests.work.asking import ROOT, send

BEDS = {"bed_type": "general-nursing", "maximum": 20, "in_use": 10, "reserved": 0, "admittable": 5}


@pytest.fixture
def place(people):
    own = Organisation.objects.get(pk=people.principal("provider").organisation)
    return home(own, "Here", regulator_id="1-100")


def _given(**more):
    return {"returns": [{"location_id": "1-100", "day": today().isoformat(), "beds": [{**BEDS, **more}]}]}


def test_program_returns_capacity_once_however_often_it_is_sent(asking, data, place) -> None:
    client = asking("provider")
    first = send(client, "capacity/returns", _given(), **{"Idempotency-Key": "a"})
    assert (first.status_code, first.json()["lines"], first.json()["refused"]) == (201, 1, 0), first.content
    assert send(client, "capacity/returns", _given(), **{"Idempotency-Key": "a"}).content == first.content
    assert send(client, "capacity/returns", _given()).status_code == 201
    assert Return.objects.count() == 1
    wrong = send(client, "capacity/returns", _given(maximum=50)).json()
    assert (wrong["lines"], wrong["refused"]) == (0, 1)
    assert "50 beds over all types are more than the 40" in wrong["faults"][0]["message"]
    assert send(asking("voluntary"), "capacity/returns", _given()).json()["lines"] == 0, "it is not theirs"
    assert send(client, "capacity/returns", {"returns": []}).status_code == 422
    own = client.get(f"{ROOT}/capacity/locations/{place.pk}/beds").json()
    assert (own["total"], own["items"][0]["figures"]["in_use"], own["items"][0]["counts"]) == (1, 10, True)


def test_programs_of_the_council_read_what_is_free_and_what_lies_beyond_a_line(asking, data, people, place) -> None:
    returned(people.principal("provider"), place, beds(place, maximum=40, in_use=20))
    client = asking("commissioner")
    one = client.get(f"{ROOT}/capacity/beds").json()["items"][0]
    assert (one["part"], one["label"], one["figures"]["void"], one["figures"]["admittable"]) == (
        "wychavon",
        "Wychavon",
        20,
        5,
    )
    assert client.get(f"{ROOT}/capacity/beds?by=location").json()["items"][0]["part"] == str(place.pk)
    assert client.get(f"{ROOT}/capacity/hours").json()["items"] == []
    assert client.get(f"{ROOT}/capacity/beds?by=colour").status_code == 422
    assert client.get(f"{ROOT}/capacity/rooms").status_code == 404
    found = client.get(f"{ROOT}/alerts").json()["items"]
    assert [(one["alert"], one["level"]) for one in found] == [("empty-homes", "act")]
    assert asking("provider").get(f"{ROOT}/capacity/beds").status_code == 403
