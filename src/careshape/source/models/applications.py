"""Providers that want to come onto a list: what they apply for, what was said of it, and who came to a closed list."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.policy.scoped import Reach, Scoped
from careshape.providers.models import Evidence
from careshape.source.models.vehicles import Lot, Vehicle


def _scopes(path: str = "") -> dict[str, Reach]:
    """What the council reaches, and what the provider does; a draft is the provider's alone."""
    sent = Q(**{f"{path}sent_at__isnull": False})
    return {
        "council": lambda principal: (
            Q(**{f"{path}vehicle__council": principal.council}) & ~Q(**{f"{path}vehicle__council": ""}) & sent
        ),
        "organisation": lambda principal: Q(**{
            f"{path}vehicle__council": principal.council, f"{path}organisation": principal.organisation,
            f"{path}organisation__isnull": False,
        }),
    }  # fmt: skip


class Application(Scoped):
    """That a provider wants to come onto a list, from the first word to the decision."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=40)
    """A state of the course in ``source/data/applications.toml``."""
    words = models.CharField(max_length=2000, blank=True)
    """What the provider says for itself."""
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    """When it was first sent; until then the council does not see it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was decided or taken back."""

    scopes: ClassVar[dict[str, Reach]] = _scopes()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("vehicle", "organisation"), condition=Q(ended_at__isnull=True), name="source_application_one"
            ),
            models.CheckConstraint(condition=~Q(state=""), name="source_application_state"),
        ]

    def __str__(self) -> str:
        return f"Application {self.pk}: {self.state}"


class ApplicationPart(Scoped):
    """What a provider applies for: a lot, or a service somewhere, at a price."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parts")
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    service = models.CharField(max_length=60)
    client_group = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    price = models.PositiveBigIntegerField(null=True, blank=True)
    """Pence for one of the service's usual unit; none where the price list of the list says it."""

    scopes: ClassVar[dict[str, Reach]] = _scopes("application__")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("application", "service", "client_group", "zone", "district"),
                name="source_application_part_once",
            ),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="source_application_price"),
        ]

    def __str__(self) -> str:
        return f"Part {self.pk}"


class Attached(Scoped):
    """A piece of evidence that a provider attached to an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attached")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="+")

    scopes: ClassVar[dict[str, Reach]] = _scopes("application__")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("application", "evidence"), name="source_attached_once"),
        ]

    def __str__(self) -> str:
        return f"Attached {self.pk}"


class ApplicationStep(Scoped):
    """That an application moved, with what was said: a row for each time, which nobody changes."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    move = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = _scopes("application__")

    def __str__(self) -> str:
        return f"Step {self.pk}: {self.move}"


class Approach(Scoped):
    """That a provider came to a list that takes nobody: told, since the market wants to come and cannot."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="approaches")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    """What it would give, where it said so."""
    why = models.CharField(max_length=500)
    """Why it was refused, as it was told."""
    itself = models.BooleanField()
    """Whether it came itself; else somebody of the council tried to bring it onto the list."""
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(vehicle__council=principal.council) & ~Q(vehicle__council=""),
    }

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(why=""), name="source_approach_why")]

    def __str__(self) -> str:
        return f"Approach {self.pk}"
