"""A person whom a council supports, and what was looked at for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped


class Person(Scoped):
    """Somebody who is supported, or may come to be. The reference is that by which the council's records name them."""

    council = models.CharField(max_length=60)
    reference = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    born_on = models.DateField()
    gender = models.CharField(max_length=60)
    client_group = models.CharField(max_length=60)
    support_reason = models.CharField(max_length=60)
    district = models.CharField(max_length=60)
    """Where they live: entries of the catalogue, as are the three before."""
    outward = models.CharField(max_length=4, blank=True)
    """The first half of their postcode, such as WR11; a whole one is never kept."""
    added_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    """When nothing was left to be done for them; from then the record is kept for its years."""

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "reference"), name="people_person_reference"),
            models.CheckConstraint(condition=~Q(reference="") & ~Q(council=""), name="people_person_named"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class Assessment(Scoped):
    """That something was looked at for a person on a day, by whom, and what was found. A later one is another row."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assessments")
    fact = models.CharField(max_length=60)
    """What was looked at: a fact of the rules that is an assessment, such as ``reablement-assessed``."""
    on = models.DateField()
    result = models.CharField(max_length=60)
    """One of the values of the fact."""
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When who made it took it back, because it was a mistake; it counts no more."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(person__council=principal.council) & ~Q(person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(fact="") & ~Q(result=""), name="people_assessment_whole"),
        ]

    def __str__(self) -> str:
        return f"Assessment {self.pk}: {self.fact}"
