"""Withdraw a whole posting that was made by mistake, as background work: one commit of the ledger, told to the log."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from careshape.audit.postings import tell_postings
from careshape.errors import CallError
from careshape.home import Home
from careshape.jobs.enqueue import enqueue
from careshape.jobs.models import ENDED, Job, State
from careshape.jobs.retry import retry
from careshape.jobs.work import Work
from careshape.ledger import Ledger
from careshape.ledger.reversals import Reversal, withdraw_posting, would_withdraw
from careshape.policy import Principal

REVERSE: Final = "work.reverse"
"""Kind of the background work that withdraws a posting, and the act by which it is asked for."""


def foreseen(principal: Principal, number: int) -> Reversal:
    """What withdrawing a posting of one's own council would take away. Raises CallError where it cannot be done."""
    return would_withdraw(_ledger(principal.council), number)


def begin(principal: Principal, number: int) -> Job:
    """Have a posting of one's own council withdrawn; asked for twice, it is done once.

    Raises CallError where it cannot be withdrawn, in words that say why.
    """
    job = enqueue(principal, REVERSE, {"posting": number}, key=f"withdraw posting {number}")
    if job.state in ENDED and job.state != State.DONE:
        # What is wrong with it now is said at once; else it is tried again.
        foreseen(principal, number)
        return retry(principal, job)
    return job


def reverse(work: Work) -> dict[str, Any]:
    """Withdraw the posting. Killed at any moment, the ledger is as before or as after, and this completes it."""
    number = int(work.arguments["posting"])
    principal, ledger = work.principal(), _ledger(work.council)
    work.progress(1, 3, "Reversing its rows")
    made = withdraw_posting(ledger, number)
    work.progress(2, 3, "Telling the audit log")
    tell_postings(ledger, principal, posted=(made.number,), withdraws=number)
    return {"posting": made.number, "withdrawn": number, **made.counts}


def reversed_by(principal: Principal, act: str) -> dict[int, str]:
    """Posting that withdraws another -> name of the account that asked for it, among what an act reaches."""
    done = Job.objects.reached(principal, act).filter(kind=REVERSE, state=State.DONE, started_by__isnull=False)
    found = done.values_list("result", "started_by__name")
    return {result["posting"]: name for result, name in found if "posting" in result}


def _ledger(council: str) -> Ledger:
    home = Home(settings.CARESHAPE_DIR)
    if council not in home.authorities():
        raise CallError("The council has no records yet, so there is no posting to withdraw.")
    return home.ledger(council)
