"""Do a change again that the database broke off for the sake of others."""

from __future__ import annotations

import functools
import random
import sqlite3
import time
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, transaction

SERIALIZATION, DEADLOCK, LOCK_TIMEOUT = "40001", "40P01", "55P03"
ATTEMPTS: Final = 5
FIRST: Final = 0.02
"""Seconds, at most, before the second attempt; each further wait may be twice as long."""
P = ParamSpec("P")
R = TypeVar("R")


def retried(verb: Callable[P, R]) -> Callable[P, R]:
    """Have a verb tried again where PostgreSQL ends its transaction to resolve a deadlock or a conflict.

    What it had written is gone by then, so it begins anew. Within a transaction of a caller's nothing is tried again:
    that transaction is over, and only who began it can begin it anew.
    """

    @functools.wraps(verb)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return verb(*args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not _broken_off(error) or transaction.get_connection().in_atomic_block:
                    raise
                time.sleep(random.uniform(0, FIRST * 2**attempt))  # not all who met at once
        raise AssertionError("unreachable")

    return tried


def held(error: BaseException | None) -> bool:
    """Whether a failure is that others held what was asked for until the wait was over: the same may do in a moment.

    That is a lock of SQLite's that was not to be had, or PostgreSQL's end of a wait, of a deadlock or of a conflict.
    """
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # the lowest byte says it, the rest which
    return getattr(error.__cause__, "sqlstate", None) in (SERIALIZATION, DEADLOCK, LOCK_TIMEOUT)


def _broken_off(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in (SERIALIZATION, DEADLOCK)
