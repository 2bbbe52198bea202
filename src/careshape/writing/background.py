"""Background work of writing: what was agreed for a day comes into force on it, and what was cut off is finished."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import SYSTEM
from careshape.jobs import clock
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.watch import watch
from careshape.jobs.work import Work
from careshape.writing.settle import put_due_in_force, waiting

PUT: Final = "writing.put_in_force"
LEFT: Final = timedelta(minutes=1)
"""So long after it was agreed, what is due and not in force was cut off."""


@kind(PUT, title="Put in force what was agreed for a day", lane=Lane.QUICK)
def put_what_is_due(work: Work) -> dict[str, Any]:
    """Put in force every version that was agreed for a day which has come."""
    return {"in_force": [f"{row.council} {row.file} {row.number}" for row in put_due_in_force()]}


@watch
def finish() -> None:
    """Start it for what is due and not in force, because a process ended before its file was written, or after."""
    before = timezone.now() - LEFT
    for row in waiting():
        if row.agreed_at is not None and row.agreed_at < before:
            enqueue(SYSTEM, PUT, {}, key=f"{PUT}:{row.pk}:{clock.now():%Y%m%d%H}")
