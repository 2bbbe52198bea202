"""The worker: takes one job after another, does each in a process of its own, and keeps its lease alive.

A process of its own, because it can then be ended at any moment: when it is cancelled, when it takes longer than it
may, or when the lease was lost. Whatever ends it, the worker goes on. A worker that is itself killed takes the process
with it, and the job is taken over when its lease has run out.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connections

from careshape.jobs import clock
from careshape.jobs.lease import LeaseLost, claim, end, failed, kind_for, released, renew
from careshape.jobs.models import Job, State, Worker
from careshape.jobs.run import run
from careshape.jobs.watch import EVERY, look

POLL: Final = 1.0
"""Seconds between two looks where there is nothing to do."""
LOOK: Final = 0.05
"""Longest wait, in seconds, between two looks at the process that does a job."""
RENEWALS: Final = 3
"""Fewest renewals of a lease in the time it lasts."""
RENEW: Final = 2.0
"""Most seconds between two renewals; each also asks whether the job was cancelled."""
SEEN: Final = 15.0
"""Seconds between two signs of life of a worker that waits."""
FORGET: Final = timedelta(days=1)
PR_SET_PDEATHSIG: Final = 1
log = logging.getLogger("careshape.jobs")


class Stop:
    """Whether the worker was asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, *_: object) -> None:
        """Ask it, as a handler of signals."""
        self.asked = True

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT."""
        before = {number: signal.signal(number, self) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def work(*, drain: bool = False, stop: Stop | None = None) -> int:
    """Work until asked to stop, or with ``drain`` until there is nothing to do now; returns how many attempts it made.

    Must be called in a process without other threads, since it forks; so nothing of it may open a ledger, whose store
    starts some.
    """
    stop, name = stop or Stop(), f"{socket.gethostname()[:40]}:{os.getpid()}"
    attempts, seen, looked = 0, -SEEN, -EVERY
    while not stop.asked:
        try:
            if time.monotonic() - seen >= SEEN:
                see(name)
                seen = time.monotonic()
            if time.monotonic() - looked >= EVERY:
                look()
                looked = time.monotonic()
            holder = f"{name[:40]}:{secrets.token_hex(8)}"
            job = claim(holder)
            if job is None:
                if drain:
                    break
                _pause(POLL, stop)
                continue
            attempts += 1
            attend(job, holder, stop)
        except (OperationalError, InterfaceError) as error:
            log.warning("the database cannot be asked (%s); trying again", type(error).__name__)
            connections.close_all()
            _pause(POLL, stop)
    return attempts


def see(name: str) -> None:
    """Leave a sign of life, and forget workers that left none for long."""
    now = clock.now()
    Worker.objects.update_or_create(name=name, defaults={"seen_at": now}, create_defaults={
        "seen_at": now, "started_at": now,
    })  # fmt: skip
    Worker.objects.filter(seen_at__lt=now - FORGET).delete()


def attend(job: Job, holder: str, stop: Stop) -> None:
    """Have a job done by a process of its own, and renew its lease for as long as that lives."""
    scratch = tempfile.mkdtemp(prefix="careshape-job-")
    process = _start(job, holder, scratch)
    why, over = "", False
    try:
        why = _watch(job, holder, process, stop)
        over = not why
    finally:
        if not over:  # else its number may be another process's by now
            _end_process(process)
        # What a killed attempt left behind may be records of people.
        shutil.rmtree(scratch, ignore_errors=True)
    with contextlib.suppress(LeaseLost):
        _settle(job, holder, stop, why or "It was ended by a fault of the machine or of careshape.")


def _settle(job: Job, holder: str, stop: Stop, fault: str) -> None:
    """Write how an attempt ended, if the process did not do so itself."""
    now = Job.objects.get(pk=job.pk)
    if now.lease != holder:
        return
    if now.cancel_asked_at:
        end(job, holder, State.CANCELLED)
    elif stop.asked:
        released(job, holder)
    else:
        failed(job, holder, fault)


def _start(job: Job, holder: str, scratch: str) -> int:
    """Fork the process that does a job."""
    connections.close_all()  # a connection is one process's
    worker = os.getpid()
    process = os.fork()
    if process:
        return process
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != worker:  # the worker was killed before the line above
            os._exit(1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the keyboard is the worker's to answer
        tempfile.tempdir = os.environ["TMPDIR"] = scratch
        run(job, holder)
        connections.close_all()
        os._exit(0)
    except BaseException:
        log.exception("job %s (%s) ended in a fault", job.pk, job.kind)
        os._exit(1)


def _watch(job: Job, holder: str, process: int, stop: Stop) -> str:
    """Renew the lease until the process has ended or must be; returns why it must."""
    kind = kind_for(job)
    began = renewed = time.monotonic()
    wait = 0.002
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        time.sleep(wait)
        wait = min(wait * 1.5, LOOK)
        now = time.monotonic()
        if stop.asked:
            return "The worker was stopped."
        if now - began > kind.limit:
            return f"It took longer than the {kind.limit:g} seconds it may take."
        if now - renewed >= min(kind.lease / RENEWALS, RENEW):
            renewed = now
            try:
                if renew(job, holder).cancel_asked_at:
                    return "It was cancelled."
            except LeaseLost:
                return "Another worker took it over."
            except (OperationalError, InterfaceError):
                connections.close_all()  # the lease lasts for two more tries
    return ""


def _end_process(process: int) -> None:
    """End a process of ours that nobody has waited for yet."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _pause(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while not stop.asked and time.monotonic() < until:
        time.sleep(min(0.1, seconds))
