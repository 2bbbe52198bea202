"""What is done for the register of providers in the background."""

from __future__ import annotations

from django.utils import timezone

from careshape.jobs.kinds import Lane, kind
from careshape.jobs.work import Work
from careshape.ledger.posting import uk_day
from careshape.providers.capacity.remind import ACT, remind


@kind(ACT, title="Remind providers of the return of this week", lane=Lane.QUICK)
def remind_of_returns(work: Work) -> dict[str, int]:
    """Write to who has not returned its capacity this week."""
    return {"written": remind(work.council, uk_day(timezone.now()))}
