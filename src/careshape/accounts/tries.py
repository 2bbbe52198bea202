"""Lock-out: ten failed tries in fifteen minutes close an account, or an address, to further tries; never everybody.

A try is written down before the password is looked at, and taken back where it was right: who tries many at once gets
no more than who tries one after the other. An account is counted by the e-mail address that was typed, so that one that
is not there is locked like one that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from careshape.accounts.models import FailedTry
from careshape.accounts.sealed import digest

MOST: Final = 10
"""Failed tries after which no more are taken."""
WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Try:
    """A try that was written down; ``locked`` where it may not be made."""

    rows: tuple[int, ...]
    locked: bool

    def right(self, account: str) -> None:
        """Forget this try, and the failed ones for this account; those from the address stay, or one good account
        would open it for guesses at others.
        """
        FailedTry.objects.filter(pk__in=self.rows).delete()
        FailedTry.objects.filter(of=of_account(account)).delete()


def begin_try(request: HttpRequest, account: str) -> Try:
    """Write a try down and see whether it may be made. ``account`` is the e-mail address that was typed."""
    now = timezone.now()
    FailedTry.objects.filter(at__lte=now - WITHIN).delete()
    counted = ((of_account(account), MOST), (of_address(request), settings.CARESHAPE_TRIES_PER_ADDRESS))
    rows = tuple(FailedTry.objects.create(of=of, at=now).pk for of, _ in counted)
    locked = any(FailedTry.objects.filter(of=of).count() > most for of, most in counted)
    if locked:
        # A try that was not taken does not prolong the lock: it ends a quarter of an hour after the first.
        FailedTry.objects.filter(pk__in=rows).delete()
    return Try(() if locked else rows, locked)


def of_account(email: str) -> str:
    """What stands for an account."""
    return digest("tries of account", email.strip().lower())


def of_address(request: HttpRequest) -> str:
    """What stands for the network address of a request."""
    return digest("tries from address", request.META.get("REMOTE_ADDR", ""))
