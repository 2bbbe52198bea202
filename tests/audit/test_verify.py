"""What was done cannot be made undone unseen: a thousand tampers, each caught, and one kind that a key alone stops."""

from __future__ import annotations

import random
import time

import pytest
from django.db import DatabaseError, connection, transaction

from careshape.audit.anchor import anchor_text, held_to, read_anchor
from careshape.audit.chain import COVERED, FIRST, canonical, digest, key
from careshape.audit.change import SYSTEM, change, tell
from careshape.audit.models import Event, Head
from careshape.audit.verify import verify, verify_all
from careshape.audit.write import move
from careshape.errors import InputError
from tests.audit import tampers
from tests.flushing import without_triggers

CHAIN = "worcestershire"
SEED = 20261122


@pytest.fixture
def told(db):
    """Thirty events of a council in eighteen changes, with characters that need care."""
    for number in range(12):
        with change(SYSTEM, "accounts.change", chain=CHAIN) as say:
            say(f"accounts.team:{number}", field="name", words='Straße "é" \\ \u2028')
            say(f"accounts.team:{number}", field="council")
    for number in range(6):
        tell(SYSTEM, "audit.read", f"audit.head:{number}", chain=CHAIN)


def caught_of(tamper, chance, forged_with):
    """Whether verification sees a tamper, which is taken back again."""
    with transaction.atomic():
        tamper(chance, CHAIN, forged_with)
        found = all(one.whole for one in verify_all())
        transaction.set_rollback(True)
    return not found


def test_a_thousand_tampers_are_caught_and_the_key_is_why(told, settings, promise):
    chance = random.Random(SEED)
    assert verify(CHAIN).events == 30
    with without_triggers():
        tried = [tampers.TAMPERS[number % len(tampers.TAMPERS)] for number in range(1000)]
        missed = [one.__name__ for one in tried if not caught_of(one, chance, chance.randbytes(32))]
        assert missed == []
        assert all(one.whole for one in verify_all()), "each tamper was taken back"
        # The control: were the digests made without a key, who can write could make a changed history fit again.
        settings.CARESHAPE_AUDIT_KEY = b""
        tampers.rehash(random.Random(0), CHAIN, b"")
        _seal_all()
        unseen = sum(not caught_of(tampers.rehash, chance, b"") for _ in range(50))
    assert unseen == 50, "the rig must show what a log without a key does not see"
    promise("R5 audit", f"1,000/1,000 tampers caught; control without a key: {50 - unseen}/50")


def _seal_all() -> None:
    """Make every chain fit under the key of now."""
    for head in Head.objects.all():
        previous = FIRST
        for event in Event.objects.filter(chain=head.chain).order_by("number"):
            link = digest(key(), previous, tuple(getattr(event, name) for name in COVERED))
            tampers.sql("UPDATE audit_event SET previous = %s, digest = %s WHERE id = %s", previous, link, event.pk)
            previous = link
        tampers.set_head(head.chain, key())


def test_verdict_names_the_first_broken_event_and_what_is_wrong(told):
    with without_triggers():
        tampers.sql("UPDATE audit_event SET act = 'x' WHERE chain = %s AND number = 17", CHAIN)
        tampers.sql("DELETE FROM audit_event WHERE chain = %s AND number = 20", CHAIN)
    found = verify(CHAIN)
    assert (found.broken, found.events, found.whole) == (17, 16, False)
    assert "not what was written" in found.wrong


def test_database_put_back_to_an_earlier_day_shows_only_against_an_anchor(told):
    with transaction.atomic():
        for number in range(5):
            tell(SYSTEM, "audit.read", str(number), chain=CHAIN)
        kept = read_anchor(anchor_text(), "anchor.json")
        assert all(one.whole for one in held_to(verify_all(), kept))
        transaction.set_rollback(True)
    assert all(one.whole for one in verify_all()), "without an anchor an earlier state is a whole one"
    (broken,) = [one for one in held_to(verify_all(), kept) if not one.whole]
    assert (broken.chain, broken.broken) == (CHAIN, 31)
    # The same number of other events afterwards does not help.
    for number in range(9):
        tell(SYSTEM, "audit.read", f"other {number}", chain=CHAIN)
    (broken,) = [one for one in held_to(verify_all(), kept) if not one.whole]
    assert (broken.chain, broken.broken) == (CHAIN, 35)
    (gone,) = [one for one in held_to(verify_all(), {**kept, "elsewhere": (3, "a")}) if one.chain == "elsewhere"]
    assert not gone.whole


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"heads": {"a": {"number": "x", "digest": ""}}}', '{"heads": []}'])
def test_file_that_is_no_anchor_is_said_to_be_none(text):
    with pytest.raises(InputError, match="no anchor"):
        read_anchor(text, "a.json")


FORBIDDEN = (
    "UPDATE audit_event SET act = 'x'",
    "DELETE FROM audit_event",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET number = number - 1",
    "UPDATE audit_head SET chain = 'other'",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_database_refuses_to_change_or_remove_what_was_done(told, statement):
    before = list(Event.objects.order_by("pk").values_list()), list(Head.objects.order_by("pk").values_list())
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        tampers.sql(statement)
    assert before == (list(Event.objects.order_by("pk").values_list()), list(Head.objects.order_by("pk").values_list()))


def test_database_refuses_to_replace_or_empty(told):
    statements = ["TRUNCATE audit_event"]
    if connection.vendor == "sqlite":  # its REPLACE removes what is in its way, and no trigger of removal hears of it
        columns = ", ".join(f'"{name}"' for name in COVERED)
        row = "'worcestershire', 3, '', 1, '', 'forged', 'done', '', '{}', '', ''"
        statements = [
            f"INSERT OR REPLACE INTO audit_event ({columns}, previous, digest) VALUES ({row})",
            "UPDATE OR REPLACE audit_event SET number = 4 WHERE number = 3",
            "INSERT OR REPLACE INTO audit_head (chain, number, digest, retired, retired_digest, seal) "
            "VALUES ('worcestershire', 1, '', 0, '', '')",
        ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            tampers.sql(statement)
    assert verify(CHAIN).whole


MANY = 1_000_000
GOAL, FAILS_AT = 10.0, 30.0


def test_a_million_events_are_verified_within_seconds(db, promise):
    rows, previous, secret = [], FIRST, key()
    for number in range(1, MANY + 1):
        at, what = f"2026-11-22T06:00:{number % 60:02}.123456+00:00", canonical({"posting": number, "fields": ["role"]})
        values = ("many", number, at, number % 50, "analyst", "ledger.import", "done", f"ledger.posting:{number}", what)
        link = digest(secret, previous, values)
        rows.append((*values, previous, link))
        previous = link
    with without_triggers():
        _put(rows)
    move(Head.objects.create(chain="many"), MANY, previous, 0, "")
    began, worked = time.perf_counter(), time.process_time()
    found = verify("many")
    wall, processor = time.perf_counter() - began, time.process_time() - worked
    assert found.whole
    assert found.events == MANY
    assert processor < FAILS_AT, "wall time is printed: it says as much of what else the machine does"
    took = f"{wall:.1f} s ({processor:.1f} s of processor; goal {GOAL:.0f} s)"
    promise("R5 audit speed", f"1,000,000 events verified in {took}")


def _put(rows):
    columns = ", ".join(f'"{name}"' for name in (*COVERED, "previous", "digest"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY audit_event ({columns}) FROM STDIN") as copying:
                for row in rows:
                    copying.write_row(row)
            return
        cursor.executemany(f"INSERT INTO audit_event ({columns}) VALUES ({', '.join(['%s'] * 11)})", rows)
