"""A change that PostgreSQL breaks off for the sake of another is made again; nothing else is."""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from careshape.audit.change import SYSTEM, change
from careshape.audit.models import Event
from careshape.audit.retry import ATTEMPTS, DEADLOCK, held, retried


def broken_off(state: str) -> OperationalError:
    """The error as Django raises it for a state of PostgreSQL's."""
    cause = RuntimeError()
    cause.sqlstate = state  # type: ignore[attr-defined]
    error = OperationalError("broken off")
    error.__cause__ = cause
    return error


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "tries"), [("40001", 3), ("40P01", 3), ("55P03", 1), ("57014", 1)])
def test_verb_is_tried_again_only_where_its_transaction_was_broken_off(state, tries):
    tried = []

    @retried
    def verb() -> str:
        with change(SYSTEM, "accounts.change") as told:
            told("x")
            tried.append(1)
            if len(tried) < 3:
                raise broken_off(state)
        return "done"

    if tries == 1:
        with pytest.raises(OperationalError):
            verb()
    else:
        assert verb() == "done"
    assert len(tried) == tries
    assert Event.objects.filter(act="accounts.change").count() == int(tries > 1), "what was broken off left nothing"


@pytest.mark.django_db(transaction=True)
def test_tries_come_to_an_end_and_a_caller_s_transaction_is_its_own_to_begin_anew():
    tried = []

    @retried
    def verb() -> None:
        tried.append(1)
        raise broken_off(DEADLOCK)

    with pytest.raises(OperationalError):
        verb()
    assert len(tried) == ATTEMPTS
    with pytest.raises(OperationalError), transaction.atomic():
        verb()
    assert len(tried) == ATTEMPTS + 1


@pytest.mark.django_db(transaction=True)
def test_deadlock_of_the_database_itself_is_resolved():
    """Two verbs lock two rows the wrong way round: on PostgreSQL one is broken off, and both are done in the end."""
    from careshape.accounts.models import Council

    rows = [Council.objects.create(slug=f"place-{number}", name="x").pk for number in range(2)]
    meet, tried, failed = threading.Barrier(2, timeout=120), [], []

    def verb(first: int, second: int, attempt: list[int]) -> None:
        attempt.append(1)
        tried.append(1)
        with transaction.atomic():
            Council.objects.filter(pk=first).update(name="y")
            if len(attempt) == 1 and connection.vendor == "postgresql":
                meet.wait()
            Council.objects.filter(pk=second).update(name="y")

    def run(*order: Any) -> None:
        try:
            retried(verb)(*order, [])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=order) for order in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
        if connection.vendor == "sqlite":  # its database of tests lies in memory, where nobody waits for a lock
            thread.join()
    for thread in threads:
        thread.join()
    assert failed == []
    if connection.vendor == "postgresql":
        assert len(tried) == 3, "the control: the database did break one off"


@pytest.mark.parametrize(
    ("state", "others"), [("40001", True), ("40P01", True), ("55P03", True), ("57014", False), ("57P01", False)]
)
def test_failure_of_postgresql_is_told_from_a_lock_that_others_held(state, others):
    assert held(broken_off(state)) is others


def test_failure_of_sqlite_is_told_from_a_lock_that_others_held(tmp_path):
    def failure(connected: sqlite3.Connection, statement: str) -> OperationalError:
        with pytest.raises(sqlite3.OperationalError) as raised:
            connected.execute(statement)
        error = OperationalError(str(raised.value))
        error.__cause__ = raised.value
        return error

    one, other = (sqlite3.connect(tmp_path / "a.sqlite3", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    locked, wrong = failure(other, "BEGIN IMMEDIATE"), failure(other, "SELECT nothing FROM nowhere")
    one.close()
    other.close()
    assert held(locked)
    assert not held(wrong)
    assert not held(ValueError("database is locked"))
    assert not held(None)
