"""How a tender settled who is asked from a ranked list: the list, and what was shown before it was recorded."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped
from careshape.providers.models import Tender
from careshape.source.models.vehicles import Vehicle


class Settlement(Scoped):
    """That a tender was recorded with its places on a list; a later one puts an earlier right."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="settlements")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    rows = models.TextField()
    """The outcome as it was brought: rows of CSV."""
    shown = models.TextField()
    """What followed from it, as it was shown before: JSON, a row a place."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: models.Q(tender__council=principal.council) & ~models.Q(tender__council="")
    }

    def __str__(self) -> str:
        return f"Settlement {self.pk}"
