"""Statements of other councils, as an administrator brought them: checked, kept with checksum and day, withdrawn."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped


class Brought(Scoped):
    """One council's statement in the open form, kept as it was when it was brought."""

    council = models.CharField(max_length=60, blank=True)
    """Slug of the council whose administrator brought it; empty for the command line."""
    code = models.CharField(max_length=9)
    """ONS code of the council whose statement it is."""
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    edition = models.CharField(max_length=100)
    known_on = models.DateField()
    synthetic = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    """SHA-256 of the file as it was brought."""
    statement = models.TextField()
    """The statement as JSON."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council=principal.council) & ~Q(council=""),
        "released": lambda principal: Q(withdrawn_at__isnull=True),
    }

    class Meta:
        ordering: ClassVar[Any] = ["name", "-added_at", "-pk"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=("council", "checksum"), condition=Q(withdrawn_at__isnull=True), name="reuse_brought_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.edition}"
