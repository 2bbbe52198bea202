"""Background work of editions: preparing one takes up to a minute, and one agreed for a day is released on it."""

from __future__ import annotations

from typing import Any

from careshape.editions.begin import ACT, prepare
from careshape.editions.models import Edition
from careshape.editions.settle import release_due
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.work import Work

PREPARE = "editions.prepare"


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
