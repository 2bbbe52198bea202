"""Kinds of work for tests: what they did stands in files, which tell how often they were begun and ended."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from careshape.audit.change import SYSTEM, change
from careshape.errors import InputError
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.models import Worker
from careshape.jobs.work import Work

ACT = "accounts.invite"
"""An act that an administrator may do and an auditor may not."""


@kind("tests.note", act=ACT, title="Note")
def note(work: Work) -> dict[str, Any]:
    work.progress(1, 2, "half way")
    return {"noted": work.arguments["text"]}


@kind("tests.message", act=ACT, title="Message", lane=Lane.QUICK)
def message(work: Work) -> dict[str, Any]:
    return {}


@kind("tests.refuse", act=ACT, title="Refuse")
def refuse(work: Work) -> dict[str, Any]:
    raise InputError("The file has no header. Add one, and try again.")


@kind("tests.break", act=ACT, title="Break", attempts=3, first_wait=0)
def break_down(work: Work) -> dict[str, Any]:
    raise ZeroDivisionError("canary of a person")


@kind("tests.crash", act=ACT, title="Crash", attempts=2, first_wait=0)
def crash(work: Work) -> dict[str, Any]:
    os._exit(9)


@kind("tests.sleep", act=ACT, title="Sleep", attempts=50, lease=2, first_wait=0)
def sleep(work: Work) -> dict[str, Any]:
    """Add a line to a file, sleep, and end; what is killed in between is begun again."""
    with Path(work.arguments["file"]).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(work.arguments.get("seconds", 0))
    return {}


@kind("tests.slow", act=ACT, title="Slow", attempts=2, lease=1, limit=0.3, first_wait=0)
def slow(work: Work) -> dict[str, Any]:
    time.sleep(60)
    return {}


@kind("tests.write", act=ACT, title="Write", attempts=50, lease=1, first_wait=0)
def write(work: Work) -> None:
    """Write several rows and the end of the job in one change."""
    with change(SYSTEM, ACT, chain=work.council) as told:
        for row in range(work.arguments["rows"]):
            Worker.objects.create(
                name=f"{work.job.pk}-{row}", started_at=work.job.created_at, seen_at=work.job.created_at
            )
        work.finish(told, {"rows": work.arguments["rows"]})


@kind("tests.write_apart", act=ACT, title="Write apart", attempts=50, lease=1, first_wait=0)
def write_apart(work: Work) -> dict[str, Any]:
    """Break the contract: write row by row, and fail where a row is there already, rather than complete it."""
    for row in range(work.arguments["rows"]):
        Worker.objects.create(name=f"{work.job.pk}-{row}", started_at=work.job.created_at, seen_at=work.job.created_at)
    return {}
