"""What providers return of their capacity, what was promised of it since, and who was reminded."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.accounts.models.council import limited_to
from careshape.policy.scoped import Reach, Scoped
from careshape.providers.models.provider import Location

KINDS: Final = (("beds", "Beds and places"), ("hours", "Hours of home care"), ("staff", "Staff"))
WAYS: Final = (("form", "On the page"), ("file", "By a file"), ("api", "By a program"))


def _of_location(path: str) -> dict[str, Reach]:
    """The scopes of rows that lead to a location by a path."""
    whose = f"{path}__place__organisation"
    return {
        "council": lambda principal: Q(**{f"{whose}__council__slug": principal.council}),
        "organisation": lambda principal: Q(
            **{f"{whose}__council__slug": principal.council, whose: principal.organisation, f"{whose}__isnull": False}
        ) & limited_to(principal, f"{path}__place__pk"),
    }  # fmt: skip


class Brought(Scoped):
    """A file of returns that a provider sent, and what was wrong in it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    checksum = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)
    lines = models.PositiveIntegerField()
    """Rows that count."""
    refused = models.PositiveIntegerField()
    """Rows that do not."""
    faults = models.TextField(default="[]")
    """What is wrong with which row, as JSON: rows of ``market.faults.COLUMNS``."""
    rows = models.TextField(blank=True)
    """The refused rows as they came, as CSV, to be put right and sent again."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(organisation__council__slug=principal.council),
        "organisation": lambda principal: Q(
            organisation__council__slug=principal.council, organisation=principal.organisation,
            organisation__isnull=False,
        ),
    }  # fmt: skip

    def __str__(self) -> str:
        return f"File of returns {self.pk}"


class Return(Scoped):
    """What a location says on a day of its beds, its hours or its staff. A later one stands beside it, and counts."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=5, choices=KINDS)
    day = models.DateField()
    """The day on which the figures were true."""
    as_at = models.DateTimeField()
    """The moment from which promises are not among the figures any more."""
    sent_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=4, choices=WAYS)
    file = models.ForeignKey(Brought, on_delete=models.PROTECT, null=True, blank=True, related_name="returns")
    digest = models.CharField(max_length=64)
    """Of its figures: what is sent again counts once."""

    scopes: ClassVar[dict[str, Reach]] = _of_location("location")

    class Meta:
        indexes: ClassVar = [models.Index(fields=("location", "kind", "day"), name="providers_return_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[one for one, _ in KINDS]), name="providers_return_kind"),
            models.CheckConstraint(condition=Q(way__in=[one for one, _ in WAYS]), name="providers_return_way"),
            models.CheckConstraint(condition=Q(as_at__lte=F("sent_at")), name="providers_return_as_at"),
        ]

    def __str__(self) -> str:
        return f"Return {self.pk}: {self.kind}"


class ReturnLine(Scoped):
    """A line of a return: of one type of beds, one zone and part of the day, or one group of staff."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    part = models.CharField(max_length=60)
    """A type of beds, a zone, or a group of staff."""
    band = models.CharField(max_length=20, blank=True)
    """The part of the day, of hours."""
    figures = models.JSONField()
    """Field of the return -> number; hours in hundredths. What was left blank is missing."""
    closed_reason = models.CharField(max_length=40, blank=True)

    scopes: ClassVar[dict[str, Reach]] = _of_location("of__location")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("of", "part", "band"), name="providers_return_line_once"),
        ]

    def __str__(self) -> str:
        return f"Line {self.pk} of a return"


class Newest(models.Model):
    """Which return of a location and kind counts. Who promises capacity, or returns it, holds this row."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="newest")
    kind = models.CharField(max_length=5, choices=KINDS)
    given = models.OneToOneField(Return, on_delete=models.PROTECT, null=True, related_name="counts")
    """None only while the first is being written."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("location", "kind"), name="providers_newest_once"),
        ]

    def __str__(self) -> str:
        return f"Newest {self.pk}: {self.kind}"


class Taking(Scoped):
    """Capacity of a location that was promised: firm, or for a time. It names no person."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="takings")
    kind = models.CharField(max_length=5, choices=KINDS)
    part = models.CharField(max_length=60)
    units = models.PositiveBigIntegerField()
    """Hundredths of an hour a week, or of a place."""
    reference = models.CharField(max_length=60)
    """What it was promised to, in the words of who promised it: ``award 12``."""
    taken_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    """When it falls back by itself; none for what is firm."""
    given_back_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = _of_location("location")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("reference",), name="providers_taking_reference"),
            models.Index(
                fields=("location", "kind", "taken_at"), condition=Q(given_back_at__isnull=True),
                name="providers_taking_held",
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(units__gt=0) & ~Q(reference=""), name="providers_taking_whole"),
            models.CheckConstraint(
                condition=Q(given_back_at__isnull=True) | Q(given_back_at__gte=F("taken_at")),
                name="providers_taking_times",
            ),
        ]

    def __str__(self) -> str:
        return f"Taking {self.pk}"


class Reminder(models.Model):
    """That a provider was written to because a location had not returned its capacity: once for each week."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="reminders")
    week = models.DateField()
    """Its Monday."""
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("location", "week"), name="providers_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"Reminder {self.pk}"
