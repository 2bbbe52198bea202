"""A provider that fails: whose care ends with it, and the requests by which they are placed anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.policy.scoped import Reach, Scoped
from careshape.source.models.brokerage import Request
from careshape.source.models.packages import Package


class Failure(Scoped):
    """That a provider stops giving care, with the last day on which it does, and why."""

    council = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField()
    because = models.CharField(max_length=500)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(because="") & ~Q(council=""), name="source_failure_because"),
            models.UniqueConstraint(fields=("organisation", "last_day"), name="source_failure_once"),
        ]

    def __str__(self) -> str:
        return f"Failure {self.pk}"


class Affected(Scoped):
    """One package that ends with a failed provider, and the request by which its person is placed anew."""

    failure = models.ForeignKey(Failure, on_delete=models.CASCADE, related_name="affected")
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="+")
    request = models.OneToOneField(Request, on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    why = models.CharField(max_length=500, blank=True)
    """Why there is no request for it."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(failure__council=principal.council) & ~Q(failure__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("failure", "package"), name="source_affected_once"),
        ]

    def __str__(self) -> str:
        return f"Affected {self.pk}"
