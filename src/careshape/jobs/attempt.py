"""One attempt at a job: a process of its own, whose lease is kept for as long as it lives.

A process of its own, because it can then be ended at any moment: when it is cancelled, when it takes longer than it
may, or when the lease was lost. Whatever ends it, the worker goes on. A worker that is itself killed takes the process
with it, and the job is taken over when its lease has run out.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import shutil
import signal
import tempfile
import time
from typing import Final

from django.db import InterfaceError, OperationalError, connections

from careshape.jobs.lease import LeaseLost, end, failed, kind_for, released, renew
from careshape.jobs.models import Job, State
from careshape.jobs.run import run

RENEWALS: Final = 3
"""Fewest renewals of a lease in the time it lasts."""
RENEW: Final = 2.0
"""Most seconds between two renewals; each also asks whether the job was cancelled."""
PR_SET_PDEATHSIG: Final = 1
log = logging.getLogger("careshape.jobs")


class Attempt:
    """A job whose lease ``holder`` has, and the process that does it."""

    def __init__(self, job: Job, holder: str) -> None:
        self.job, self.holder = job, holder
        self.scratch = tempfile.mkdtemp(prefix="careshape-job-")
        self.process = _start(job, holder, self.scratch)
        self.began = self.renewed = time.monotonic()
        self.why = ""
        """Why the process must be ended, where it must."""
        self.ended = False
        """Whether the process has ended and was waited for: its number may be another's by now."""

    def over(self) -> bool:
        """Whether the process has ended or must be; moves the lease on where it is time to."""
        if self.ended:  # and not settled yet, for the database was away: it must not be waited for again
            return True
        if os.waitpid(self.process, os.WNOHANG) != (0, 0):
            self.ended = True
            return True
        kind, now = kind_for(self.job), time.monotonic()
        if now - self.began > kind.limit:
            self.why = f"It took longer than the {kind.limit:g} seconds it may take."
        elif now - self.renewed >= min(kind.lease / RENEWALS, RENEW):
            self.renewed = now
            self.why = self._renewed()
        return bool(self.why)

    def _renewed(self) -> str:
        """Move the lease on; why the process must end, where it must."""
        try:
            return "It was cancelled." if renew(self.job, self.holder).cancel_asked_at else ""
        except LeaseLost:
            return "Another worker took it over."
        except (OperationalError, InterfaceError):
            connections.close_all()  # the lease lasts for two more tries
            return ""

    def settle(self) -> None:
        """Clear away what is left of it, and write how it ended, if the process did not do so itself."""
        self._clear()
        with contextlib.suppress(LeaseLost):
            now = Job.objects.get(pk=self.job.pk)
            if now.lease != self.holder:
                return
            if now.cancel_asked_at:
                end(self.job, self.holder, State.CANCELLED)
            else:
                fault = self.why or "It was ended by a fault of the machine or of careshape."
                failed(self.job, self.holder, fault)

    def stop(self, asked: bool) -> None:
        """End it with its worker; where that was asked to stop, the job goes back at once, else with its lease."""
        self._clear()
        if asked:
            with contextlib.suppress(LeaseLost, OperationalError, InterfaceError):
                now = Job.objects.get(pk=self.job.pk)
                if now.lease == self.holder and now.cancel_asked_at:
                    end(self.job, self.holder, State.CANCELLED)
                elif now.lease == self.holder:
                    released(self.job, self.holder)

    def _clear(self) -> None:
        if not self.ended:
            self.ended = True
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.process, signal.SIGKILL)
                os.waitpid(self.process, 0)
        # What a killed attempt left behind may be records of people.
        shutil.rmtree(self.scratch, ignore_errors=True)


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
