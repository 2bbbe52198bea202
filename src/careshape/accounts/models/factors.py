"""What a person signs in with beside a password: one-time codes, recovery codes, passkeys."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from careshape.accounts.models.account import Account
from careshape.policy.scoped import Reach, Scoped

_OWN: dict[str, Reach] = {"own": lambda principal: Q(account=principal.account)}


class OneTimeCodes(Scoped):
    """An application of the person's that shows a new code every thirty seconds (RFC 6238)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="one_time_codes")
    secret = models.CharField(max_length=400)
    """The shared secret, encrypted under a key outside the database."""
    last_step = models.BigIntegerField(default=0)
    """The time step of the last code that was taken: a code is good once."""
    added_at = models.DateTimeField(auto_now_add=True)

    scopes: ClassVar[dict[str, Reach]] = _OWN

    def __str__(self) -> str:
        return f"One-time codes {self.pk}"


class RecoveryCode(Scoped):
    """A code for the day when the person's other second factor is lost; good once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    """Keyed digest of the code: the database does not hold the code."""
    used_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = _OWN

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("account", "digest"), name="accounts_recovery_code"),
        ]

    def __str__(self) -> str:
        return f"Recovery code {self.pk}"


class Passkey(Scoped):
    """A key that a device of the person's holds (Web Authentication)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=100)
    identifier = models.CharField(max_length=1400, unique=True)
    """The credential's identifier, base64url."""
    credential = models.TextField()
    """The credential's data with its public key, base64url."""
    uses = models.PositiveBigIntegerField(default=0)
    """The device's own count of its uses: a count that does not grow tells of a copy."""
    added_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = _OWN

    def __str__(self) -> str:
        return f"Passkey {self.pk}"
