"""Work of a command that is done in several processes at once, which end with it however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1


def side_by_side(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
    """What a function of a module gives for each of several calls, as many at once as there are processors.

    The first fault is raised when all have ended.
    """
    many = min(len(calls), os.cpu_count() or 1)
    if many < 2:
        return [function(*one) for one in calls]
    with ProcessPoolExecutor(
        many, mp_context=get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),)
    ) as pool:
        return [one.result() for one in [pool.submit(function, *call) for call in calls]]


def _end_with(parent: int) -> None:
    """Let the system end this process when the command is killed; Ctrl+C is for the command to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):  # other systems than Linux know no such signal
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
