"""Access ends, and roles change, with the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.accounts.end import change_role, end_access
from careshape.accounts.models import Membership, OneTimeCodes, Session
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.errors import InputError
from tests.accounts.signing import give_codes, signed_in


def test_leaver_loses_access_with_the_next_request(people):
    account, row = people.account("broker"), people.memberships["worcestershire", "broker"]
    leaver, administrator = signed_in(account), signed_in(people.account("administrator"))
    assert leaver.get("/account/").status_code == 200
    assert administrator.get(f"/work/people/{row.pk}/end/").status_code == 200
    assert administrator.post(f"/work/people/{row.pk}/end/").status_code == 302
    assert leaver.get("/account/").headers["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(account=account.pk).exists()
    account.refresh_from_db()
    assert not account.is_active
    assert account.left_at
    assert Event.objects.filter(act="accounts.end", object=f"accounts.membership:{row.pk}").count() == 1


def test_who_has_another_membership_stays_for_that_one(people):
    account = people.account("broker")
    other = Membership.objects.create(account=account, council=people.councils["thurrock"], role="analyst")
    end_access(people.principal("administrator"), people.memberships["worcestershire", "broker"])
    account.refresh_from_db()
    assert account.is_active
    client = signed_in(account, membership=people.memberships["worcestershire", "broker"].pk)
    assert client.get("/account/").status_code == 200
    assert b"Thurrock" in client.get("/account/").content
    assert client.get("/work/people/").status_code == 403
    assert other.ended_at is None


def test_one_cannot_end_or_change_oneself(people):
    own = people.memberships["worcestershire", "administrator"]
    with pytest.raises(InputError, match="your own access"):
        end_access(people.principal("administrator"), own)
    with pytest.raises(InputError, match="your own role"):
        change_role(people.principal("administrator"), own, "analyst")


def test_nobody_is_asked_whether_to_end_or_change_themselves(people):
    client, own = signed_in(people.account("administrator")), people.memberships["worcestershire", "administrator"]
    for what in ("end", "role", "reset"):
        answer = client.get(f"/work/people/{own.pk}/{what}/")
        assert answer.status_code == 409
        assert b"Not yours to change" in answer.content
        assert b'<form method="post" novalidate' not in answer.content
        assert client.post(f"/work/people/{own.pk}/{what}/", {"role": "auditor"}).status_code == 409
    own.refresh_from_db()
    assert (own.role, own.ended_at) == ("administrator", None)


def test_a_council_keeps_an_administrator(people):
    only = people.memberships["worcestershire", "administrator"]
    second = Membership.objects.create(
        account=people.account("analyst"), council=people.councils["worcestershire"], role="administrator"
    )
    end_access(people.principal("administrator"), second)
    theirs = people.principal("administrator", "thurrock")
    with pytest.raises(InputError, match="only administrator"):
        end_access(theirs, only)
    end_access(SYSTEM, only)


def test_administrator_of_another_council_finds_nobody(people):
    row = people.memberships["worcestershire", "broker"]
    client = signed_in(people.account("administrator", "thurrock"))
    missing = client.get("/work/people/999999/")
    for what in ("", "role/", "end/", "reset/"):
        found = client.get(f"/work/people/{row.pk}/{what}")
        assert found.status_code == 404
    assert client.get(f"/work/people/{row.pk}/").content == missing.content
    assert client.post(f"/work/people/{row.pk}/end/").status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None


def test_new_role_counts_from_the_next_request(people):
    account, row = people.account("broker"), people.memberships["worcestershire", "broker"]
    client = signed_in(account)
    assert client.get("/work/people/").status_code == 403
    administrator = signed_in(people.account("administrator"))
    answer = administrator.post(f"/work/people/{row.pk}/role/", {"role": "administrator", "team": ""})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get("/work/people/").status_code == 200
    row.refresh_from_db()
    assert (row.role, row.team) == ("administrator", None)


def test_provider_can_be_limited_to_locations(people):
    row = people.memberships["worcestershire", "provider"]
    place = row.organisation.locations.get()
    theirs = people.organisations["worcestershire"][1].locations.get()
    change_role(SYSTEM, row, "provider", organisation=row.organisation, locations=[place])
    assert list(row.locations.all()) == [place]
    with pytest.raises(InputError, match="locations are those"):
        change_role(SYSTEM, row, "provider", organisation=row.organisation, locations=[theirs])


def test_sensitive_pages_ask_once_more_who_one_is(people):
    client = signed_in(people.account("administrator"))
    row = people.memberships["worcestershire", "broker"]
    session = client.session
    session["confirmed"] = (timezone.now() - timedelta(minutes=16)).isoformat()
    session.save()
    of_row = [f"/work/people/{row.pk}/{what}/" for what in ("role", "end", "reset")]
    for path in (*of_row, "/work/people/invite/", "/account/codes/", "/account/passkeys/", "/account/recovery/"):
        assert client.get(path).headers["Location"].startswith("/account/confirm/?next=%2F"), path
        assert client.post(path).headers["Location"].startswith("/account/confirm/"), path
    row.refresh_from_db()
    assert row.ended_at is None
    where = f"/account/confirm/?next=/work/people/{row.pk}/end/"
    assert client.get(where).status_code == 200
    assert client.post(where, {"password": "wrong"}).status_code == 422
    from tests.accounts.people import PASSWORD

    answer = client.post(where, {"password": PASSWORD, "next": f"/work/people/{row.pk}/end/"})
    assert answer.headers["Location"] == f"/work/people/{row.pk}/end/"
    assert client.get(f"/work/people/{row.pk}/end/").status_code == 200


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil"])
def test_nobody_is_sent_elsewhere_after_confirming(people, away):
    from tests.accounts.people import PASSWORD

    client = signed_in(people.account("administrator"))
    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": away})
    assert answer.headers["Location"] == "/account/"


def test_administrator_resets_a_lost_second_factor(people, mailoutbox):
    account, row = people.account("broker"), people.memberships["worcestershire", "broker"]
    give_codes(account)
    client = signed_in(account)
    assert signed_in(people.account("administrator")).post(f"/work/people/{row.pk}/reset/").status_code == 302
    assert not OneTimeCodes.objects.filter(account=account).exists()
    assert client.get("/account/").status_code == 302


def test_second_factor_of_who_works_elsewhere_too_is_not_reset_from_here(people):
    account, row = people.account("broker"), people.memberships["worcestershire", "broker"]
    Membership.objects.create(account=account, council=people.councils["thurrock"], role="analyst")
    give_codes(account)
    assert signed_in(people.account("administrator")).post(f"/work/people/{row.pk}/reset/").status_code == 422
    assert OneTimeCodes.objects.filter(account=account).exists()
