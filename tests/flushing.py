"""Emptying the database after a test that commits: append-only tables refuse it, so their triggers step aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def without_triggers() -> Iterator[None]:
    """No trigger of the database fires in this block; afterwards all of them stand as before."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


def let_flush() -> None:
    """Let Django empty the test database in spite of the triggers."""
    from django.core.management.commands import flush

    emptied: Callable[..., Any] = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        with without_triggers():
            emptied(self, **options)

    flush.Command.handle = handle
