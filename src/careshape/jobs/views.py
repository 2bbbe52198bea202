"""How far background work is, for pages that show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from careshape.jobs.kinds import kinds
from careshape.jobs.models import Job
from careshape.policy.views import does


@does("jobs.read")
@never_cache
@require_safe
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far one job is, as JSON."""
    return JsonResponse(told_of(Job.objects.reach(request.principal, "jobs.read", pk=pk)))


def told_of(job: Job) -> dict[str, Any]:
    """What is told of a job: to a page that waits for it, and over the API."""
    kind = kinds().get(job.kind)
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": kind.title if kind else job.kind,
        "state": job.state,
        "state_words": job.state_words,
        "ended": job.ended,
        "attempts": job.attempts,
        "done": job.done,
        "total": job.total,
        "percent": round(100 * job.done / job.total) if job.total else None,
        "words": job.words,
        "fault": job.fault,
        "result": job.result,
        "created_at": job.created_at.isoformat(),
        "began_at": job.began_at and job.began_at.isoformat(),
        "ended_at": job.ended_at and job.ended_at.isoformat(),
    }
