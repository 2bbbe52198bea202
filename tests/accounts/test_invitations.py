"""Inviting, coming in, and what an invitation does not let anybody do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.end import end_access
from careshape.accounts.invite import invite
from careshape.accounts.models import Account, Invitation, Membership, RecoveryCode
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.errors import InputError
from tests.accounts.people import PASSWORD
from tests.accounts.signing import code_now, give_codes, key_on, password, signed_in

NEW = "a new password of tests"


def path_in(mail) -> str:
    return re.search(r"https?://[^/\s]+(/sign-in/\S+)", mail.body)[1]


def invited(people, client, email="new.person@example.org", role="broker", **other) -> str:
    answer = client.post("/work/people/invite/", {"email": email, "role": role, **other})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_invited_person_comes_in_with_a_second_factor(people, visitor, mailoutbox):
    team = people.teams["worcestershire"][1]
    invited(people, signed_in(people.account("administrator")), team=team.pk)
    mail = mailoutbox[0]
    assert mail.to == ["new.person@example.org"]
    path = path_in(mail)
    page = visitor.get(path)
    assert b"broker" in page.content
    answer = visitor.post(path, {"name": "New Person", "password": NEW})
    assert answer.headers["Location"] == "/sign-in/set-up/"
    assert visitor.get("/work/").status_code == 302
    key = key_on(visitor.get("/sign-in/set-up/codes/").content)
    assert visitor.post("/sign-in/set-up/codes/", {"code": code_now(key)}).status_code == 200
    assert visitor.get("/account/").status_code == 200
    membership = Membership.objects.get(account__email="new.person@example.org")
    assert (membership.role, membership.team) == ("broker", team)
    assert visitor.get(path).status_code == 410
    told = set(Event.objects.filter(chain="worcestershire").values_list("act", flat=True))
    assert {"accounts.invite", "accounts.sign_in", "accounts.own"} <= told


def test_database_does_not_hold_the_link(people, mailoutbox):
    invited(people, signed_in(people.account("administrator")))
    token = path_in(mailoutbox[0]).split("/")[-2]
    row = Invitation.objects.get()
    assert token not in str(row.__dict__)
    assert not Event.objects.filter(detail__contains=token).exists()
    assert not Event.objects.filter(detail__contains="new.person").exists()


@pytest.mark.parametrize("spoil", ["old", "withdrawn", "used", "made up"])
def test_link_is_refused(people, visitor, mailoutbox, spoil):
    administrator = signed_in(people.account("administrator"))
    invited(people, administrator)
    path, row = path_in(mailoutbox[0]), Invitation.objects.get()
    if spoil == "old":
        assert row.expires_at - row.invited_at == timedelta(days=7) or row.expires_at - row.invited_at < timedelta(
            days=7
        )
        Invitation.objects.update(expires_at=timezone.now())
    elif spoil == "withdrawn":
        assert administrator.post(f"/work/people/invitations/{row.pk}/").status_code == 302
    elif spoil == "used":
        visitor.post(path, {"name": "New Person", "password": NEW})
    else:
        path = path[:-5] + "AAAA/"
    for answer in (Client().get(path), Client().post(path, {"name": "Other", "password": NEW})):
        assert answer.status_code == 410
    assert Account.objects.filter(name="Other").count() == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("short pass", "at least 12"),
        ("password1234", "too common"),
        ("new.person@example.org", "too similar"),
    ],
)
def test_weak_password_is_refused(people, visitor, mailoutbox, words, says):
    invited(people, signed_in(people.account("administrator")))
    answer = visitor.post(path_in(mailoutbox[0]), {"name": "New Person", "password": words})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Account.objects.filter(email="new.person@example.org").exists()


def test_who_has_an_account_signs_in_and_takes_the_invitation_there(people, visitor, mailoutbox):
    account = people.account("broker")
    other = people.councils["thurrock"]
    path = path_in_address = invite(SYSTEM, other, account.email, "broker").address
    path = re.sub(r"https?://[^/]+", "", path_in_address)
    page = visitor.get(path).content.decode()
    assert "Sign in and come back" in page
    assert visitor.post(path, {"name": "Thief", "password": NEW}).status_code == 200
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert signed_in(people.account("analyst")).post(path).status_code == 200
    assert Membership.objects.filter(account=account).count() == 1
    client = signed_in(account)
    assert client.post(path).status_code == 302
    memberships = Membership.objects.filter(account=account, ended_at__isnull=True).order_by("pk")
    assert [one.council.slug for one in memberships] == ["worcestershire", "thurrock"]
    assert client.get("/thurrock/").status_code == 404
    assert client.post("/account/membership/", {"membership": memberships[1].pk}).status_code == 302
    assert client.session["membership"] == memberships[1].pk


def test_membership_of_somebody_else_cannot_be_used(people):
    client = signed_in(people.account("broker"))
    other = people.memberships["worcestershire", "administrator"]
    assert client.post("/account/membership/", {"membership": other.pk}).status_code == 404
    assert client.get("/work/people/").status_code == 403


def test_leaver_who_is_invited_again_proves_anew_who_they_are(people, visitor, mailoutbox):
    account = people.account("broker")
    give_codes(account)
    end_access(people.principal("administrator"), people.memberships["worcestershire", "broker"])
    invited(people, signed_in(people.account("administrator")), email=account.email)
    answer = visitor.post(path_in(mailoutbox[-1]), {"name": "Back Again", "password": NEW})
    assert answer.headers["Location"] == "/sign-in/set-up/"
    assert not RecoveryCode.objects.filter(account=account).exists()
    account.refresh_from_db()
    assert (account.name, account.is_active) == ("Back Again", True)


def test_second_invitation_withdraws_the_first(people, mailoutbox):
    administrator = signed_in(people.account("administrator"))
    invited(people, administrator)
    invited(people, administrator)
    assert Client().get(path_in(mailoutbox[0])).status_code == 410
    assert Client().get(path_in(mailoutbox[1])).status_code == 200


@pytest.mark.parametrize(
    ("role", "other", "says"),
    [
        ("provider", {}, "Choose the provider"),
        ("broker", {"organisation": 0}, "goes with no organisation"),
        ("voluntary", {"organisation": 0}, "Choose the voluntary organisation"),
        ("public", {}, "no role"),
        ("keeper", {}, "no role"),
    ],
)
def test_role_that_does_not_go_is_refused(people, role, other, says):
    given = {key: people.organisations["worcestershire"][number] for key, number in other.items()}
    with pytest.raises(InputError, match=says):
        invite(people.principal("administrator"), people.councils["worcestershire"], "x@example.org", role, **given)


def test_organisation_of_another_council_is_refused(people):
    theirs = people.organisations["thurrock"][0]
    with pytest.raises(InputError, match="same council"):
        invite(
            people.principal("administrator"), people.councils["worcestershire"], "x@example.org", "provider",
            organisation=theirs,
        )  # fmt: skip
    answer = signed_in(people.account("administrator")).post(
        "/work/people/invite/", {"email": "x@example.org", "role": "provider", "organisation": theirs.pk}
    )
    assert answer.status_code == 422
    assert Invitation.objects.count() == 0


def test_only_who_may_invite_does(people):
    for role in ("analyst", "auditor", "provider"):
        client = signed_in(people.account(role))
        assert client.post("/work/people/invite/", {"email": "x@example.org", "role": "broker"}).status_code == 403
    assert Invitation.objects.count() == 0


def test_password_alone_does_not_carry_a_new_person_past_the_second_factor(people, visitor, mailoutbox):
    invited(people, signed_in(people.account("administrator")))
    visitor.post(path_in(mailoutbox[0]), {"name": "New Person", "password": NEW})
    again = Client()
    assert (
        password(again, Account.objects.get(email="new.person@example.org"), NEW).headers["Location"]
        == "/sign-in/set-up/"
    )
    assert again.get("/account/").status_code == 302
