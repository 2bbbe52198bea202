"""Settle a file that was checked: post it to the ledger in one commit, or discard it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils import timezone

from careshape.audit.change import change
from careshape.audit.postings import tell_postings
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.policy import Principal
from careshape.work import keep
from careshape.work.bring import CHECK, act_of, cut_off, end, start, taken, task_of
from careshape.work.intake import readers
from careshape.work.models import BUSY, OPEN, Import

POST: Final = "work.post"
"""Kind of the background work that posts a file."""


def post(principal: Principal, found: Import) -> Import:
    """Post a file that was checked: the rows that were accepted or repaired go to the ledger, the refused do not.

    Raises CallError where it was not checked, or where none of its rows can be posted.
    """
    if found.state in ("posting", "posted"):
        return found  # asked for twice: the first one stands
    if found.state != "checked":
        raise CallError(f"{found.file_name} is not checked, so it cannot be posted. Bring it again.")
    if found.rows <= found.refused:
        raise CallError(f"Every row of {found.file_name} is refused, so there is nothing to post. Mend it first.")
    with change(principal, act_of(found.pk), lock=[found]) as told:
        changed = Import.objects.filter(pk=found.pk, state="checked").update(
            state="posting", stage="", told_at=timezone.now(), posted_by_id=principal.account
        )
        told(found, step="posting" if changed else "found changed")
    found.refresh_from_db()
    return start(principal, found, POST) if changed else found


def write(principal: Principal, pk: int, say: readers.Say) -> Import:
    """Write a file to the ledger. Killed at any moment, the ledger is as before or as after, and this completes it."""
    found = taken(principal, pk, ("posting",), "posting")
    if found is None:
        return Import.objects.get(pk=pk)
    answer = readers.read(task_of(found, dry_run=False), say)
    number = _number(found, answer.report["checksum"]) if answer.report is not None else None
    if answer.report is not None and number is not None:
        tell_postings(_ledger(found), principal, posted=(number,), brought=found.pk)
        keep.remove_file(principal.council, found.folder, found.file_name)
        return end(principal, found, "posted", report=answer.report, posting=number)
    if answer.problem and not answer.ended:
        return end(principal, found, "checked", problem=answer.problem)
    why = answer.fault or "it took too long, or too much memory"
    return end(principal, found, "failed", problem=f"The file could not be posted ({why}). Try again.")


def discard(principal: Principal, found: Import) -> Import:
    """Discard a file that was not posted. Raises CallError where something is being done with it."""
    if found.state not in OPEN:
        return found
    if found.state in BUSY and not cut_off(found):
        raise CallError(f"{found.file_name} is being worked on. Wait until that has ended.")
    found = end(principal, found, "discarded")
    keep.remove(principal.council, found.folder)
    return found


def again(principal: Principal, found: Import) -> Import:
    """Begin again what was cut off or failed: checking, or posting where that had begun."""
    if not cut_off(found):
        return found
    posting = found.posted_by_id is not None
    state = "posting" if posting else "waiting"
    with change(principal, act_of(found.pk), lock=[found]) as told:
        Import.objects.filter(pk=found.pk).update(state=state, stage="", told_at=timezone.now(), problem="")
        told(found, step="again")
    found.refresh_from_db()
    return start(principal, found, POST if posting else CHECK)


def _number(found: Import, checksum: str) -> int | None:
    """The posting of the file: made now, or before by a run that was cut off after its commit."""
    return next((one.number for one in _ledger(found).postings() if one.checksum == checksum), None)


def _ledger(found: Import) -> Ledger:
    return Home(settings.CARESHAPE_DIR).ledger(found.council.slug)
