"""Single sign-on, against a small provider that the test itself serves."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from careshape.accounts.invite import invite
from careshape.accounts.models import Account, Identity, IdentityProvider, Membership
from careshape.accounts.sealed import sealed
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from tests.accounts.provider import CLIENT, SECRET, Provider, serve
from tests.accounts.signing import code_now, give_codes

VERIFIED = {"email": "broker@worcestershire.example", "email_verified": True, "name": "From the provider"}


@pytest.fixture
def provider():
    made = Provider(claims=dict(VERIFIED))
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def row(people, provider) -> IdentityProvider:
    return IdentityProvider.objects.create(
        slug="council", name="Council account", council=people.councils["worcestershire"], issuer=provider.issuer,
        client_id=CLIENT, client_secret=sealed(SECRET), second_factor=["mfa"],
    )  # fmt: skip


def came_back(client, provider, **other):
    start = client.get("/sign-in/with/council/")
    assert start.status_code == 302, start.content
    path, given = provider.authorise(start.headers["Location"])
    return client.get(path, {**given, **other})


def refused(answer) -> bool:
    return answer.status_code == 422 and b"You could not be signed in" in answer.content


def test_invited_account_signs_in_and_shows_our_second_factor(people, provider, row, visitor):
    account = people.account("broker")
    give_codes(account)
    assert b"Sign in with Council account" in visitor.get("/sign-in/").content
    assert came_back(visitor, provider).headers["Location"] == "/sign-in/second/"
    assert visitor.get("/account/").status_code == 302
    assert visitor.post("/sign-in/second/", {"code": code_now()}).status_code == 302
    assert visitor.get("/account/").status_code == 200
    assert Identity.objects.get().account == account


def test_provider_may_assert_the_second_factor(people, provider, row, visitor):
    provider.claims["amr"] = ["pwd", "mfa"]
    assert came_back(visitor, provider).headers["Location"] == "/work/"
    assert visitor.get("/account/").status_code == 200
    assert '"second":"provider"' in Event.objects.filter(act="accounts.sign_in").last().detail


@pytest.mark.parametrize("said", [{"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "weak"}, {}])
def test_what_is_no_second_factor_is_not_taken_for_one(people, provider, row, visitor, said):
    provider.claims.update(said)
    assert came_back(visitor, provider).headers["Location"] == "/sign-in/set-up/"
    assert visitor.get("/account/").status_code == 302


def test_person_is_known_by_the_subject_when_the_address_changes(people, provider, row):
    provider.claims["amr"] = ["mfa"]
    assert came_back(Client(), provider).status_code == 302
    provider.claims["email"] = "married@worcestershire.example"
    assert came_back(Client(), provider).headers["Location"] == "/work/"
    provider.claims |= {"sub": "subject-2", "email": VERIFIED["email"]}
    assert refused(came_back(Client(), provider))


def test_invitation_is_enough_to_come_in(people, provider, row, visitor):
    invite(SYSTEM, people.councils["worcestershire"], "new@worcestershire.example", "analyst")
    provider.claims |= {"email": "New@Worcestershire.example", "amr": ["mfa"]}
    assert came_back(visitor, provider).headers["Location"] == "/work/"
    account = Account.objects.get(email="new@worcestershire.example")
    assert not account.has_usable_password()
    assert Membership.objects.get(account=account).role == "analyst"


@pytest.mark.parametrize(
    "said",
    [
        {"email": "nobody@worcestershire.example"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": None},
        # A provider of one council says nothing of another one's people.
        {"email": "broker@thurrock.example"},
    ],
    ids=["not invited", "not verified", "verified not told", "no address", "of another council"],
)
def test_nobody_else_comes_in(people, provider, row, visitor, said):
    provider.claims = {key: value for key, value in {**provider.claims, **said}.items() if value is not None}
    accounts = Account.objects.count()
    assert refused(came_back(visitor, provider))
    assert visitor.get("/account/").status_code == 302
    assert Account.objects.count() == accounts


def test_invitation_of_another_council_does_not_let_its_people_in(people, provider, row, visitor):
    invite(SYSTEM, people.councils["thurrock"], "new@thurrock.example", "analyst")
    provider.claims["email"] = "new@thurrock.example"
    assert refused(came_back(visitor, provider))


def test_a_councils_provider_does_not_speak_for_who_works_elsewhere_too(people, provider, row, visitor):
    account = people.account("broker")
    provider.claims["amr"] = ["mfa"]
    assert came_back(visitor, provider).headers["Location"] == "/work/"
    theirs = Membership.objects.create(account=account, council=people.councils["thurrock"], role="administrator")
    assert visitor.post("/account/membership/", {"membership": theirs.pk}).status_code == 404
    assert b"Thurrock" not in visitor.get("/account/").content
    assert refused(came_back(Client(), provider))


def test_provider_of_the_installation_speaks_for_all_its_councils(people, provider, row, visitor):
    row.council = None
    row.save()
    account = people.account("broker")
    theirs = Membership.objects.create(account=account, council=people.councils["thurrock"], role="analyst")
    provider.claims["amr"] = ["mfa"]
    assert came_back(visitor, provider).headers["Location"] == "/work/"
    assert visitor.post("/account/membership/", {"membership": theirs.pk}).status_code == 302


@pytest.mark.parametrize(
    ("spoilt", "attribute"),
    [
        ({"iss": "http://127.0.0.1:1"}, {}),
        ({"aud": "somebody else"}, {}),
        ({"nonce": "of another try"}, {}),
        ({"exp": int(time.time()) - 3600}, {}),
        ({"aud": [CLIENT, "another"]}, {}),
        ({}, {"algorithm": "none"}),
        ({}, {"algorithm": "HS256"}),
        ({}, {"signs_with": rsa.generate_private_key(public_exponent=65537, key_size=2048)}),
        ({}, {"described": {"issuer": "http://127.0.0.1:1"}}),
    ],
    ids=["issuer", "audience", "nonce", "old", "azp", "unsigned", "our secret", "other key", "other issuer"],
)
def test_token_that_is_not_to_be_believed_lets_nobody_in(people, provider, row, visitor, spoilt, attribute):
    provider.spoilt = spoilt
    start = visitor.get("/sign-in/with/council/")
    path, given = provider.authorise(start.headers["Location"])
    for name, value in attribute.items():
        setattr(provider, name, value)
    assert refused(visitor.get(path, given))
    assert visitor.get("/account/").status_code == 302
    assert Event.objects.filter(act="accounts.sign_in", outcome="refused").exists()


@pytest.mark.parametrize("given", [{"state": "another"}, {"iss": "http://127.0.0.1:1"}], ids=["state", "issuer"])
def test_answer_of_another_try_lets_nobody_in(people, provider, row, visitor, given):
    assert refused(came_back(visitor, provider, **given))


def test_answer_to_a_browser_that_did_not_ask_lets_nobody_in(people, provider, row, visitor):
    start = visitor.get("/sign-in/with/council/")
    path, given = provider.authorise(start.headers["Location"])
    other = Client()
    assert refused(other.get(path, given))
    assert other.get("/account/").status_code == 302


def test_provider_that_does_not_answer_is_told_in_a_sentence(people, provider, row, visitor):
    row.issuer = "http://127.0.0.1:1"
    row.save()
    assert refused(visitor.get("/sign-in/with/council/"))
    assert visitor.get("/sign-in/with/nobody/").status_code == 404


def test_client_secret_is_encrypted(people, row):
    assert SECRET not in IdentityProvider.objects.get().client_secret


@pytest.mark.parametrize("away", ["http://login.example.org", "ftp://login.example.org", "file:///etc/passwd"])
def test_provider_must_be_asked_by_https(people, row, visitor, away):
    row.issuer = away
    row.save()
    assert refused(visitor.get("/sign-in/with/council/"))
