"""The API's acts of editions: prepared by one, read with the gate's report, agreed by another, released, discarded."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.audit.models import Event
from careshape.editions.folders import MANIFEST, digest, edition_path
from careshape.editions.inputs import inputs_now
from careshape.editions.models import Edition
from careshape.home import Home
from careshape.jobs.models import Job
from tests.policy.editions import make_edition
from tests.work.asking import ROOT, send

COUNCIL = "worcestershire"


@pytest.fixture
def prepared(data, people) -> Edition:
    """An edition of one page that an analyst had prepared from what is in force now."""
    home, row = Home(data), make_edition(data, COUNCIL, "prepared")
    file = edition_path(home, COUNCIL, 1) / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    manifest["inputs"] = {"files": {name: digest(content) for name, content in inputs_now(home, COUNCIL).items()}}
    file.write_text(json.dumps(manifest), "utf-8")
    row.manifest, row.prepared_by = digest(file.read_bytes()), people.account("analyst")
    row.save()
    return row


def test_an_edition_is_prepared_in_the_background_once_for_a_key(asking) -> None:
    client = asking("analyst")
    made = [send(client, "editions", **{"Idempotency-Key": "a"}) for _ in range(2)]
    job = Job.objects.get()
    assert (made[0].status_code, made[0].json()) == (202, {"number": 1, "job": job.pk})
    assert made[1].content == made[0].content
    assert client.get(f"{ROOT}/jobs/{job.pk}").json()["ended"] is False
    assert send(asking("commissioner"), "editions").json() == {"number": 1, "job": None}, "a colleague had it begun"
    assert Job.objects.count() == 1


def test_an_edition_is_read_agreed_by_another_and_released(asking, prepared) -> None:
    client = asking("commissioner")
    listed = client.get(f"{ROOT}/editions?state=prepared").json()["items"]
    assert [(one["number"], one["by"], one["agreed"]) for one in listed] == [(1, "Analyst worcestershire", "")]
    assert client.get(f"{ROOT}/editions?state=released").json()["total"] == 0
    one = client.get(f"{ROOT}/editions/1").json()
    assert (one["there"], one["since"]) == (True, {"digest": "", "files": [], "postings": 0})
    assert send(client, "editions/1/release", {}).status_code == 409, "nobody agreed it"
    agreed = [
        send(client, "editions/1/agree", {"manifest": one["manifest"]}, **{"Idempotency-Key": "b"}) for _ in range(2)
    ]
    assert agreed[0].json() == {"id": 1, "done": "agreed"}
    assert agreed[1]["Idempotent-Replayed"] == "true"
    assert send(client, "editions/1/release", {}).json()["done"] == "released"
    prepared.refresh_from_db()
    assert (prepared.state, prepared.agreed_by.name) == ("released", "Commissioner worcestershire")
    told = (
        Event.objects.filter(chain=COUNCIL, act__startswith="editions.")
        .order_by("number")
        .values_list("act", flat=True)
    )
    assert list(told) == ["editions.agree", "editions.release"]
    refused = send(client, "editions/1/discard")
    assert (refused.status_code, "cannot be discarded" in refused.json()["detail"]) == (409, True)


def test_nobody_agrees_what_they_prepared_or_have_not_read(asking, prepared, people) -> None:
    client, manifest = asking("commissioner"), prepared.manifest
    other = send(client, "editions/1/agree", {"manifest": "0" * 64})
    assert (other.status_code, "another manifest" in other.json()["detail"]) == (409, True)
    assert send(client, "editions/1/agree", {}).status_code == 422, "which one was read is not said"
    Edition.objects.update(prepared_by=people.account("commissioner"))
    own = send(client, "editions/1/agree", {"manifest": manifest})
    assert (own.status_code, "second person" in own.json()["detail"]) == (409, True)
    assert send(asking("analyst"), "editions/1/agree", {"manifest": manifest}).status_code == 403
    assert Edition.objects.get().state == "prepared"


def test_what_changed_since_is_told_and_must_be_known(asking, prepared, data) -> None:
    client = asking("commissioner")
    rule = data / "councils" / COUNCIL / "disclosure.toml"
    rule.write_text('method = "suppress"\nthreshold = 7\n', "utf-8")
    since = client.get(f"{ROOT}/editions/1").json()["since"]
    assert since["files"] == ["disclosure.toml"]
    given = {"manifest": prepared.manifest}
    refused = send(client, "editions/1/agree", given)
    assert (refused.status_code, "sent as `aware`" in refused.json()["detail"]) == (409, True)
    assert send(client, "editions/1/agree", {**given, "aware": since["digest"]}).status_code == 200
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert send(client, "editions/1/schedule", {"on": tomorrow}).status_code == 409
    assert send(client, "editions/1/schedule", {"on": tomorrow, "aware": since["digest"]}).json()["done"] == "scheduled"
    assert client.get(f"{ROOT}/editions/1").json()["release_on"] == tomorrow
    assert send(client, "editions/1/schedule", {"on": None}).json()["done"] == "unscheduled"
    assert send(client, "editions/1/schedule", {"on": "soon"}).status_code == 422
    assert send(client, "editions/1/discard").json()["done"] == "discarded"


def test_another_councils_edition_is_as_one_that_is_not_there(asking, prepared) -> None:
    other = asking("commissioner", "thurrock")
    assert other.get(f"{ROOT}/editions/1").content == other.get(f"{ROOT}/editions/9").content
    assert send(other, "editions/1/agree", {"manifest": prepared.manifest}).status_code == 404
    assert other.get(f"{ROOT}/editions").json()["total"] == 0
