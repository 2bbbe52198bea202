"""Remind providers of the return of this week: once for each location and week, however often it is tried."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Council, Membership
from careshape.accounts.who_may import who_may
from careshape.audit.change import SYSTEM, change
from careshape.market.capacity.fields import capacity
from careshape.providers.capacity.send import ACT as SEND
from careshape.providers.capacity.standing import monday, silent
from careshape.providers.models.capacity import Reminder
from careshape.providers.models.provider import Location

ACT: Final = "providers.remind"


def remind(council: str, on: date) -> int:
    """Write to the providers of a council whose locations have not returned this week, from the day of the week on
    which they are reminded; returns how many messages were written.
    """
    if on.isoweekday() < capacity().remind_from:
        return 0
    row = Council.objects.filter(slug=council).first()
    if row is None:
        return 0
    with change(SYSTEM, ACT, lock=[row], chain=council) as told:
        week = monday(on)
        waiting = (
            Location.objects.filter(place__organisation__council=row, closed_on__isnull=True)
            .exclude(reminders__week=week)
            .select_related("place__organisation")
            .order_by("place__name")
        )
        late: dict[int, dict[int, Location]] = defaultdict(dict)
        for one, _, _ in silent(waiting, on):
            late[one.place.organisation_id][one.pk] = one
        written = 0
        for organisation, locations in late.items():
            receivers = _who_sends(organisation, council)
            if not receivers:
                continue
            names = [one.place.name for one in locations.values()]
            for account in receivers:
                write(
                    account.email, "providers/mail/remind", council=council, locations=names,
                    address=link("/work/returns/"),
                )  # fmt: skip
            Reminder.objects.bulk_create(Reminder(location=one, week=week) for one in locations.values())
            written += len(receivers)
        told(row, week=week.isoformat(), written=written)
    return written


def _who_sends(organisation: int, council: str) -> list[Account]:
    """Those who may return capacity for an organisation, each once."""
    places = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    return list(who_may(SEND, council).filter(pk__in=places.values("account")))
