"""What a function of background work is given: its arguments, and a way to tell how far it is."""

from __future__ import annotations

import time
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from careshape.accounts.models import Membership
from careshape.accounts.principals import principal_for
from careshape.audit.change import SYSTEM, Told
from careshape.jobs.lease import LeaseLost, ended
from careshape.jobs.models import Job, State
from careshape.policy import Principal, policy

OFTEN: Final = 0.5
"""Seconds between two words on progress that are kept."""


class TryAgainError(Exception):
    """What the work needs is not there now and will be; its words, without personal data, are the fault of the job."""


class Work:
    """One attempt at a job, by the one who holds its lease."""

    def __init__(self, job: Job, holder: str, act: str) -> None:
        self.job, self.holder, self.act = job, holder, act
        self.finished = False
        self._told_at = 0.0

    @property
    def arguments(self) -> dict[str, Any]:
        """What was given when it was started."""
        arguments: dict[str, Any] = self.job.arguments
        return arguments

    @property
    def council(self) -> str:
        """Slug of the council for which it is done."""
        return self.job.council

    def principal(self) -> Principal:
        """Who started it, as they stand now. Raises PermissionDenied where they may not do this any more."""
        if self.job.membership_id is None:
            return SYSTEM
        current = Membership.objects.filter(
            pk=self.job.membership_id, ended_at__isnull=True, account__is_active=True
        ).select_related("council")
        principal = principal_for(current.first())
        if not policy().permits(principal, self.act):
            raise PermissionDenied("Who started this may not do it any more.")
        return principal

    def progress(self, done: int, total: int = 0, words: str = "") -> None:
        """Tell how far it is: ``done`` steps of ``total`` (0 where it is not known), and what is being done.

        Raises LeaseLost where another does the job meanwhile: what is done from here on would not count.
        """
        now = time.monotonic()
        if words == self.job.words and now - self._told_at < OFTEN and done != total:
            return
        self._told_at = now
        total = max(total, done) if total else 0
        self.job.words = words[:200]
        held = Job.objects.filter(pk=self.job.pk, lease=self.holder, state=State.RUNNING)
        if not held.update(done=done, total=total, words=self.job.words):
            raise LeaseLost(self.job.pk)

    def finish(self, told: Told, result: dict[str, Any] | None = None) -> None:
        """End the job well within a change of the function's own, so that both stand or neither does."""
        ended(self.job.pk, self.holder, State.DONE, result=result or {})
        told(self.job, act="jobs.finish", state=State.DONE.value)
        self.finished = True
