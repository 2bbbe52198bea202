"""The API's acts about the log, about what is held of somebody, and about other councils' statements."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.privacy.hold import held
from careshape.privacy.models import LegalHold
from careshape.reuse.models import Brought
from careshape.work.tokens import make
from tests.exchange.sample import sample
from tests.work.asking import ROOT, send

COUNCIL = "worcestershire"


def test_the_log_is_read_page_by_page_and_that_it_was_read_is_told(asking) -> None:
    client, team = asking("administrator"), asking("auditor")
    for name in ("First", "Second", "Third"):
        send(client, "teams", {"name": name})
    first = team.get(f"{ROOT}/audit/events?act=accounts.teams&limit=2").json()
    assert (first["total"], [one["role"] for one in first["items"]]) == (3, ["administrator"] * 2)
    one = first["items"][0]
    assert (one["title"], one["detail"]) == ("Keep the council's teams", {"fields": ["name"]})
    send(client, "teams", {"name": "Fourth"})
    rest = team.get(f"{ROOT}/audit/events?act=accounts.teams&limit=2&offset=2&last={one['number']}").json()
    assert (rest["total"], len(rest["items"])) == (3, 1), "what was done meanwhile moves nothing"
    assert Event.objects.filter(act="audit.read", outcome="read").count() == 2
    verdict = send(team, "audit/verify").json()
    assert (verdict["whole"], verdict["wrong"]) == (True, "")
    assert verdict["ledger"].startswith("The ledger holds posting 1, and the log does not tell who brought it.")
    assert Event.objects.get(act="audit.verify").chain == COUNCIL
    assert send(asking("analyst"), "audit/verify").status_code == 403


def test_who_is_no_auditor_reads_what_they_did_themselves_and_less_of_it(asking) -> None:
    send(asking("administrator"), "teams", {"name": "First"})
    client = asking("provider")
    send(client, "following", {"what": "statement"})
    listed = client.get(f"{ROOT}/audit/events").json()["items"]
    assert {one["role"] for one in listed} == {"provider"}
    assert {"readers.follow"} <= {one["act"] for one in listed}
    assert {(one["who"], one["object"], one["detail"], one["digest"]) for one in listed} == {(None,) * 4}
    assert not Event.objects.filter(act="audit.read").exists(), "one's own is nobody else's"


def test_what_is_held_of_somebody_is_collected_and_told(asking, people) -> None:
    client, account = asking("administrator"), people.account("broker")
    answer = send(client, "privacy/access", {"email": account.email})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert account.email in file.read("accounts.Account.json").decode()
    assert Event.objects.filter(act="privacy.access", chain=COUNCIL).count() == 1
    for given, said in (
        ({}, "Say who is meant"), ({"email": "a@b.example", "person": "P"}, "Say who is meant"),
        ({"email": people.account("broker", "thurrock").email}, "Nobody who works"), ({"person": "NOBODY"}, "nobody"),
    ):  # fmt: skip
        refused = send(client, "privacy/access", given)
        assert (refused.status_code, said in refused.json()["detail"]) == (422, True), given
    assert send(asking("auditor"), "privacy/access", {"email": account.email}).status_code == 403
    with pytest.raises(CallError, match="30 days at most"):
        make(people.principal("administrator"), "collecting", ["privacy.access"], 90)


def test_a_hold_is_placed_seen_and_lifted(asking, people) -> None:
    client, account, today = asking("administrator"), people.account("broker"), timezone.localdate()
    given = {"email": account.email, "why": "Claim 12", "until": (today + timedelta(days=40)).isoformat()}
    pk = send(client, "privacy/holds", given, **{"Idempotency-Key": "a"}).json()["id"]
    assert send(client, "privacy/holds", given, **{"Idempotency-Key": "a"})["Idempotent-Replayed"] == "true"
    hold = held("account", account.pk, [COUNCIL], today)
    assert hold is not None
    assert hold.pk == pk
    one = client.get(f"{ROOT}/privacy/holds").json()["items"][0]
    assert (one["what"], one["who"], one["by"]) == ("account", account.name, "Administrator worcestershire")
    assert Event.objects.filter(act="privacy.hold", outcome="read").count() == 1
    assert send(asking("administrator", "thurrock"), f"privacy/holds/{pk}/lift").status_code == 404
    assert send(client, f"privacy/holds/{pk}/lift").json()["done"] == "lifted"
    assert send(client, f"privacy/holds/{pk}/lift").status_code == 409, "once is enough"
    assert held("account", account.pk, [COUNCIL], today) is None
    listed = [client.get(f"{ROOT}/privacy/holds?lifted={lifted}").json()["total"] for lifted in ("false", "true")]
    assert listed == [0, 1]
    for wrong, status in (
        ({"why": " "}, 409), ({}, 422), ({"why": "x", "email": "nobody@tests.example"}, 409),
        ({"why": "x", "until": "2001-01-01"}, 409), ({"why": "x", "email": "a", "person": "b"}, 409),
    ):  # fmt: skip
        assert send(client, "privacy/holds", wrong).status_code == status, wrong
    assert LegalHold.objects.count() == 1
    assert send(client, "privacy/holds", {"why": "An inquiry"}).status_code == 201
    assert LegalHold.objects.get(what="council").council == COUNCIL


def test_another_councils_statement_is_brought_read_beside_others_and_withdrawn(asking, client) -> None:
    administrator = asking("administrator")

    def bring(statement: object):
        file = SimpleUploadedFile("theirs.json", json.dumps(statement).encode())
        return administrator.post(f"{ROOT}/regional/statements", {"file": file})

    theirs = sample()
    theirs["council"] |= {"code": "E10000099", "name": "Example County Council"}
    faulty = bring({**theirs, "known_on": "soon"})
    assert (faulty.status_code, bool(faulty.json()["faults"][0]["rule"])) == (422, True)
    assert not Brought.objects.exists()
    pk = bring(theirs).json()["id"]
    listed = administrator.get(f"{ROOT}/regional/statements").json()["items"]
    assert [(one["id"], one["code"], one["state"]) for one in listed] == [(pk, "E10000099", "stands")]
    everybody = client.get(f"{ROOT}/regional", SERVER_NAME="localhost").json()
    assert everybody["total"] > 0, "what is released is everybody's, without a token"
    one = everybody["items"][0]
    assert one["council"] == "Example County Council"
    same = client.get(f"{ROOT}/regional?topic={one['topic']}&council=E10000099", SERVER_NAME="localhost").json()
    assert one in same["items"]
    assert send(asking("administrator", "thurrock"), f"regional/statements/{pk}/withdraw").status_code == 404
    assert send(administrator, f"regional/statements/{pk}/withdraw").json()["done"] == "withdrawn"
    assert send(administrator, f"regional/statements/{pk}/withdraw").status_code == 409
    assert client.get(f"{ROOT}/regional", SERVER_NAME="localhost").json()["total"] == 0
    assert send(asking("analyst"), "regional/statements").status_code == 403
