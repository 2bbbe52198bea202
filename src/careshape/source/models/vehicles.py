"""The lists by which a council may buy, who is on them for what, at which prices, and how each came to stand so.

Kinds and standings are data (``source/data/kinds.toml``): no constraint names one, so that a new one
needs no migration. Rows are checked against the data whenever they are saved.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.errors import CallError
from careshape.policy.scoped import Reach, Scoped
from careshape.source.lists.kinds import Kind, kinds

ZONES: Final = {
    "": "One price everywhere",
    "district": "By district",
    "zone": "By home care zone",
    "rate_zone": "By rate zone",
}
"""By which list of places of the catalogue the prices of a list differ."""


class Vehicle(Scoped):
    """A list by which a council buys: a framework, a dynamic market, an accredited list and so on."""

    council = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    """An entry of ``source/data/kinds.toml``, which says who may join and how."""
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Its last day; none where it has no end."""
    priced_by = models.CharField(max_length=20, blank=True)
    """One of ``ZONES``."""
    contract = models.CharField(max_length=60, blank=True)
    """The terms by which packages from it are paid: a contract of ``paying``; empty for the one usual for a service."""
    complex_needs = models.BooleanField(default=False)
    """Whether it is the framework for complex needs, which the rules ask for."""

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "title"), name="source_vehicle_title"),
            models.CheckConstraint(condition=~Q(kind=""), name="source_vehicle_has_kind"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name="source_vehicle_days"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_of(self) -> Kind:
        """Its kind."""
        return kinds()[self.kind]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it. Raises CallError for a kind that there is not."""
        check_kind(self.kind)
        super().save(*args, **kwargs)


def check_kind(kind: str) -> None:
    """Raises CallError for a kind that there is not."""
    if kind not in kinds():
        raise CallError(f"There is no kind of list '{kind}'. Choose from {', '.join(kinds())}.")


class Round(Scoped):
    """A time in which providers may join a list that opens in rounds. The first one opens with the list."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="rounds")
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    """Its last day; none while nobody has closed it."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("vehicle",), condition=Q(closes_on__isnull=True), name="source_round_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")), name="source_round_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.pk}"


class Lot(Scoped):
    """A part of a list: a service, for a client group or all, in a zone, in a district or everywhere."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    service = models.CharField(max_length=60)
    client_group = models.CharField(max_length=60, blank=True)
    """A client group of the catalogue, or a group of them; empty for all."""
    zone = models.CharField(max_length=60, blank=True)
    """A home care zone; empty for every one."""
    district = models.CharField(max_length=60, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("vehicle", "number"), name="source_lot_number"),
            models.UniqueConstraint(
                fields=("vehicle", "service", "client_group", "zone", "district"), name="source_lot_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Standing(StrEnum):
    """How a provider stands on a list: the standings that every course has. A course may have more."""

    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Member(Scoped):
    """A provider on a list, for a service, at a price, in a zone, a district or everywhere."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    """The lot for which it is on the list; none on a list without lots. A lot with members does not change."""
    service = models.CharField(max_length=60)
    client_group = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    """Empty for everywhere in the council's area."""
    rank = models.PositiveIntegerField(null=True, blank=True)
    """Its place in the order of a ranked list: 1 is the primary provider, others are backups."""
    places = models.PositiveIntegerField(null=True, blank=True)
    """Places that are bought in advance under a block contract."""
    price = models.PositiveBigIntegerField(null=True, blank=True)
    """Pence for one of the service's usual unit; none where the price list of the list alone says it."""
    state = models.CharField(max_length=40)
    """A state of the course of the list's kind."""
    reason = models.CharField(max_length=500, blank=True)
    """Why it stands so, where a reason is asked for."""
    by_evidence = models.BooleanField(default=False)
    """Whether it is suspended for evidence that lapsed, and for that alone: it comes back by itself."""
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
                fields=("vehicle", "organisation", "service", "client_group", "zone", "district"),
                name="source_member_once",
            ),
            models.UniqueConstraint(
                fields=("vehicle", "service", "client_group", "zone", "district", "rank"),
                condition=Q(rank__isnull=False),
                name="source_member_rank",
            ),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="source_member_price"),
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(rank__gt=0), name="source_member_rank_begins"),
            models.CheckConstraint(condition=~Q(state=""), name="source_member_has_state"),
            models.CheckConstraint(
                condition=~Q(state__in=("suspended", "removed")) | ~Q(reason=""), name="source_member_reason"
            ),
            models.CheckConstraint(
                condition=Q(by_evidence=False) | Q(state="suspended"), name="source_member_by_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"Member {self.pk}: {self.state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it. Raises CallError for a state that the course of its list does not have."""
        if self.state not in {one.id for one in self.vehicle.is_of.course.states}:
            raise CallError(f"Nobody stands as '{self.state}' on {self.vehicle.title}.")
        super().save(*args, **kwargs)


class Stood(Scoped):
    """That a provider came to stand otherwise on a list: a row for each time, which nobody changes."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="history")
    move = models.CharField(max_length=40)
    """The move of the course by which it came there."""
    state = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, blank=True)
    by_itself = models.BooleanField(default=False)
    """Whether evidence that lapsed or was renewed brought it there; the audit log tells who did else."""
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(member__vehicle__council=principal.council) & ~Q(member__vehicle__council=""),
        "organisation": lambda principal: Q(
            member__vehicle__council=principal.council, member__organisation=principal.organisation,
            member__organisation__isnull=False,
        ),
    }  # fmt: skip

    def __str__(self) -> str:
        return f"Stood {self.pk}: {self.state}"


class Price(Scoped):
    """A price of a list: of a service, in a zone and tier, from a day to a day; of all its providers or of one."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="prices")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="prices")
    """The provider whose own price it is; none where it is the price of everybody on the list."""
    service = models.CharField(max_length=60)
    zone = models.CharField(max_length=60, blank=True)
    """An entry of the list of places by which the list is priced; empty for everywhere."""
    tier = models.CharField(max_length=40, blank=True)
    """A level of need as the council's price list names it: tier-1; empty for all."""
    unit = models.CharField(max_length=40, blank=True)
    """The unit that it is a price of, where that is not the service's usual one: an hour of supported living."""
    pence = models.PositiveBigIntegerField()
    """Pence for one of the unit."""
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Its last day; none while no other follows."""
    source = models.CharField(max_length=200, blank=True)
    """Where it was decided or published."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="source_price_amount"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name="source_price_days"
            ),
            models.UniqueConstraint(
                fields=("vehicle", "service", "zone", "tier", "unit", "begins_on"), condition=Q(member__isnull=True),
                name="source_price_once",
            ),
            models.UniqueConstraint(
                fields=("member", "service", "zone", "tier", "unit", "begins_on"), condition=Q(member__isnull=False),
                name="source_price_own_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Price {self.pk}"
