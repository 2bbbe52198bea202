"""Send a request to the providers that the rules admit, and take their answers."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.source.gate import as_json, findings
from careshape.source.models import Member, Offer, Request
from careshape.source.models.brokerage import STEPS, Answer, Step
from careshape.source.notices import write_soon
from careshape.source.request import check_begin
from careshape.source.vehicles import standing_for, why_barred

SEND: Final = "source.broker"
ANSWER: Final = "source.answer"


def admitted(row: Request) -> tuple[list[Member], list[tuple[Member, tuple[str, ...]]]]:
    """The members of the council's lists that may be asked, one a provider at its lowest price, and those that may not,
    with why.
    """
    may: dict[int, Member] = {}
    barred: dict[int, tuple[Member, tuple[str, ...]]] = {}
    for member in standing_for(row.person.council, row.service, row.starts_on).order_by("price", "pk"):
        if why := why_barred(member, row.district):
            barred.setdefault(member.organisation_id, (member, why))
        else:
            may.setdefault(member.organisation_id, member)
    return list(may.values()), [one for key, one in barred.items() if key not in may]


def send(principal: Principal, row: Request) -> list[Offer]:
    """Ask every provider that the lists admit, at once. Nothing that tells who the person is goes with it.

    Raises CallError where a rule stops the request, where it was sent, and where no list of the council admits anybody.
    """
    with change(principal, SEND, lock=[row]) as told:
        row.refresh_from_db()
        if row.state != Step.OPEN.value:
            raise CallError(f"It is {STEPS[Step(row.state)].lower()}, and cannot be sent again.")
        found = findings(row)
        if stopping := [one for one in found if one.stops]:
            raise CallError(f"{stopping[0].said} {' '.join(stopping[0].clears)}".strip())
        may, barred = admitted(row)
        if not may:
            raise CallError(
                "No list of the council admits a provider for this service here. "
                + (f"{len(barred)} are on a list and may not be asked: see why below." if barred else
                   "Add providers to a list first.")
            )  # fmt: skip
        made = Offer.objects.bulk_create(
            Offer(
                request=row,
                organisation=one.organisation,
                member=one,
                list_price=one.price,
                answer=Answer.WAITING.value,
            )
            for one in may
        )
        row.state, row.sent_at, row.judged = Step.SENT.value, timezone.now(), as_json(found)
        row.save(update_fields=["state", "sent_at", "judged"])
        told(row, asked=len(made), set_aside=[one.rule for one in found if one.overridden])
        write_soon(row)
    return made


def answer(
    principal: Principal, row: Offer, said: Answer, *, price: int | None = None, can_start_on: date | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Answer a request as a provider; until it is awarded an answer can be changed.

    Args:
        principal: of the provider.
        row: the offer that the provider was asked for.
        said: yes at the price of the list, yes at another price, or no with a reason.
        price: pence a unit, for an answer at another price.
        can_start_on: the day on which the care could begin.
        reason: why not.

    Raises CallError for an answer with parts missing, and after the request went to somebody or was withdrawn.
    """
    reason = reason.strip()
    if said is Answer.WAITING:
        raise CallError("Choose your answer.")
    if said is Answer.NO and not reason:
        raise CallError("Say why not: the council learns from it what is missing.")
    if said is Answer.COUNTER and (price is None or price <= 0):
        raise CallError("Enter the price that you ask for one unit.")
    if said is not Answer.NO and can_start_on is None:
        raise CallError("Enter the day on which the care could begin.")
    if said is not Answer.NO and can_start_on is not None:
        check_begin(can_start_on)
    with change(principal, ANSWER, lock=[row.request]) as told:
        request = Request.objects.get(pk=row.request_id)
        if request.state != Step.SENT.value:
            raise CallError(f"The request is {STEPS[Step(request.state)].lower()}. It takes no more answers.")
        yes = said is not Answer.NO
        Offer.objects.filter(pk=row.pk).update(
            answer=said.value, price=(price if said is Answer.COUNTER else row.list_price) if yes else None,
            can_start_on=can_start_on if yes else None, reason=reason, answered_at=timezone.now(),
            answered_by_id=principal.account,
        )  # fmt: skip
        told(row, answer=said.value)
    row.refresh_from_db()
