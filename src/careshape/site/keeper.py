"""The worker that a server runs beside itself: started with it, started again if it dies, and gone when it goes."""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

GRACE: Final = 10.0
"""Seconds that a worker gets to put back what it does."""
LONGEST: Final = 60.0
"""Most seconds until a worker that keeps dying is started again."""
STEADY: Final = 300.0
"""A worker that lived so many seconds starts anew at once."""
PR_SET_PDEATHSIG: Final = 1
log = logging.getLogger("careshape")


@contextmanager
def kept(data: Path) -> Iterator[None]:
    """Run a worker for a data folder for as long as the block lasts."""
    command = [sys.executable, "-m", "careshape", "--dir", str(data), "worker"]
    ending, first = threading.Event(), _start(command)
    keeper = threading.Thread(target=_keep, args=(command, first, ending), name="careshape-keeper")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep(command: Sequence[str], worker: subprocess.Popen[bytes], ending: threading.Event) -> None:
    """Start the worker again whenever it ends, and end it at the end."""
    wait, began = 1.0, time.monotonic()
    while True:
        while worker.poll() is None and not ending.wait(0.2):
            pass
        if ending.is_set():
            return _end(worker)
        wait = 1.0 if time.monotonic() - began > STEADY else min(wait * 2, LONGEST)
        log.error("The worker ended (%s) and is started again in %s seconds.", worker.returncode, wait)
        if ending.wait(wait):
            return None
        worker, began = _start(command), time.monotonic()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the worker; the system ends it with us, however we end."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_end_with_us)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(GRACE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _end_with_us() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
