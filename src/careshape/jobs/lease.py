"""Leases: who does a job, until when, and how it ends.

A job that runs is leased to one holder until a moment, which its worker moves on while it lives. What a holder writes
counts only while the lease is theirs: every ending asks for it in the same statement. A worker that is killed stops
moving the moment on, and when it has passed the next one to look takes the job over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from careshape.audit.change import INSTALLATION, SYSTEM, change
from careshape.audit.retry import retried
from careshape.jobs import clock
from careshape.jobs.kinds import Kind, Lane, kinds, names_in
from careshape.jobs.models import Job, State

UNKNOWN = Kind("", "", "", lambda work: None, attempts=5, lease=30, limit=60, first_wait=60, longest_wait=3600)
"""Stands for a kind that this version does not know; one that does may come, as in the middle of an upgrade."""


class LeaseLost(Exception):
    """Another has the lease of the job."""


def kind_for(job: Job) -> Kind:
    """The kind of a job, or what stands for one that is not known."""
    return kinds().get(job.kind, UNKNOWN)


def of_lane(lane: Lane | None) -> Q:
    """Jobs of a lane; of all where none is named. What this version does not know is among what somebody asked for."""
    if lane is Lane.ASKED:
        return ~Q(kind__in=names_in(Lane.QUICK, Lane.OWN))
    return Q(kind__in=names_in(lane)) if lane is not None else Q()


def ready() -> Q:
    """Jobs whose time has come: those that wait, and those whose holder gave no sign of life."""
    now = clock.now()
    return Q(state=State.QUEUED, run_after__lte=now) | Q(state=State.RUNNING, leased_until__lte=now)


@retried
def claim(holder: str, lane: Lane | None = None) -> Job | None:
    """Take the lease of the next job, of a lane where one is named; None where there is nothing to do.

    A job whose attempts are used up is given up on the way.
    """
    while Job.objects.filter(ready(), of_lane(lane)).exists():  # asks without a lock; most often there is nothing
        with transaction.atomic():
            job = _next(lane)
            if job is None:
                return None
            if job.cancel_asked_at:
                _end_unheld(job, State.CANCELLED, "")
            elif job.attempts >= kind_for(job).attempts:
                _end_unheld(job, State.GIVEN_UP, job.fault or f"Each of its {job.attempts} attempts was cut short.")
            else:
                return _lease(job, holder)
    return None


def _next(lane: Lane | None) -> Job | None:
    skip = connection.features.has_select_for_update_skip_locked
    waiting = Job.objects.select_for_update(skip_locked=skip, of=("self",)) if skip else Job.objects.all()
    job: Job | None = waiting.filter(ready(), of_lane(lane)).order_by("run_after", "pk").first()
    return job


def _lease(job: Job, holder: str) -> Job:
    now = clock.now()
    job.state, job.lease, job.attempts, job.began_at = State.RUNNING, holder, job.attempts + 1, now
    job.leased_until = now + timedelta(seconds=kind_for(job).lease)
    job.done, job.total, job.words = 0, 0, ""
    job.save()
    return job


def renew(job: Job, holder: str) -> Job:
    """Move the lease on; returns the job as it stands. Raises LeaseLost where it is another's."""
    until = clock.now() + timedelta(seconds=kind_for(job).lease)
    if not _held(job.pk, holder).update(leased_until=until):
        raise LeaseLost(job.pk)
    return Job.objects.get(pk=job.pk)


@retried
def end(job: Job, holder: str, state: State, *, result: dict[str, Any] | None = None, fault: str = "") -> None:
    """End a job, with its event. Raises LeaseLost, and nothing is written, where the lease is another's."""
    with change(SYSTEM, "jobs.finish", chain=job.council or INSTALLATION) as told:
        ended(job.pk, holder, state, result=result, fault=fault)
        told(job, state=state.value)


def ended(pk: int, holder: str, state: State, *, result: dict[str, Any] | None = None, fault: str = "") -> None:
    """Write that a job has ended, within the caller's transaction. Raises LeaseLost where the lease is another's."""
    fields = {"state": state, "lease": "", "leased_until": None, "ended_at": clock.now(), "fault": fault[:500]}
    if not _held(pk, holder).update(**fields, result=result or {}):
        raise LeaseLost(pk)


@retried
def failed(job: Job, holder: str, fault: str) -> None:
    """An attempt failed: wait and try again, or give up. Raises LeaseLost where the lease is another's."""
    kind = kind_for(job)
    if job.attempts >= kind.attempts:
        return end(job, holder, State.GIVEN_UP, fault=fault)
    again = clock.now() + timedelta(seconds=kind.wait(job.attempts))
    _put_back(job, holder, run_after=again, fault=fault[:500])
    return None


def released(job: Job, holder: str) -> None:
    """The worker was asked to stop: the job goes back, and the attempt does not count."""
    _put_back(job, holder, run_after=clock.now(), attempts=job.attempts - 1)


def _put_back(job: Job, holder: str, **fields: Any) -> None:
    if not _held(job.pk, holder).update(state=State.QUEUED, lease="", leased_until=None, **fields):
        raise LeaseLost(job.pk)


def _held(pk: int, holder: str) -> Any:
    return Job.objects.filter(pk=pk, lease=holder, state=State.RUNNING)


def _end_unheld(job: Job, state: State, fault: str) -> None:
    """End a job that nobody does, whose row this transaction has locked."""
    with change(SYSTEM, "jobs.finish", chain=job.council or INSTALLATION) as told:
        job.state, job.lease, job.leased_until, job.ended_at = state, "", None, clock.now()
        job.fault = fault
        job.save()
        told(job, state=state.value)
