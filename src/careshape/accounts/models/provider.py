"""Identity providers by which people sign in once for several services."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from careshape.accounts.models.account import Account
from careshape.accounts.models.council import Council


class IdentityProvider(models.Model):
    """An OpenID Connect provider of one council, or of the whole installation."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    """What people know it by: "Sign in with ..."."""
    council = models.ForeignKey(Council, on_delete=models.PROTECT, null=True, blank=True, related_name="providers")
    """The council whose people it knows; null where it speaks for everybody on the installation."""
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=300)
    client_secret = models.CharField(max_length=800, blank=True)
    """Encrypted under a key outside the database."""
    address_claim = models.CharField(max_length=60, default="email")
    verified_claim = models.CharField(max_length=60, default="email_verified")
    """The claim that says that the address was verified; it must be true."""
    second_factor = models.JSONField(default=list, blank=True)
    """Values of the claims ``amr`` or ``acr`` that are taken for a second factor; none: ours is asked for."""
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """Who an account is at an identity provider: its own, unchanging name for the person, not the address."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="identities")
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="identities")
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("provider", "subject"), name="accounts_identity_subject"),
            models.UniqueConstraint(fields=("provider", "account"), name="accounts_identity_account"),
        ]

    def __str__(self) -> str:
        return f"Identity {self.pk}"
