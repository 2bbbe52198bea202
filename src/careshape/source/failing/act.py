"""Say that a provider fails, end its packages with its last day, and ask for care anew for everybody it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.jobs.enqueue import enqueue
from careshape.jobs.models import Job
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.source.courses import REQUEST, moved
from careshape.source.failing.drill import Hit, ending, needed_for
from careshape.source.lists.courses import NOWHERE
from careshape.source.lists.notices import tell_moved
from careshape.source.lists.vehicles import stand
from careshape.source.models import Affected, Failure, Member, Request
from careshape.source.models.brokerage import Step
from careshape.source.models.vehicles import Standing
from careshape.source.packages.package import end, ends_later
from careshape.source.requests.offers import send
from careshape.source.requests.request import AHEAD

ACT: Final = "source.fail"
WORK: Final = "source.place_anew"
"""The kind of background work that ends packages and sends requests."""
SOON: Final = "soon"
Say = Callable[[int, int], None]


def begin(principal: Principal, organisation: Organisation, last_day: date, because: str) -> Failure:
    """Say that a provider gives no care beyond a day: it is suspended on every list, and care is asked for anew for
    everybody whose care goes on beyond that day. One transaction.

    Raises CallError without a reason, for a day that is past or too far ahead, where it was said already, and where the
    provider has nobody and stands on no list.
    """
    because, today = because.strip(), uk_day(timezone.now())
    if not because:
        raise CallError("Say why it stops giving care.")
    if not today <= last_day < today + AHEAD:
        raise CallError(f"{last_day:%d/%m/%Y} is past, or a year ahead. Its last day is today or later.")
    standing = Member.objects.filter(organisation=organisation, state=Standing.ADMITTED.value).order_by("pk")
    # All lists at once and before anything is told: list by list, two who do so could wait for each other.
    places = [row for one in standing.select_related("vehicle") for row in (one, one.vehicle)]
    with change(principal, ACT, lock=[organisation, *places]) as told:
        if Failure.objects.filter(organisation=organisation, last_day=last_day).exists():
            raise CallError(f"That {organisation.name} stops on {last_day:%d/%m/%Y} is said already.")
        hits = ending(organisation, last_day)
        if not hits and not standing.exists():
            raise CallError(f"{organisation.name} has no package beyond that day, and stands on no list.")
        row = Failure.objects.create(
            council=organisation.council.slug, organisation=organisation, last_day=last_day, because=because[:500],
            made_by_id=principal.account,
        )  # fmt: skip
        for one in hits:
            Affected.objects.create(failure=row, package=one.package, request=_ask(principal, one, last_day))
        stood = list(standing.select_related("vehicle"))
        for member in stood:
            stand(principal, member, Standing.SUSPENDED, f"It stops giving care: {because}"[:500], mail=False)
        tell_moved(stood)
        told(row, people=len({one.package.person_id for one in hits}), packages=len(hits))
    return row


def _ask(principal: Principal, one: Hit, last_day: date) -> Request:
    """A request for the care that ends, as it was asked for before."""
    before, needed = one.package.award.request, needed_for(one, last_day)
    ends = before.ends_on if before.ends_on is not None and before.ends_on >= needed.on else None
    made: Request = Request.objects.create(
        person=one.package.person, service=needed.service, units=needed.units, starts_on=needed.on, ends_on=ends,
        district=needed.district, zone=needed.zone, outward=needed.outward, words=before.words, told=before.told,
        visits=before.visits, needs=before.needs, urgency=SOON, follows=before, state=moved(REQUEST, "ask", NOWHERE),
        made_by_id=principal.account,
    )  # fmt: skip
    return made


def anew_soon(principal: Principal, failure: Failure) -> Job:
    """Have everybody whom a failed provider leaves placed anew, in the background; once for what is left to be sent."""
    many = failure.affected.filter(request__state=Step.OPEN.value).count()
    return enqueue(principal, WORK, {"failure": failure.pk}, key=f"{WORK} {failure.pk} {many}")


def place_anew(principal: Principal, failure: Failure, say: Say | None = None) -> dict[str, int]:
    """End the packages of a failed provider with its last day, and send the requests of those it leaves.

    What stops one of them is kept beside it, and the rest goes on; what was done before is not done again.
    """
    rows = list(failure.affected.select_related("package__person", "request__person").order_by("pk"))
    ended = sent = 0
    for number, one in enumerate(rows, 1):
        why = []
        if ends_later(one.package, failure.last_day) and not _ends_then(one, failure):
            stopped = _tried(partial(end, principal, one.package, failure.last_day, failure.because))
            ended += not stopped
            why += [stopped] if stopped else []
        if one.request is not None and one.request.state == Step.OPEN.value:
            stopped = _tried(partial(send, principal, one.request))
            sent += not stopped
            why += [stopped] if stopped else []
        if why or one.why:
            Affected.objects.filter(pk=one.pk).update(why=" ".join(why)[:500])
        if say is not None:
            say(number, len(rows))
    return {"ended": ended, "sent": sent}


def _ends_then(one: Affected, failure: Failure) -> bool:
    """Whether a package ends with the failure's last day, or before."""
    lines = one.package.lines.filter(withdrawn=False)
    return not lines.filter(ends_on__isnull=True).exists() and not lines.filter(ends_on__gt=failure.last_day).exists()


def _tried(act: Callable[[], object]) -> str:
    """What stops an act; '' where it was done."""
    try:
        with transaction.atomic():
            act()
    except CallError as error:
        return str(error)
    return ""
