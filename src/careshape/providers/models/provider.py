"""A provider as the council knows it, and the places from which it works."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from careshape.accounts.models import Organisation, OrganisationLocation
from careshape.accounts.models.council import limited_to
from careshape.policy.scoped import Reach, Scoped


class Provider(Scoped):
    """What the register holds of an organisation. An organisation of which nothing was told has no such row."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="provider")
    type = models.CharField(max_length=60, default="unknown")
    """An entry of the catalogue's ``provider_type``."""
    staff = models.PositiveIntegerField(null=True, blank=True)
    """How many people work for it; none where it is not known."""
    regulator_id = models.CharField(max_length=40, blank=True)
    """By which the regulator knows the provider; empty where it is not registered or not known."""
    brand = models.CharField(max_length=200, blank=True)
    """The group that it belongs to: providers of one brand would fail together."""
    added_at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(organisation__council__slug=principal.council),
        "organisation": lambda principal: Q(
            organisation__council__slug=principal.council, organisation=principal.organisation
        ),
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(type=""), name="providers_provider_type"),
            models.CheckConstraint(
                condition=~Q(type="micro-enterprise") | Q(staff__isnull=True) | Q(staff__lte=9),
                name="providers_provider_micro",
            ),
        ]

    def __str__(self) -> str:
        return f"Provider {self.pk}"


class Location(Scoped):
    """A place from which an organisation gives care: a care home, a branch of home care, a setting.

    Its name stands on ``place``, which is also what the accounts of its people are limited to.
    """

    place = models.OneToOneField(OrganisationLocation, on_delete=models.CASCADE, related_name="registered")
    kind = models.CharField(max_length=40)
    """An entry of ``providers/data/locations.toml``."""
    regulator_id = models.CharField(max_length=40, blank=True)
    """The regulator's id of the location; empty where it is not registered or not known."""
    outward = models.CharField(max_length=4, blank=True)
    """The first part of its postcode, such as WR1; empty where it is not known."""
    district = models.CharField(max_length=60, blank=True)
    """An entry of the catalogue; empty where it is not known, or lies outside the area."""
    services = models.JSONField(default=list, blank=True)
    """Ids of the catalogue's services that it gives."""
    client_groups = models.JSONField(default=list, blank=True)
    """Ids of the catalogue's client groups whom it serves; none told: not known."""
    registered_beds = models.PositiveIntegerField(null=True, blank=True)
    """Beds registered with the regulator; none where it is not known, or has no beds."""
    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="lets")
    """Who lets the rooms, where people have tenancies; none where it is not known."""
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    """Its last day; none while it works."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(place__organisation__council__slug=principal.council),
        "organisation": lambda principal: Q(
            place__organisation__council__slug=principal.council, place__organisation=principal.organisation
        ) & limited_to(principal, "place__pk"),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kind=""), name="providers_location_kind"),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="providers_location_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("regulator_id",), name="providers_location_regulator")]

    def __str__(self) -> str:
        return f"Location {self.pk}"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.place.name

    @property
    def organisation(self) -> Organisation:
        """Whose it is."""
        return self.place.organisation
