"""Registrations of care homes: a location id of the regulator, from the day it began to the day it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from careshape.errors import CallError
from careshape.market.files import RegulatorFile

ACTIVE: Final = "cqc-directory"
ENDED: Final = "cqc-deactivated"
TWICE: Final = "registered twice (counted where it is registered first)"
NO_END: Final = "ended on a day that the file does not say"
NO_HOME: Final = "not a care home"
OPEN_AGAIN: Final = "ended in one file and active in the other (counted as active)"


@dataclass(frozen=True, order=True)
class Registration:
    """One registration of a care home.

    Attributes:
        start: None where the file does not say; end: None while it is active.
        beds: on the day of the file, or of its end; None where the file does not say, and 0 is 0.
        place: longitude and latitude in degrees; None where the file does not say.
        also: ids under which the same home was registered at the same time.
    """

    id: str
    name: str
    postcode: str
    authority: str
    start: date | None
    end: date | None
    beds: int | None
    place: tuple[float, float] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registrations:
    """The care homes of the regulator's files.

    Attributes:
        as_of: the day up to which beginnings are known, which is that of the directory; None where it does not say.
        left_out: why rows are not among them -> how many.
    """

    homes: tuple[Registration, ...]
    as_of: date | None
    left_out: Mapping[str, int]

    @property
    def ended(self) -> tuple[Registration, ...]:
        """Those that ended, the earliest first."""
        return tuple(sorted((one for one in self.homes if one.end), key=lambda one: (one.end or date.max, one.id)))


def registrations(files: Iterable[RegulatorFile]) -> Registrations:
    """The care homes of a directory of active locations and a file of de-activated ones; several of each will do.

    Raises CallError where a file is neither, or where one of the two kinds is missing: without active locations no home
    can be followed, and without ended ones nothing has closed.
    """
    given = list(files)
    kinds = {one.source for one in given}
    if other := [one for one in given if one.source not in (ACTIVE, ENDED)]:
        raise CallError(f"{other[0].file} is {other[0].source}. Closures are read from {ACTIVE} and {ENDED}.")
    for kind, what in ((ACTIVE, "active locations"), (ENDED, "de-activated locations")):
        if kind not in kinds:
            raise CallError(f"No file of {what} ({kind}) is among those given. Closures need both kinds.")
    left_out: Counter[str] = Counter()
    active = _active([row for one in given if one.source == ACTIVE for row in one.rows], left_out)
    ended = _ended([row for one in given if one.source == ENDED for row in one.rows], left_out)
    known = {one.id for one in active}
    left_out[OPEN_AGAIN] += sum(one.id in known for one in ended)
    homes = (*active, *(one for one in ended if one.id not in known))
    days = [one.as_of for one in given if one.as_of is not None and one.source == ACTIVE]
    return Registrations(homes, min(days) if days else None, {key: n for key, n in left_out.items() if n})


def registered_twice(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Ids of the care homes of a directory that are a second registration of another care home in it."""
    firsts = {row["location_id"]: row.get("primary_id") or "" for row in rows if row["care_home"]}
    return frozenset(one for one in firsts if _first(one, firsts) != one)


def _first(one: str, firsts: Mapping[str, str]) -> str:
    """The registration to which another leads; of those that lead to each other the lowest."""
    passed: list[str] = []
    while one not in passed:
        passed.append(one)
        if firsts[one] not in firsts:
            return one
        one = firsts[one]
    return min(passed[passed.index(one) :])


def plain_postcode(text: str) -> str:
    """A postcode without spaces, in capitals."""
    return "".join(text.upper().split())


def spaced(postcode: str) -> str:
    """A plain postcode as people write it: WR1 1AA."""
    return f"{postcode[:-3]} {postcode[-3:]}".strip()


def _active(rows: list[Mapping[str, Any]], left_out: Counter[str]) -> list[Registration]:
    twice, found = registered_twice(rows), []
    for row in rows:
        if not row["care_home"]:
            left_out[NO_HOME] += 1
        elif row["location_id"] in twice:
            left_out[TWICE] += 1
        else:
            found.append(_registration(row, None))
    return found


def _ended(rows: list[Mapping[str, Any]], left_out: Counter[str]) -> list[Registration]:
    """Homes that ended; two of one name, postcode and number of beds that ended together are one home."""
    same: dict[tuple[Any, ...], list[Registration]] = {}
    for row in rows:
        if not row["care_home"]:
            left_out[NO_HOME] += 1
            continue
        if row["end"] is None:
            left_out[NO_END] += 1
            continue
        one = _registration(row, row["end"])
        whole = one.name and one.postcode and one.beds
        key = (one.name.casefold(), one.postcode, one.beds, one.end) if whole else (one.id,)
        same.setdefault(key, []).append(one)
    found = []
    for first, *others in (sorted(group) for group in same.values()):
        left_out[TWICE] += len(others)
        also = tuple(one.id for one in others)
        found.append(Registration(**{**first.__dict__, "also": also}) if also else first)
    return found


def _registration(row: Mapping[str, Any], end: date | None) -> Registration:
    place = (row.get("longitude"), row.get("latitude"))
    return Registration(
        id=row["location_id"],
        name=row.get("location_name") or "",
        postcode=plain_postcode(row.get("postcode") or ""),
        authority=row.get("authority_name") or "",
        start=row.get("start"),
        end=end,
        beds=row.get("beds"),
        place=None if None in place else (float(place[0] or 0), float(place[1] or 0)),
    )
