"""Postings of a ledger, told to the log of their council.

A ledger is no table of the database, so a posting and its event are not one transaction. The ledger itself is the list
of what is still to be told: whoever posts tells at once, and what a killed process left untold is told by the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from careshape.audit.chain import canonical
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.audit.write import locked, write
from careshape.ledger import Ledger
from careshape.ledger.posting import Posting
from careshape.policy import Principal

IMPORT: Final = "ledger.import"
"""The act of posting a file."""
BUILT: Final = "built"
"""What an event says of a posting that came with the building of a demonstration."""
SAID: Final = 3
"""How much of what does not fit is said in words."""


def object_of(number: int) -> str:
    """What an event calls a posting."""
    return f"ledger.posting:{number}"


def untold(ledger: Ledger) -> list[Posting]:
    """The postings of which the log does not tell yet, oldest first."""
    told = {name for name, _ in _told(ledger)}
    return [one for one in ledger.postings() if object_of(one.number) not in told]


def tell_postings(
    ledger: Ledger, principal: Principal = SYSTEM, posted: Collection[int] = (), **detail: Any
) -> list[Posting]:
    """Tell of every posting that is not told of yet; returns them.

    posted: numbers of those that the principal has just posted; ``detail`` says more of them. The others are told as
    found in the ledger: whoever posted them did not come to tell, and when that was, the posting says.
    """
    if not untold(ledger):
        return []
    with transaction.atomic():
        locked(ledger.authority)  # so that no second process tells of the same posting
        new = untold(ledger)
        own = [one for one in new if one.number in posted]
        found = [one for one in new if one.number not in posted]
        if found:
            write(ledger.authority, Event.of(SYSTEM), [_event(ledger, one, {"found": True}) for one in found])
        if own:
            write(ledger.authority, Event.of(principal), [_event(ledger, one, detail) for one in own])
    return new


def tell_built(ledger: Ledger, **detail: Any) -> None:
    """Tell of every posting of a demonstration's ledger that has just been built, in place of one there was."""
    with transaction.atomic():
        locked(ledger.authority)
        rows = [_event(ledger, one, {BUILT: True, **detail}) for one in ledger.postings()]
        if rows:
            write(ledger.authority, Event.of(SYSTEM), rows)


def borne_out(ledger: Ledger) -> str:
    """Whether the log and the ledger tell the same of each other, as a sentence that follows the log's verdict."""
    found, held = list(astray(ledger)), len(ledger.postings())
    if not found:
        every = {0: "has no posting", 1: "has 1 posting, of which the log tells"}
        return f"The ledger {every.get(held, f'has {held:,} postings, and the log tells of every one')}."
    more = f" So it is with {len(found) - SAID:,} more." if len(found) > SAID else ""
    return " ".join(found[:SAID]) + more


def astray(ledger: Ledger) -> Iterator[str]:
    """What the log tells of the ledger and the ledger does not bear out, in words."""
    there = {object_of(one.number): one for one in ledger.postings()}
    for name, said in _told(ledger):
        posting = there.get(name)
        if posting is None:
            yield f"The log tells of {name}, and the ledger has no such posting."
        elif posting.checksum != said.get("checksum") or posting.rows != said.get("rows"):
            yield f"The log tells of {name} with another file or another number of rows than the ledger holds."
    for one in untold(ledger):
        yield f"The ledger holds posting {one.number}, and the log does not tell who brought it."


def _told(ledger: Ledger) -> list[tuple[str, dict[str, Any]]]:
    """What the log tells of the ledger's postings, oldest first; of a demonstration, since it was last built."""
    events = Event.objects.filter(chain=ledger.authority, act=IMPORT, outcome="done").order_by("number")
    told = [(name, json.loads(detail)) for name, detail in events.values_list("object", "detail")]
    first = object_of(1)
    built = [at for at, (name, said) in enumerate(told) if name == first and said.get(BUILT)]
    return told[built[-1] :] if built and ledger.demonstration else told


def report_file(folder: Path, number: int) -> Path:
    """Where the checking report of a posting is kept, in a council's folder."""
    return folder / "reports" / f"{number:05}.json"


def _event(ledger: Ledger, posting: Posting, more: dict[str, Any]) -> dict[str, Any]:
    """The event of a posting. The name of its file is left to the posting: somebody may be named in it."""
    report = report_file(ledger.path, posting.number)
    detail = {
        "posting": posting.number,
        "recorded_at": posting.recorded_at.isoformat(),
        "checksum": posting.checksum,
        "kind": posting.kind,
        "rows": posting.rows,
        "counts": dict(posting.counts),
        "report": hashlib.sha256(report.read_bytes()).hexdigest() if report.exists() else "",
        **more,
    }
    return {"act": IMPORT, "outcome": "done", "object": object_of(posting.number), "detail": canonical(detail)}
