"""Writing events at the end of a chain."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from careshape.audit.chain import COVERED, FIRST, canonical, digest, key, seal
from careshape.audit.models import Event, Head

INSTALLATION: Final = "installation"
"""The chain of what belongs to no council."""
BEGIN: Final = "audit.begin"
"""The act of beginning a council's chain: told in the installation's, so that a whole chain cannot vanish unseen."""
RESUME: Final = "audit.resume"
"""The mark in a chain whose head was missing, stood before its events, or was written by something without the key.

It stays, and so the chain stays broken: what went with the head cannot be known, and nothing that is written afterwards
makes up for it.
"""
_SYSTEM: Final = {"account": None, "role": "system"}


def write(chain: str, who: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    """Add events to a chain, in the transaction that is under way. The head stays locked until it ends."""
    append(locked(chain), who, events)


def begun(chain: str) -> bool:
    """Whether a chain has, or had, events: there are some, its head stands after some, or the installation's chain
    tells that it was begun.
    """
    told = Event.objects.filter(chain=INSTALLATION, act=BEGIN, object=_head(chain))
    moved = Head.objects.filter(chain=chain, number__gt=0)
    return told.exists() or moved.exists() or Event.objects.filter(chain=chain).exists()


def locked(chain: str) -> Head:
    """The head of a chain, locked until the transaction ends; a chain that has none begins.

    Where events stand beyond the head, it was begun before, or its seal is not ours, the head was lost or put back. The
    chain then goes on after its last event with a mark (``RESUME``): no act fails for it, and verification says broken
    from there on.
    """
    found = Head.objects.select_for_update().filter(chain=chain).first()
    if found is None:
        # Of two at once the second waits here for the first, and then meets a head that has moved on.
        Head.objects.bulk_create([Head(chain=chain)], ignore_conflicts=True)
        found = Head.objects.select_for_update().get(chain=chain)
    head: Head = found
    # Asked under the lock: what others wrote until now stands at or before the head.
    last = Event.objects.filter(chain=chain, number__gt=head.number).order_by("-number").first()
    if last is not None:
        return _resumed(head, last.number, last.digest)
    if head.number == 0 and not head.seal:  # made just now: one that was locked and not written to has a seal at 0
        if chain != INSTALLATION and begun(chain):
            return _resumed(head, 0, "")
        _begin(head)
    elif not hmac.compare_digest(head.seal, seal(key(), chain, head.number, head.digest, *_retired(head))):
        return _resumed(head, head.number, head.digest)  # a new seal would hide that somebody else moved it
    return head


def _retired(head: Head) -> tuple[int, str]:
    return head.retired, head.retired_digest


def _begin(head: Head) -> None:
    """Seal a head at the beginning of its chain, and have the installation's chain tell of it."""
    move(head, 0, "", *_retired(head))
    if head.chain != INSTALLATION:
        told = {"act": BEGIN, "outcome": "done", "object": _head(head.chain), "detail": canonical({})}
        write(INSTALLATION, _SYSTEM, [told])


def _resumed(head: Head, number: int, last: str) -> Head:
    """A head that goes on after an event, once the chain has told that it stood elsewhere."""
    stood, head.number, head.digest = head.number, number, last
    told = {"act": RESUME, "outcome": "done", "object": _head(head.chain), "detail": canonical({"stood": stood})}
    return append(head, _SYSTEM, [told])


def append(head: Head, who: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Head:
    """Add events after a locked head and move it on; the head as it stands then."""
    secret, previous = key(), head.digest or FIRST
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    rows = []
    for number, event in enumerate(events, start=head.number + 1):
        fields = {"chain": head.chain, "number": number, "at": at, **who, **event}
        link = digest(secret, previous, tuple(fields[name] for name in COVERED))
        rows.append(Event(**fields, previous=previous, digest=link))
        previous = link
    Event.objects.bulk_create(rows)
    head.number, head.digest = head.number + len(rows), previous
    move(head, head.number, head.digest, *_retired(head))
    return head


def _head(chain: str) -> str:
    return f"audit.head:{chain}"


def move(head: Head, number: int, last: str, retired: int, retired_digest: str) -> None:
    """Put a head where its chain ends now, and where it begins, under a new seal."""
    sealed = seal(key(), head.chain, number, last, retired, retired_digest)
    Head.objects.filter(pk=head.pk).update(
        number=number, digest=last, retired=retired, retired_digest=retired_digest, seal=sealed
    )
