"""The worker: takes one job after another in each lane, has each done by a process of its own, and looks for what is
due.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connections

from careshape.jobs import clock
from careshape.jobs.attempt import Attempt
from careshape.jobs.kinds import Lane
from careshape.jobs.lease import claim
from careshape.jobs.models import Worker
from careshape.jobs.watch import EVERY, look

POLL: Final = 1.0
"""Seconds between two looks where there is nothing to do."""
SHORTEST: Final = 0.002
LOOK: Final = 0.05
"""Longest wait, in seconds, between two looks at the processes that do jobs."""
IDLE: Final = 0.1
"""Longest wait, in seconds, where no job is done: how soon a worker that is asked to stop does."""
SEEN: Final = 15.0
"""Seconds between two signs of life of a worker that waits."""
FORGET: Final = timedelta(days=1)
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

    One job of each lane is done at a time. Must be called in a process without other threads, since it forks; so
    nothing of it may open a ledger, whose store starts some.
    """
    stop, name = stop or Stop(), f"{socket.gethostname()[:40]}:{os.getpid()}"
    attempts, seen, looked = 0, -SEEN, -EVERY
    under_way: dict[Lane, Attempt] = {}
    try:
        while not stop.asked:
            try:
                if time.monotonic() - seen >= SEEN:
                    see(name)
                    seen = time.monotonic()
                if time.monotonic() - looked >= EVERY:
                    look()
                    looked = time.monotonic()
                begun = _begin(under_way, name)
                attempts += begun
                if drain and not under_way:
                    break
                _attend(under_way, stop, POLL)
            except (OperationalError, InterfaceError) as error:
                log.warning("the database cannot be asked (%s); trying again", type(error).__name__)
                connections.close_all()
                _pause(POLL, stop)
    finally:
        for one in under_way.values():
            one.stop(stop.asked)
    return attempts


def _begin(under_way: dict[Lane, Attempt], name: str) -> int:
    """Begin a job in each lane in which none is under way; how many were begun."""
    begun = 0
    for lane in Lane:
        if lane in under_way:
            continue
        holder = f"{name[:40]}:{secrets.token_hex(8)}"
        job = claim(holder, lane)
        if job is not None:
            under_way[lane] = Attempt(job, holder)
            begun += 1
    return begun


def _attend(under_way: dict[Lane, Attempt], stop: Stop, seconds: float) -> None:
    """Keep the leases of what is under way, until an attempt has ended or it is time to look for more."""
    until, wait = time.monotonic() + seconds, SHORTEST
    while not stop.asked and time.monotonic() < until:
        ended = [lane for lane, one in under_way.items() if one.over()]
        for lane in ended:
            under_way.pop(lane).settle()
        if ended:
            return
        time.sleep(wait)
        wait = min(wait * 1.5, LOOK if under_way else IDLE)


def see(name: str) -> None:
    """Leave a sign of life, and forget workers that left none for long."""
    now = clock.now()
    Worker.objects.update_or_create(name=name, defaults={"seen_at": now}, create_defaults={
        "seen_at": now, "started_at": now,
    })  # fmt: skip
    Worker.objects.filter(seen_at__lt=now - FORGET).delete()


def _pause(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while not stop.asked and time.monotonic() < until:
        time.sleep(min(0.1, seconds))
