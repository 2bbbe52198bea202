"""What is refused to who is signed in, told to the log: enough to see an attack, and never enough to be one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client

from careshape.audit import refusals
from careshape.audit.models import Event
from careshape.audit.verify import verify
from tests.accounts.signing import signed_in

HOME = "worcestershire"


def told(people, role: str = "broker") -> list[Event]:
    events = Event.objects.filter(chain=HOME, account=people.account(role).pk, outcome="refused")
    return list(events.order_by("number"))


@pytest.mark.parametrize(
    ("method", "path", "act"),
    [
        ("get", "/work/people/", "accounts.read"),
        ("post", "/work/people/invite/", "accounts.invite"),
        ("get", "/work/audit/verify/", None),
        ("get", "/work/colleagues/987654/", "accounts.colleagues"),
        ("post", "/work/imports/987654/post/", "work.import"),
        ("get", "/work/nowhere/", None),
        ("get", "/work/colleagues/", None),
    ],
)
def test_refusals_of_changes_and_of_acts_about_people_are_told(people, method, path, act):
    answer = getattr(signed_in(people.account("broker")), method)(path)
    events = told(people)
    if act is None:
        assert events == [], answer.status_code
        return
    (event,) = events
    said = json.loads(event.detail)
    assert (event.act, event.role, said["method"], said["status"]) == (
        act, "broker", method.upper(), answer.status_code,
    )  # fmt: skip
    assert event.object == f"address:{path.replace('987654', '<int:pk>')}"
    assert said.get("pk") == ("987654" if "987654" in path else None)


def test_row_of_another_council_is_told_as_one_that_is_not_there(people):
    client = signed_in(people.account("administrator"))
    theirs = people.memberships["thurrock", "broker"].pk
    bodies = [client.get(f"/work/people/{pk}/end/").content for pk in (theirs, 987654)]
    assert bodies[0] == bodies[1]
    assert [json.loads(one.detail)["pk"] for one in told(people, "administrator")] == [str(theirs), "987654"]


def test_who_has_not_signed_in_writes_nothing_to_the_log(db):
    before = Event.objects.count()
    Client().post("/work/people/invite/", {})
    Client().get("/work/people/")
    assert Event.objects.count() == before


def test_no_more_is_told_than_so_much_a_minute_for_each_account(people, monkeypatch, promise):
    broker, finance = signed_in(people.account("broker")), signed_in(people.account("finance"))
    for _ in range(40):
        assert broker.post("/work/people/invite/").status_code == 403
    assert finance.post("/work/people/invite/").status_code == 403
    events = told(people)
    assert len(events) == refusals.MOST
    assert ["more" in json.loads(one.detail) for one in events] == [False] * (refusals.MOST - 1) + [True]
    assert len(told(people, "finance")) == 1, "the bound is one account's, and not everybody's"
    monkeypatch.setattr(refusals, "WITHIN", -timedelta(seconds=1))  # as if the minute were over
    broker.post("/work/people/invite/")
    assert len(told(people)) == refusals.MOST + 1
    assert verify(HOME).whole
    promise("R5 refusals", f"40 refusals within a minute: {refusals.MOST} told, the last of which says so; control 41")


def test_log_that_cannot_be_written_to_changes_no_answer(people, monkeypatch, caplog):
    def fails(*_: object, **__: object) -> None:
        raise DatabaseError("the database is held")

    monkeypatch.setattr(refusals, "append", fails)
    assert signed_in(people.account("broker")).post("/work/people/invite/").status_code == 403
    assert "could not be told" in caplog.text


def test_auditor_finds_refusals_by_their_outcome(people, tmp_path, settings):
    settings.CARESHAPE_DIR = tmp_path
    signed_in(people.account("broker")).post("/work/people/invite/")
    rows = signed_in(people.account("auditor")).get("/work/audit.csv?outcome=refused").content.decode().splitlines()
    assert len(rows) == 2
    assert "/work/people/invite/" in rows[1]
    assert datetime.now(UTC).date().isoformat() in rows[1]
