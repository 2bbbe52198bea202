"""What waits for those who find care and those who give it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.paying.words import pounds
from careshape.providers.evidence import lapsing
from careshape.providers.models import Evidence
from careshape.source.models import Handover, Offer, PaymentRun, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.packages.handover import not_taken
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


def payment_runs(desk: Desk) -> Found:
    """Runs of payments that were made."""
    made = PaymentRun.objects.reached(desk.principal, "source.owed")
    last = made.order_by("number").last()
    return Found(made.count(), f"The last, of {day(last.day)}, paid {pounds(last.pence)}." if last else "")


def evidence_to_check(desk: Desk) -> Found | None:
    """Evidence that providers recorded and nobody of the council looked at; nothing where there is none."""
    waiting = Evidence.objects.reached(desk.principal, "providers.check").filter(
        checked_at__isnull=True, withdrawn_at__isnull=True
    )
    first = waiting.select_related("organisation").order_by("at").first()
    if first is None:
        return None
    return Found(waiting.count(), f"The oldest is of {first.organisation.name}, of {day(uk_day(first.at))}.")


def evidence_lapsing(desk: Desk) -> Found | None:
    """Evidence that has lapsed, or will soon; nothing where there is none."""
    today = uk_day(timezone.now())
    rows = Evidence.objects.reached(desk.principal, "providers.see").select_related("organisation", "location__place")
    soon = lapsing(rows, today, today + timedelta(days=30))
    if not soon:
        return None
    return Found(len(soon), f"The first is of {soon[0].organisation.name}: its last day is {day(soon[0].last_on)}.")


def _in_state(desk: Desk, step: Step) -> QuerySet[Request]:
    found: QuerySet[Request] = Request.objects.reached(desk.principal, "source.see").filter(state=step.value)
    return found


def _soonest(waiting: QuerySet[Request]) -> str:
    first = waiting.order_by("starts_on").first()
    return f"The first should begin on {day(first.starts_on)}." if first else ""
