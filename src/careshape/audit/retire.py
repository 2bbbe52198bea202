"""Events whose time of keeping is over: they go from the beginning of their chain, and the chain says that they went.

The head keeps the number and digest of the last one that went, under its seal: what is kept still follows from it, and
nothing that is to be kept can be called retired without the key.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Min

from careshape.audit.chain import canonical
from careshape.audit.models import Event, Head
from careshape.audit.write import locked, move, write

RETIRE = "audit.retire"


def retirable(chain: str, until: datetime, spared: Collection[int] = ()) -> int:
    """Number of the last event that may go: all up to it are of ``until`` or before, and of no spared account."""
    head = Head.objects.filter(chain=chain).first()
    if head is None:
        return 0
    kept = Event.objects.filter(chain=chain, number__gt=head.retired)
    day = until.astimezone(UTC).isoformat(timespec="microseconds")
    first = [kept.filter(at__gt=day).aggregate(least=Min("number"))["least"]]
    if spared:
        first.append(kept.filter(account__in=spared).aggregate(least=Min("number"))["least"])
    firsts = [one for one in first if one is not None]
    return min(firsts) - 1 if firsts else head.number


def retire(chain: str, until: datetime, spared: Collection[int] = ()) -> int:
    """Let the events of a chain go that are old enough; how many went.

    until: the latest moment of an event that goes. spared: accounts whose events are held, and all that follow.
    """
    with transaction.atomic():
        head = locked(chain)
        last = retirable(chain, until, spared)
        if last <= head.retired:
            return 0
        link = Event.objects.get(chain=chain, number=last).digest
        told = canonical({"first": head.retired + 1, "last": last, "digest": link, "until": until})
        many = last - head.retired
        event = {"act": RETIRE, "outcome": "done", "object": f"audit.head:{chain}", "detail": told}
        write(chain, {"account": None, "role": "system"}, [event])
        head = locked(chain)
        move(head, head.number, head.digest, last, link)
        Event.objects.filter(chain=chain, number__lte=last).delete()
    return many
