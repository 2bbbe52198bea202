"""What waits for those who find care and those who give it."""

from __future__ import annotations

from django.db.models import QuerySet

from careshape.ledger.posting import uk_day
from careshape.source.handover import not_taken
from careshape.source.models import Handover, Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.statement.formatting import day
from careshape.work.desk import Desk
from careshape.work.found import Found


def requests_to_answer(desk: Desk) -> Found:
    """Requests that one's organisation was asked for and has not answered."""
    waiting = Offer.objects.reached(desk.principal, "source.answer").filter(
        answer=Answer.WAITING.value, request__state=Step.SENT.value
    )
    oldest = waiting.order_by("asked_at").first()
    return Found(waiting.count(), f"The oldest came on {day(uk_day(oldest.asked_at))}." if oldest else "")


def requests_to_award(desk: Desk) -> Found:
    """Requests that are out, and that somebody could take."""
    out = _in_state(desk, Step.SENT)
    waiting = out.filter(offers__answer__in=(Answer.YES.value, Answer.COUNTER.value)).distinct()
    return Found(waiting.count(), _soonest(waiting))


def requests_to_send(desk: Desk) -> Found:
    """Requests that nobody was asked for yet."""
    waiting = _in_state(desk, Step.OPEN)
    return Found(waiting.count(), _soonest(waiting))


def lines_not_taken(desk: Desk) -> Found | None:
    """Lines of packages that the records refused; nothing where there is none."""
    refused = not_taken(desk.principal.council).filter(
        pk__in=Handover.objects.reached(desk.principal, "source.packages")
    )
    first = refused.select_related("line").first()
    if first is None:
        return None
    said = f"They count in no figure. The first is of package {first.line.package_id}."
    return Found(refused.count(), said, f"/work/packages/{first.line.package_id}/")


def _in_state(desk: Desk, step: Step) -> QuerySet[Request]:
    found: QuerySet[Request] = Request.objects.reached(desk.principal, "source.see").filter(state=step.value)
    return found


def _soonest(waiting: QuerySet[Request]) -> str:
    first = waiting.order_by("starts_on").first()
    return f"The first should begin on {day(first.starts_on)}." if first else ""
