"""The search for what a reader can deduce: bounds first, then tables that show a range to be wide, then programmes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from careshape.disclosure.attack.bounds import Contradiction, components, rows_left, tighten
from careshape.disclosure.attack.moves import Moves
from careshape.disclosure.attack.programme import Programme, Unsolvable
from careshape.disclosure.attack.system import Row, System

ROUNDS = 8
"""Programmes that try to widen many ranges at once, before each range is asked for by itself."""


@dataclass
class Range:
    """What a reader can deduce of one column: ``least`` to ``greatest`` (None without end).

    wide: it was seen to be wide enough and not searched to its ends; values outside of it may fit too.
    """

    least: int
    greatest: int | None
    wide: bool = False


@dataclass
class Search:
    """Ranges of the columns that are asked for.

    Attributes:
        system: what is printed; its ranges are cut.
        needs: by column, the width from which on a range is wide enough; None to search it to its ends.
        truth: a table that fits all that is printed, if one is known.
        ranges: what was found.
    """

    system: System
    needs: Mapping[int, int | None]
    truth: Sequence[int] | None = None
    ranges: dict[int, Range] = field(default_factory=dict)
    linear: int = 0
    integer: int = 0

    def run(self) -> None:
        """Fill ``ranges``. Raises Contradiction where no table fits what is printed."""
        tighten(self.system)
        for column in self.needs:
            if self.system.least[column] == self.system.greatest[column]:
                self.ranges[column] = Range(self.system.least[column], self.system.least[column])
        for columns, rows in components(self.system):
            asked = {column: self.needs[column] for column in columns if column in self.needs}
            if asked:
                self._component(columns, rows, asked)

    def _component(self, columns: list[int], rows: list[int], asked: Mapping[int, int | None]) -> None:
        system = self.system
        left = rows_left(system, rows)
        programme = Programme(columns, left, system.least, system.greatest)
        part = _Part(programme, {column: self._need(column, need) for column, need in asked.items()})
        try:
            moves = Moves(left, system.least, system.greatest)
            for point in self._known(columns, programme):
                part.move(moves, point)
            found = part.search()
        except Unsolvable:
            raise Contradiction(self._somewhere(rows)) from None
        finally:
            self.linear += programme.linear
            self.integer += programme.integer
        for column, range_ in found.items():
            narrow = part.needs[column] != asked[column] and range_.wide
            self.ranges[column] = Range(system.least[column], system.greatest[column]) if narrow else range_

    def _known(self, columns: Sequence[int], programme: Programme) -> Iterator[dict[int, int]]:
        """Tables that fit and are known without a programme: what is printed taken at its word, and the truth."""
        shown = {column: self.system.shown[column] for column in columns}
        printed = _filled(shown, programme.rows, self.system.least)
        if programme.fits([printed[column] for column in columns]):
            yield printed
        if self.truth is not None:
            yield {column: self.truth[column] for column in columns}

    def _need(self, column: int, need: int | None) -> int | None:
        """The need; 1 where bounds alone are narrower than that: then it only matters whether one value is left."""
        least, greatest = self.system.least[column], self.system.greatest[column]
        return 1 if need is not None and greatest is not None and greatest - least < need else need

    def _somewhere(self, rows: Sequence[int]) -> str:
        return self.system.sources[self.system.rows[rows[0]].source]


def _filled(shown: Mapping[int, int | None], rows: Sequence[Row], least: Sequence[int]) -> dict[int, int]:
    """What is printed, and for what is not, what sums leave for it, else its least value: it may not fit."""
    values = {column: value for column, value in shown.items() if value is not None}
    waiting = [row for row in rows if row.least == row.greatest]
    for _ in range(ROUNDS):
        for row in waiting:
            open_ = [(column, factor) for column, factor in row.terms if column not in values]
            if len(open_) == 1:
                rest = sum(values[column] * factor for column, factor in row.terms if column in values)
                values[open_[0][0]] = (row.least - rest) // open_[0][1]
    return {column: values.get(column, least[column]) for column in shown}


class _Part:
    """The search in one component."""

    def __init__(self, programme: Programme, needs: Mapping[int, int | None]) -> None:
        self.programme = programme
        self.needs = needs
        self.low: dict[int, int] = {}
        self.high: dict[int, int | None] = {}

    def see(self, point: Sequence[int] | None) -> None:
        """Take note of a table that fits."""
        if point is None:
            return
        for column in self.needs:
            value = point[self.programme.position[column]]
            if column not in self.low:
                self.low[column] = self.high[column] = value
            else:
                self.low[column] = min(self.low[column], value)
                had = self.high[column]
                self.high[column] = None if had is None else max(had, value)

    def move(self, moves: Moves, point: Mapping[int, int]) -> None:
        """Take note of a table that fits, and of those a move away that make a range wide."""
        self.see([point[column] for column in self.programme.columns])
        for column, need in self.needs.items():
            if need is not None and not self._wide(column):
                for move in moves.wide(point, column, need) or ():
                    self.see([point[at] + move.get(at, 0) for at in self.programme.columns])

    def search(self) -> dict[int, Range]:
        """The range of each column that has to be known: points found together first, then each by itself."""
        self._together()
        return {column: self._alone(column) for column in self.needs}

    def _wide(self, column: int) -> bool:
        need = self.needs[column]
        if need is None or column not in self.low:
            return False
        high = self.high[column]
        return high is None or high - self.low[column] >= need

    def _together(self) -> None:
        """Push all ranges that are not yet wide at once, each no further than it needs, then the other way."""
        if not self.low:
            self.see(self.programme.furthest({}).point)
        for turn in range(ROUNDS):
            left = [column for column in self.low if self.needs[column] is not None and not self._wide(column)]
            if len(left) < 2:
                return
            chosen = left if turn < 2 else left[turn % 2 :: 2]
            sign = 1 if turn % 2 == 0 else -1
            if sign > 0:
                self.programme.cap({column: self._enough(column) for column in chosen})
            self.see(self.programme.furthest(dict.fromkeys(chosen, sign)).point)
            self.programme.cap(dict.fromkeys(chosen))

    def _enough(self, column: int) -> int:
        """No further than the need, and within the column's own bound."""
        wanted = self.low[column] + (self.needs[column] or 0)
        own = self.programme.greatest[self.programme.position[column]]
        return wanted if own is None else min(own, wanted)

    def _alone(self, column: int) -> Range:
        """The range of one column, by linear programmes, and by integer ones where those are wide and unproven."""
        if self._wide(column):
            return Range(self.low[column], self.high[column], wide=True)
        need = self.needs[column]
        high = self.programme.end(column, 1)
        self.see(high.point)
        if self._wide(column):
            return Range(self.low[column], self.high[column], wide=True)
        low = self.programme.end(column, -1)
        self.see(low.point)
        if self._wide(column):
            return Range(self.low[column], self.high[column], wide=True)
        least = low.value if low.value is not None else 0
        greatest = high.value
        if need is not None and greatest is not None and greatest - least < need and self._more_than_one(column):
            return Range(least, greatest)
        if need is not None and self._exists(column, need):
            return Range(self.low[column], self.high[column], wide=True)
        if high.point is None and greatest is not None:
            high = self.programme.end(column, 1, whole=True)
            self.see(high.point)
            greatest = high.value
        if low.point is None:
            low = self.programme.end(column, -1, whole=True)
            self.see(low.point)
            least = low.value if low.value is not None else 0
        return Range(least, greatest)

    def _exists(self, column: int, need: int) -> bool:
        """Whether whole tables exist that make a range wide, from the ends that were seen; quicker than its ends."""
        high = self.high.get(column)
        if column not in self.low or high is None:
            return False
        for least, greatest in ((self.low[column] + need, None), (None, high - need)):
            self.see(self.programme.between(column, least, greatest))
            if self._wide(column):
                return True
        return False

    def _more_than_one(self, column: int) -> bool:
        """Whether two values were seen to fit."""
        return column in self.low and self.high[column] != self.low[column]
