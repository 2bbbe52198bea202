"""What was paid for packages in which run, and the visits that providers say they made."""

from __future__ import annotations

import json
from collections import Counter
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped
from careshape.source.models.packages import Package


class PaymentRun(Scoped):
    """A run of payments of a council: all that was owed on its day for ended periods, and not paid before."""

    council = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    day = models.DateField()
    """By what was known on this day it was worked out."""
    totals = models.TextField()
    """Pence by provider's key and by who pays, as JSON: they stay when a person's record has gone."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "number"), name="source_payment_run_number")
        ]

    def __str__(self) -> str:
        return f"Payment run {self.number}"

    @property
    def parts(self) -> Counter[str]:
        """Pence by who pays, less what was recovered."""
        found: Counter[str] = Counter()
        for by in json.loads(self.totals).values():
            found.update(by)
        return found

    @property
    def pence(self) -> int:
        """All of it."""
        return self.parts.total()


class Payment(Scoped):
    """Pence that a run pays for a line in a payment period on a funder's behalf; less than nought: it recovers them."""

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="payments")
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="payments")
    line = models.CharField(max_length=100)
    first = models.DateField()
    last = models.DateField()
    """Of the payment period, both in it."""
    funder = models.CharField(max_length=10)
    pence = models.BigIntegerField()

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(package__person__council=principal.council) & ~Q(package__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("run", "package", "line", "first", "funder"), name="source_payment_once_a_run"
            ),
            models.CheckConstraint(condition=~Q(pence=0), name="source_payment_is_something"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="source_payment_days"),
        ]

    def __str__(self) -> str:
        return f"Payment {self.pk}"


class VisitFile(Scoped):
    """A file of visits as planned and delivered, as it was taken in."""

    council = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    taken = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    report = models.TextField(default="[]")
    """The refused rows as JSON: number of the row, column, and what is wrong; nothing of what they hold."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("council", "checksum"), name="source_visit_file_once")]

    def __str__(self) -> str:
        return f"Visit file {self.pk}"


class Visit(Scoped):
    """A visit as a file says it was planned and delivered. Of two with one reference the later file counts."""

    file = models.ForeignKey(VisitFile, on_delete=models.CASCADE, related_name="visits")
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="visits")
    line = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    day = models.DateField()
    planned = models.PositiveIntegerField()
    """Minutes."""
    delivered = models.PositiveIntegerField(null=True, blank=True)
    """Minutes; none where it is not recorded."""
    reason = models.CharField(max_length=60, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(package__person__council=principal.council) & ~Q(package__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("file", "package", "reference"), name="source_visit_once_a_file")
        ]
        indexes: ClassVar = [models.Index(fields=("package", "day"), name="source_visit_of_package")]

    def __str__(self) -> str:
        return f"Visit {self.pk}"
