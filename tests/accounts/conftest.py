"""What tests of accounts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from careshape.accounts.mail import sent_behind


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def mailoutbox(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """The messages of one test, kept in memory; those that go behind a request are sent before the next test."""
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "outbox", sent, raising=False)
    yield sent
    sent_behind()
