"""Settle a file that was checked: post it to the ledger in one commit, or discard it."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from careshape.audit.postings import tell_postings
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.posting import in_force
from careshape.policy import Principal
from careshape.work import keep
from careshape.work.bring import CHECK, cut_off, end, start, taken, task_of, turn
from careshape.work.intake import readers
from careshape.work.models import BUSY, Import

POST: Final = "work.post"
"""Kind of the background work that posts a file."""
REOPENED: Final = ("checked", "failed", "discarded")
"""States in which an import may be said to be while a post of it, taken to be cut off, still comes to its end."""
_WORKED_ON: Final = "{name} is being worked on. Wait until that has ended."


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
    changed = turn(principal, found, "posting", posted_by_id=principal.account)
    return start(principal, found, POST) if changed else found


def write(principal: Principal, pk: int, say: readers.Say) -> Import:
    """Write a file to the ledger. Killed at any moment, the ledger is as before or as after, and this completes it."""
    found = taken(principal, pk, ("posting",), "posting")
    if found is None:
        return Import.objects.get(pk=pk)
    answer = readers.read(task_of(found, dry_run=False), say)
    number = _number(found, answer.report["checksum"]) if answer.report is not None else None
    if answer.report is not None and number is not None:
        tell_postings(_ledger(found), principal, posted=(number,), brought=found.pk, file=found.checksum)
        # What the ledger holds is posted, whatever was said of the import meanwhile.
        end(principal, found, "posted", among=REOPENED, report=answer.report, posting=number)
        keep.remove_file(principal.council, found.folder, found.file_name)
    elif answer.problem and not answer.ended:
        end(principal, found, "checked", problem=answer.problem)
    else:
        why = answer.fault or "it took too long, or too much memory"
        end(principal, found, "failed", problem=f"The file could not be posted ({why}). Try again.")
    return found


def discard(principal: Principal, found: Import) -> Import:
    """Discard a file that was not posted. Raises CallError where something is being done with it.

    A post that was cut off is not discarded: the ledger may hold the file already, so it is tried again first.
    """
    if found.settled:
        return found
    if found.state == "posting" and cut_off(found):
        raise CallError(f"{found.file_name} had begun to be posted. Try again, which completes it or says why not.")
    if found.state in BUSY and not cut_off(found):
        raise CallError(_WORKED_ON.format(name=found.file_name))
    if turn(principal, found, "discarded"):
        keep.remove(principal.council, found.folder)
    elif not found.settled:
        raise CallError(_WORKED_ON.format(name=found.file_name))
    return found


def again(principal: Principal, found: Import) -> Import:
    """Begin again what was cut off or failed: checking, or posting where that had begun."""
    if not cut_off(found):
        return found
    posting = found.posted_by_id is not None
    changed = turn(principal, found, "posting" if posting else "waiting", step="again", problem="")
    return start(principal, found, POST if posting else CHECK) if changed else found


def _number(found: Import, checksum: str) -> int | None:
    """The posting of the file: made now, or before by a run that was cut off after its commit."""
    return next((one.number for one in in_force(_ledger(found).postings()) if one.checksum == checksum), None)


def _ledger(found: Import) -> Ledger:
    return Home(settings.CARESHAPE_DIR).ledger(found.council.slug)
