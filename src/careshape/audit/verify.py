"""Is the log whole? Every event's digest is worked out again, in the order of its chain, with a raw cursor."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection, transaction

from careshape.audit.chain import COVERED, FIRST, digest, key, seal
from careshape.audit.models import Event, Head

BATCH: Final = 10_000


@dataclass(frozen=True)
class Verdict:
    """What the verification of one chain found."""

    chain: str
    events: int
    """Events that were looked at."""
    number: int
    """Number of the head; 0 for a chain that has not begun."""
    head: str
    """Digest of the head."""
    retired: int = 0
    """Number of the last event whose time of keeping is over."""
    broken: int | None = None
    """Number of the first event that is not as it was written, or is missing."""
    wrong: str = ""
    """What is wrong there, in words."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""
        return asdict(self) | {"whole": self.whole}

    def __str__(self) -> str:
        if self.whole:
            return f"{self.chain}: whole. {self.events:,} events, head {self.number} {self.head}"
        where = "" if self.broken is None else f" at event {self.broken:,}"
        return f"{self.chain}: BROKEN{where}. {self.wrong}"


def chains() -> list[str]:
    """Every chain there is: those of the heads, those of events that have no head, and those that were begun."""
    begun = Event.objects.filter(chain="installation", act="audit.begin").values_list("object", flat=True)
    found = {*Head.objects.values_list("chain", flat=True), *(one.partition(":")[2] for one in begun)}
    return sorted(found.union(Event.objects.exclude(chain__in=found).values_list("chain", flat=True).distinct()))


def verify(chain: str) -> Verdict:
    """Verify one chain from its first event that is kept to its head, in one snapshot of the database."""
    with transaction.atomic(), _rows(chain) as rows:
        head = Head.objects.filter(chain=chain).first()
        return _verify(chain, head, rows)


def verify_all() -> list[Verdict]:
    """Verify every chain."""
    return [verify(chain) for chain in chains()]


def _verify(chain: str, head: Head | None, rows: Iterator[tuple[Any, ...]]) -> Verdict:
    secret = key()
    first = head.retired if head else 0
    seen, previous = first, (head.retired_digest or FIRST) if head else FIRST
    for *values, said, link in rows:
        number = values[1]
        if number <= first:
            continue  # retired, and not yet removed
        if number != seen + 1:
            wrong = f"It is missing: after event {seen:,} comes event {number:,}."
        elif said != previous:
            wrong = "It does not follow from the event before it."
        elif link != digest(secret, previous, tuple(values)):
            wrong = "Its content is not what was written."
        else:
            seen, previous = number, link
            continue
        return _verdict(chain, head, seen - first, seen + 1, wrong)
    return _at_the_end(chain, head, seen, previous)


def _at_the_end(chain: str, head: Head | None, seen: int, last: str) -> Verdict:
    """The verdict where every event that is there fits: whether they are all that there were."""
    if head is None:
        said = "It has events and no head." if seen else "It was begun, and nothing of it is left."
        return Verdict(chain, seen, 0, "", broken=seen + 1, wrong=said)
    begins = head.retired_digest if head.retired else ""
    sealed = seal(key(), chain, head.number, head.digest, head.retired, head.retired_digest)
    events = seen - head.retired
    if head.number > seen:
        return _verdict(chain, head, events, seen + 1, f"The tail is cut: the head stands at event {head.number:,}.")
    if head.number < seen or head.digest != last or (not head.retired and begins != head.retired_digest):
        return _verdict(chain, head, events, head.number + 1, "The head is not that of the last event.")
    if not hmac.compare_digest(sealed, head.seal):
        return _verdict(chain, head, events, head.number + 1, "The head was written by something without the key.")
    return _verdict(chain, head, events, None, "")


def _verdict(chain: str, head: Head | None, events: int, broken: int | None, wrong: str) -> Verdict:
    number, link, retired = (head.number, head.digest, head.retired) if head else (0, "", 0)
    return Verdict(chain, events, number, link, retired, broken, wrong)


@contextmanager
def _rows(chain: str) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The events of a chain in order, each as COVERED and its two digests, a batch at a time."""
    columns = ", ".join(f'"{name}"' for name in (*COVERED, "previous", "digest"))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM audit_event WHERE chain = %s ORDER BY number", [chain])
        yield _each(cursor)


def _each(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(BATCH):
        yield from batch
