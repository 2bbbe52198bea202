"""Standards that the council switches on for a list: from which day, why, and what it would lose by it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped
from careshape.source.models.vehicles import Lot, Vehicle


class Switch(Scoped):
    """A standard that is, was or may be asked of the providers of a list, or of one of its lots."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="switches")
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="switches")
    """The one lot that it is asked for; none where it is asked of the whole list."""
    standard = models.CharField(max_length=40)
    """An entry of ``source/data/standards.toml``."""
    state = models.CharField(max_length=40)
    """A state of the course in that file."""
    begins_on = models.DateField()
    why = models.CharField(max_length=500)
    loss = models.TextField()
    """What would be lost by it, as it was shown to who proposed it: JSON, a row a service and place."""
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who took it back or switched it off."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("vehicle", "standard"), condition=Q(lot__isnull=True, ended_at__isnull=True),
                name="source_switch_one_of_list",
            ),
            models.UniqueConstraint(
                fields=("lot", "standard"), condition=Q(lot__isnull=False, ended_at__isnull=True),
                name="source_switch_one_of_lot",
            ),
            models.CheckConstraint(condition=~Q(why="") & ~Q(state=""), name="source_switch_whole"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
                name="source_switch_ended",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="source_switch_agreed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Switch {self.pk}: {self.state}"
