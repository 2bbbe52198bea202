"""Spells: one row for each continuous stay of a person in a service."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date
from careshape.errors import CallError, InputError
from careshape.ledger.columns import OPEN_DAY

EARLIEST_BIRTH: Final = 1850 * 12
"""Month of birth before which nobody can be in the records."""
DIMENSIONS: Final = ("service", "group", "area")

Ints = NDArray[Any]


@dataclass(frozen=True)
class Spells:
    """Stays as columns of equal length; ``area``, ``group`` and ``service`` are indexes into the tuples of ids."""

    person: Ints
    area: Ints
    group: Ints
    service: Ints
    birth_month: Ints
    """Year * 12 + month - 1; 0 unknown."""
    start: Ints
    """First day, in days since 1970-01-01, even where it lies before the window."""
    end: Ints
    """Last day, on which the person leaves; ``OPEN_DAY`` while open."""
    quantity: Ints
    """Hundredths of the service's unit a week."""
    weekly_cost: Ints
    """Pence a week."""
    window: tuple[int, int]
    """First and last day between which the records are complete."""
    areas: tuple[str, ...]
    groups: tuple[str, ...]
    services: tuple[str, ...]
    units: tuple[str, ...] = ()
    """Unit of ``quantity`` by service; empty where it is not known."""
    authority: str = ""
    source: str = "spells given as arrays"
    notes: tuple[str, ...] = ()
    """What a reader must know of how they were read."""

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def from_arrays(
        cls,
        *,
        person: Any,
        area: Any,
        group: Any,
        service: Any,
        start: Any,
        end: Any,
        window: tuple[int, int],
        areas: Sequence[str],
        groups: Sequence[str],
        services: Sequence[str],
        birth_month: Any = None,
        quantity: Any = None,
        weekly_cost: Any = None,
        units: Sequence[str] = (),
    ) -> Spells:
        """Make spells of arrays with one row a stay; see the package's docstring for the columns.

        Raises InputError for columns of unequal length, reversed dates, overlapping stays of one person in one
        service, codes outside their list, amounts below 0, and a window that is reversed.
        """
        rows = len(start)
        zeros = np.zeros(rows, np.int64)
        spells = cls(
            person=np.asarray(person, np.int64),
            area=_codes(area, areas, "area"),
            group=_codes(group, groups, "group"),
            service=_codes(service, services, "service"),
            birth_month=np.asarray(zeros if birth_month is None else birth_month, np.int32),
            start=np.asarray(start, np.int32),
            end=np.asarray(end, np.int32),
            quantity=np.asarray(zeros if quantity is None else quantity, np.int64),
            weekly_cost=np.asarray(zeros if weekly_cost is None else weekly_cost, np.int64),
            window=(int(window[0]), int(window[1])),
            areas=tuple(areas),
            groups=tuple(groups),
            services=tuple(services),
            units=tuple(units),
        )
        _check(spells, rows)
        return spells

    @property
    def size(self) -> dict[str, tuple[str, ...]]:
        """Dimension -> its ids."""
        return {"service": self.services, "group": self.groups, "area": self.areas}

    def until(self, day: int) -> Spells:
        """What was known at the end of a day: later stays are not there, later ends are still open.

        Raises CallError for a day outside of the window.
        """
        first, last = self.window
        if not first <= day <= last:
            raise CallError(
                f"{day_date(day)} is outside of the days that the records cover, {day_date(first)} to "
                f"{day_date(last)}. Choose a day between them."
            )
        known = self.start <= day
        fields = ("person", "area", "group", "service", "birth_month", "start", "quantity", "weekly_cost")
        columns: dict[str, Any] = {name: getattr(self, name)[known] for name in fields}
        end = self.end[known]
        return replace(self, **columns, end=np.where(end > day, OPEN_DAY, end).astype(np.int32), window=(first, day))

    def cells(self, by: Sequence[str]) -> list[dict[str, str]]:
        """The cells of a split, in the order in which every array of cells holds them."""
        sizes = [self.size[name] for name in check_by(by)]
        return [dict(zip(by, ids, strict=True)) for ids in itertools.product(*sizes)]

    def stock(self, days: Sequence[int] | Ints, by: Sequence[str] = DIMENSIONS) -> NDArray[np.int64]:
        """People in each cell on each day: int array [days, cells]. A person with two services counts in each."""
        codes, cells = self._codes(by)
        counts = [np.bincount(codes[(self.start <= day) & (day <= self.end)], minlength=cells) for day in days]
        return np.asarray(counts, dtype=np.int64).reshape(len(counts), cells)

    def days(self, first: int, last: int, by: Sequence[str] = DIMENSIONS) -> NDArray[np.int64]:
        """Days of all stays in each cell from one day to another, both included: the sum of `stock` over them."""
        codes, cells = self._codes(by)
        held = np.minimum(self.end, last).astype(np.int64) - np.maximum(self.start, first) + 1
        return np.bincount(codes, np.maximum(held, 0), cells).astype(np.int64)

    def _codes(self, by: Sequence[str]) -> tuple[NDArray[np.int64], int]:
        """Each stay's cell in a split, and how many cells there are."""
        codes, cells = np.zeros(len(self), np.int64), 1
        for name in check_by(by):
            codes = codes * len(self.size[name]) + getattr(self, name)
            cells *= len(self.size[name])
        return codes, cells


def check_by(by: Sequence[str]) -> tuple[str, ...]:
    """Return a split if every dimension is known and named once. Raises CallError."""
    for name in by:
        if name not in DIMENSIONS:
            raise CallError(f"A forecast cannot be split by '{name}'. Choose from {', '.join(DIMENSIONS)}.")
    if len(set(by)) < len(by):
        raise CallError(f"The split {', '.join(by)} names a dimension twice. Name each once.")
    return tuple(by)


def _codes(values: Any, ids: Sequence[str], what: str) -> Ints:
    array = np.asarray(values)
    if array.dtype.kind not in "US":
        return array.astype(np.int16)
    index = {name: i for i, name in enumerate(ids)}
    unknown = sorted(set(array.tolist()) - set(index))
    if unknown:
        raise InputError(f"The {what} '{unknown[0]}' is not in the list: {', '.join(ids)}. Add it, or correct the row.")
    return np.asarray([index[value] for value in array.tolist()], np.int16)


def _check(spells: Spells, rows: int) -> None:
    """Refuse columns that cannot be stays, naming the first row at fault (counted from 0)."""
    for name, ids in spells.size.items():
        codes = getattr(spells, name)
        if len(codes) == rows and rows and not (codes.min() >= 0 and codes.max() < len(ids)):
            raise InputError(f"A row has {name} {int(codes.max())}, but there are {len(ids)}: indexes run from 0.")
    for name in ("person", "area", "group", "service", "birth_month", "end", "quantity", "weekly_cost"):
        if len(getattr(spells, name)) != rows:
            raise InputError(f"The column {name} has {len(getattr(spells, name))} rows where start has {rows}.")
    first, last = spells.window
    if last < first:
        raise InputError(f"The window ends ({day_date(last)}) before it begins ({day_date(first)}). Swap its days.")
    reversed_rows = np.flatnonzero(spells.end < spells.start)
    if len(reversed_rows):
        row = int(reversed_rows[0])
        raise InputError(
            f"Row {row}: the stay ends on {day_date(int(spells.end[row]))}, before it starts on "
            f"{day_date(int(spells.start[row]))}. {len(reversed_rows)} rows are so. Correct or leave them out."
        )
    for name in ("quantity", "weekly_cost"):
        if rows and getattr(spells, name).min() < 0:
            raise InputError(f"A stay has a {name} below 0. Amounts are 0 or more.")
    wrong = (spells.birth_month != 0) & ((spells.birth_month < EARLIEST_BIRTH) | (spells.birth_month > 2200 * 12))
    if wrong.any():
        raise InputError(
            f"Row {int(np.flatnonzero(wrong)[0])}: birth_month is {int(spells.birth_month[wrong][0])}. It is year * 12 "
            "+ month - 1, such as 23286 for July 1940, or 0 where it is not known."
        )
    _check_overlaps(spells)


def _check_overlaps(spells: Spells) -> None:
    order = np.lexsort((spells.start, spells.service, spells.person))
    same = (np.diff(spells.person[order]) == 0) & (np.diff(spells.service[order]) == 0)
    early = spells.start[order][1:] <= spells.end[order][:-1]
    clash = np.flatnonzero(same & early)
    if len(clash):
        one, other = int(order[clash[0]]), int(order[clash[0] + 1])
        raise InputError(
            f"Rows {one} and {other} are stays of one person in {spells.services[int(spells.service[one])]} that "
            f"overlap: the later starts on {day_date(int(spells.start[other]))}, the earlier ends on "
            f"{day_date(int(spells.end[one]))}. Join them into one stay, or correct the dates."
        )
