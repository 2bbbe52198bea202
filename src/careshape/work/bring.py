"""Bring a file of records: it is kept apart, then checked, and nothing of it is in the ledger until it is posted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.errors import InputError
from careshape.home import Home
from careshape.jobs.enqueue import enqueue
from careshape.ledger.readers import READER_IDS, reader
from careshape.policy import Principal
from careshape.work import keep
from careshape.work.intake import readers
from careshape.work.intake.guard import MEGABYTE
from careshape.work.models import BUSY, OPEN, Import

AT_ONCE: Final = 4 * MEGABYTE
"""Bytes up to which a file is checked and posted while its reader waits; larger ones are background work."""
KEPT_DAYS: Final = 14
"""Days after which a file that nobody posted is removed, and the refused rows of one that was posted."""
QUIET: Final = timedelta(minutes=2)
"""After so long without a word, work on a file is taken to have been cut off."""
MOST_REFERENCES: Final = 1_000
CHECK: Final = "work.check"
"""Kind of the background work that checks a file."""


def bring(
    principal: Principal, name: str, blocks: Iterable[bytes], reader_id: str = "", purpose: str = "records"
) -> Import:
    """Keep a file and have it checked.

    Args:
        principal: who brings it; for their own council.
        name: its name as it came.
        blocks: its bytes.
        reader_id: kind of records; empty where its columns decide.
        purpose: records, or withdrawal for lines that are taken back.

    Returns the import; one of the same file that still waits is given again. Raises InputError where it is empty or
    the kind of records is none.
    """
    if reader_id and reader_id not in READER_IDS:
        raise InputError(f"There is no kind of records '{reader_id}'. Choose from {', '.join(READER_IDS)}.")
    clear_old(principal.council)
    kept = keep.keep(principal.council, name, blocks)
    act = "work.withdraw" if purpose == "withdrawal" else "work.import"
    try:
        if not kept.size:
            raise InputError(f"{kept.name} is empty. Export it again with a header line and the records.")
        with change(principal, act) as told:
            council = Council.objects.select_for_update().get(slug=principal.council)
            waiting = Import.objects.filter(council=council, checksum=kept.checksum, reader=reader_id, state__in=OPEN)
            found = waiting.first()
            if found is None:
                found = Import.objects.create(
                    council=council, account_id=principal.account, file_name=kept.name, folder=kept.folder,
                    size=kept.size, checksum=kept.checksum, reader=reader_id, purpose=purpose,
                )  # fmt: skip
                told(found, step="brought", bytes=kept.size)
            else:
                told(found, step="brought again")
    except BaseException:
        keep.remove(principal.council, kept.folder)
        raise
    if found.folder != kept.folder:
        keep.remove(principal.council, kept.folder)
        return found
    return start(principal, found, CHECK)


def withdraw(principal: Principal, references: Sequence[str], reader_id: str = "packages") -> Import:
    """Take back lines that were entered in error, by their references: a file is made of them, and checked as any.

    Raises InputError where there is no reference, or more than MOST_REFERENCES.
    """
    found = list(dict.fromkeys(one.strip() for one in references if one.strip()))
    if not found:
        raise InputError("Write the reference of at least one line.")
    if len(found) > MOST_REFERENCES:
        raise InputError(
            f"{len(found):,} references are more than {MOST_REFERENCES:,}. Import a file with the column 'withdrawn'."
        )
    columns = [column.name for column in reader(reader_id).column if column.need or column.name == "withdrawn"]
    line = reader(reader_id).by_field("line").name
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({line: one, "withdrawn": "yes"} for one in found)
    name = f"lines taken back on {timezone.localdate():%Y-%m-%d}.csv"
    return bring(principal, name, [text.getvalue().encode()], reader_id, "withdrawal")


def start(principal: Principal, found: Import, kind: str) -> Import:
    """Have a file checked or posted: at once where it is small, else in the background."""
    if found.size > AT_ONCE:
        enqueue(principal, kind, {"import": found.pk}, key=f"{kind} {found.pk} {found.state} {timezone.now():%s}")
        return found
    from careshape.work.background import WORK

    return WORK[kind](principal, found.pk, lambda stage: None)


def check(principal: Principal, pk: int, say: readers.Say) -> Import:
    """Check a file that waits: a dry run, whose report is kept with it."""
    found = taken(principal, pk, ("waiting", "checking"), "checking")
    if found is None:
        return Import.objects.get(pk=pk)
    refused = keep.path_of(principal.council, found.folder, keep.REFUSED)
    refused.unlink(missing_ok=True)
    answer = readers.read(task_of(found, dry_run=True), say)
    if answer.report is not None:
        end(principal, found, "checked", report=answer.report)
    elif answer.problem:
        if end(principal, found, "unreadable", problem=answer.problem):
            keep.remove(principal.council, found.folder)
    else:
        end(principal, found, "failed", problem=f"The file could not be checked ({answer.fault}). Try again.")
    return found


def task_of(found: Import, *, dry_run: bool) -> readers.Task:
    """What the reader of files is to do with an import."""
    slug = found.council.slug
    return readers.Task(
        keep.path_of(slug, found.folder, found.file_name),
        Home(settings.CARESHAPE_DIR).council_path(slug),
        found.reader,
        dry_run=dry_run,
        refused_to=keep.path_of(slug, found.folder, keep.REFUSED) if dry_run else None,
    )


def taken(principal: Principal, pk: int, states: Sequence[str], state: str) -> Import | None:
    """The import, put into a state; None where it is not in one of ``states`` any more."""
    with change(principal, act_of(pk)) as told:
        found = Import.objects.select_for_update(of=("self",)).select_related("council").get(pk=pk)
        wanted = found.state in states
        told(found, step=state if wanted else f"found {found.state}")
        if wanted:
            found.state, found.told_at, found.problem = state, timezone.now(), ""
            found.save(update_fields=["state", "told_at", "problem"])
    return found if wanted else None


def turn(
    principal: Principal, found: Import, state: str, *, among: Sequence[str] = (), chain: str | None = None,
    step: str = "", **fields: Any,
) -> bool:  # fmt: skip
    """Put an import into another state where it is still as ``found`` holds it; whether it was.

    Every change of state goes this way, so that of two that meet the second finds the first and changes nothing.

    Args:
        principal: who does it.
        found: the import as it was looked at.
        state: the state it is put into.
        among: states in which it may be, instead of the very one that was looked at; for who works on it.
        chain: council whose chain tells of it; the principal's by default.
        step: what the event calls it; the state by default.
        fields: what else of it changes.
    """
    still = Q(state__in=among) if among else Q(state=found.state, told_at=found.told_at)
    fields = {"stage": "", "told_at": timezone.now()} | fields
    if state not in OPEN:
        fields["ended_at"] = timezone.now()
    act = "work.import" if principal is SYSTEM else act_of(found.pk)
    with change(principal, act, lock=[found], chain=chain) as told:
        changed = Import.objects.filter(still, pk=found.pk).update(state=state, **fields)
        counts = {name: fields[name] for name in ("rows", "refused") if name in fields}
        told(found, step=(step or state) if changed else "found changed", **counts)
    found.refresh_from_db()
    return bool(changed)


def end(principal: Principal, found: Import, state: str, *, among: Sequence[str] = (), **fields: Any) -> bool:
    """Put an import into the state in which a piece of work leaves it, where the work is still its own.

    among: further states from which it is put there. Returns whether it was; ``found`` then is as the database has it.
    """
    report = fields.pop("report", None)
    if report is not None:
        fields |= {"report": json.dumps(report), "rows": report["rows"], "refused": report["refused"]}
    return turn(principal, found, state, among=(found.state, *among), **fields)


def act_of(pk: int) -> str:
    """The act by which an import is worked on."""
    purpose = Import.objects.values_list("purpose", flat=True).get(pk=pk)
    return "work.withdraw" if purpose == "withdrawal" else "work.import"


def cut_off(found: Import) -> bool:
    """Whether work on a file seems to have ended without a word, so that it may be begun again."""
    if found.state == "failed":
        return True
    since = found.told_at or found.brought_at
    return found.state in BUSY and timezone.now() - since > QUIET


def clear_old(council: str) -> int:
    """Remove the files that nobody posted in KEPT_DAYS, and old refused rows. Returns how many imports were ended."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    of_council = Import.objects.filter(council__slug=council)
    for folder in of_council.filter(~Q(state__in=OPEN), ended_at__lt=before).values_list("folder", flat=True):
        keep.remove(council, folder)
    old = of_council.filter(state__in=OPEN, brought_at__lt=before)
    # What is being worked on is left for the next time: its reader needs the file.
    quiet = [found for found in old if found.state not in BUSY or cut_off(found)]
    ended = 0
    for found in quiet:
        if turn(SYSTEM, found, "discarded", chain=council, step=f"discarded after {KEPT_DAYS} days"):
            keep.remove(council, found.folder)
            ended += 1
    return ended
