"""Background work of readers: telling followers what changed with an edition."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import SYSTEM
from careshape.editions.models import Edition, State
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import kind
from careshape.jobs.watch import watch
from careshape.jobs.work import Work
from careshape.readers.tell import tell

KIND: Final = "readers.tell"
DAYS: Final = timedelta(days=7)
"""An edition that was released longer ago is news no more, whatever kept the mails from being written."""


@kind(KIND, title="Tell followers what changed")
def tell_followers(work: Work) -> dict[str, Any]:
    """Write to each follower of an edition who was not written to yet."""
    number = int(work.arguments["edition"])
    row = Edition.objects.get(council=work.council, number=number, state=State.RELEASED.value)
    return {"edition": number, "mails": tell(row)}


@watch
def start_telling() -> None:
    """Start a job for each edition that was released lately."""
    lately = Edition.objects.filter(state=State.RELEASED.value, released_at__gte=timezone.now() - DAYS)
    for pk, council, number in lately.order_by("pk").values_list("pk", "council", "number"):
        if pk not in _started:
            enqueue(SYSTEM, KIND, {"edition": number}, council=council, key=f"tell:{number}")
            _started.add(pk)


_started: set[int] = set()
"""Editions for which a job is known to be there, so that the database is not asked again."""
