"""Levers: what a scenario changes, as data. A lever acts on the cells it names, from a day, at once or along a path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue.periods import day_number
from careshape.errors import CallError
from careshape.evaluate.forecast.census import Census

Floats = NDArray[np.float64]
Kind = Literal["entries", "entries_a_week", "leaving", "share", "moves", "stock", "price", "fixed_price", "quantity"]


class Point(BaseModel):
    """A value that is reached on a day; between two days the value is on a straight line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    value: Annotated[float, Field(ge=0)]


class Lever(BaseModel):
    """One change.

    Kinds and the meaning of ``path``'s values:

    ``entries``: factor on entries from outside. ``entries_a_week``: people a week who enter the named cells in all,
    whatever the rates or other levers say; they vary by chance alone. Where nobody enters today, they are spread as
    entries into all services are.
    ``leaving``: factor on the odds of leaving (below 1: longer stays). ``share``: share of the people in ``service``
    and ``others`` together who are in ``service`` (0 to 1); people are taken from the others, or given back, as needed.
    ``moves``: people a month who move from each of ``others`` together to ``service``, beside those who do anyway.
    ``stock``: people added to ``service`` in all, spread over the days of the path, which must not fall. ``price``:
    factor on the cost of a person's week. ``fixed_price``: pounds for a person's week. ``quantity``: factor on a
    person's weekly quantity, and on the cost with it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    service: str | None = None
    """Service that the lever acts on; None means all."""
    others: tuple[str, ...] = ()
    """Services that people come from, for ``share`` and ``moves``."""
    group: str | None = None
    area: str | None = None
    path: tuple[Point, ...]
    """Nothing changes before the first day; the last value stays."""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Lever:
        days = [point.on for point in self.path]
        if not days or days != sorted(set(days)):
            raise ValueError("'path' needs one point or more, in the order of their days")
        if self.kind in ("share", "moves") and (not self.others or self.service is None):
            raise ValueError(f"a lever of kind '{self.kind}' needs 'service' and 'others'")
        if self.kind not in ("share", "moves") and self.others:
            raise ValueError(f"a lever of kind '{self.kind}' has no 'others'")
        if self.service in self.others:
            raise ValueError("'others' must not hold the service itself")
        if self.kind in ("stock", "entries_a_week", "fixed_price") and self.service is None:
            raise ValueError(f"a lever of kind '{self.kind}' needs 'service'")
        if self.kind == "share" and any(point.value > 1 for point in self.path):
            raise ValueError("a share is 0 to 1")
        return self

    def values(self, census: Census, steps: int) -> Floats:
        """Value at the end of each step; NaN before the path begins."""
        days = np.asarray([day_number(point.on) for point in self.path], float)
        at = np.asarray([census.day(k) for k in range(1, steps + 1)], float)
        found = np.interp(at, days, [point.value for point in self.path])
        return np.where(at < days[0], np.nan, found)


class Scenario(BaseModel):
    """A named set of levers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "scenario"
    name: str = ""
    note: str = ""
    levers: tuple[Lever, ...] = ()


def leaves_of(
    service: str | None,
    group: str | None,
    area: str | None,
    services: Sequence[str],
    groups: Sequence[str],
    areas: Sequence[str],
) -> NDArray[np.int64]:
    """Numbers of the leaves of a service, a group and an area, None meaning all. Raises CallError for unknown ids."""
    index = [
        _index(one, ids, what)
        for one, ids, what in ((group, groups, "group"), (area, areas, "area"), (service, services, "service"))
    ]
    grid = np.arange(len(groups) * len(areas) * len(services)).reshape(len(groups), len(areas), len(services))
    return np.asarray(grid[np.ix_(*index)].ravel())


def _index(one: str | None, ids: Sequence[str], what: str) -> list[int]:
    if one is None:
        return list(range(len(ids)))
    if one not in ids:
        raise CallError(f"The forecast has no {what} '{one}'. It has {', '.join(ids)}.")
    return [list(ids).index(one)]
