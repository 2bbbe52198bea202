"""Void days of one place (a bed, a room, a flat) and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from careshape.errors import InputError
from careshape.evaluate.numbers import rounded


@dataclass(frozen=True, order=True)
class Stay:
    """Somebody's time in a place: the first day, and the last, on which they leave; None while they are there."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Voids:
    """Void days of a place within a time.

    Attributes:
        days: void days; available: days of the time, in which the place could have been used; gaps: stretches of them.
    """

    days: int
    available: int
    gaps: tuple[tuple[date, date], ...]

    @property
    def rate(self) -> Fraction | None:
        """Void days of available days; None where the time has no day."""
        return Fraction(self.days, self.available) if self.available else None

    def cost(self, rent_pence_a_week: int, support_pence_a_week: int = 0) -> int:
        """Pence that the void cost: core rent and the charge for support, by the agreement, for its days."""
        sevenths = self.days * (rent_pence_a_week + support_pence_a_week)
        return int(rounded(Fraction(sevenths, 7), 0)) if sevenths else 0


def voids(stays: Iterable[Stay], first: date, last: date) -> Voids:
    """Void days of a place from ``first`` to ``last``, both of them included.

    Between two stays a place is void from the day on which one person leaves to the day before the next comes: the days
    from the end of one to the start of the next. Before the first stay it is void from ``first``, and after the last to
    ``last``.

    Raises:
        InputError: a stay ends before it starts, or two overlap.
    """
    found = sorted(stays, key=lambda one: (one.start, one.end or date.max))
    gaps: list[tuple[date, date]] = []
    free_from: date | None = first
    for before, one in zip([None, *found], found, strict=False):
        if one.end is not None and one.end < one.start:
            raise InputError(f"A stay ends on {one.end:%d/%m/%Y}, before it starts on {one.start:%d/%m/%Y}.")
        if before is not None and (before.end is None or one.start < before.end):
            raise InputError(f"Two stays overlap: one starts on {one.start:%d/%m/%Y}, before the one before it ends.")
        if free_from is not None:
            _gap(gaps, free_from, one.start, first, last)
        free_from = one.end
    if free_from is not None:
        _gap(gaps, free_from, date.max, first, last)
    available = max(0, (last - first).days + 1)
    return Voids(sum((end - start).days + 1 for start, end in gaps), available, tuple(gaps))


def _gap(gaps: list[tuple[date, date]], free_from: date, taken_on: date, first: date, last: date) -> None:
    """Add the days from ``free_from`` to the day before ``taken_on`` that lie within the time."""
    start = max(free_from, first)
    end = last if taken_on > last else date.fromordinal(taken_on.toordinal() - 1)
    if start <= end:
        gaps.append((start, end))
