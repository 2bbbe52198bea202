"""The API's acts of the register of providers, under the policy of its pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.providers.models import Evidence, Location, Provider
from tests.source.place import today
from tests.work.asking import ROOT, send


def test_program_keeps_the_register_once_however_often_it_asks(asking, data, people) -> None:
    officer = asking("quality-officer")
    given = {"name": "Example Care A", "type": "private", "staff": 40, "regulator_id": "1-200"}
    first = send(officer, "providers", given, **{"Idempotency-Key": "a"})
    assert first.status_code == 201, first.content
    assert send(officer, "providers", given, **{"Idempotency-Key": "a"}).content == first.content
    assert Provider.objects.count() == 1
    pk = first.json()["id"]
    assert "already" in send(officer, "providers", given).json()["detail"]
    assert send(officer, f"providers/{pk}", {"brand": "Example group"}).status_code == 200
    one = officer.get(f"{ROOT}/providers/{pk}").json()
    assert (one["name"], one["staff"], one["brand"], one["rating"]) == ("Example Care A", 40, "Example group", None)
    home = {"name": "Home A", "kind": "residential-home", "outward": "WR1 1AA", "services": ["residential"]}
    made = send(officer, f"providers/{pk}/locations", home).json()["id"]
    assert send(officer, f"provider-locations/{made}", {"registered_beds": 40}).status_code == 200
    row = Location.objects.get(pk=made)
    assert (row.name, row.registered_beds, row.outward, row.services) == ("Home A", 40, "WR1", ["residential"])
    assert send(officer, f"provider-locations/{made}", {"kind": "castle"}).status_code == 409
    (shown,) = officer.get(f"{ROOT}/providers/{pk}/locations").json()["items"]
    assert (shown["district"], shown["registered_beds"]) == ("worcester", 40)
    grade = {"grade": "gold", "on": today().isoformat(), "why": "Visited."}
    assert send(officer, f"providers/{pk}/grades", grade).status_code == 201
    assert officer.get(f"{ROOT}/providers").json()["items"][0]["grade"] == "gold"


def test_program_of_a_provider_shows_and_the_council_s_looks(asking, data, people) -> None:
    provider, officer = asking("provider"), asking("quality-officer")
    own, other, _ = people.organisations["worcestershire"]
    given = {"kind": "accounts", "begins_on": (today() - timedelta(days=9)).isoformat()}
    made = send(provider, f"providers/{own.pk}/evidence", given).json()["id"]
    assert send(provider, f"providers/{other.pk}/evidence", given).status_code == 404
    assert provider.get(f"{ROOT}/evidence").json()["items"][0]["state"] == "waiting"
    assert send(provider, f"evidence/{made}/check", {}).status_code == 403
    assert send(officer, f"evidence/{made}/check", {}).status_code == 200
    assert provider.get(f"{ROOT}/evidence").json()["items"][0]["state"] == "counts"
    assert send(provider, f"evidence/{made}/withdraw", {"why": "A mistake"}).status_code == 409
    assert send(officer, f"evidence/{made}/withdraw", {"why": "Of another"}).status_code == 200
    assert Evidence.objects.get(pk=made).withdrawn_why == "Of another"


@pytest.mark.parametrize("role", ["broker", "auditor", "practitioner"])
def test_programs_that_may_read_may_not_keep(asking, data, people, role: str) -> None:
    client = asking(role)
    assert client.get(f"{ROOT}/providers").json()["total"] == 3
    assert send(client, "providers", {"name": "Example Care A"}).status_code == 403
