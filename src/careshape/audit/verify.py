"""Is the log whole? Every event's digest is worked out again, in the order of its chain, with a raw cursor."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection

from careshape.audit.chain import COVERED, FIRST, digest, key, seal
from careshape.audit.change import tell
from careshape.audit.models import Event, Head
from careshape.audit.write import BEGIN, INSTALLATION, RESUME, begun
from careshape.policy import Principal

BATCH: Final = 10_000
_ACT: Final = COVERED.index("act")


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
    begun = Event.objects.filter(chain=INSTALLATION, act=BEGIN).values_list("object", flat=True)
    found = {*Head.objects.values_list("chain", flat=True), *(one.partition(":")[2] for one in begun)}
    return sorted(found.union(Event.objects.exclude(chain__in=found).values_list("chain", flat=True).distinct()))


def verify(chain: str) -> Verdict:
    """Verify one chain from its first event that is kept to its head, while others go on writing to it.

    No lock is held: what is written meanwhile lies beyond the head that was read first, and is looked at next time.
    """
    head = Head.objects.filter(chain=chain).first()
    found = _verify(chain, head)
    if not found.whole and _retired(chain) != (head.retired if head else None):
        return verify(chain)  # events were retired meanwhile: from where they now begin
    return found


def verify_and_tell(principal: Principal) -> tuple[bool, Verdict]:
    """Verify the log of a principal's council and tell of it; whether the log had begun before, and the verdict."""
    chain = principal.council
    # Asked first, and of the events, not of the head: a chain that lost its head is broken, and not unbegun.
    had, verdict = begun(chain), verify(chain)
    tell(
        principal, "audit.verify", "audit.head", outcome="done", whole=verdict.whole or not had, events=verdict.events
    )  # fmt: skip
    return had, verdict


def verify_all() -> list[Verdict]:
    """Verify every chain."""
    return [verify(chain) for chain in chains()]


def _verify(chain: str, head: Head | None) -> Verdict:
    secret = key()
    first = head.retired if head else 0
    seen, previous = first, (head.retired_digest or FIRST) if head else FIRST
    for row in _rows(chain, first, head.number if head else None):
        number, said, link = row[1], row[-2], row[-1]
        if number != seen + 1:
            wrong = f"It is missing: after event {seen:,} comes event {number:,}."
        elif said != previous:
            wrong = "It does not follow from the event before it."
        elif link != digest(secret, previous, row[:-2]):
            wrong = "Its content is not what was written."
        elif row[_ACT] == RESUME:
            wrong = "The head was missing, or was not as we left it, when this was written: there may have been more."
        else:
            seen, previous = number, link
            continue
        return _verdict(chain, head, seen - first, seen + 1, wrong)
    return _at_the_end(chain, head, seen, previous)


def _at_the_end(chain: str, head: Head | None, seen: int, last: str) -> Verdict:
    """The verdict where every event up to the head fits: whether they are all that there were."""
    if head is None:
        said = "It has events and no head." if seen else "It was begun, and nothing of it is left."
        return Verdict(chain, seen, 0, "", broken=seen + 1, wrong=said)
    events, after, wrong = seen - head.retired, head.number + 1, ""
    sealed = seal(key(), chain, head.number, head.digest, head.retired, head.retired_digest)
    if head.number > seen:
        after, wrong = seen + 1, f"The tail is cut: the head stands at event {head.number:,}."
    elif head.digest != (last if seen else ""):
        wrong = "The head is not that of the last event."
    elif not hmac.compare_digest(sealed, head.seal):
        wrong = "The head was written by something without the key."
    elif _beyond(chain):
        wrong = "There are events beyond the head."
    return _verdict(chain, head, events, after if wrong else None, wrong)


def _beyond(chain: str) -> bool:
    """Whether events stand after the head, asked in one statement, so that none is written between."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM audit_event e JOIN audit_head h ON h.chain = e.chain "
            "WHERE e.chain = %s AND e.number > h.number LIMIT 1",
            [chain],
        )
        return cursor.fetchone() is not None


def _retired(chain: str) -> int | None:
    head = Head.objects.filter(chain=chain).first()
    return head.retired if head else None


def _verdict(chain: str, head: Head | None, events: int, broken: int | None, wrong: str) -> Verdict:
    number, link, retired = (head.number, head.digest, head.retired) if head else (0, "", 0)
    return Verdict(chain, events, number, link, retired, broken, wrong)


def _rows(chain: str, after: int, last: int | None) -> Iterator[tuple[Any, ...]]:
    """The events of a chain in order, each as COVERED and its two digests, a batch at a time along the index.

    No transaction is open meanwhile: rows never change, and one of SQLite would keep writers out.
    """
    columns = ", ".join(f'"{name}"' for name in (*COVERED, "previous", "digest"))
    most = "" if last is None else f" AND number <= {last:d}"
    query = f"SELECT {columns} FROM audit_event WHERE chain = %s AND number > %s{most} ORDER BY number LIMIT {BATCH}"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, [chain, after])
            batch = cursor.fetchall()
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1][1]
