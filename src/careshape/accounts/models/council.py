"""Councils on the installation, their teams, and the organisations that work with them."""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, Q

from careshape.policy import Principal
from careshape.policy.scoped import Reach, Scoped


class Council(Scoped):
    """A council of the installation. Each has a folder of the same slug in the data folder."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(slug=principal.council)}

    def __str__(self) -> str:
        return self.name


class Team(Scoped):
    """People of a council who share their work."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council__slug=principal.council),
        "team": lambda principal: Q(council__slug=principal.council, pk=principal.team),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "name"), name="accounts_team_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(Scoped):
    """A provider or voluntary organisation as one council knows it: another council knows its own."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20, choices=(("provider", "Provider"), ("voluntary", "Voluntary organisation")))
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, blank=True)
    """The reference by which the council's records of care name it."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council__slug=principal.council),
        "organisation": lambda principal: Q(council__slug=principal.council, pk=principal.organisation),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "name"), name="accounts_organisation_name"),
            models.CheckConstraint(condition=Q(kind__in=("provider", "voluntary")), name="accounts_organisation_kind"),
        ]

    def __str__(self) -> str:
        return self.name


def limited_to(principal: Principal, place: str) -> Q:
    """The rows of the locations to which a membership is limited; all where it is limited to none.

    place: the lookup that leads from a row to the key of its location.
    """
    limits = apps.get_model("accounts.Membership").locations.through.objects.filter(membership=principal.membership)
    return Q(**{f"{place}__in": limits.values("organisationlocation")}) | ~Q(Exists(limits))


class OrganisationLocation(Scoped):
    """A place from which an organisation works."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(organisation__council__slug=principal.council),
        "organisation": lambda principal: Q(
            organisation__council__slug=principal.council, organisation=principal.organisation
        ) & limited_to(principal, "pk"),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organisation", "name"), name="accounts_location_name"),
        ]

    def __str__(self) -> str:
        return self.name
