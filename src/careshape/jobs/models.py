"""Work to be done in the background, and the workers that were seen."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from careshape.accounts.models import Account, Membership
from careshape.policy.scoped import Reach, Scoped


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """What it was given has a fault, which a person has to put right: trying again would not help."""
    GIVEN_UP = "given-up"
    """Each of its attempts failed."""
    CANCELLED = "cancelled"


WORDS: Final = {
    State.QUEUED: "Waiting",
    State.RUNNING: "Under way",
    State.DONE: "Done",
    State.FAILED: "Failed",
    State.GIVEN_UP: "Given up",
    State.CANCELLED: "Cancelled",
}
_CHOICES = tuple((state.value, words) for state, words in WORDS.items())
_STATES = tuple(state.value for state in State)
ENDED: Final = tuple(state.value for state in (State.DONE, State.FAILED, State.GIVEN_UP, State.CANCELLED))
_LEASED = Q(lease="", leased_until__isnull=True) | (~Q(lease="") & Q(leased_until__isnull=False))


class Job(Scoped):
    """One piece of background work."""

    council = models.CharField(max_length=60, blank=True)
    """Slug of the council for which it is done; empty for what belongs to none."""
    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    """What the function is given: keys, names of files; no personal data."""
    key = models.CharField(max_length=200)
    """Names the intention: the same key asked for twice is one job."""
    state = models.CharField(max_length=10, choices=_CHOICES, default=State.QUEUED.value)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often it was begun."""
    lease = models.CharField(max_length=64, blank=True)
    """Who does it now; what one does whose lease was given to another does not count."""
    leased_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    """Steps done, of how many; 0 where it is not known."""
    words = models.CharField(max_length=200, blank=True)
    """What is being done."""
    result = models.JSONField(default=dict)
    fault = models.CharField(max_length=500, blank=True)
    """A sentence for the person who started it, without personal data."""
    started_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """In which of their memberships; null where the installation itself started it."""
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    """When its latest attempt began."""
    ended_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council=principal.council) & ~Q(council=""),
        "own": lambda principal: Q(council=principal.council, started_by=principal.account, started_by__isnull=False),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "key"), name="jobs_job_key"),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="jobs_job_state"),
            models.CheckConstraint(condition=_LEASED, name="jobs_job_lease"),
            # What runs is leased until some moment, so that nothing runs for ever.
            models.CheckConstraint(condition=Q(state="running") ^ Q(lease=""), name="jobs_job_running"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="jobs_job_ended",
            ),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="jobs_job_progress"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("state", "run_after"), name="jobs_job_next"),
            models.Index(fields=("council", "created_at"), name="jobs_job_council"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    @property
    def state_words(self) -> str:
        """The state as a person reads it."""
        return WORDS[State(self.state)]

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen, unless a person asks for it again."""
        return self.state in ENDED


class Worker(models.Model):
    """A worker that was seen: how `careshape doctor` knows that somebody does the work."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
