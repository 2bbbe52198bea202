"""What tests of accounts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from careshape.accounts.mail import hand_over_all


class Outbox(list[EmailMessage]):
    """The messages that were handed over; whoever looks has the worker's turn done first."""

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        hand_over_all()
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[EmailMessage]:
        hand_over_all()
        return super().__iter__()

    def __len__(self) -> int:
        hand_over_all()
        return super().__len__()


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def mailoutbox(db: None, monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """The messages of one test, kept in memory."""
    sent = Outbox()
    monkeypatch.setattr(mail, "outbox", sent, raising=False)
    return sent
