"""Take a file of returns: what is good counts, and what is not is told and kept to be put right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.checks import check
from careshape.market.capacity.fields import Kind
from careshape.market.capacity.lines import Line, Return
from careshape.market.capacity.reading import read_return
from careshape.market.faults import REFUSED, Fault
from careshape.policy import Principal
from careshape.providers.capacity.send import ACT, id_of, keep, register_of
from careshape.providers.models.capacity import Brought
from careshape.providers.models.provider import Location
from careshape.spreadsheets import as_csv

MOST: Final = 5_000
"""Rows of a file of returns: what has more is none."""
WITH_OTHERS: Final = (
    "Another row of this location is refused. A return counts as a whole, since what it does not name is taken not to "
    "be there: mend that row, and send all rows of the location again."
)


def bring(principal: Principal, path: Path, name: str, way: str = "file") -> Brought:
    """Take a file of returns of a provider's own locations.

    The return of a location is a whole: where one of its rows is refused, none of them counts, since what a return does
    not name is taken not to be there. The same file sent again has no second effect.

    Raises InputError where it is no file of returns, and CallError for who answers for no provider.
    """
    if principal.organisation is None:
        raise CallError("Returns are sent by who answers for a provider.")
    locations = list(Location.objects.reached(principal, ACT).select_related("place"))
    by_id = {id_of(one): one for one in locations}
    read = read_return(path)
    if len(read.lines) + len(read.unread) > MOST:
        raise CallError(f"{name} has more than {MOST:,} rows. Send the returns of fewer locations at a time.")
    found = _whole(read, check(read, uk_day(timezone.now()), register_of(locations)))
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    with change(principal, ACT) as told:
        made = Brought.objects.create(
            organisation=Organisation.objects.get(pk=principal.organisation), by_id=principal.account, name=name[:120],
            checksum=checksum, lines=len(found.lines), refused=len(found.refused),
            faults=json.dumps([one.as_row() for one in found.faults]), rows=_as_text(found.refused),
        )  # fmt: skip
        _keep_each(told, found.lines, by_id, made, way)
        told(made, lines=made.lines, refused=made.refused)
    return made


def _keep_each(told: Told, lines: Iterable[Line], by_id: Mapping[str, Location], made: Brought, way: str) -> None:
    parts: dict[tuple[int, Kind, date], list[Line]] = {}
    for line in lines:
        parts.setdefault((by_id[line.location].pk, line.kind, line.day), []).append(line)
    by_key = {one.pk: one for one in by_id.values()}
    # In the order of the rows that are locked, so that two files never wait for each other.
    for (location, kind, _), some in sorted(parts.items(), key=lambda item: item[0]):
        keep(told, by_key[location], kind, some, way=way, file=made)


@dataclass(frozen=True)
class Sorted:
    """The rows of a file: those that count, those that do not as they came, and what is said of each."""

    lines: tuple[Line, ...]
    refused: tuple[Mapping[str, str], ...]
    faults: tuple[Fault, ...]


def _whole(read: Return, found: Return) -> Sorted:
    """Only returns of which every row is good; the good rows of the others are refused with them."""
    good = {id(one) for one in found.lines}
    wrong = {one.row for one in found.faults if one.outcome == REFUSED}
    bad = [one for one in read.lines if id(one) not in good and one.row in wrong]
    broken = {(raw.cells["location_id"], kind) for kind, raw in read.unread} | {(one.location, one.kind) for one in bad}
    taken_with = [one for one in found.lines if (one.location, one.kind) in broken]
    faults = [
        Fault(read.file, one.row, one.named.get("location_id", ""), one.location, WITH_OTHERS) for one in taken_with
    ]
    rows = [(raw.row, raw.cells) for _, raw in read.unread] + [(one.row, one.cells) for one in (*bad, *taken_with)]
    return Sorted(
        tuple(one for one in found.lines if (one.location, one.kind) not in broken),
        tuple(cells for _, cells in sorted(rows, key=lambda item: item[0])),
        tuple(sorted([*found.faults, *faults])),
    )


def _as_text(rows: Sequence[Mapping[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return as_csv(names, rows) if rows else ""


def faults_of(made: Brought) -> list[dict[str, Any]]:
    """What is said of the rows of a file, as rows of ``market.faults.COLUMNS``."""
    found: list[dict[str, Any]] = json.loads(made.faults)
    return found
