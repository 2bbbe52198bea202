"""A test that measures time has the machine to itself: no other test of the run is under way meanwhile.

It is marked ``alone``; tests.order leaves it to the end, where little is left to wait for it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.once import SHARED

TAKEN = "CARESHAPE_TEST_TURN"
"""Environment variable that says to processes of a test that their turn was taken by it."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test begin when it is its turn."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Wait until nothing runs alone; or, alone, until nothing else runs."""
    if TAKEN in os.environ:
        yield
        return
    root = Path(os.environ[SHARED])
    with (root / "entry.lock").open("a") as entry, (root / "turn.lock").open("a") as running:
        # Who waits to be alone holds the entry, so that those who come later do not keep it waiting.
        fcntl.flock(entry, fcntl.LOCK_EX)
        fcntl.flock(running, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(entry, fcntl.LOCK_UN)
        os.environ[TAKEN] = "yes"
        try:
            yield
        finally:
            os.environ.pop(TAKEN, None)
            fcntl.flock(running, fcntl.LOCK_UN)  # a process that was forked meanwhile may hold the file open
