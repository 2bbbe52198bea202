"""What somebody who can write to the database, but does not hold the key, could do to the log. For tests only."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.db import connection

from careshape.audit.chain import COVERED, FIRST, digest, seal
from careshape.audit.models import Event, Head

Tamper = Callable[[random.Random, str, bytes], None]


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def number_of(chain: str) -> int:
    number: int = Head.objects.get(chain=chain).number
    return number


def edit(chance: random.Random, chain: str, key: bytes) -> None:
    """Change one column of one event."""
    column, value = chance.choice(
        [("at", "2001-01-01T00:00:00.000000+00:00"), ("account", 4711), ("role", "nobody"),
         ("act", "other.act"), ("outcome", "gone"), ("object", "other:1"), ("detail", '{"other":1}'),
         ("digest", "f" * 64), ("previous", "e" * 64)]
    )  # fmt: skip
    number = chance.randint(1, number_of(chain))
    sql(f'UPDATE audit_event SET "{column}" = %s WHERE chain = %s AND number = %s', value, chain, number)


def delete(chance: random.Random, chain: str, key: bytes) -> None:
    """Remove one event, or a run of them."""
    first = chance.randint(1, number_of(chain))
    last = chance.choice([first, min(first + chance.randint(0, 9), number_of(chain))])
    sql("DELETE FROM audit_event WHERE chain = %s AND number BETWEEN %s AND %s", chain, first, last)


def delete_and_close_up(chance: random.Random, chain: str, key: bytes) -> None:
    """Remove one event and let the later ones move up."""
    number, last = chance.randint(1, number_of(chain)), number_of(chain)
    sql("DELETE FROM audit_event WHERE chain = %s AND number = %s", chain, number)
    for later in range(number + 1, last + 1):
        sql("UPDATE audit_event SET number = %s WHERE chain = %s AND number = %s", later - 1, chain, later)
    set_head(chain)


def reorder(chance: random.Random, chain: str, key: bytes) -> None:
    """Let two events change places."""
    one, other = chance.sample(range(1, number_of(chain) + 1), 2)
    for old, new in ((one, 0), (other, one), (0, other)):
        sql("UPDATE audit_event SET number = %s WHERE chain = %s AND number = %s", new, chain, old)


def truncate(chance: random.Random, chain: str, key: bytes) -> None:
    """Cut the tail, and half of the times put the head back to where it now ends."""
    sql("DELETE FROM audit_event WHERE chain = %s AND number > %s", chain, chance.randint(0, number_of(chain) - 1))
    if chance.random() < 0.5:
        set_head(chain)


def cut_the_beginning(chance: random.Random, chain: str, key: bytes) -> None:
    """Remove the first events and call them retired."""
    last = chance.randint(1, number_of(chain))
    gone = Event.objects.get(chain=chain, number=last).digest
    sql("DELETE FROM audit_event WHERE chain = %s AND number <= %s", chain, last)
    sql("UPDATE audit_head SET retired = %s, retired_digest = %s WHERE chain = %s", last, gone, chain)


def rehash(chance: random.Random, chain: str, key: bytes) -> None:
    """Change an event and work out every digest from there on again, and the head's, with the key at hand."""
    number = chance.randint(1, number_of(chain))
    sql("UPDATE audit_event SET object = 'other:1' WHERE chain = %s AND number = %s", chain, number)
    before = Event.objects.filter(chain=chain, number=number - 1).first()
    previous = before.digest if before else FIRST
    for event in Event.objects.filter(chain=chain, number__gte=number).order_by("number"):
        link = digest(key, previous, tuple(getattr(event, name) for name in COVERED))
        sql("UPDATE audit_event SET previous = %s, digest = %s WHERE id = %s", previous, link, event.pk)
        previous = link
    set_head(chain, key)


def forge_an_event(chance: random.Random, chain: str, key: bytes) -> None:
    """Add an event at the end, and move the head on."""
    head = Head.objects.get(chain=chain)
    values = (chain, head.number + 1, "2026-11-22T06:00:00.000000+00:00", 1, "auditor", "x.y", "done", "x:1", "{}")
    columns = ", ".join(f'"{name}"' for name in (*COVERED, "previous", "digest"))
    link = digest(key, head.digest, values)
    sql(f"INSERT INTO audit_event ({columns}) VALUES ({', '.join(['%s'] * 11)})", *values, head.digest, link)
    if chance.random() < 0.7:
        set_head(chain, key)


def remove_the_chain(chance: random.Random, chain: str, key: bytes) -> None:
    """Remove a council's events, and its head too half of the times."""
    sql("DELETE FROM audit_event WHERE chain = %s", chain)
    if chance.random() < 0.5:
        sql("DELETE FROM audit_head WHERE chain = %s", chain)


def set_head(chain: str, key: bytes | None = None) -> None:
    """Let the head say what the last event says, sealed with a key if there is one at hand."""
    last = Event.objects.filter(chain=chain).order_by("-number").first()
    number, link = (last.number, last.digest) if last else (0, "")
    sql("UPDATE audit_head SET number = %s, digest = %s WHERE chain = %s", number, link, chain)
    if key is not None:
        head = Head.objects.get(chain=chain)
        made = seal(key, chain, number, link, head.retired, head.retired_digest)
        sql("UPDATE audit_head SET seal = %s WHERE chain = %s", made, chain)


TAMPERS: tuple[Tamper, ...] = (
    edit, delete, delete_and_close_up, reorder, truncate, cut_the_beginning, rehash, forge_an_event, remove_the_chain,
)  # fmt: skip
