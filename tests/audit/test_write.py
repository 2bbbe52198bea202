"""A chain whose head is gone goes on, so that no act fails for it, and is broken for good."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from careshape.audit.change import SYSTEM, change, tell
from careshape.audit.models import Event, Head
from careshape.audit.verify import verify, verify_all
from careshape.audit.write import BEGIN, INSTALLATION, RESUME, locked
from tests.audit import tampers
from tests.flushing import without_triggers

CHAIN = "worcestershire"


def act(chain: str = CHAIN) -> None:
    with change(SYSTEM, "accounts.change", chain=chain) as told:
        told("accounts.team:1", field="name")


@pytest.fixture
def told(db):
    """Five events of a council."""
    for _ in range(5):
        act()
    assert all(one.whole for one in verify_all())


def lose(statement: str, *values: object) -> None:
    with without_triggers():
        tampers.sql(statement, *values)


@pytest.mark.parametrize("chain", [CHAIN, INSTALLATION])
def test_chain_without_its_head_goes_on_after_its_last_event_and_stays_broken(told, chain):
    last = tampers.number_of(chain)
    lose("DELETE FROM audit_head WHERE chain = %s", chain)
    assert not verify(chain).whole
    for _ in range(3):
        act(chain)
        found = verify(chain)
        assert (found.whole, found.broken) == (False, last + 1)
        assert "head was missing" in found.wrong
    events = Event.objects.filter(chain=chain, number__gt=last).order_by("number")
    assert [(one.number, one.act) for one in events] == [
        (last + 1, RESUME), *((last + 1 + more, "accounts.change") for more in (1, 2, 3))
    ]  # fmt: skip
    assert Head.objects.get(chain=chain).number == last + 4
    assert [one.chain for one in verify_all() if not one.whole] == [chain], "the others stay whole"


def test_chain_whose_head_was_put_back_goes_on_after_its_last_event_and_stays_broken(told):
    lose("UPDATE audit_head SET number = 2 WHERE chain = %s", CHAIN)
    act()
    found = verify(CHAIN)
    assert (found.whole, found.broken) == (False, 6)
    assert Event.objects.get(chain=CHAIN, act=RESUME).detail == '{"stood":2}'


@pytest.mark.parametrize("seal", ["", "f" * 64])
def test_tail_that_was_cut_with_its_head_is_not_covered_up_by_the_next_event(told, seal):
    lose("DELETE FROM audit_event WHERE chain = %s AND number > 3", CHAIN)
    with without_triggers():
        tampers.set_head(CHAIN)
    lose("UPDATE audit_head SET seal = %s WHERE chain = %s", seal, CHAIN)
    assert "without the key" in verify(CHAIN).wrong
    act()
    assert (verify(CHAIN).whole, verify(CHAIN).broken) == (False, 4)


def test_chain_of_which_nothing_is_left_is_not_begun_anew(told):
    lose("DELETE FROM audit_event WHERE chain = %s", CHAIN)
    lose("DELETE FROM audit_head WHERE chain = %s", CHAIN)
    act()
    assert (verify(CHAIN).whole, verify(CHAIN).broken) == (False, 1)
    assert Event.objects.filter(chain=INSTALLATION, act=BEGIN).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("chain", [CHAIN, INSTALLATION])
def test_chain_that_was_locked_before_its_first_event_is_whole(chain):
    with transaction.atomic():
        assert locked(chain).number == 0
    assert verify(chain).whole
    act(chain)
    assert verify(chain).whole
    assert not Event.objects.filter(act=RESUME).exists()


def test_mark_cannot_be_taken_away_unseen(told):
    lose("DELETE FROM audit_head WHERE chain = %s", CHAIN)
    act()
    lose("UPDATE audit_event SET act = 'audit.read' WHERE act = %s", RESUME)
    assert "not what was written" in verify(CHAIN).wrong
    lose("DELETE FROM audit_event WHERE chain = %s AND number >= 6", CHAIN)
    assert not verify(CHAIN).whole
    lose("DELETE FROM audit_head WHERE chain = %s", CHAIN)
    act()
    assert verify(CHAIN).broken == 6


@pytest.mark.django_db(transaction=True)
def test_chains_that_many_begin_at_once_are_whole():
    """The control: the mark is of lost heads, and not of those that meet at a beginning."""
    meet, failed = threading.Barrier(6, timeout=120), []

    def run(number: int) -> None:
        try:
            meet.wait()
            tell(SYSTEM, "audit.read", str(number), outcome="done", chain=f"place-{number % 2}")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    if connection.vendor == "sqlite":  # its database of tests lies in memory, where nobody waits for a lock
        threads = []
        for number in range(6):
            tell(SYSTEM, "audit.read", str(number), outcome="done", chain=f"place-{number % 2}")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {one.chain: one.number for one in Head.objects.all()} == {"place-0": 3, "place-1": 3, INSTALLATION: 2}
    assert all(one.whole for one in verify_all())
    assert not Event.objects.filter(act=RESUME).exists()
