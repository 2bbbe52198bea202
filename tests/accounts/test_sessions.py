"""Sessions end when they are idle or old, and when what they rest on is taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.models import Session
from careshape.accounts.sessions import device_of
from tests.accounts.people import PASSWORD
from tests.accounts.signing import signed_in


def is_in(client: Client) -> bool:
    answer = client.get("/account/")
    return answer.status_code == 200


@pytest.mark.parametrize(
    ("column", "ago", "open_still"),
    [
        ("used_at", timedelta(minutes=29, seconds=50), True),
        ("used_at", timedelta(minutes=30), False),
        ("began_at", timedelta(hours=11, minutes=59, seconds=50), True),
        ("began_at", timedelta(hours=12), False),
    ],
)
def test_session_ends_when_idle_or_old(people, column, ago, open_still):
    client = signed_in(people.account("broker"))
    assert is_in(client)
    Session.objects.update(**{column: timezone.now() - ago})
    assert is_in(client) is open_still


def test_last_use_is_written_once_a_minute(people, django_assert_num_queries):
    client = signed_in(people.account("broker"))
    Session.objects.update(used_at=timezone.now() - timedelta(minutes=5))
    is_in(client)
    assert timezone.now() - Session.objects.get().used_at < timedelta(seconds=30)
    before = Session.objects.get().used_at
    is_in(client)
    assert Session.objects.get().used_at == before


def test_age_counts_from_signing_in_whatever_the_session_is_used_for(people):
    client = signed_in(people.account("broker"))
    began = Session.objects.get().began_at
    session = client.session
    session["anything"] = 1
    session.save()
    assert abs((Session.objects.get().began_at - began).total_seconds()) < 1


def test_every_session_ends_with_the_account(people):
    account = people.account("broker")
    client = signed_in(account)
    account.is_active = False
    account.save()
    assert not is_in(client)


def test_every_other_session_ends_with_a_new_password(people):
    account = people.account("provider")
    here, there = signed_in(account, ""), signed_in(account, "")
    new = "another password of tests"
    answer = here.post("/account/password/", {"present": PASSWORD, "password": new})
    assert answer.status_code == 302, answer.content
    assert is_in(here)
    assert not is_in(there)
    account.refresh_from_db()
    assert account.check_password(new)


def test_sessions_are_listed_and_the_others_signed_out(people):
    account = people.account("broker")
    here, there = signed_in(account, device="Firefox on Windows"), signed_in(account, device="Safari on iPhone")
    page = here.get("/account/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert here.post("/account/sessions/").status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_request_without_a_cookie_asks_the_database_nothing(db, django_assert_num_queries, visitor):
    with django_assert_num_queries(0):
        visitor.get("/help/")


def test_devices_are_told_in_a_few_words():
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
    assert device_of(windows) == "Edge on Windows"
    assert device_of(phone) == "Safari on iPhone"
    assert device_of("curl/8") == "A browser"
