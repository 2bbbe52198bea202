"""From spells to counts: people at risk, ends, moves and entries, as sums over spells.

A spell is present on the census days from the first on or after its start to the last on or before its end. Each
stretch of census days in one age band and one duration band is a *segment*; exposures are sums of segment lengths and
series over time are running sums of segment starts less segment ends, so nothing is ever laid out by person and day.
Spells that start and end between two census days are never seen on one and take no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_number, month_start
from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.settings import FitSettings
from careshape.evaluate.forecast.spells import EARLIEST_BIRTH, Spells
from careshape.ledger.columns import OPEN_DAY

Ints = NDArray[Any]

FAR = 2**30
"""A census day that never comes."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the axes, and the one number of a leaf: (group, area, service), the service running fastest."""

    groups: int
    areas: int
    services: int
    ages: int
    """Age bands, the last one for people of unknown age."""
    durations: int

    @property
    def leaves(self) -> int:
        """Number of leaves."""
        return self.groups * self.areas * self.services

    @property
    def series(self) -> int:
        """Groups x services: each has a level and a drift of its own."""
        return self.groups * self.services

    def series_of(self, leaf: Any) -> Any:
        """Series of leaves."""
        return leaf // (self.areas * self.services) * self.services + leaf % self.services

    @property
    def blocks(self) -> int:
        """Groups x areas: people move between the services of one block."""
        return self.groups * self.areas


@dataclass(frozen=True)
class Seen:
    """Spells as the census sees them; rows that no census day sees are left out."""

    row: Ints
    """Row in the spells."""
    leaf: Ints
    first: Ints
    """Census day of entry; far below the window for old stays."""
    gone: Ints
    """First census day on which the stay is over; ``FAR`` while open at the origin."""
    turns: list[Ints]
    """Census day on which each age band but the first begins, by band; then the bands hold in between."""
    known_age: NDArray[np.bool_]
    moved_in: NDArray[np.bool_]
    """The stay began as a move from another service of the block."""
    next_service: Ints
    """Service of the stay that an end moved to; -1 for an end that is no move."""


@dataclass(frozen=True)
class Segments:
    """Stretches at risk: leaf, age band, duration band, and the census days from ``low`` to before ``high``."""

    leaf: Ints
    age: Ints
    duration: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True)
class Counted:
    """Counts that all rates are made of."""

    census: Census
    shape: Shape
    bands: Ints
    start: int
    """Census day on which the records begin, below 0."""
    seen: Seen
    parts: Segments
    calm: NDArray[np.bool_]

    @property
    def steps(self) -> int:
        """Steps of records."""
        return -self.start


def shape_of(spells: Spells, settings: FitSettings, durations: int) -> Shape:
    """Sizes for spells and settings."""
    return Shape(len(spells.groups), len(spells.areas), len(spells.services), len(settings.age_bands) + 1, durations)


def see(spells: Spells, census: Census, settings: FitSettings, shape: Shape) -> Seen:
    """Place each spell on the census days."""
    first = census.first_from(spells.start)
    ended = spells.end <= min(census.origin, OPEN_DAY - 1)
    gone = np.where(ended, census.first_after(np.where(ended, spells.end, census.origin)), FAR).astype(np.int32)
    row = np.flatnonzero((first < gone) & (first <= 0)).astype(np.int32)
    leaf = (spells.group[row].astype(np.int32) * shape.areas + spells.area[row]) * shape.services + spells.service[row]
    moved_in, next_service = _moves(spells, row, leaf, ended[row], settings.move_days, shape.services)
    turns, known = _turns(spells, row, census, settings)
    return Seen(row, leaf, first[row], gone[row], turns, known, moved_in, next_service)


def _turns(spells: Spells, row: Ints, census: Census, settings: FitSettings) -> tuple[list[Ints], NDArray[np.bool_]]:
    """The census day on which each spell's person enters each age band after the first."""
    bands = settings.age_bands[1:]
    birth = spells.birth_month[row]
    known = birth > 0
    if not bands:
        return [], known
    lowest = int(birth[known].min()) if known.any() else EARLIEST_BIRTH
    span = int(birth.max(initial=lowest)) - lowest + 12 * max(bands) + 1
    days = np.asarray([day_number(month_start(lowest + k)) for k in range(span)], np.int64)
    census_of = census.first_from(days)
    index = np.where(known, birth - lowest, 0)
    return [census_of[index + 12 * age] for age in bands], known


def _moves(
    spells: Spells, row: Ints, leaf: Ints, ended: NDArray[np.bool_], days: int, services: int
) -> tuple[NDArray[np.bool_], Ints]:
    """Match ends to the stay of the same person, in the same block and another service, that starts nearest to it."""
    moved_in = np.zeros(len(row), bool)
    next_service = np.full(len(row), -1, np.int16)
    if services == 1 or not len(row):
        return moved_in, next_service
    start, end = spells.start[row].astype(np.int64), spells.end[row].astype(np.int64)
    _, person = np.unique(spells.person[row], return_inverse=True)
    low = int(start.min()) - days - 1
    span = int(OPEN_DAY - low + days + 2)
    key = person * span + (start - low)
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    ends = order[ended[order]]
    base = person[ends] * span + (end[ends] - low)
    first = np.searchsorted(ranked, base - days)
    last = np.searchsorted(ranked, base + days + 1, side="right")
    best, gap = np.full(len(ends), -1, np.int64), np.full(len(ends), FAR, np.int64)
    for offset in range(int((last - first).max(initial=0))):
        live = np.flatnonzero(first + offset < last)
        candidate = order[first[live] + offset]
        here = ends[live]
        distance = np.abs(start[candidate] - end[here] - 1)
        fits = (leaf[candidate] != leaf[here]) & (leaf[candidate] // services == leaf[here] // services)
        # The next stay must outlast the one that ended: otherwise it was held beside it.
        fits &= (start[candidate] > start[here]) & (end[candidate] > end[here]) & (distance < gap[live])
        best[live[fits]], gap[live[fits]] = candidate[fits], distance[fits]
    found = np.flatnonzero(best >= 0)
    found = found[np.argsort(gap[found], kind="stable")]
    # A stay is entered by one move at most: the nearest end has it.
    _, keep = np.unique(best[found], return_index=True)
    taken = found[keep]
    moved_in[best[taken]] = True
    next_service[ends[taken]] = leaf[best[taken]] % services
    return moved_in, next_service


def segments(seen: Seen, bands: Ints, shape: Shape, start: int) -> Segments:
    """Cut the stretches at risk, from census day ``start`` to the origin, by age and duration.

    bands: first step of stay of each duration band.
    """
    low, high = np.maximum(seen.first, start), np.minimum(seen.gone, 0)
    parts = []
    edges = [*bands.tolist(), None]
    for age in range(shape.ages):
        a_low, a_high = _age_span(seen, age, shape.ages)
        left, right = np.maximum(low, a_low), np.minimum(high, a_high)
        held = np.flatnonzero(left < right)
        for d in range(shape.durations):
            one = left[held] if d == 0 else np.maximum(left[held], seen.first[held] + edges[d])
            top = edges[d + 1]
            two = right[held] if top is None else np.minimum(right[held], seen.first[held] + top)
            some = np.flatnonzero(one < two)
            if len(some):
                codes = (np.full(len(some), code, np.int8) for code in (age, d))
                parts.append((seen.leaf[held[some]], *codes, one[some], two[some]))
    if not parts:
        empty = np.empty(0, np.int32)
        return Segments(empty, empty, empty, empty, empty)
    return Segments(*(np.concatenate([part[i] for part in parts]) for i in range(5)))


def _age_span(seen: Seen, age: int, ages: int) -> tuple[Ints, Ints]:
    """Census days on which each spell's person is in an age band; the last band is that of unknown ages."""
    never, always = np.int32(FAR), np.int32(-FAR)
    if age == ages - 1:
        return np.where(seen.known_age, never, always), np.full(len(seen.leaf), FAR, np.int32)
    begin = seen.turns[age - 1] if age else np.full(len(seen.leaf), always, np.int32)
    close = seen.turns[age] if age < ages - 2 else np.full(len(seen.leaf), FAR, np.int32)
    return np.where(seen.known_age, begin, never), close


def age_on(seen: Seen, census_day: Ints | int, shape: Shape) -> Ints:
    """Age band of each seen spell's person on a census day."""
    age = np.zeros(len(seen.leaf), np.int8)
    for turn in seen.turns:
        age += (turn <= census_day).astype(np.int8)
    return np.where(seen.known_age, age, shape.ages - 1)


def duration_on(seen: Seen, census_day: Ints | int, bands: Ints) -> Ints:
    """Duration band of each seen spell on a census day."""
    return np.searchsorted(bands, census_day - seen.first, side="right") - 1


def over_time(codes: Ints, cells: int, low: Ints, high: Ints, start: int, weights: Ints | None = None) -> Ints:
    """Sum of segments in each cell on each census day from ``start`` to -1: array [cells, days]."""
    steps = -start
    up = np.bincount(codes.astype(np.int64) * (steps + 1) + (low - start), weights, cells * (steps + 1))
    down = np.bincount(codes.astype(np.int64) * (steps + 1) + (high - start), weights, cells * (steps + 1))
    return np.cumsum((up - down).reshape(cells, steps + 1), axis=1)[:, :steps]
