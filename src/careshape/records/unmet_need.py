"""What was asked for and not met as it was asked: whole months of it, without anything by which a person is known.

It is derived from the requests for care and written beside the ledger, as one file that is written anew as a whole. A
row is one time that a need was not met; its person is a number within the file, which no other file has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from careshape.catalogue import UNKNOWN, catalogue
from careshape.errors import CareshapeError, InputError

FILE: Final = "unmet-need.json"
"""Its name in the folder of a council."""
LISTS: Final = {
    "unmet": "unmet", "service": "service", "client_group": "client_group", "district": "district", "zone": "zone",
}  # fmt: skip
"""What a row says of a need, each with the list of the catalogue that its ids come from."""
_FORMAT: Final = 1
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


class Row(NamedTuple):
    """One time that a need was not met as it was asked for; the ids are those of the catalogue."""

    month: str
    """The month in which it was not met: 2026-03."""
    unmet: str
    service: str
    client_group: str
    district: str
    zone: str
    person: int
    """Whose need, by a number within the file; from 1."""


@dataclass(frozen=True)
class UnmetNeed:
    """All that is told of a council: the first and the last month that it covers, whole, and its rows."""

    first: str
    last: str
    rows: tuple[Row, ...]


def read_unmet_need(folder: Path) -> UnmetNeed | None:
    """What is told in the folder of a council; None where nothing is. Raises InputError for a file that is none."""
    try:
        text = (folder / FILE).read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        raw = json.loads(text)
        if raw["format"] != _FORMAT:
            raise ValueError(f"its format is {raw['format']}, and this version reads {_FORMAT}")
        found = UnmetNeed(raw["first"], raw["last"], tuple(Row(*one) for one in raw["rows"]))
        _check(found)
    except (KeyError, TypeError, ValueError, CareshapeError) as error:
        raise InputError(
            f"{FILE} cannot be read: {error}. It is derived from the requests for care: take it away, and it is "
            "written anew overnight."
        ) from None
    return found


def _check(told: UnmetNeed) -> None:
    """Raises ValueError for a month or a person that is none, CallError for an id that the catalogue does not hold."""
    for month in (told.first, told.last, *(one.month for one in told.rows)):
        if not _MONTH.fullmatch(month):
            raise ValueError(f"'{month}' is no month")
        if not told.first <= month <= told.last:
            raise ValueError(f"{month} is none of the months from {told.first} to {told.last}")
    for name, listing in LISTS.items():
        for one in {getattr(row, name) for row in told.rows}:
            catalogue().entry(listing, one)
    if any(not isinstance(one.person, int) or one.person < 1 for one in told.rows):
        raise ValueError("a person is a whole number from 1")


def as_text(first: str, last: str, rows: Iterable[Row]) -> str:
    """The file: the same for the same needs, whoever they are of, in whichever order they come.

    Persons are numbered by what is told of them, so that a number says nothing else.
    """
    of: dict[int, list[tuple[str, ...]]] = {}
    for row in rows:
        of.setdefault(row.person, []).append(row[:-1])
    told = sorted(sorted(each) for each in of.values())
    lines = sorted([*row, number] for number, each in enumerate(told, 1) for row in each)
    head = f'{{"format": {_FORMAT}, "first": {json.dumps(first)}, "last": {json.dumps(last)}, "rows": ['
    return head + ",".join(f"\n{json.dumps(line)}" for line in lines) + "\n]}\n"


def known(listing: str, entry: str) -> str:
    """The id of an entry, or that it is not known, where the list has none of this id."""
    return entry if entry in catalogue().lists[listing].by_id else UNKNOWN
