"""Accounts of the demonstration, and the command line of accounts."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from django.test import Client

from careshape.accounts.demonstration import make_accounts
from careshape.accounts.models import Account, Membership, Organisation, Session
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.policy import roles
from tests import warm
from tests.statement.sample import make_sample


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    """An installation of two demonstration councils without records."""
    for slug in ("worcestershire", "thurrock"):
        Ledger.create(tmp_path / "councils" / slug, authority=slug, demonstration=True)
    settings.CARESHAPE_DIR = tmp_path
    return tmp_path


def signs_in(email: str, password: str) -> Client | None:
    client = Client()
    answer = client.post("/sign-in/", {"email": email, "password": password})
    return client if answer.status_code == 302 and answer.headers["Location"] == "/work/" else None


def test_every_role_of_every_council_has_an_account_that_signs_in(data, db):
    made = make_accounts(["worcestershire", "thurrock"])
    assert {(one.council, one.role) for one in made} == {
        (slug, role.id) for slug in ("worcestershire", "thurrock") for role in roles().values() if role.kind != "public"
    }
    assert len({one.password for one in made}) == len({one.email for one in made}) == len(made)
    # Two people release an edition.
    assert [one.email for one in made if (one.council, one.role) == ("thurrock", "commissioner")] == [
        "commissioner@thurrock.example.org", "commissioner-2@thurrock.example.org"
    ]  # fmt: skip
    for one in made:
        assert signs_in(one.email, one.password), one
        assert one.email.endswith("example.org")
    assert b"This is a demonstration" in Client().get("/sign-in/").content


def test_those_of_other_organisations_stand_for_providers_of_the_synthetic_records(tmp_path, settings, db):
    settings.CARESHAPE_DIR = make_sample(tmp_path)
    make_accounts(["worcestershire"])
    providers = Home(tmp_path).ledger("worcestershire").register("providers").values()
    found = Organisation.objects.get(kind="provider")
    assert found.reference in {one["reference"] for one in providers}
    for made in make_accounts(["worcestershire"], new_passwords=True):
        if made.role == "provider":
            assert b"name no care" not in signs_in(made.email, made.password).get("/work/").content


def test_passwords_stand_when_the_accounts_are_asked_for_again(data, db):
    before = make_accounts(["thurrock"])[0]
    client = signs_in(before.email, before.password)
    Account.objects.filter(email="broker@thurrock.example.org").update(is_active=False)
    again = {one.email: one.password for one in make_accounts(["thurrock"])}
    assert [email for email, password in again.items() if password] == ["broker@thurrock.example.org"]
    assert client is not None
    assert client.get("/account/").status_code == 200
    assert signs_in(before.email, before.password)
    assert not any(one.password for one in make_accounts(["thurrock"])), "where all are there, nothing is changed"


def test_passwords_that_are_asked_for_anew_end_the_sessions(data, db):
    before = make_accounts(["thurrock"])[0]
    client = signs_in(before.email, before.password)
    after = make_accounts(["thurrock"], new_passwords=True)[0]
    assert before.email == after.email
    assert signs_in(before.email, before.password) is None
    assert signs_in(after.email, after.password)
    assert client is not None
    assert client.get("/account/").status_code == 302
    assert Membership.objects.filter(account__email=before.email).count() == 1


def test_accounts_are_refused_as_soon_as_one_council_is_no_demonstration(data, db):
    made = make_accounts(["thurrock"])[0]
    client = signs_in(made.email, made.password)
    assert client is not None
    assert client.get("/account/").status_code == 200
    about = data / "councils" / "worcestershire" / "council.toml"
    about.write_text(about.read_text("utf-8").replace("demonstration = true", "demonstration = false"), "utf-8")
    assert client.get("/account/").status_code == 302
    assert signs_in(made.email, made.password) is None
    assert b"This is a demonstration" not in Client().get("/sign-in/").content
    with pytest.raises(CallError, match="no demonstration"):
        make_accounts(["thurrock"])


def test_other_accounts_need_their_second_factor_in_a_demonstration_too(data, people):
    answer = Client().post(
        "/sign-in/", {"email": people.account("broker").email, "password": "a password of tests only"}
    )
    assert answer.headers["Location"] == "/sign-in/set-up/"


def test_account_of_the_demonstration_keeps_its_password(data, db):
    made = make_accounts(["thurrock"])[0]
    client = signs_in(made.email, made.password)
    assert client is not None
    answer = client.post("/account/password/", {"present": made.password, "password": "something else entirely"})
    assert answer.status_code == 422
    assert Account.objects.get(email=made.email).check_password(made.password)
    assert Session.objects.count() == 1


@pytest.mark.once("its processes ask SQLite, whatever this one asks")
def test_command_line_invites_lists_and_ends(tmp_path):
    """In processes of their own, as they are called: one process serves one folder."""

    def called(*arguments: str, code: int = 0) -> str:
        environment = {key: value for key, value in os.environ.items() if key != "CARESHAPE_DATABASE_URL"}
        done = warm.careshape("--dir", tmp_path / "data", *arguments, env=environment)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    called("new", "worcestershire")
    invite = ("account", "invite", "--authority", "worcestershire", "--role")
    assert "no council 'essex'" in called(*invite[:3], "essex", "--role", "analyst", "a@example.org", code=2)
    assert "no role 'boss'" in called(*invite, "boss", "a@example.org", code=1)
    assert "no e-mail address" in called(*invite, "analyst", "nobody", code=2)
    said = called(*invite, "administrator", "first@example.org")
    assert re.search(r"http://127\.0\.0\.1:8000/sign-in/invitation/[\w-]{40,}/", said)
    assert len(list((tmp_path / "data" / "mail").iterdir())) == 1
    listed = json.loads(called("account", "list", "--format", "json"))
    assert [(one["email"], one["status"]) for one in listed] == [("first@example.org", "Invited")]
    assert "no demonstration" in called("account", "demonstration", code=2)
    assert "Nobody of the address" in called("account", "end", "--authority", "worcestershire", "x@example.org", code=2)
    provider = ("account", "add-provider", "council", "--name", "Council account", "--client-id", "c", "--issuer")
    assert "not an HTTPS address" in called(*provider, "http://login.example.org", code=2)
    assert "/sign-in/with/council/back/" in called(*provider, "https://login.example.org")
    assert "already" in called(*provider, "https://login.example.org", code=2)
    assert json.loads(called("account", "providers", "--format", "json"))[0]["status"] == "in use"
    called("account", "end-provider", "council")
    assert json.loads(called("account", "providers", "--format", "json"))[0]["status"] == "ended"
