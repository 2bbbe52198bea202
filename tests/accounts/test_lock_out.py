"""Too many tries that failed close an account or an address, the same for accounts that are there and that are not."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.models import FailedTry
from careshape.accounts.tries import MOST
from careshape.audit.models import Event
from tests.accounts.people import PASSWORD
from tests.accounts.signing import code_now, give_codes, password


def tried(client, email, words, address="192.0.2.1"):
    return client.post("/sign-in/", {"email": email, "password": words}, REMOTE_ADDR=address)


def test_account_is_locked_after_ten_tries_from_anywhere_and_others_are_not(people, visitor):
    account = people.account("provider")
    for number in range(MOST):
        assert tried(visitor, account.email, "wrong", f"192.0.2.{number}").status_code == 422
    locked = tried(visitor, account.email, PASSWORD, "192.0.2.99")
    assert locked.status_code == 429
    assert b"too many tries" in locked.content
    other = people.account("voluntary")
    assert tried(Client(), other.email, PASSWORD, "192.0.2.99").status_code == 302
    assert Event.objects.filter(outcome="refused", detail__contains='"locked"').count() == 1


def test_address_is_locked_whatever_accounts_are_tried_and_other_addresses_are_not(people, visitor, settings):
    for number in range(settings.CARESHAPE_TRIES_PER_ADDRESS):
        tried(visitor, f"nobody-{number}@example.org", "wrong")
    account = people.account("provider")
    assert tried(visitor, account.email, PASSWORD).status_code == 429
    assert tried(visitor, account.email, PASSWORD, "198.51.100.7").status_code == 302


def test_lock_ends_a_quarter_of_an_hour_after_the_tries_and_is_not_prolonged(people, visitor):
    account = people.account("provider")
    for number in range(MOST):
        tried(visitor, account.email, "wrong", f"192.0.2.{number}")
    FailedTry.objects.update(at=timezone.now() - timedelta(minutes=14))
    assert tried(visitor, account.email, PASSWORD, "192.0.2.99").status_code == 429
    FailedTry.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert tried(visitor, account.email, PASSWORD, "192.0.2.99").status_code == 302


def test_people_of_one_office_are_not_locked_by_one_of_them(people, visitor):
    for _ in range(MOST + 2):
        tried(visitor, "one-of-them@example.org", "wrong")
    assert tried(visitor, people.account("provider").email, PASSWORD).status_code == 302


def test_a_right_password_forgives_the_account_and_not_the_address(people, visitor, settings):
    settings.CARESHAPE_TRIES_PER_ADDRESS = MOST
    account = people.account("provider")
    for _ in range(MOST - 1):
        tried(visitor, account.email, "wrong")
    assert tried(visitor, account.email, PASSWORD).status_code == 302
    assert tried(Client(), "nobody@example.org", "wrong").status_code == 422
    assert tried(Client(), account.email, PASSWORD).status_code == 429


def test_second_factor_is_locked_after_ten_codes(people, visitor):
    account = people.account("broker")
    give_codes(account)
    password(visitor, account)
    answers = [
        visitor.post("/sign-in/second/", {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(MOST)
    ]
    assert answers == [422] * MOST
    locked = visitor.post("/sign-in/second/", {"code": code_now()}, REMOTE_ADDR="192.0.2.77")
    assert locked.status_code == 429


def test_answer_is_the_same_for_accounts_that_are_there_and_not(people):
    known, unknown = people.account("broker").email, "nobody@example.org"

    def answer(email: str, words: str = "wrong") -> bytes:
        shown = tried(Client(), email, words)
        assert shown.status_code == 422
        return shown.content.replace(email.encode(), b"")

    people.memberships["worcestershire", "analyst"].account.is_active = False
    left = people.account("analyst")
    left.is_active = False
    left.save()
    token = b'name="csrfmiddlewaretoken" value="'

    def without_token(page: bytes) -> bytes:
        before, _, after = page.partition(token)
        return before + after[64:]

    assert without_token(answer(known)) == without_token(answer(unknown))
    assert without_token(answer(left.email, PASSWORD)) == without_token(answer(unknown))


def test_answer_takes_as_long_for_accounts_that_are_there_and_not(people, settings, promise):
    settings.CARESHAPE_TRIES_PER_ADDRESS = 10_000
    known, times = people.account("broker").email, {"known": [], "unknown": []}
    for number in range(9):
        for kind, email in (("known", known), ("unknown", f"nobody-{number}@example.org")):
            began = time.process_time()
            tried(Client(), email, "wrong")
            times[kind].append(time.process_time() - began)
    there, not_there = (statistics.median(times[kind]) for kind in ("known", "unknown"))
    # Hashing takes tens of milliseconds of the processor; an answer without it would take a small part of that.
    assert 0.6 < not_there / there < 1.7
    promise(
        "R15 sign-in",
        f"an unknown address answers in the same words, and {not_there / there:.2f} of a known one's processor time",
    )


@pytest.mark.parametrize("email", ["BROKER@Worcestershire.example", " broker@worcestershire.example "])
def test_spelling_of_an_address_makes_no_new_account_to_try(people, visitor, email):
    account = people.account("broker")
    for number in range(MOST):
        tried(visitor, email, "wrong", f"192.0.2.{number}")
    assert tried(visitor, account.email, PASSWORD, "192.0.2.99").status_code == 429
