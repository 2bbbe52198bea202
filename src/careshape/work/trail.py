"""A figure followed back: to the measures it rests on, the postings that moved it, and the event of each import."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from careshape.accounts.models import Account
from careshape.accounts.times import moment
from careshape.audit.models import Event
from careshape.audit.postings import IMPORT, object_of, report_file
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.dimensions import DIMENSIONS
from careshape.evaluate.measure.frames import LedgerLike
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.statement.calls import Call, Place
from careshape.statement.council import Council
from careshape.statement.expressions import parse
from careshape.statement.figures import Figure
from careshape.work.asking import Question, known_after
from careshape.work.tables import Step, steps_of


@dataclass(frozen=True)
class Way:
    """The way of one measure of a figure, through the postings."""

    title: str
    measure: str
    asked: tuple[tuple[str, str], ...]
    """Dimension and id of each filter, and the period."""
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Told:
    """What the audit log tells of a posting."""

    number: int
    when: str
    who: str
    role: str
    checksum: str
    """SHA-256 of the file; empty where nobody told it, as of a posting that was found."""
    digest: str
    report: str
    """Whether the report that is kept is the one of then."""


def ways(council: Council, figure: Figure) -> list[Way]:
    """The measures that a figure rests on, each with its postings; none for one that is quoted from a document."""
    found = {}
    for call in parse(figure.expression, Place("figure", 1)).calls():
        if call.first in measures():
            asked = _question(call)
            found[(asked.measure, tuple(asked.where.items()), asked.period)] = asked
    return [_way(council, asked) for asked in found.values()]


def _question(call: Call) -> Question:
    text = {name: "|".join(value) if isinstance(value, tuple) else str(value) for name, value in call.options.items()}
    where = {name: value for name, value in text.items() if name in DIMENSIONS}
    return Question(call.first, (), where, text.get("period", ""))


def _way(council: Council, asked: Question) -> Way:
    entry = measures()[asked.measure]
    steps = steps_of(known_after(council, asked), entry.unit)
    period = (("period", asked.period),) if asked.period else ()
    return Way(entry.label, entry.id, (*asked.where.items(), *period), steps)


def told_of(principal: Principal, ledger: LedgerLike, folder: Path, number: int) -> list[Told]:
    """What the audit log tells of a posting, as far as the principal may read it."""
    events = Event.objects.reached(principal, "audit.read").filter(
        chain=ledger.authority, act=IMPORT, object=object_of(number)
    )
    rows = list(events.order_by("number"))
    names = dict(Account.objects.filter(pk__in=[one.account for one in rows if one.account]).values_list("pk", "name"))
    return [_told(principal, one, names, folder, number) for one in rows]


def _told(principal: Principal, event: Event, names: dict[int, str], folder: Path, number: int) -> Told:
    """As much of an event as the principal sees."""
    said: dict[str, Any] = json.loads(event.detail)
    who = names.get(event.account or 0) or f"The {said.get('by') or 'installation itself'}"
    values = {
        "number": event.number, "at": moment(datetime.fromisoformat(event.at)), "who": who, "role": event.role,
        "detail": said, "digest": event.digest,
    }  # fmt: skip
    shown = seen(principal, "audit.read", "event", values)
    more = shown.get("detail")
    return Told(
        shown["number"], shown["at"], shown.get("who", ""), shown["role"], more.get("file", "") if more else "",
        shown.get("digest", ""), _report(folder, number, more.get("report", "")) if more else "",
    )  # fmt: skip


def _report(folder: Path, number: int, digest: str) -> str:
    """Whether the report that lies in the folder is the one of which the event holds the digest."""
    file = report_file(folder, number)
    if not file.exists():
        return "It is not kept any more."
    same = hashlib.sha256(file.read_bytes()).hexdigest() == digest
    return "As it was when the file was posted." if same else "It is NOT the one of the day of the posting."
