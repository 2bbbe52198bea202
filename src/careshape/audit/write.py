"""Writing events at the end of a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from careshape.audit.chain import COVERED, FIRST, canonical, digest, key, seal
from careshape.audit.models import Event, Head

INSTALLATION: Final = "installation"
"""The chain of what belongs to no council."""
BEGIN: Final = "audit.begin"
"""The act of beginning a council's chain: told in the installation's, so that a whole chain cannot vanish unseen."""
_SYSTEM: Final = {"account": None, "role": "system"}


def write(chain: str, who: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    """Add events to a chain, in the transaction that is under way. The head stays locked until it ends."""
    head = locked(chain)
    secret, previous = key(), head.digest or FIRST
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    rows = []
    for number, event in enumerate(events, start=head.number + 1):
        fields = {"chain": chain, "number": number, "at": at, **who, **event}
        link = digest(secret, previous, tuple(fields[name] for name in COVERED))
        rows.append(Event(**fields, previous=previous, digest=link))
        previous = link
    Event.objects.bulk_create(rows)
    move(head, head.number + len(rows), previous, head.retired, head.retired_digest)


def locked(chain: str) -> Head:
    """The head of a chain, locked until the transaction ends; a chain that has none begins."""
    found = Head.objects.select_for_update().filter(chain=chain).first()
    if found is None:
        # Of two at once the second waits here for the first, and then meets a head that has moved on.
        Head.objects.bulk_create([Head(chain=chain)], ignore_conflicts=True)
        found = Head.objects.select_for_update().get(chain=chain)
        if found.number == 0 and chain != INSTALLATION:
            told = {"act": BEGIN, "outcome": "done", "object": f"audit.head:{chain}", "detail": canonical({})}
            write(INSTALLATION, _SYSTEM, [told])
    head: Head = found
    return head


def move(head: Head, number: int, last: str, retired: int, retired_digest: str) -> None:
    """Put a head where its chain ends now, and where it begins, under a new seal."""
    sealed = seal(key(), head.chain, number, last, retired, retired_digest)
    Head.objects.filter(pk=head.pk).update(
        number=number, digest=last, retired=retired, retired_digest=retired_digest, seal=sealed
    )
