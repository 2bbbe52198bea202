"""A whole posting is withdrawn: said in counts, asked, done as background work, told, and posted again."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careshape.audit.models import Event
from careshape.audit.postings import astray
from careshape.home import Home
from careshape.jobs.models import Job
from careshape.ledger.reversals import withdraw_posting
from careshape.work.models import Import
from tests.work.files import GOOD, MENDED
from tests.work.test_background import worker

PAGE = "/work/postings/2/withdraw/"


def post(client, content: bytes = GOOD, name: str = "mistake.csv") -> Import:
    client.post("/work/imports/new/", {"file": SimpleUploadedFile(name, content)})
    found = Import.objects.latest("pk")
    client.post(f"/work/imports/{found.pk}/post/")
    found.refresh_from_db()
    return found


def said_on(client) -> str:
    """What the page says, as its form sends it again."""
    text = client.get(PAGE).content.decode()
    return text.split('name="said" value="')[1].split('"')[0]


def test_a_posting_is_withdrawn_after_its_counts_were_said_and_the_file_can_come_again(signed_in, people, data) -> None:
    client = signed_in("analyst")
    brought = post(client)
    assert f'href="{PAGE}"' in client.get("/work/postings/2/").content.decode()
    assert "2 lines of 2 people" in said_on(client)
    answer = client.post(PAGE, {"said": said_on(client)})
    job = Job.objects.get()
    assert answer["Location"] == f"/work/jobs/{job.pk}/"
    assert len(Home(data).ledger("worcestershire").postings()) == 2, "a worker does it"
    assert worker().state == "done"
    ledger = Home(data).ledger("worcestershire")
    assert (ledger.postings()[-1].reverses, ledger.postings()[-1].counts["withdrawn"]) == (2, 2)
    event = Event.objects.get(act="ledger.import", object="ledger.posting:3")
    assert (event.role, json.loads(event.detail)["withdraws"]) == ("analyst", 2)
    assert not [one for one in astray(ledger) if "2" in one or "3" in one]
    assert 'href="/work/postings/3/"' in client.get(f"/work/jobs/{job.pk}/").content.decode()
    assert "Withdrawn by posting 3" in client.get("/work/postings/").content.decode()
    assert people.account("analyst").name in client.get("/work/postings/3/").content.decode()
    assert "withdrawn" in client.get(f"/work/imports/{brought.pk}/").content.decode()
    assert post(client, name="again.csv").posting == 4


def test_what_changed_meanwhile_is_said_again_before_it_is_done(signed_in, data) -> None:
    client = signed_in("administrator")
    post(signed_in("analyst"), MENDED)
    said = said_on(client)
    post(signed_in("analyst"), GOOD.replace(b"210.00", b"220.00"))
    answer = client.post(PAGE, {"said": said})
    assert answer.status_code == 409
    assert "has changed meanwhile" in answer.content.decode()
    assert not Job.objects.exists()
    assert client.post(PAGE, {"said": said_on(client)}).status_code == 302


def test_a_posting_that_cannot_be_withdrawn_says_why(signed_in, data) -> None:
    client = signed_in("analyst")
    post(client)
    withdraw_posting(Home(data).ledger("worcestershire"), 2)
    for number, why in ((2, "was withdrawn already, by posting 3"), (3, "is itself a withdrawal")):
        text = client.get(f"/work/postings/{number}/withdraw/").content.decode()
        assert why in text
        assert '<form method="post" novalidate>' not in text
    assert client.get("/work/postings/9/withdraw/").status_code == 404
    assert signed_in("analyst", "thurrock").get(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["commissioner", "auditor", "broker"])
def test_who_may_not_withdraw_is_offered_none(role, signed_in, data) -> None:
    post(signed_in("analyst"))
    client = signed_in(role)
    assert PAGE not in client.get("/work/postings/2/").content.decode()
    assert client.post(PAGE, {"said": ""}).status_code == 403


def test_a_program_withdraws_a_posting_once(signed_in, asking, data) -> None:
    post(signed_in("analyst"))
    client, key = asking("analyst"), {"Idempotency-Key": "once"}
    first = client.post("/api/v1/postings/2/withdraw", headers=key)
    assert (first.status_code, first.json()["state"]) == (202, "queued")
    assert client.post("/api/v1/postings/2/withdraw", headers=key)["Idempotent-Replayed"] == "true"
    assert worker().result["posting"] == 3
    assert client.get(f"/api/v1/jobs/{first.json()['id']}").json()["result"]["withdrawn"] == 2
    again = client.post("/api/v1/postings/2/withdraw")
    assert (again.status_code, "withdrawn already" in again.json()["detail"]) == (409, True)
    assert client.post("/api/v1/postings/9/withdraw").status_code == 404
    assert asking("auditor").post("/api/v1/postings/2/withdraw").status_code == 403


def test_a_withdrawal_that_failed_is_tried_again_by_asking_again(signed_in, people, data) -> None:
    client = signed_in("analyst")
    post(client)
    client.post(PAGE, {"said": said_on(client)})
    Job.objects.update(state="given-up", ended_at=Job.objects.get().created_at)
    assert client.post(PAGE, {"said": said_on(client)}).status_code == 302
    assert worker().state == "done"
