"""One attempt at a job, in a process of its own."""

from __future__ import annotations

import contextlib
import logging

from django.core.exceptions import PermissionDenied

from careshape.errors import CareshapeError
from careshape.jobs.lease import LeaseLost, end, failed, kind_for
from careshape.jobs.models import Job, State
from careshape.jobs.work import TryAgainError, Work

log = logging.getLogger("careshape.jobs")


def run(job: Job, holder: str) -> None:
    """Do a job whose lease ``holder`` has, and write how it ended.

    A fault that a person can put right (``CareshapeError``), and work that its starter may not do any more, end it;
    any other fault is tried again.
    """
    kind = kind_for(job)
    work = Work(job, holder, kind.act)
    with contextlib.suppress(LeaseLost):
        try:
            if not kind.name:
                return failed(job, holder, f"This version knows no work '{job.kind}'.")
            result = kind.function(work)
            if not work.finished:
                end(job, holder, State.DONE, result=result)
        except LeaseLost:
            raise
        except (CareshapeError, PermissionDenied) as error:
            end(job, holder, State.FAILED, fault=str(error))
        except TryAgainError as error:
            failed(job, holder, str(error))
        except Exception as error:
            log.exception("job %s (%s): attempt %s failed", job.pk, job.kind, job.attempts)
            failed(job, holder, f"A fault of careshape stopped it ({type(error).__name__}). The log says more.")
    return None
