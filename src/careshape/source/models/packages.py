"""Packages of care, their lines, and the box from which the lines go into the council's records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.people.models import Person
from careshape.policy.scoped import Reach, Scoped
from careshape.source.models.brokerage import Award


class Package(Scoped):
    """Care that was arranged for a person with a provider, from an award."""

    award = models.OneToOneField(Award, on_delete=models.CASCADE, related_name="package")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="packages")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    district = models.CharField(max_length=60)
    purchase_type = models.CharField(max_length=60)
    ended_because = models.CharField(max_length=500, blank=True)
    """Why it ended or will; empty while no end is known."""
    made_at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(person__council=principal.council) & ~Q(person__council=""),
        "organisation": lambda principal: Q(
            person__council=principal.council, organisation=principal.organisation, organisation__isnull=False
        ),
    }

    def __str__(self) -> str:
        return f"Package {self.pk}"


class Line(Scoped):
    """So much a week at a price, from a day to a day. A change ends one line and begins the next."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    units = models.PositiveBigIntegerField()
    """Hundredths a week."""
    price = models.PositiveBigIntegerField()
    """Pence a unit."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Its last day; none while no end is known."""
    withdrawn = models.BooleanField(default=False)
    """Taken back: the package ended before it began."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(package__person__council=principal.council) & ~Q(package__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("package", "number"), name="source_line_number"),
            models.CheckConstraint(condition=Q(units__gt=0) & Q(price__gt=0), name="source_line_amounts"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="source_line_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.pk}"


class Handover(Scoped):
    """What is to go into the council's records of a line, as it stood when it changed.

    The row is written in the transaction of the change. Rows that wait are gathered into a batch, whose file has the
    batch's number: a batch that a killed process left is handed over again under the same name, and counts once.
    """

    council = models.CharField(max_length=60)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="handovers")
    row = models.TextField(blank=True)
    """The row of the file as JSON; empty once it is in the records."""
    made_at = models.DateTimeField(default=timezone.now)
    batch = models.PositiveIntegerField(null=True, blank=True)
    posting = models.PositiveIntegerField(null=True, blank=True)
    """The posting of the records that holds it."""
    problem = models.CharField(max_length=500, blank=True)
    """Why the records did not take it."""

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("council", "batch"), condition=Q(posting__isnull=True), name="source_handover_waiting")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(posting__isnull=True) | Q(batch__isnull=False), name="source_handover_posted"
            ),
        ]

    def __str__(self) -> str:
        return f"Handover {self.pk}"
