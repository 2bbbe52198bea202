"""Packages of care, what was told of them, the lines that follow, and the box from which lines go into the records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
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
    contract = models.CharField(max_length=60, default="care-home")
    """The terms by which it is paid: a contract of ``paying``."""
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


class Telling(Scoped):
    """One thing told of a package. It is never altered: what was wrong is corrected or withdrawn by a later one."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="tellings")
    number = models.PositiveIntegerField()
    """Its place among what was told of the package; others name it by this."""
    kind = models.CharField(max_length=20)
    """A kind of ``paying.reading.KINDS``: line, change, uplift, absence, ending, hand-back, death, withdrawal."""
    known = models.DateField()
    """The day on which the council came to know it."""
    body = models.TextField()
    """Its fields as ``careshape paying check`` reads them, as JSON."""
    replaces = models.PositiveIntegerField(null=True, blank=True)
    """Number of the telling that it corrects or withdraws."""
    why = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    """What was told of many packages at once, by one name: it counts once for each."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(package__person__council=principal.council) & ~Q(package__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("package", "number"), name="source_telling_number"),
            models.UniqueConstraint(
                fields=("package", "replaces"), condition=Q(replaces__isnull=False), name="source_telling_replaced_once"
            ),
            models.UniqueConstraint(fields=("package", "cause"), condition=~Q(cause=""), name="source_telling_cause"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(replaces__lt=F("number")), name="source_telling_replaces_earlier"
            ),
        ]

    def __str__(self) -> str:
        return f"Telling {self.pk}: {self.kind}"


class Line(Scoped):
    """So much a week at a price, from a day to a day, for the records: it follows from what was told."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100, default="core")
    """The line of the tellings that it is a stretch of."""
    component = models.CharField(max_length=60, default="core")
    units = models.PositiveBigIntegerField()
    """Hundredths a week."""
    price = models.PositiveBigIntegerField()
    """Pence a unit."""
    nhs = models.PositiveIntegerField(default=0)
    """Hundredths of a percent of it that the NHS pays; the council pays what nobody else does."""
    own = models.PositiveIntegerField(default=0)
    """Hundredths of a percent of it that the person pays."""
    paid_by = models.CharField(max_length=20, blank=True)
    """Who beside the council has ever paid a part of it, as the records were told, with spaces between."""
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
            models.CheckConstraint(condition=Q(nhs__lte=10_000 - F("own")), name="source_line_parts"),
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
    """The rows of the file as JSON: the line, and what others pay of it; empty once they are in the records."""
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
