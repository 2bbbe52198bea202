"""Places to live, and the time for which somebody has each: what stands empty follows from the two."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.accounts.models.council import limited_to
from careshape.policy.scoped import Reach, Scoped
from careshape.providers.models.provider import Location


def _of_location(path: str) -> dict[str, Reach]:
    whose = f"{path}__place__organisation"
    return {
        "council": lambda principal: Q(**{f"{whose}__council__slug": principal.council}),
        "organisation": lambda principal: Q(
            **{f"{whose}__council__slug": principal.council, whose: principal.organisation, f"{whose}__isnull": False}
        ) & limited_to(principal, f"{path}__place__pk"),
    }  # fmt: skip


class Room(Scoped):
    """What one person can have at a location: a bed, a room, a flat, a place in a carer's household."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    """What it is called there: Room 2, Flat 7."""
    part = models.CharField(max_length=60)
    """A type of bed or place of the returns of capacity: it says for which services it is good."""
    has = models.JSONField(default=list, blank=True)
    """Features of ``providers/data/rooms.toml``."""
    client_groups = models.JSONField(default=list, blank=True)
    """Client groups of the catalogue whom it is for; empty for any."""
    only = models.JSONField(default=list, blank=True)
    """Traits of the same file that whoever comes must have."""
    not_for = models.JSONField(default=list, blank=True)
    """Traits that whoever comes must not have."""
    wishes = models.JSONField(default=list, blank=True)
    """Traits that those who live there would like whoever comes to have."""
    lives = models.JSONField(default=list, blank=True)
    """Traits of those who live there, taken together: nobody of them is named or counted."""
    rent = models.PositiveBigIntegerField(default=0)
    """Pence a week of core rent that the council pays while it stands empty, by its agreement."""
    support = models.PositiveBigIntegerField(default=0)
    """Pence a week of support that it pays while it stands empty."""
    paid_after = models.PositiveSmallIntegerField(default=0)
    """Days of each void for which it does not pay yet."""
    begins_on = models.DateField()
    """From when it can be had, and counts."""
    closed_on = models.DateField(null=True, blank=True)
    """Its last day; none while it can be had."""
    told_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = _of_location("location")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("location", "name"), name="providers_room_name"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(part=""), name="providers_room_whole"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("begins_on")), name="providers_room_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Room {self.pk}"


class Stay(Scoped):
    """The time for which somebody has a place to live: it names nobody. The day of leaving is free for the next."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="stays")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The day on which they leave; none while it is not known."""
    reference = models.CharField(max_length=60, blank=True)
    """What it came from: ``award 12``; empty where it was told without one."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = _of_location("room__location")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("room",), condition=Q(ends_on__isnull=True), name="providers_stay_open_once"
            ),
            models.UniqueConstraint(fields=("room", "starts_on"), name="providers_stay_starts_once"),
            models.UniqueConstraint(
                fields=("reference",), condition=~Q(reference=""), name="providers_stay_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="providers_stay_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Stay {self.pk}"
