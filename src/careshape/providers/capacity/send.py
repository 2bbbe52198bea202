"""Keep what a location returns of its capacity: once, however often it is sent, and the newest counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.checks import Register, check
from careshape.market.capacity.fields import Kind, capacity
from careshape.market.capacity.lines import Line
from careshape.market.capacity.lines import Return as Given
from careshape.market.faults import TOLD, Fault
from careshape.policy import Principal
from careshape.providers.models.capacity import Brought, Newest, Return, ReturnLine
from careshape.providers.models.provider import Location

ACT: Final = "providers.send_capacity"
OWN_ID: Final = "L"
"""What the id begins with of a location that the regulator does not know, followed by its key."""


class FaultyReturnError(CallError):
    """What is wrong with the figures of a return, each in a sentence."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(dict.fromkeys(one.message for one in faults)))


def id_of(location: Location) -> str:
    """The id by which returns name a location: the regulator's, or one of our own."""
    return location.regulator_id or f"{OWN_ID}{location.pk}"


def register_of(locations: Iterable[Location]) -> Register:
    """What the register knows of locations, as returns are checked against it."""
    given = list(locations)
    beds = {id_of(one): one.registered_beds for one in given if one.closed_on is None}
    return Register(beds, {id_of(one): one.closed_on for one in given if one.closed_on is not None})


def send(
    principal: Principal, location: Location, kind: Kind, lines: Iterable[Line], *, way: str,
    read_at: datetime | None = None,
) -> Return:  # fmt: skip
    """Take the return of one location, of one kind and one day.

    Args:
        principal: of its provider, or of the council for it.
        lines: whose location is ``id_of`` it.
        way: form, file or api.
        read_at: when who sends it last read what was promised of it: what was promised later is not among its figures.

    Returns the return; where the newest one says the same already, that. Raises FaultyReturnError for figures that
    contradict each other, the register or the calendar, and CallError for a return without a line.
    """
    given = tuple(lines)
    if not given:
        raise CallError("A return has at least one line. Where nothing is there any more, send it with noughts.")
    found = check(Given("", given, ()), uk_day(timezone.now()), register_of([location]))
    if faults := [one for one in found.faults if one.outcome != TOLD]:
        raise FaultyReturnError(faults)
    with change(principal, ACT) as told:
        return keep(told, location, kind, found.lines, way=way, read_at=read_at)


def keep(
    told: Told, location: Location, kind: Kind, lines: Sequence[Line], *, way: str, read_at: datetime | None = None,
    file: Brought | None = None,
) -> Return:  # fmt: skip
    """Write the checked lines of one location, kind and day, within the caller's change."""
    newest = _held(location, kind)
    day, figures = lines[0].day, [_row(one) for one in lines]
    digest = hashlib.sha256(json.dumps([day.isoformat(), sorted(figures, key=_part)]).encode()).hexdigest()
    if newest.given is not None and newest.given.digest == digest:
        told(newest.given, again=True)
        return newest.given
    now = timezone.now()
    row = Return.objects.create(
        location=location, kind=kind, day=day, as_at=_as_at(day, read_at, now), sent_at=now, way=way, file=file,
        by_id=told.principal.account, digest=digest,
    )  # fmt: skip
    ReturnLine.objects.bulk_create(
        ReturnLine(of=row, part=one["part"], band=one["band"], figures=one["figures"], closed_reason=one["reason"])
        for one in figures
    )
    if newest.given is None or newest.given.day <= day:
        newest.given = row
        newest.save(update_fields=["given"])
    told(row, kind=kind, day=day.isoformat(), lines=len(lines), way=way)
    return row


def _held(location: Location, kind: Kind) -> Newest:
    """The row of what counts of a location, locked; made where it is the first."""
    Newest.objects.bulk_create([Newest(location=location, kind=kind)], ignore_conflicts=True)
    found: Newest = Newest.objects.select_for_update().get(location=location, kind=kind)
    return found


def _as_at(day: date, read_at: datetime | None, now: datetime) -> datetime:
    """The moment from which promises are not among the figures: of an earlier day its beginning, since nobody can tell
    what of that day they hold.
    """
    if day != uk_day(now):
        return timezone.make_aware(datetime.combine(day, time.min))
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return min(now, max(begins, read_at or now))


def _row(line: Line) -> dict[str, Any]:
    part, band = line.part if len(line.part) > 1 else (line.part[0], "")
    return {"part": part, "band": band, "figures": figures_kept(line), "reason": line.closed_reason}


def _part(row: dict[str, Any]) -> tuple[str, str]:
    return row["part"], row["band"]


def figures_kept(line: Line) -> dict[str, int]:
    """Figures as they are kept: hours in hundredths, all else as it is."""
    in_hours = {one.id for one in capacity().of_kind(line.kind) if one.unit == "hours"}
    return {name: int(value * 100) if name in in_hours else int(value) for name, value in sorted(line.figures.items())}
