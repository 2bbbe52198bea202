"""The lists by which a council may buy, and who is on them for what."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from careshape.accounts.models import Organisation
from careshape.policy.scoped import Reach, Scoped
from careshape.source.kinds import kinds


class Vehicle(Scoped):
    """A list by which a council buys: a framework, a dynamic market, an accredited list and so on."""

    council = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    """An entry of ``source/data/kinds.toml``, which says who may join and how."""
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Its last day; none where it has no end."""

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "title"), name="source_vehicle_title"),
            models.CheckConstraint(condition=Q(kind__in=list(kinds())), name="source_vehicle_kind"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name="source_vehicle_days"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Standing(StrEnum):
    """How a provider stands on a list."""

    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    REMOVED = "removed"


STANDINGS: Final = {
    Standing.ADMITTED: "Admitted",
    Standing.SUSPENDED: "Suspended",
    Standing.REMOVED: "Removed",
}


class Member(Scoped):
    """A provider on a list, for a service, at a price, in a district or everywhere."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    district = models.CharField(max_length=60, blank=True)
    """Empty for everywhere in the council's area."""
    price = models.PositiveBigIntegerField()
    """Pence for one of the service's usual unit."""
    state = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in STANDINGS.items()))
    reason = models.CharField(max_length=500, blank=True)
    """Why it is suspended or removed."""
    since = models.DateField()
    """The day from which it stands so."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council=""),
        "organisation": lambda principal: Q(
            vehicle__council=principal.council, organisation=principal.organisation, organisation__isnull=False
        ),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("vehicle", "organisation", "service", "district"), name="source_member_once"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="source_member_price"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Standing]), name="source_member_state"),
            models.CheckConstraint(condition=Q(state="admitted") | ~Q(reason=""), name="source_member_reason"),
        ]

    def __str__(self) -> str:
        return f"Member {self.pk}: {self.state}"
