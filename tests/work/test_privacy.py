"""An administrator collects what is held about somebody, and sees nobody of another council."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from careshape.accounts.models import Membership
from careshape.accounts.signing_in import CONFIRMED
from careshape.audit.change import tell
from careshape.audit.models import Event
from careshape.policy import Principal
from careshape.work.models import Token

HOME = "/work/privacy/"


def read(answer) -> dict[str, str]:
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return {name: file.read(name).decode("utf-8") for name in file.namelist()}


def test_administrator_collects_what_is_held_about_an_account(signed_in, people):
    account = people.account("broker")
    Membership.objects.create(account=account, council=people.councils["thurrock"], role="analyst")
    for council in ("worcestershire", "thurrock"):
        tell(Principal("broker", account.pk, council=council), "audit.read", f"{council}:1")
    client = signed_in("administrator")
    answer = client.post(HOME, {"email": account.email.upper()})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="subject-access.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    files = read(answer)
    assert json.loads(files["accounts.Account.json"])[0]["email"] == account.email
    assert len(json.loads(files["accounts.Membership.json"])) == 1, "what they do for another council is not this one's"
    assert "worcestershire:1" in files["audit.Event.csv"]
    assert "thurrock:1" not in "".join(files.values())
    told = Event.objects.get(act="privacy.access")
    assert (told.chain, told.account) == ("worcestershire", people.account("administrator").pk)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "either the address of an account"),
        ({"email": "a@b.example", "person": "P"}, "either the address of an account"),
        ({"email": "nobody@worcestershire.example"}, "Nobody who works or worked"),
        ({"email": "broker@thurrock.example"}, "Nobody who works or worked"),
        ({"person": "NOBODY"}, "knows nobody by this identifier"),
    ],
)
def test_nobody_is_answered_with_a_sentence(signed_in, asked, said):
    answer = signed_in("administrator").post(HOME, asked)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Event.objects.filter(act="privacy.access").exists()


@pytest.mark.parametrize("role", ["auditor", "analyst", "provider"])
def test_no_other_role_collects(signed_in, role):
    client = signed_in(role)
    assert (client.get(HOME).status_code, client.post(HOME).status_code) == (403, 403)


def test_page_says_what_it_does(signed_in):
    assert "What is held about somebody" in signed_in("administrator").get(HOME).content.decode()


@pytest.mark.parametrize(("role", "address"), [("administrator", HOME), ("finance", "/account/tokens/")])
def test_what_reaches_far_asks_first_who_it_is(signed_in, role, address):
    client = signed_in(role)
    assert client.get(address).status_code == 200
    session = client.session
    del session[CONFIRMED]
    session.save()
    for answer in (client.get(address), client.post(address, {"name": "x", "acts": ["work.measures"], "days": "30"})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/confirm/?next=")
    assert not Token.objects.exists()
