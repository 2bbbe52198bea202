"""Headers of every answer: nothing inline, nothing framed, nothing kept of pages about a person."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client

from careshape.policy.table import addresses
from tests import warm
from tests.accounts.signing import signed_in

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
    "frame-ancestors 'none'", "form-action 'self'",
}  # fmt: skip


def path_of(url: str) -> str:
    """A path for a pattern: its parts filled in with what is not there."""
    parts = {"int": "999999", "slug": "nothing-here", "str": "nothing-here", "path": "nothing/here"}
    for kind, filled in parts.items():
        while f"<{kind}:" in url:
            before, _, rest = url.partition(f"<{kind}:")
            url = before + filled + rest.partition(">")[2]
    return f"/{url}"


OPEN = "/api/open/"
"""What is released for everybody to use again: kept by whoever likes, and read from other sites."""


def faults(answer, *, personal: bool, shared: bool = False) -> list[str]:
    """What is missing of the headers of an answer; ``shared`` where other sites may read it."""
    headers = answer.headers
    given = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")}
    found = [f"policy lacks {part}" for part in POLICY - given]
    found += [f"policy has {part}" for part in given if "unsafe" in part or "*" in part or "data:" in part]
    for name, value in (
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):  # fmt: skip
        if headers.get(name) != value:
            found.append(f"{name} is {headers.get(name)}")
    readers = headers.get("Cross-Origin-Resource-Policy")
    if readers != "same-origin" and not (shared and readers == "cross-origin"):
        found.append(f"Cross-Origin-Resource-Policy is {readers}")
    if personal and "no-store" not in headers.get("Cache-Control", ""):
        found.append(f"Cache-Control is {headers.get('Cache-Control')}")
    return found


@pytest.mark.once("headers are set before and behind every question to the database")
def test_every_answer_carries_the_headers(people, promise):
    paths = sorted({path_of(one.url) for one in addresses()} | {"/no/such/page", "/static/careshape/careshape.css"})
    visitor, client = Client(raise_request_exception=False), signed_in(people.account("administrator"))
    asked = 0
    for path in paths:
        for who, personal in (
            (visitor, path.startswith(("/sign-in/", "/account/", "/work/", "/api/"))),
            (client, True),
        ):
            for method in ("get", "post"):
                if path == "/sign-out/" and method == "post":
                    continue
                answer = getattr(who, method)(path)
                static = path.startswith("/static/")
                shared = path.startswith(OPEN)
                found = faults(answer, personal=personal and not static and not shared, shared=shared)
                assert found == [], (method, path)
                if static:
                    for close in answer._resource_closers:  # not answer.close(), which closes the database too
                        close()
                asked += 1
    refused = Client(raise_request_exception=False).get("/", HTTP_HOST="not.ours.example")
    assert refused.status_code == 400
    assert faults(refused, personal=False) == []
    promise("R15 headers", f"{asked} answers of {len(paths)} addresses, 0 without a header; control caught")


def test_a_missing_header_is_caught(db, settings):
    settings.MIDDLEWARE = [one for one in configured.MIDDLEWARE if "SecurityHeaders" not in one and "CSP" not in one]
    found = faults(Client().get("/sign-in/"), personal=True)
    assert any("policy lacks" in one for one in found)
    assert "Cross-Origin-Resource-Policy is None" in found


def test_cookies_keep_to_themselves(people, visitor):
    visitor.post("/sign-in/", {"email": people.account("provider").email, "password": "a password of tests only"})
    cookie = visitor.cookies[configured.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]


@pytest.mark.once("its process asks SQLite, whatever this one asks")
def test_installation_of_https_keeps_browsers_to_it(tmp_path):
    import os

    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "plain = Client().get('/help/', HTTP_HOST='localhost')\n"
        "safe = Client().get('/sign-in/', HTTP_HOST='localhost', secure=True)\n"
        "from django.conf import settings\n"
        "print(plain.status_code, plain.headers['Location'])\n"
        "print(safe.headers['Strict-Transport-Security'])\n"
        "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_NAME)\n"
    )
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("CARESHAPE_")},
        "DJANGO_SETTINGS_MODULE": "careshape.site.settings", "CARESHAPE_DIR": str(tmp_path),
        "CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters", "CARESHAPE_HTTPS": "yes",
        "CARESHAPE_ADDRESS": "https://care.example.org",
    }  # fmt: skip
    script = "from careshape.site.serve import make_ready; make_ready()\n" + script
    done = warm.run(script, env=environment)
    assert done.returncode == 0, done.stderr
    redirect, hsts, cookies = done.stdout.splitlines()[-3:]
    assert redirect == "301 https://localhost/help/"
    assert int(hsts.partition("=")[2].partition(";")[0]) >= 31_536_000
    assert cookies == "True True __Host-careshape_session"


@pytest.mark.parametrize("path", ["/sign-in/", "/help/"])
def test_no_page_is_kept_once_somebody_is_signed_in(people, path):
    assert signed_in(people.account("provider"), "").get(path).headers["Cache-Control"] == "no-store"


def test_page_that_says_that_something_failed_needs_no_database(people, monkeypatch):
    from django.db import DatabaseError

    from careshape.accounts.sessions import SessionStore

    def fails(store: SessionStore) -> None:
        raise DatabaseError("the database is away")

    client = signed_in(people.account("provider"), "")
    monkeypatch.setattr(SessionStore, "load", fails)
    answer = client.get("/account/")
    assert answer.status_code == 500
    assert b"There is a problem with this page" in answer.content
