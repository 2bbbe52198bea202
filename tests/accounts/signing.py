"""Signing in for tests: as a person does, page by page, or at once where a test is about something else."""

from __future__ import annotations

import re
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from careshape.accounts import one_time
from careshape.accounts.models import Account, OneTimeCodes
from careshape.accounts.sealed import opened, sealed
from careshape.accounts.sessions import BEGAN, SessionStore
from careshape.accounts.signing_in import BACKEND, CONFIRMED
from tests.accounts.people import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in(account: Account, factor: str = "code", **held: object) -> Client:
    """A client that is signed in, second factor shown: for tests of what comes after."""
    client = Client(raise_request_exception=False)
    sign_in_at_once(client, account, factor, **held)
    return client


def sign_in_at_once(client: Client, account: Account, factor: str = "code", **held: object) -> None:
    """Let a client hold a session of an account, as signing in makes it."""
    store = SessionStore()
    now = timezone.now().isoformat()
    store.update(
        {
            SESSION_KEY: str(account.pk), BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: account.get_session_auth_hash(), "factor": factor, BEGAN: now, CONFIRMED: now,
            "limit": "", **held,
        }
    )  # fmt: skip
    store.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""


def give_codes(account: Account) -> None:
    """Let an account have one-time codes of the secret of tests."""
    OneTimeCodes.objects.create(account=account, secret=sealed(SECRET))


def code_now(secret: str = SECRET, ahead: int = 0) -> str:
    """The code that an application shows now."""
    return one_time.code_at(secret, int(time.time()) // one_time.PERIOD + ahead)


def secret_of(account: Account) -> str:
    """The secret that an account's application holds."""
    return opened(OneTimeCodes.objects.get(account=account).secret)


def key_on(page: bytes) -> str:
    """The key that a page of setting up shows."""
    found = re.search(rb'id="key">([A-Z2-7 ]+)<', page)
    assert found, page
    return found[1].decode().replace(" ", "")


def password(client: Client, account: Account, words: str = PASSWORD) -> object:
    """Send e-mail address and password."""
    return client.post("/sign-in/", {"email": account.email, "password": words})
