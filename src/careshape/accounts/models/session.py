"""Who is signed in where, and tries that failed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone


class SessionManager(BaseSessionManager):
    """Django's own."""


class Session(AbstractBaseSession):
    """A browser that is signed in, or about to be. ``session_key`` is a digest: the database does not hold the key."""

    account = models.PositiveBigIntegerField(null=True, db_index=True)
    """Key of the account; null until somebody has signed in."""
    device = models.CharField(max_length=100, blank=True)
    """Browser and system in a few words, such as "Firefox on Windows"."""
    began_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)
    """When it was last used, to the minute."""

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=("used_at",), name="accounts_session_used")]


class FailedTry(models.Model):
    """A try to sign in that failed, counted for the account and for the address it came from."""

    of = models.CharField(max_length=64)
    """Keyed digest of what was tried or from where: neither e-mail address nor network address can be read from it."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("of", "at"), name="accounts_failed_try")]

    def __str__(self) -> str:
        return f"Failed try {self.pk}"
