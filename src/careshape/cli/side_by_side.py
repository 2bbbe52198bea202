"""Work of a command that is done in several processes at once, which end with it however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1


SideBySide = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], list[Any]]
"""Gives what a function of a module gives for each of several calls. The first fault is raised when all have ended."""


@contextmanager
def side_by_side(most: int) -> Iterator[SideBySide]:
    """Do work in as many processes at once as there are processors, and no more than ``most``.

    The processes stay until the block ends: what each has loaded, it loads once.
    """
    many = min(most, os.cpu_count() or 1)
    if many < 2:
        yield lambda function, calls: [function(*one) for one in calls]
        return
    with ProcessPoolExecutor(
        many, mp_context=get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),)
    ) as pool:

        def each(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
            asked = [pool.submit(function, *call) for call in calls]
            wait(asked)
            return [one.result() for one in asked]

        yield each


def _end_with(parent: int) -> None:
    """Let the system end this process when the command is killed; Ctrl+C is for the command to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):  # other systems than Linux know no such signal
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
