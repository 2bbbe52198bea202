"""What tests of accounts share."""

from __future__ import annotations

import pytest
from django.test import Client

from careshape.accounts.mail import sent_behind


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def _mail_is_sent(mailoutbox):
    """Messages are kept in memory, and every one that goes behind a request is sent before the next test."""
    yield
    sent_behind()
