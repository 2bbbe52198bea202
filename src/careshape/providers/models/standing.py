"""What a provider has shown, how it is graded, and how it did in tenders: later rows stand beside earlier ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.policy.scoped import Reach, Scoped
from careshape.providers.models.provider import Location

_OF_ORGANISATION: dict[str, Reach] = {
    "council": lambda principal: Q(organisation__council__slug=principal.council),
    "organisation": lambda principal: Q(
        organisation__council__slug=principal.council, organisation=principal.organisation
    ),
}


class Evidence(Scoped):
    """Something that a provider has shown, such as its insurance, and the days for which it speaks."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="evidence")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    """The location of which it speaks; none where it speaks of the whole organisation."""
    kind = models.CharField(max_length=60)
    """An entry of ``providers/data/evidence.toml``."""
    reference = models.CharField(max_length=100, blank=True)
    """The number of the policy or certificate."""
    issuer = models.CharField(max_length=200, blank=True)
    begins_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    """The last day for which it speaks; none where it does not lapse."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who of the council looked at it; until then it counts for nothing."""
    checked_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When it was taken back: from then it counts for nothing, and is still read."""
    withdrawn_why = models.CharField(max_length=500, blank=True)

    scopes: ClassVar[dict[str, Reach]] = _OF_ORGANISATION

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kind=""), name="providers_evidence_kind"),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("begins_on")), name="providers_evidence_days"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="providers_evidence_checked",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""), name="providers_evidence_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence {self.pk}: {self.kind}"


class Grade(Scoped):
    """The council's grade of a provider from a day. The newest that has begun counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="grades")
    grade = models.CharField(max_length=20)
    """A value of the rules' fact ``provider-grade``: gold, silver, bronze or ungraded."""
    on = models.DateField()
    why = models.CharField(max_length=500)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = _OF_ORGANISATION

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(grade="") & ~Q(why=""), name="providers_grade_whole"),
        ]

    def __str__(self) -> str:
        return f"Grade {self.pk}"


class Tender(Scoped):
    """A tender of the council for a service, and the day on which it was decided."""

    council = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    service = models.CharField(max_length=60)
    decided_on = models.DateField(null=True, blank=True)
    """None until it is decided."""

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "title"), name="providers_tender_title"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(service=""), name="providers_tender_whole"),
        ]

    def __str__(self) -> str:
        return self.title


class TenderOutcome(Scoped):
    """Whether a provider was successful in a tender."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="outcomes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tender_outcomes")
    won = models.BooleanField()

    scopes: ClassVar[dict[str, Reach]] = _OF_ORGANISATION

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("tender", "organisation"), name="providers_outcome_once"),
        ]

    def __str__(self) -> str:
        return f"Outcome {self.pk}"
