"""Processor time and memory of this process: what a benchmark counts, for wall time depends on who else works."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

MEGABYTE = 1_000_000

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """What a piece of work took."""

    cpu: float
    """Seconds of processor time, of all threads of the process, in the program and in the system."""
    wall: float
    """Seconds by the clock on the wall."""


def timed(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> tuple[T, Cost]:
    """Call ``work`` and say what it took; the clock counts every thread of the process."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work(*arguments, **options)
    return found, Cost(time.process_time() - cpu, time.perf_counter() - wall)


def peak_mb() -> float:
    """The most memory that this process has held, in megabytes.

    Linux tells it of the program alone; elsewhere it may include what the parent process held when it started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MEGABYTE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE
