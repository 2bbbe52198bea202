"""Events that are only ever added, and the head of each chain."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from careshape.policy.principal import Principal
from careshape.policy.scoped import Reach, ScopedQuerySet


class Head(models.Model):
    """The last link of a chain: locked last in a transaction, so that councils and long changes wait little.

    Its numbers only ever grow; triggers of both databases refuse anything else, and its removal.
    """

    chain = models.CharField(max_length=60, primary_key=True)
    """Slug of the council, or ``installation`` for what belongs to none."""
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    retired = models.PositiveBigIntegerField(default=0)
    """Number of the last event whose time of keeping is over: those up to it are gone, and only those may go."""
    retired_digest = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, default="")
    """A keyed digest of all of the above: who cuts the tail and writes an earlier head cannot seal it."""

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.digest}"


class Event(models.Model):
    """One thing that was done or read. Rows are never changed or removed: triggers of both databases refuse it."""

    chain = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField()
    """1, 2, 3 ... within the chain."""
    at = models.CharField(max_length=32)
    """When, in UTC, as ISO 8601 with microseconds."""
    account = models.PositiveBigIntegerField(null=True)
    """Key of the account that did it; null where nobody had signed in or the system itself did it."""
    role = models.CharField(max_length=40)
    act = models.CharField(max_length=80)
    """Act of the policy."""
    outcome = models.CharField(max_length=10, default="done")
    """``done``, ``read`` or ``refused``."""
    object = models.CharField(max_length=120, blank=True)
    """What it was done to: ``accounts.invitation:7``. Never a name."""
    detail = models.TextField(default="{}")
    """More, as JSON with sorted keys; names of fields and ids, no personal data."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(chain=principal.council),
        "own": lambda principal: Q(chain=principal.council, account=principal.account),
    }
    objects: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("chain", "number"), name="audit_event_place"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("chain", "object"), name="audit_event_object"),
            models.Index(fields=("chain", "account"), name="audit_event_account"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.act} {self.object}"

    @staticmethod
    def of(principal: Principal) -> dict[str, Any]:
        """The fields that say who did it."""
        return {"account": principal.account, "role": principal.role}
