"""Verifying the log on its page, and what pages answer where others hold the database."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import OperationalError, connection, transaction

from careshape.accounts.sessions import SessionStore
from careshape.audit.models import Event, Head
from careshape.jobs.kinds import kinds
from careshape.site.middleware import busy
from careshape.work.api.middleware import ApiProblems
from careshape.work.audit_views import in_words
from careshape.work.naming import kind_in_words
from tests.audit import tampers
from tests.flushing import without_triggers

CHAIN = "worcestershire"
VERIFY = "/work/audit/verify/"


def said_whole() -> bool:
    last = Event.objects.filter(chain=CHAIN, act="audit.verify").order_by("-number").first()
    whole: bool = json.loads(last.detail)["whole"]
    return whole


@pytest.mark.django_db(transaction=True)
def test_log_whose_head_is_missing_is_said_to_be_broken_and_told_so(signed_in) -> None:
    client = signed_in("auditor")
    assert "Nothing was done before" in client.post(VERIFY, follow=True).content.decode()
    assert said_whole()
    assert "The log is whole" in client.post(VERIFY, follow=True).content.decode()
    with without_triggers():
        tampers.sql("DELETE FROM audit_head WHERE chain = %s", CHAIN)
    for _ in range(2):  # telling of it gives the chain a head again, and does not make it whole
        assert "The log is BROKEN" in client.post(VERIFY, follow=True).content.decode()
        assert not said_whole()


@pytest.mark.django_db
def test_a_filter_that_chooses_nothing_is_told(signed_in) -> None:
    client = signed_in("auditor")
    client.post(VERIFY)
    text = client.get("/work/audit/?events-role=king&role=king&sort=colour").content.decode()
    assert "Role: none here is “king”, so nothing is chosen by it." in text
    assert "There is no column “colour” to sort by." in text
    assert "nothing is chosen" not in client.get("/work/audit/?role=auditor&sort=at").content.decode()


def test_what_an_event_tells_is_said_in_words() -> None:
    assert in_words('{"kind":"accounts.mail","rows":3}') == f"kind: {kinds()['accounts.mail'].title}; rows: 3"
    assert in_words('{"kind":"packages","act":["x"]}') == "kind: packages; act: x"
    assert in_words('{"act":"audit.verify"}') == "act: Verify that the audit log is whole"
    assert [kind_in_words(one) for one in ("readers.comment", "accounts.recoverycode", "no.such_thing", "tokens")] == [
        "Comment", "Recovery code", "No such thing", "Tokens"
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_database_that_others_hold_is_said_to_be_busy(signed_in) -> None:
    client = signed_in("auditor")
    client.post(VERIFY)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Head.objects.select_for_update().get(chain=CHAIN)
                held.set()
                done.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        impatient("PRAGMA busy_timeout = 50", "SET lock_timeout = '50ms'")
        answer = client.post(VERIFY)
    finally:
        done.set()
        holder.join()
        impatient("PRAGMA busy_timeout = 20000", "SET lock_timeout = 0")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The site is busy" in answer.content.decode()
    assert client.post(VERIFY).status_code == 302, "the control: it is done once nobody holds it"


def impatient(sqlite: str, postgresql: str) -> None:
    tampers.sql(sqlite if connection.vendor == "sqlite" else postgresql)


@pytest.mark.parametrize(("state", "status"), [("55P03", 503), ("57P01", 500)])
def test_lock_met_before_any_view_is_said_to_be_busy_too(signed_in, monkeypatch, state, status) -> None:
    client = signed_in("auditor", raise_request_exception=False)
    cause = RuntimeError()
    cause.sqlstate = state  # type: ignore[attr-defined]

    def fails(store: SessionStore) -> None:
        raise OperationalError("the database is held") from cause

    monkeypatch.setattr(SessionStore, "load", fails)
    answer = client.get("/work/audit/")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)


def test_interface_says_in_its_own_words_that_the_site_is_busy(rf) -> None:
    request = rf.get("/api/v1/measures")
    error = OperationalError("the database is held")
    answer = ApiProblems(lambda asked: busy(asked, error))(request)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Try again" in json.loads(answer.content)["detail"]
