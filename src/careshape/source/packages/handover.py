"""Hand the lines of packages over to the council's records: in batches, each a file that counts once."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from careshape.accounts.models import Council
from careshape.audit.change import SYSTEM, change
from careshape.audit.postings import tell_postings
from careshape.home import Home
from careshape.jobs import clock
from careshape.jobs.enqueue import enqueue
from careshape.ledger import Ledger
from careshape.ledger.imports import draft_file, import_file
from careshape.privacy.apart import apart
from careshape.source.models import Handover

WINDOW: Final = 3
"""Seconds: what changes within them goes into the records together."""
UNKNOWN: Final = "withdrawn-unknown"
HAND_OVER: Final = "source.hand_over"
"""The act, and the kind of background work."""


def waiting(council: str) -> bool:
    """Whether something of a council is not in the records yet."""
    return Handover.objects.filter(council=council, posting__isnull=True, problem="").exists()


def not_taken(council: str) -> QuerySet[Handover]:
    """Lines of a council that the records refused as they stand now; the oldest first."""
    later = Handover.objects.filter(line=OuterRef("line"), pk__gt=OuterRef("pk"))
    return Handover.objects.filter(~Exists(later), council=council).exclude(problem="").order_by("pk")


def try_again(council: str) -> int:
    """Let the lines that were refused wait once more: a day, or what the records know, may have moved. How many."""
    with transaction.atomic():
        list(Council.objects.select_for_update().filter(slug=council))
        again = list(not_taken(council).values_list("pk", flat=True))
        return Handover.objects.filter(pk__in=again, posting__isnull=True).update(problem="", batch=None)


def hand_over(council: str) -> int:
    """Hand over everything of a council that waits; how many rows went into the records.

    Rows are gathered into a batch first, under a number that stays theirs. The batch's file has that number in its name
    and the same bytes however often it is written, so that the records take it once, whoever was killed in between.
    """
    done = 0
    while waiting(council):
        with apart(_ledger(council)):  # so that nobody is erased while a row about them is on its way
            if (batch := _batch(council)) is None:
                break
            number, rows = batch
            posting, refused = _post(council, number, rows)
            _settle(council, number, rows, posting, refused)
        done += len(rows) - len(refused)
    return done


def soon(council: str) -> None:
    """Have what waits handed over in the background, at the end of a window of a few seconds.

    Each change has work of its own, so that none is forgotten; all of a window becomes due at one moment, and the first
    takes everything that waits: a posting makes pages count anew, so there is one a window and not one a change.
    """
    number = Handover.objects.filter(council=council).aggregate(last=Max("pk"))["last"]
    at = clock.now().timestamp()
    due = datetime.fromtimestamp((at // WINDOW + 1) * WINDOW, UTC)
    enqueue(SYSTEM, HAND_OVER, {}, key=f"{HAND_OVER} {number}", council=council, run_after=due)


def _batch(council: str) -> tuple[int, list[Handover]] | None:
    """The oldest batch that waits, or a new one of all rows that have none; None where nothing waits."""
    with transaction.atomic():
        list(Council.objects.select_for_update().filter(slug=council))
        # Read at once: another worker may write down where a batch is at any moment.
        rows = list(Handover.objects.filter(council=council, posting__isnull=True, problem="").order_by("pk"))
        if not rows:
            return None
        if began := [one.batch for one in rows if one.batch is not None]:
            return min(began), [one for one in rows if one.batch == min(began)]
        number = (Handover.objects.filter(council=council).aggregate(last=Max("batch"))["last"] or 0) + 1
        Handover.objects.filter(pk__in=[one.pk for one in rows]).update(batch=number)
        return number, rows


def _post(council: str, number: int, rows: Sequence[Handover]) -> tuple[int, dict[int, str]]:
    """Post the file of a batch: the number of the posting that holds it, and why it holds some rows not, by key.

    A line that changed again before it was handed over goes as it stood last.
    """
    last = {one.line_id: one for one in rows}
    name = f"packages {number:06}.csv"
    ledger = _ledger(council)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        _write(path, last.values())
        report = import_file(ledger, path, "packages")
    # A batch that was posted before gets no number: it stands where the file of its name was recorded.
    posting = report.posting or next(one.number for one in reversed(ledger.postings()) if one.source == name)
    tell_postings(ledger, SYSTEM, [posting], batch=number)
    by_line = dict(enumerate(_lines(last.values()), 2))  # the first line of the file is its header
    refused = {}
    for one in report.findings:
        row, said = by_line.get(one.line, (None, {}))
        # What others paid of a line is taken back with it, whether or not it had come into the records.
        if row is not None and one.outcome == "refuse" and not (said.get("paid_by") and one.rule == UNKNOWN):
            refused[row.pk] = one.message
    return posting, refused


def _lines(rows: Iterable[Handover]) -> list[tuple[Handover, dict[str, str]]]:
    """The lines of the file of some rows of the box, each with its row; a row of an earlier version is one line."""
    found = []
    for one in rows:
        said = json.loads(one.row)
        found += [(one, line) for line in (said if isinstance(said, list) else [said])]
    return found


def _write(path: Path, rows: Iterable[Handover]) -> None:
    """Write rows of the box as a file of packages."""
    lines = [line for _, line in _lines(rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = dict.fromkeys(name for line in lines for name in line)  # what waits may be of an earlier version
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def box_of(council: str) -> list[Handover]:
    """What of a council is not in the records yet, each line as it stands last; read before the records are."""
    rows = Handover.objects.filter(council=council, posting__isnull=True, problem="").exclude(row="").order_by("pk")
    return list({one.line_id: one for one in rows}.values())


def draft(council: str, rows: Iterable[Handover], into: Path) -> int:
    """Write what the box would add to the records into a Parquet file; the number that its posting would have."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "packages.csv"
        _write(path, rows)
        return draft_file(_ledger(council), path, "packages", into).number


def _ledger(council: str) -> Ledger:
    return Ledger.open(Home(settings.CARESHAPE_DIR).council_path(council))


def _settle(council: str, number: int, rows: Sequence[Handover], posting: int, refused: Mapping[int, str]) -> None:
    """Write down where the rows are now, and empty them: what they held of a person is in the records alone."""
    with change(SYSTEM, HAND_OVER, chain=council) as told:
        taken = [one.pk for one in rows if one.pk not in refused]
        Handover.objects.filter(pk__in=taken).update(posting=posting, row="")
        now_in = {one.line_id for one in rows} - {one.line_id for one in rows if one.pk in refused}
        # What was refused of a line that is in the records now is of no use any more.
        Handover.objects.filter(line__in=now_in, pk__lt=rows[0].pk).exclude(problem="").update(row="")
        for pk, why in refused.items():
            Handover.objects.filter(pk=pk).update(problem=why[:500])
        told(f"source.batch:{number}", rows=len(taken), posting=posting, refused=len(refused))
