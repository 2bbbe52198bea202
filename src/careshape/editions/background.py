"""Preparing an edition as background work: it takes up to a minute."""

from __future__ import annotations

from typing import Any

from careshape.editions.begin import ACT, prepare
from careshape.editions.models import Edition
from careshape.jobs.kinds import kind
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
