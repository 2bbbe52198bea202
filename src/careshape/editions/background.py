"""Background work of editions: preparing one takes up to a minute, and one agreed for a day is released on it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from careshape.editions.begin import ACT, next_number, prepare
from careshape.editions.models import Edition
from careshape.editions.settle import release_due
from careshape.home import Home
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.models import ENDED, Job
from careshape.jobs.work import Work
from careshape.policy import Principal

PREPARE = "editions.prepare"


def start_preparing(principal: Principal) -> Job:
    """Have the next edition prepared; the job that does so already where there is one.

    One that was stopped is begun anew, by whoever asks.
    """
    number = next_number(Home(settings.CARESHAPE_DIR), principal.council)
    before = Job.objects.filter(council=principal.council, kind=PREPARE, arguments={"number": number}).order_by("-pk")
    live = before.exclude(state__in=ENDED).first()
    if live is not None:
        return live
    last = before.first()
    again = "" if last is None else f"-{last.pk}"
    return enqueue(principal, PREPARE, {"number": number}, key=f"edition-{number}{again}")


@kind(PREPARE, act=ACT, title="Prepare an edition", limit=900, lease=300)
def prepare_edition(work: Work) -> dict[str, Any]:
    """Prepare an edition; asked again after a kill, it gives the one that was prepared already."""
    principal = work.principal()
    expected = int(work.arguments["number"])
    row = Edition.objects.filter(council=principal.council, number__gte=expected).order_by("number").first()
    if row is None:
        row = prepare(principal, principal.council, work.progress)
    return {"edition": row.number, "state": row.state}


@kind("editions.release_due", act="editions.release", title="Release what is due", lane=Lane.QUICK)
def release_what_is_due(work: Work) -> dict[str, Any]:
    """Release every edition that was agreed for a day which has come."""
    return {"released": [f"{row.council} {row.number}" for row in release_due()]}
