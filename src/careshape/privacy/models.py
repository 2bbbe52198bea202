"""Legal holds: what must not go, whatever the rules of keeping say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from careshape.policy.scoped import Reach, Scoped

KINDS = (("account", "An account"), ("person", "A person of the ledger"), ("council", "Everything of the council"))


class LegalHold(Scoped):
    """A duty to keep: for a claim, an inquiry, a request. While it stands, nothing it covers is erased or let go."""

    council = models.CharField(max_length=60)
    """Slug of the council that must keep it."""
    what = models.CharField(max_length=20, choices=KINDS)
    reference = models.CharField(max_length=64, blank=True)
    """Key of the account, or the person's keyed handle (older holds: their number there); blank for everything
    of the council."""
    why = models.CharField(max_length=300)
    """The duty, in words that name nobody."""
    placed_by = models.PositiveBigIntegerField(null=True)
    """Key of the account that placed it; null for the command line."""
    placed_at = models.DateTimeField(auto_now_add=True)
    until = models.DateField(null=True, blank=True)
    """Last day on which it stands; none for one that stands until it is lifted."""
    lifted_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council)}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=[name for name, _ in KINDS]), name="privacy_hold_what"),
            models.CheckConstraint(
                condition=Q(what="council", reference="") | (~Q(what="council") & ~Q(reference="")),
                name="privacy_hold_reference",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("placed_at")), name="privacy_hold_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"
