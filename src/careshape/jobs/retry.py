"""Try background work again that did not end well."""

from __future__ import annotations

from careshape.audit.change import change
from careshape.audit.retry import retried
from careshape.errors import CallError
from careshape.jobs import clock
from careshape.jobs.models import ENDED, Job, State
from careshape.policy import Principal


@retried
def retry(principal: Principal, job: Job) -> Job:
    """Put a job that failed, was given up or was cancelled back to those that wait, with all its attempts anew.

    ``job`` is one that the principal reaches by the act ``jobs.retry``. Raises CallError where it is done or not ended.
    """
    with change(principal, "jobs.retry", lock=[job], chain=job.council or None) as told:
        job = Job.objects.get(pk=job.pk)
        if job.state not in ENDED or job.state == State.DONE:
            said = job.state_words.lower()
            raise CallError(f"Job {job.pk} is {said}: there is nothing to try again.")
        job.state, job.ended_at, job.cancel_asked_at = State.QUEUED, None, None
        job.attempts, job.run_after, job.fault = 0, clock.now(), ""
        job.save(update_fields=["state", "ended_at", "cancel_asked_at", "attempts", "run_after", "fault"])
        told(job)
    return job
