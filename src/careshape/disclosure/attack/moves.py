"""Tables near one that fits: one more person in one place, and so in every total above it. They cost no programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from careshape.disclosure.attack.system import Row

Move = dict[int, int]
"""By column, by how much it changes; other columns stay."""
PLACES: Final = 24
"""How many places below a figure, and how many to take somebody from, are tried."""


class Moves:
    """The moves of one component. Rows read total less parts."""

    def __init__(self, rows: Sequence[Row], least: Sequence[int], greatest: Sequence[int | None]) -> None:
        self.least, self.greatest = least, greatest
        self.rows = rows
        self._rows_of: dict[int, list[Row]] = {}
        self._parts: dict[int, list[int]] = {}
        self._totals: dict[int, list[int]] = {}
        for row in rows:
            for column, _ in row.terms:
                self._rows_of.setdefault(column, []).append(row)
            totals = [column for column, factor in row.terms if factor == 1]
            if len(totals) == 1 and row.least == row.greatest:
                for column, factor in row.terms:
                    if factor == -1:
                        self._parts.setdefault(totals[0], []).append(column)
                        self._totals.setdefault(column, []).append(totals[0])
        self._leaves = [column for column in self._rows_of if column not in self._parts]

    def wide(
        self, point: Mapping[int, int], column: int, need: int
    ) -> tuple[Mapping[int, int], Mapping[int, int]] | None:
        """Two moves from a table that fits, both to tables that fit, between which a column differs by a need."""
        for move in self._through(column):
            step = move[column]
            if abs(step) * (self._steps(point, move, 1) + self._steps(point, move, -1)) < need:
                continue  # before any row is looked at
            up, down = self._ends(point, move)
            if abs(step) * (up + down) >= need:
                up = min(up, -(-need // abs(step)))
                down = min(down, max(0, -(-(need - up * abs(step)) // abs(step))))
                return {c: by * up for c, by in move.items()}, {c: -by * down for c, by in move.items()}
        return None

    def _through(self, column: int) -> Iterator[Move]:
        """Moves that change a column: one more in a place below it; or that, with one less elsewhere."""
        below = [self._up(leaf) for leaf in self._below(column)]
        yield from below
        elsewhere = [self._up(leaf) for leaf in self._leaves[:: max(1, len(self._leaves) // PLACES)]]
        for one in below:
            for other in elsewhere:
                move = dict(one)
                for at, by in other.items():
                    move[at] = move.get(at, 0) - by
                move = {at: by for at, by in move.items() if by}
                if column in move:
                    yield move

    def _below(self, column: int) -> list[int]:
        found: list[int] = []
        waiting, seen = [column], {column}
        while waiting and len(found) < PLACES:
            at = waiting.pop()
            parts = self._parts.get(at)
            if parts is None:
                found.append(at)
            else:
                fresh = [part for part in parts if part not in seen]
                seen.update(fresh)
                waiting += reversed(fresh)
        return found

    def _up(self, leaf: int) -> Move:
        """One more in a place, and in every total that holds it."""
        move, waiting = {leaf: 1}, [leaf]
        while waiting:
            for total in self._totals.get(waiting.pop(), ()):
                if total not in move:
                    move[total] = 1
                    waiting.append(total)
        return move

    def _ends(self, point: Mapping[int, int], move: Move) -> tuple[int, int]:
        """How many steps up and down the ranges and the rows leave: a sum allows none, a limit as far as it goes."""
        up, down = self._steps(point, move, 1), self._steps(point, move, -1)
        for row in {id(row): row for column in move for row in self._rows_of.get(column, ())}.values():
            by = sum(move.get(other, 0) * factor for other, factor in row.terms)
            if by:
                value = sum(point[other] * factor for other, factor in row.terms)
                below = (value - row.least) // abs(by)
                above = 1_000_000 if row.greatest is None else (row.greatest - value) // abs(by)
                up, down = (min(up, above), min(down, below)) if by > 0 else (min(up, below), min(down, above))
        return up, down

    def _steps(self, point: Mapping[int, int], move: Move, sign: int) -> int:
        """How many steps the ranges of all moved columns leave."""
        most = 1_000_000
        for column, by in move.items():
            step = by * sign
            if step < 0:
                most = min(most, (point[column] - self.least[column]) // -step)
            else:
                high = self.greatest[column]
                if high is not None:
                    most = min(most, (high - point[column]) // step)
            if most <= 0:
                return 0
        return most
