"""Stop background work that is no longer wanted."""

from __future__ import annotations

from careshape.audit.change import change
from careshape.audit.retry import retried
from careshape.errors import CallError
from careshape.jobs import clock
from careshape.jobs.models import Job, State
from careshape.policy import Principal


@retried
def cancel(principal: Principal, job: Job) -> Job:
    """Cancel a job: at once where it waits; where it runs, its worker ends it with the next renewal of the lease.

    ``job`` is one that the principal reaches by the act ``jobs.cancel``. What it did already stands. Raises CallError
    where it has ended.
    """
    with change(principal, "jobs.cancel", lock=[job], chain=job.council or None) as told:
        job = Job.objects.get(pk=job.pk)
        if job.ended:
            raise CallError(f"Job {job.pk} has ended: {job.state_words.lower()}.")
        now = clock.now()
        if job.state == State.QUEUED:
            job.state, job.ended_at = State.CANCELLED, now
        job.cancel_asked_at = job.cancel_asked_at or now
        job.save(update_fields=["state", "ended_at", "cancel_asked_at"])
        told(job)
    return job
