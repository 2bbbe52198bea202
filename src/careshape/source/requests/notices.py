"""Write to providers that a request waits for them, and how it ended; nothing of the person stands in it."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Membership
from careshape.accounts.times import moment
from careshape.accounts.who_may import who_may
from careshape.audit.change import SYSTEM, change
from careshape.jobs.enqueue import enqueue
from careshape.source.models import Award, Offer, Request
from careshape.source.models.brokerage import Answer, Step, Written
from careshape.source.requests.links import address_of

WRITE: Final = "source.write"


def write_soon(row: Request) -> None:
    """Have the providers of a request written to about how it stands, when the caller's transaction has ended."""
    key = f"{WRITE} {row.pk} {row.state} {row.step}"
    enqueue(SYSTEM, WRITE, {"request": row.pk}, key=key, council=row.person.council)


def write_to_providers(council: str, pk: int) -> int:
    """Write to those who were asked and do not know yet how a request stands; each once, however often it is tried."""
    row = Request.objects.filter(pk=pk).first()
    if row is None:  # erased meanwhile
        return 0
    with change(SYSTEM, WRITE, lock=[row], chain=council) as told:
        row.refresh_from_db()
        many = sum(_write(row, one, council) for one in _waiting(row))
        told(row, written=many)
    return many


def remind(council: str, pk: int, step: int) -> int:
    """Write once more to those of a step who have not answered, while the request is out; each once."""
    row = Request.objects.filter(pk=pk, person__council=council).first()
    if row is None:  # erased meanwhile
        return 0
    with change(SYSTEM, WRITE, lock=[row], chain=council) as told:
        row.refresh_from_db()
        late = row.offers.filter(step=step, answer=Answer.WAITING.value, reminded_at__isnull=True)
        found = list(late) if row.state == Step.SENT.value else []
        many = sum(_remind(one, council) for one in found)
        told(row, reminded=many)
    return many


def _remind(one: Offer, council: str) -> int:
    one.reminded_at = timezone.now()
    one.save(update_fields=["reminded_at"])
    receivers = who_answers(one.organisation_id, council)
    for account in receivers:
        write(
            account.email, "source/mail/reminder", council=council, address=link(f"/work/asked/{one.pk}/"),
            answer=link(address_of(one, account.pk)), until=moment(one.answer_by),
        )  # fmt: skip
    return len(receivers)


def _waiting(row: Request) -> QuerySet[Offer]:
    """Who was asked and is not written to about how it stands; how it ended is for those who answered."""
    if row.state == Step.SENT.value:
        return row.offers.filter(written=Written.NOTHING.value)
    return row.offers.exclude(written=Written.ENDED.value).exclude(answer=Answer.WAITING.value)


def _write(row: Request, one: Offer, council: str) -> int:
    sent = row.state == Step.SENT.value
    one.written = (Written.ASKED if sent else Written.ENDED).value
    one.save(update_fields=["written"])
    yours = Award.objects.filter(offer=one).exists()
    receivers = who_answers(one.organisation_id, council)
    for account in receivers:
        write(
            account.email, f"source/mail/{'asked' if sent else 'ended'}", council=council, yours=yours,
            withdrawn=row.state == Step.WITHDRAWN.value, said_no=one.answer == Answer.NO.value,
            address=link(f"/work/asked/{one.pk}/"), answer=link(address_of(one, account.pk)) if sent else "",
            until=moment(one.answer_by) if one.answer_by else "",
        )  # fmt: skip
    return len(receivers)


def who_answers(organisation: int, council: str) -> list[Account]:
    """Those who may answer for an organisation, each once, however many places they have in it."""
    places = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    return list(who_may("source.answer", council).filter(pk__in=places.values("account")))
