"""The records with what is still on its way into them: a figure that is asked for after an award has the award.

No lock is waited for: what waits is read first, then laid over the records as the rows that it would add. What was
posted in between adds nothing a second time, since it is known by then.
"""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.ledger import Ledger
from careshape.source.packages.handover import box_of, draft
from careshape.statement.council import Council
from careshape.statement.state import Pinned, pin

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class _Laid:
    """A context over the records and what waits, and the folder that holds the file it reads."""

    stamp: Stamp
    context: Context
    folder: Any


_kept: dict[Path, list[_Laid]] = {}
_lock = threading.Lock()
KEEP = 2
"""Contexts kept for each council: one may still be read while the next is made."""


def context_with_waiting(council: Council) -> tuple[Context | None, int]:
    """What measures are asked of, with what waits laid over it; and how many lines wait."""
    rows = box_of(council.slug)
    if not rows or council.sources.context is None:
        return council.sources.context, 0
    stamp = (council.ledger.posting_on(), *(one.pk for one in rows))
    with _lock:
        known = next((one for one in _kept.get(council.ledger.path, []) if one.stamp == stamp), None)
    if known is not None:
        return known.context, len(rows)
    folder = tempfile.TemporaryDirectory(prefix="careshape-waiting-")
    file = Path(folder.name) / "waiting.parquet"
    while True:
        number = draft(council.slug, rows, file)
        pinned = _pinned(council)
        if pinned.posting_on() == number - 1:
            break
    taken = replace(pinned.taken, files=(*pinned.taken.files, str(file)), latest=number, known=number)
    laid = replace(pinned, taken=taken)
    made = _Laid(stamp, open_context(_Over(laid, number)), folder)
    with _lock:
        _kept[council.ledger.path] = [made, *_kept.get(council.ledger.path, [])][:KEEP]
    return made.context, len(rows)


def _pinned(council: Council) -> Pinned:
    return pin(Ledger.open(council.ledger.path))


@dataclass(frozen=True)
class _Over:
    """A pinned ledger as a posting that is yet to come would leave it."""

    pinned: Pinned
    number: int

    @property
    def authority(self) -> str:
        """Id of the council in the catalogue."""
        return self.pinned.authority

    def files(self) -> list[str]:
        """Every file, with the one that waits."""
        return self.pinned.files()

    def posting_on(self, moment: Any = None) -> int:
        """The posting to come for now; else that of the records."""
        return self.number if moment is None else self.pinned.posting_on(moment)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pinned, name)
