"""Small checks of the security standard for accounts: passwords, sessions, keys (docs/asvs.csv)."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.exceptions import ValidationError
from django.test import Client

from careshape.accounts import one_time, sign_on
from careshape.accounts.models import Account
from careshape.accounts.passwords import OwnWords
from careshape.accounts.sealed import digest, new_token, opened, sealed, token_digest
from careshape.accounts.sessions import SessionStore
from careshape.audit.models import Event
from careshape.errors import InputError
from careshape.site import secret
from tests.accounts.people import PASSWORD
from tests.accounts.signing import password, signed_in

SCRIPTS = sorted((Path(__file__).parents[2] / "src/careshape/site/static/careshape").glob("*.mjs"))


def changed(people, new: str) -> int:
    """The status of changing the provider's password."""
    client = signed_in(people.account("provider"), "")
    return client.post("/account/password/", {"present": PASSWORD, "password": new}).status_code


@pytest.mark.parametrize(
    "new",
    ["only small letters here", "ONLY LARGE LETTERS HERE", "928 174 650 283 1", "ünïcödé wörds älså 木", "x9" * 100],
    ids=["small", "large", "digits", "unicode", "two hundred"],
)
def test_password_of_any_signs_and_length_is_taken_as_it_is(people, new):
    assert changed(people, new) == 302
    account = people.account("provider")
    account.refresh_from_db()
    assert account.check_password(new)
    assert password(Client(), account, new).status_code == 302
    for other in (new[:-1], new + " ", new.swapcase() if new.swapcase() != new else new[:-2] + "zz"):
        assert password(Client(), account, other).status_code == 422


def test_password_of_our_own_words_is_refused(people):
    assert changed(people, "Worcestershire2026!") == 422
    assert changed(people, "careshape-broker-1") == 422
    OwnWords().validate("worcestershire sauce bottle")
    with pytest.raises(ValidationError):
        OwnWords().validate("ThurrockCouncil123")


def test_common_passwords_are_refused():
    from django.contrib.auth.password_validation import CommonPasswordValidator

    listed = CommonPasswordValidator()
    assert len(listed.passwords) >= 3_000
    with pytest.raises(ValidationError):
        listed.validate("1qaz2wsx3edc4rfv")


@pytest.mark.parametrize("path", ["/sign-in/", "/account/password/", "/account/confirm/"])
def test_password_fields_are_hidden_and_may_be_filled_by_a_manager(people, visitor, path):
    client = visitor if path == "/sign-in/" else signed_in(people.account("provider"), "")
    page = client.get(path).content.decode()
    fields = [one for one in re.findall(r"<input[^>]*>", page) if "password" in one]
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field
    assert not re.search(r"onpaste|oncopy", page)
    assert not [one.name for one in SCRIPTS if re.search(r"[\"']paste[\"']", one.read_text("utf-8"))]
    assert re.search(r'<form[^>]*method="post"', page)


def test_nothing_is_asked_that_others_know_and_no_password_grows_old(people):
    names = {field.name for field in Account._meta.get_fields()}
    assert not [one for one in names if re.search("hint|question|mother|expire|changed", one)]
    account = people.account("provider")
    for field in ("invited_at", "joined_at", "created_at", "last_login"):
        if field in names:
            Account.objects.filter(pk=account.pk).update(**{field: "2010-01-01T00:00:00Z"})
    assert password(Client(), account).headers["Location"] == "/work/"


def test_new_installation_has_no_account(db):
    assert Account.objects.count() == 0


def test_passwords_are_kept_by_argon2():
    from careshape.site import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    kept = make_password(PASSWORD, hasher="argon2")
    told = get_hasher("argon2").decode(kept)
    assert told["variety"] == "argon2id"
    assert told["memory_cost"] >= 19_456
    assert told["time_cost"] >= 2
    assert make_password(PASSWORD, hasher="argon2") != kept, "each with a salt of its own"


def test_what_cannot_be_guessed_holds_128_bits(db):
    assert len({new_token()[0] for _ in range(100)}) == 100
    assert len(new_token()[0]) * 6 >= 256
    key = SessionStore()._get_new_session_key()
    assert len(key) * 5.16 >= 128  # of 36 signs: 5.17 bits each
    assert len(one_time.new_secret()) * 5 >= 160


def test_recovery_code_cannot_be_tried_out(people):
    codes = one_time.new_recovery_codes(people.account("broker"))
    assert all(len(code.replace("-", "")) == 15 for code in codes)  # of 30 signs: 73 bits
    assert len(set(codes)) == 10


def test_signing_out_ends_the_session_and_clears_the_browser(people):
    client = signed_in(people.account("broker"))
    key = client.cookies["careshape_session"].value
    answer = client.post("/sign-out/")
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert client.get("/account/").status_code == 302
    again = Client()
    again.cookies["careshape_session"] = key
    assert again.get("/account/").status_code == 302


def test_session_key_of_ones_own_making_is_not_taken(people):
    client = Client()
    client.cookies["careshape_session"] = "a" * 32
    password(client, people.account("provider"))
    assert client.cookies["careshape_session"].value != "a" * 32


def test_confirming_gives_a_new_session_key(people):
    client = signed_in(people.account("provider"), "")
    before = client.cookies["careshape_session"].value
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302
    assert client.cookies["careshape_session"].value != before
    again = Client()
    again.cookies["careshape_session"] = before
    assert again.get("/account/").status_code == 302


def test_secret_that_was_meddled_with_is_refused():
    kept = sealed("a secret of tests")
    assert opened(kept) == "a secret of tests"
    spoilt = kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:]
    with pytest.raises(InputError):
        opened(spoilt)


def test_each_installation_makes_a_secret_that_its_owner_alone_reads(tmp_path, monkeypatch):
    monkeypatch.delenv(secret.VARIABLE, raising=False)
    made = []
    for name in ("one", "two"):
        monkeypatch.setenv(secret.FILE_VARIABLE, str(tmp_path / name / "site.secret"))
        made.append(secret.installation_secret())
        assert (tmp_path / name / "site.secret").stat().st_mode & 0o777 == 0o600
    assert made[0] != made[1]
    assert min(map(len, made)) >= 60
    assert secret.derived(made[0], "audit") != secret.derived(made[0], "fields")
    (tmp_path / "two" / "site.secret").chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        secret.installation_secret()


def test_digests_have_256_bits(people):
    password(Client(), people.account("broker"), "a wrong password")
    for made in (Event.objects.latest("pk").digest, digest("tests", "x"), token_digest("x")):
        assert len(bytes.fromhex(made)) * 8 == 256


def test_redirect_of_a_provider_is_not_followed():
    asked = []

    class Redirects(BaseHTTPRequestHandler):
        """Sends whoever asks elsewhere."""

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Redirects) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(InputError):
            sign_on._fetched(f"http://127.0.0.1:{server.server_port}/first")
        server.shutdown()
    assert asked == ["/first"]
