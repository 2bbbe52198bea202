"""Hand the lines of packages over to the council's records: in batches, each a file that counts once."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.audit.postings import tell_postings
from careshape.home import Home
from careshape.jobs.enqueue import enqueue
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.source.models import Handover

HAND_OVER: Final = "source.hand_over"
"""The act, and the kind of background work."""


def waiting(council: str) -> bool:
    """Whether something of a council is not in the records yet."""
    return Handover.objects.filter(council=council, posting__isnull=True, problem="").exists()


def hand_over(council: str) -> int:
    """Hand over everything of a council that waits; how many rows went into the records.

    Rows are gathered into a batch first, under a number that stays theirs. The batch's file has that number in its name
    and the same bytes however often it is written, so that the records take it once, whoever was killed in between.
    """
    done = 0
    while batch := _batch(council):
        number, rows = batch
        posting, refused = _post(council, number, rows)
        _settle(council, number, rows, posting, refused)
        done += len(rows)
    return done


def soon(council: str) -> None:
    """Have what waits handed over in the background, as soon as the caller's transaction has ended."""
    number = Handover.objects.filter(council=council).aggregate(last=Max("pk"))["last"]
    enqueue(SYSTEM, HAND_OVER, {}, key=f"{HAND_OVER} {number}", council=council)


def _batch(council: str) -> tuple[int, list[Handover]] | None:
    """The oldest batch that waits, or a new one of all rows that have none; None where nothing waits."""
    with transaction.atomic():
        Council.objects.select_for_update().get(slug=council)
        rows = Handover.objects.filter(council=council, posting__isnull=True, problem="").order_by("pk")
        number = rows.filter(batch__isnull=False).aggregate(first=Max("batch"))["first"]
        if number is None:
            if not rows.exists():
                return None
            number = (Handover.objects.filter(council=council).aggregate(last=Max("batch"))["last"] or 0) + 1
            rows.filter(batch__isnull=True).update(batch=number)
        return number, list(rows.filter(batch=number))


def _post(council: str, number: int, rows: Sequence[Handover]) -> tuple[int, dict[int, str]]:
    """Post the file of a batch: the number of the posting that holds it, and why it holds some rows not, by key.

    A line that changed again before it was handed over goes as it stood last.
    """
    last = {one.line_id: one for one in rows}
    name = f"packages {number:06}.csv"
    ledger = Ledger.open(Home(settings.CARESHAPE_DIR).council_path(council))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        lines = [json.loads(one.row) for one in last.values()]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
        report = import_file(ledger, path, "packages")
    posting = next(one.number for one in reversed(ledger.postings()) if one.source == name)
    tell_postings(ledger, SYSTEM, [posting], batch=number)
    by_line = dict(enumerate(last.values(), 2))  # the first line of the file is its header
    return posting, {by_line[one.line].pk: one.message for one in report.findings if one.outcome == "refuse"}


def _settle(council: str, number: int, rows: Sequence[Handover], posting: int, refused: Mapping[int, str]) -> None:
    """Write down where the rows are now, and empty them: what they held of a person is in the records alone."""
    with change(SYSTEM, HAND_OVER, chain=council) as told:
        taken = [one.pk for one in rows if one.pk not in refused]
        Handover.objects.filter(pk__in=taken).update(posting=posting, row="")
        for pk, why in refused.items():
            Handover.objects.filter(pk=pk).update(problem=why[:500])
        told(f"source.batch:{number}", rows=len(taken), posting=posting, refused=len(refused))
