"""Signing in with password and second factor."""

from __future__ import annotations

import pytest
from django.test import Client

from careshape.accounts.models import Account, OneTimeCodes, RecoveryCode
from careshape.audit.models import Event
from careshape.policy import Principal, policy, roles
from careshape.policy.table import addresses
from careshape.policy.views import act_of
from tests.accounts.people import PASSWORD
from tests.accounts.signing import code_now, give_codes, key_on, password, signed_in


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_password_and_code_lead_to_work(people, visitor):
    account = people.account("broker")
    give_codes(account)
    assert visitor.get("/work/").headers["Location"] == "/sign-in/?next=%2Fwork%2F"
    assert password(visitor, account).headers["Location"] == "/sign-in/second/"
    assert "/sign-in/" in visitor.get("/work/").headers["Location"]
    answer = visitor.post("/sign-in/second/", {"code": code_now()})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/work/"
    assert visitor.get("/work/").status_code == 200
    event = Event.objects.get(act="accounts.sign_in", outcome="done")
    assert (event.chain, event.account, event.object) == (
        "worcestershire",
        account.pk,
        f"accounts.account:{account.pk}",
    )


def test_staff_without_second_factor_reach_nothing_before_they_set_one_up(people, visitor):
    account = people.account("analyst")
    assert password(visitor, account).headers["Location"] == "/sign-in/set-up/"
    for path in ("/work/",):
        assert visitor.get(path).headers["Location"].startswith("/sign-in/")
    assert visitor.get("/sign-in/set-up/").status_code == 200
    key = key_on(visitor.get("/sign-in/set-up/codes/").content)
    assert visitor.post("/sign-in/set-up/codes/", {"code": "000000"}).status_code == 422
    shown = visitor.post("/sign-in/set-up/codes/", {"code": code_now(key)})
    assert shown.status_code == 200
    assert b"Keep your recovery codes" in shown.content
    assert visitor.get("/work/").status_code == 200
    assert RecoveryCode.objects.filter(account=account).count() == 10
    assert key.encode() not in OneTimeCodes.objects.get(account=account).secret.encode()


def to_sign_in(answer) -> bool:
    """Whether an answer leads to signing in first."""
    return answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


def paths_behind_sign_in(role: str) -> list[str]:
    """Addresses that a role may read and the public may not; those of the API are for programs with tokens."""
    found = []
    for one in addresses():
        act = act_of(one.view, "GET") or ""
        closed = policy().permits(Principal(role=role), act) and not policy().permits(Principal(), act)
        if closed and not one.parts and not one.url.startswith("api/"):
            found.append(f"/{one.url}")
    return found


def test_no_staff_role_reaches_anything_before_the_second_factor(people, settings, promise):
    settings.CARESHAPE_TRIES_PER_ADDRESS = 10_000
    staff = [role.id for role in roles().values() if role.needs_second_factor]
    paths = {role: paths_behind_sign_in(role) for role in staff}
    reached, opened = 0, 0
    for role in staff:
        client = Client(raise_request_exception=False)
        assert password(client, people.account(role)).headers["Location"] == "/sign-in/set-up/"
        with_factor = signed_in(people.account(role))
        for path in paths[role]:
            before, after = client.get(path), with_factor.get(path)
            reached += not to_sign_in(before)
            opened += not to_sign_in(after)
    asked = sum(len(found) for found in paths.values())
    assert reached == 0
    assert opened == asked > 50  # the control: with the second factor the same addresses answer
    promise("R15 second factor", f"{len(staff)} staff roles, {asked} addresses, 0 reached before it; control {opened}")


def test_a_code_is_good_once(people, visitor):
    account = people.account("broker")
    give_codes(account)
    password(visitor, account)
    code = code_now()
    assert visitor.post("/sign-in/second/", {"code": code}).status_code == 302
    other = Client()
    password(other, account)
    assert other.post("/sign-in/second/", {"code": code}).status_code == 422


def test_provider_without_second_factor_goes_in_by_password(people, visitor):
    assert password(visitor, people.account("provider")).headers["Location"] == "/work/"


def test_session_key_changes_at_each_step_and_the_database_does_not_hold_it(people, visitor):
    from careshape.accounts.models import Session

    account = people.account("broker")
    give_codes(account)
    password(visitor, account)
    first = visitor.cookies["careshape_session"].value
    visitor.post("/sign-in/second/", {"code": code_now()})
    second = visitor.cookies["careshape_session"].value
    assert first != second
    assert Session.objects.count() == 1
    assert not Session.objects.filter(pk__in=(first, second)).exists()


def test_role_that_becomes_staff_must_show_a_second_factor_before_going_on(people):
    account = people.account("provider")
    client = signed_in(account, factor="")
    assert client.get("/work/").status_code == 200
    people.memberships["worcestershire", "provider"].delete()
    membership = people.memberships["worcestershire", "broker"]
    membership.account = account
    membership.save()
    assert client.get("/work/").headers["Location"].startswith("/sign-in/")
    assert client.get("/sign-in/").headers["Location"] == "/sign-in/set-up/"


@pytest.mark.parametrize("words", ["a password that is wrong", ""], ids=["wrong", "empty"])
def test_wrong_password_goes_nowhere(people, visitor, words):
    assert password(visitor, people.account("broker"), words).status_code == 422
    assert Account.objects.get(email="broker@worcestershire.example").check_password(PASSWORD)
