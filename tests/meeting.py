"""Processes that do the same thing at the same moment: what tests of locks run inside an installation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any

from django.db import connections

SECONDS = 400
"""How long a process waits for the others, and for all of them to have ended."""

Act = Callable[[int], object]
"""What a process does when all have met, given its number."""


def at_once(processes: int, acts: Sequence[Act]) -> list[list[Any]]:
    """What each process got of each act, by act and process; None where it failed, and says how on its error stream.

    The processes begin each act together: none begins the next before all have ended the one before.
    """
    connections.close_all()  # a connection belongs to one process
    apart = get_context("fork")
    together, done = apart.Barrier(processes), apart.Queue()

    def work(number: int) -> None:
        found: list[object] = []
        for act in acts:
            together.wait(SECONDS)
            try:
                found.append(act(number))
            except Exception as error:  # a failure of any kind is what the test counts
                print(repr(error), file=sys.stderr)
                found.append(None)
        done.put(found)

    started = [apart.Process(target=work, args=(number,)) for number in range(processes)]
    for one in started:
        one.start()
    by_process = [done.get(timeout=SECONDS) for _ in started]
    for one in started:
        one.join(60)
    return [list(one) for one in zip(*by_process, strict=True)]
