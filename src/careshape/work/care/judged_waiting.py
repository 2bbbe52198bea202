"""What waits of acts that the rules judge: proposals to decide, and rules that were not kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q

from careshape.ledger.posting import uk_day
from careshape.source.judged.judging import today
from careshape.source.models import Decision, Judged
from careshape.source.models.judged import Settled
from careshape.statement.formatting import day
from careshape.work.desk import Desk
from careshape.work.found import Found

_YEAR: Final = timedelta(days=365)


def rules_not_kept(desk: Desk) -> Found | None:
    """Acts of the last twelve months that went ahead against a rule; nothing where none was judged."""
    acts = Judged.objects.reached(desk.principal, "source.kept").filter(on__gte=today() - _YEAR)
    judged = acts.count()
    if not judged:
        return None
    against = acts.filter(Q(let_go__gt=0) | Q(breached__gt=0)).count()
    return Found(against, f"{judged:,} {'act was' if judged == 1 else 'acts were'} judged.")


def needs_to_decide(desk: Desk) -> Found:
    """Proposals of how needs are met that are not decided."""
    waiting = Decision.objects.reached(desk.principal, "source.decide").filter(state=Settled.PROPOSED.value)
    oldest = waiting.order_by("made_at").first()
    return Found(waiting.count(), f"The oldest is of {day(uk_day(oldest.made_at))}." if oldest else "")
