"""The API over people who are supported: their record, how needs are met, and what the rules say."""

from __future__ import annotations

import pytest

from careshape.people.models import Correction, Outcome
from careshape.source.models import Decision
from tests.source.place import Place, today
from tests.work.asking import ROOT, send

pytestmark = pytest.mark.django_db
SOMEBODY = {
    "reference": "P-2002", "name": "Synthetic person two", "born_on": "1950-01-01", "gender": "female",
    "client_group": "older-people", "support_reason": "physical-personal-care", "district": "wychavon",
}  # fmt: skip


def test_a_record_is_kept_by_programs_as_on_pages(place: Place, asking):
    client, day = asking("practitioner"), today().isoformat()
    made = [send(client, "supported", SOMEBODY, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert (made[0].status_code, made[1].content) == (201, made[0].content)
    here = f"supported/{made[0].json()['id']}"
    assert send(client, "supported", SOMEBODY).status_code == 422
    entry = {"kind": "outcome", "on": day, "values": {"words": "To see the garden."}}
    written = send(client, f"{here}/entries", entry).json()["id"]
    assert client.get(f"{ROOT}/{here}/entries?kind=outcome").json()["items"][0]["values"] == {
        "words": "To see the garden."
    }
    unknown = send(client, f"{here}/entries", {**entry, "values": {"word": "To see."}})
    assert (unknown.status_code, "Its fields are words" in unknown.json()["detail"]) == (422, True)
    wrong = send(client, f"{here}/entries", {"kind": "need", "on": day, "values": {"area": "nutrition", "eligible": 1}})
    assert (wrong.status_code, "true or false" in wrong.json()["detail"]) == (422, True)
    put = {"values": {"words": "To see her garden."}, "why": "Her own."}
    assert send(client, f"supported/outcome/{written}/correct", put).status_code == 200
    assert send(client, f"supported/outcome/{written}/correct", put).status_code == 409
    assert Correction.objects.get().was == "To see the garden."
    assert send(client, f"supported/outcome/{written}/take-back").status_code == 200
    assert Outcome.objects.get().withdrawn_at is not None


def test_a_need_is_proposed_and_not_decided_while_a_rule_stops_it(place: Place, asking):
    client, day = asking("practitioner"), today().isoformat()
    need = {"kind": "need", "on": day, "values": {"area": "nutrition", "eligible": True, "words": "To eat well."}}
    pk = send(client, f"supported/{place.person.pk}/entries", need).json()["id"]
    given = {"service": "home-care", "long_term": True, "words": "Help at midday."}
    made = send(client, f"needs/{pk}/decisions", given).json()["id"]
    assert send(client, f"needs/{pk}/decisions", given).status_code == 409
    found = client.get(f"{ROOT}/decisions/{made}").json()
    stops = {one["rule"]: one for one in found["findings"] if one["stops"]}
    assert "Offer a direct payment" in stops["direct-payment-first"]["clears"][0]
    stopped = send(client, f"decisions/{made}/decide")
    assert (stopped.status_code, "crisis" in stopped.json()["detail"]) == (409, True), "the first rule that stops it"
    reason = {"rule": "direct-payment-first", "reason": "She asked not to hear of it any more."}
    assert send(client, f"decisions/{made}/set-aside", reason).status_code == 409, "who proposes sets nothing aside"
    assert send(asking("commissioner"), f"decisions/{made}/set-aside", reason).status_code == 200
    again = client.get(f"{ROOT}/decisions/{made}").json()["findings"]
    assert next(one for one in again if one["rule"] == "direct-payment-first")["overridden"]
    assert Decision.objects.get().state == "proposed"


def test_findings_of_a_request_and_the_count_are_read(place: Place, asking):
    request = place.ask()
    found = asking("broker").get(f"{ROOT}/requests/{request.pk}/findings").json()
    assert "home-first" in {one["rule"] for one in found if one["stops"]}
    assert asking("commissioner").get(f"{ROOT}/rules/kept").json() == []
