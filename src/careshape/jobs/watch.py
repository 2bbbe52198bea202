"""What workers look for while they work: things that are due, or that have changed, and for which jobs are started.

A room registers a function that starts the jobs it finds due. It is called every few seconds by every worker, so it
must be quick where nothing is due, and must start a job under a key that names the intention: the key is what makes
one job of the wishes of several workers. It is called in a process that forks, and so may open no ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError

Watcher = Callable[[], None]
EVERY: Final = 5.0
"""Seconds between two looks of a worker."""
_WATCHERS: dict[str, Watcher] = {}
log = logging.getLogger("careshape.jobs")


def watch(function: Watcher) -> Watcher:
    """Have workers call a function every few seconds."""
    _WATCHERS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def look() -> None:
    """Call every watcher. What one of them fails at is logged, and the others are called; a database that cannot be
    asked is the caller's to wait for.
    """
    for name, watcher in _WATCHERS.items():
        try:
            watcher()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s could not look for what is due", name)
