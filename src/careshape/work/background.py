"""Checking and posting as background work, for files that take long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone

from careshape.jobs.kinds import kind
from careshape.jobs.work import Work
from careshape.policy import Principal
from careshape.work.bring import CHECK, check
from careshape.work.intake.readers import SECONDS, Say
from careshape.work.models import BUSY, Import
from careshape.work.reversing import REVERSE, reverse
from careshape.work.settle import POST, write

WORK: Final[dict[str, Callable[[Principal, int, Say], Import]]] = {CHECK: check, POST: write}
"""What each kind of work does with an import."""
STEPS: Final = 5
"""Stages that a file goes through, about."""


@kind(CHECK, act="work.import", title="Check a file of records", limit=SECONDS + 60)
def check_file(work: Work) -> dict[str, Any]:
    """Check a file."""
    return _done(work, CHECK)


@kind(POST, act="work.import", title="Post a file of records", limit=SECONDS + 60)
def post_file(work: Work) -> dict[str, Any]:
    """Post a file."""
    return _done(work, POST)


@kind(REVERSE, act=REVERSE, title="Withdraw a posting", limit=SECONDS)
def withdraw(work: Work) -> dict[str, Any]:
    """Withdraw a posting."""
    return reverse(work)


def _done(work: Work, name: str) -> dict[str, Any]:
    pk = int(work.arguments["import"])
    stages = 0

    def say(stage: str) -> None:
        nonlocal stages
        stages = min(stages + 1, STEPS - 1)
        work.progress(stages, STEPS, stage)
        Import.objects.filter(pk=pk, state__in=BUSY).update(stage=stage[:200], told_at=timezone.now())

    found = WORK[name](work.principal(), pk, say)
    return {"import": found.pk, "state": found.state}
