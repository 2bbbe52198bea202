"""Evidence that lapses suspends a provider on the lists by itself, and new evidence brings it back.

It is looked at each day, when evidence is recorded or taken back, and whenever somebody is asked: who is asked a moment
after midnight is judged by what is shown then, whether or not the work of the day was done.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Q
from django.utils import timezone

from careshape.audit.change import SYSTEM, change
from careshape.jobs.enqueue import enqueue
from careshape.ledger.posting import uk_day
from careshape.providers.evidence import lapsed
from careshape.providers.models import Evidence
from careshape.source.lists.notices import tell_moved
from careshape.source.lists.vehicles import lapse_or_renew
from careshape.source.models import Member
from careshape.source.models.vehicles import Standing

KEEP_UP: Final = "source.lapse"


def keep_up(council: str, organisation: int | None = None) -> int:
    """Suspend who has evidence that lapsed, and take back who was suspended for that alone; how many moved.

    Args:
        council: slug of the council.
        organisation: only this one; by default everybody on a list that has not ended.
    """
    today = uk_day(timezone.now())
    ends = Q(vehicle__ends_on__isnull=True) | Q(vehicle__ends_on__gte=today)
    stands = Q(state=Standing.ADMITTED.value) | Q(by_evidence=True)
    rows = Member.objects.filter(ends & stands, vehicle__council=council).select_related("vehicle")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    by_service: dict[str, list[Member]] = {}
    for one in rows.order_by("pk"):
        by_service.setdefault(one.service, []).append(one)
    differ: dict[int, list[Member]] = {}
    for service, members in by_service.items():
        gone = lapsed(council, {one.organisation_id for one in members}, service, today)
        for one in members:
            if (one.organisation_id in gone) != one.by_evidence:
                differ.setdefault(one.organisation_id, []).append(one)
    return sum(_move(council, members, today) for members in differ.values())


def _move(council: str, members: list[Member], today: date) -> int:
    """Move a provider on the lists on which its evidence says so, in one change, and write to it once; on how many."""
    places = [*members, *(one.vehicle for one in members)]
    with change(SYSTEM, KEEP_UP, lock=places, chain=council) as told:
        moved = [one for one in members if lapse_or_renew(told, one, today)]
        tell_moved(moved)
    return len(moved)


def keep_up_soon(evidence: Evidence) -> None:
    """Have the standing of a provider looked at when the transaction of the caller has ended, once evidence counts."""
    if evidence.checked_at is None:
        return
    council = evidence.organisation.council.slug
    named = {"organisation": evidence.organisation_id}
    key = f"{KEEP_UP} {evidence.pk} {evidence.checked_at} {evidence.withdrawn_at or ''}"
    enqueue(SYSTEM, KEEP_UP, named, key=key, council=council)
