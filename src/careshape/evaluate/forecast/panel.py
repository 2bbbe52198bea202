"""The months of a history as counts: who is there at each month's end, who came, who moved on, who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.following import following
from careshape.evaluate.forecast.spells import Spells

DIMENSIONS = ("area", "group", "service")
MOVE_DAYS = 7
"""A stay that begins within so many days of the end of the same person's stay in another service follows from it."""


@dataclass(frozen=True)
class Panel:
    """Counts by month up to an origin. Nothing that came after it is in them.

    Attributes:
        days: census days; the last is the origin.
        stock: [census day, area, group, service] people there.
        entries: [month, area, group, service] stays that began and followed from no other; month m ends on days[m + 1].
        leavers: [month, area, group, service, next] stays that ended, by the service that followed; the last is none.
    """

    days: NDArray[np.int64]
    stock: NDArray[np.int64]
    entries: NDArray[np.int64]
    leavers: NDArray[np.int64]

    @property
    def months(self) -> int:
        """Months of history."""
        return len(self.days) - 1

    def series(self, by: Sequence[str]) -> NDArray[np.int64]:
        """People by census day and cell: [census day, cells], the cells in the order of the dimensions ``by``."""
        return cells_of(self.stock, by)

    def upto(self, month: int) -> Panel:
        """The panel as it was ``month`` months after the first census day."""
        return Panel(self.days[: month + 1], self.stock[: month + 1], self.entries[:month], self.leavers[:month])

    @cached_property
    def exposure(self) -> NDArray[np.float64]:
        """[month, area, group, service] people there on average in each month."""
        return (self.stock[1:] + self.stock[:-1]) / 2


def cells_of(values: NDArray[Any], by: Sequence[str]) -> NDArray[Any]:
    """Sum an array [..., area, group, service] to [..., cells]. Raises CallError for a dimension it does not have."""
    for name in by:
        if name not in DIMENSIONS:
            raise CallError(f"Stays have no dimension '{name}'. Dimensions: {', '.join(DIMENSIONS)}.")
    gone = tuple(axis - 3 for axis, name in enumerate(DIMENSIONS) if name not in by)
    kept = [name for name in DIMENSIONS if name in by]
    found = values.sum(axis=gone)
    lead = found.ndim - len(kept)
    order = [*range(lead), *(lead + kept.index(name) for name in by)]
    return found.transpose(order).reshape(*found.shape[:lead], -1)


def read_panel(spells: Spells, origin: int) -> Panel:
    """Count the months of the window of ``spells`` up to ``origin``.

    Raises CallError where the window does not reach the origin, or holds less than a year before it.
    """
    first, last = spells.window
    if not first < origin <= last:
        raise CallError(
            f"The records are complete from {day_date(first)} to {day_date(last)}; {day_date(origin)} is outside."
        )
    census, count = Census(origin, "month"), 0
    while census.day(-count - 1) >= first - 1:
        count += 1
    if count < 12:
        raise CallError(f"Before {day_date(origin)} lie {count} whole months of records; a history is a year or more.")
    days = np.array([census.day(month) for month in range(-count, 1)])
    known = spells.start <= origin
    shape = (len(spells.areas), len(spells.groups), len(spells.services))
    cell = np.ravel_multi_index((spells.area[known], spells.group[known], spells.service[known]), shape)
    start, end = spells.start[known].astype(np.int64), spells.end[known].astype(np.int64)
    service, person = spells.service[known].astype(np.int64), spells.person[known]
    followed, follows = following(person, start, end, service, shape[2], (0, MOVE_DAYS), same_service=False)
    came = _by_month(days, start, cell, shape)
    came_new = _by_month(days, start[~follows], cell[~follows], shape)
    ended = end <= origin
    went = _by_month(days, end[ended], (cell * (shape[2] + 1) + followed)[ended], (*shape, shape[2] + 1))
    stock = np.cumsum(came - _by_month(days, end[ended] + 1, cell[ended], shape), axis=0)
    return Panel(days, stock, came_new[1:], went[1:])


def _by_month(days: NDArray, when: NDArray, cell: NDArray, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Events by census interval: the first holds all up to the first census day; those after the last are left out."""
    month, size = np.searchsorted(days, when), int(np.prod(shape))
    kept = month < len(days)
    counts = np.bincount(month[kept] * size + cell[kept], minlength=len(days) * size)
    return counts.reshape(len(days), *shape)
