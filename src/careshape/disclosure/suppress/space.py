"""What a reader could take the hidden figures to be, as departures from the truth that no printed sum contradicts.

A column is one unknown figure: its departure from the true value, between ``-down`` and ``up`` while it is hidden, 0
while it is printed. Sums and ratios are rows. This is the inner problem of Fischetti and Salazar, Models and algorithms
for optimizing cell suppression in tabular data with linear constraints (Journal of the American Statistical
Association, 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import highspy
import numpy as np
from numpy.typing import NDArray

from careshape.errors import CareshapeError

ALWAYS: Final = -1
"""The choice of a column that is hidden whatever is chosen: of an earlier edition, or never printed."""
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """One unknown figure: how far below and above the truth it may be taken to lie, and the choice that hides it."""

    down: float
    up: float
    choice: int


@dataclass(frozen=True, slots=True)
class Line:
    """``least <= sum of factor * departure <= greatest``; a sum has both 0."""

    terms: tuple[tuple[int, float], ...]
    least: float = 0.0
    greatest: float = 0.0
    ratio: str = ""
    """The printed ratio that it comes from, if any."""
    cells: tuple[str, ...] = ()
    """Of a limit, all of its cells: one that is printed as it is has no column, and binds all the same."""


@dataclass(frozen=True, slots=True)
class Target:
    """A column that needs room: ``up`` above the truth, ``down`` below it, and ``width`` in all."""

    column: int
    width: float = 0
    up: float = 0
    down: float = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """What any good choice keeps to: the sum of factors of the hidden cells is at least 1."""

    factors: tuple[tuple[int, float], ...]


class Keeper(Protocol):
    """What keeps points for later."""

    def add(self, point: Floats) -> None:
        """Keep a point."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The furthest departure of a column in one direction, the point that has it, and what limits it.

    limit: ``constant + sum of factors * chosen`` is no less than the reach, whatever is chosen.
    """

    reach: float
    point: Floats
    factors: Floats
    constant: float
    shares: Floats
    """What each column's own bounds contribute to the limit."""
    prices: Floats
    """What each line contributes, as its price."""

    def kept(self, keeper: Keeper) -> Reach:
        """The same, its point kept."""
        keeper.add(self.point)
        return self


class Space:
    """The columns and lines of one component, and the programmes over them."""

    def __init__(
        self,
        columns: Sequence[Column],
        lines: Sequence[Line],
        targets: Sequence[Target],
        choices: int,
        whole: Sequence[bool] = (),
    ) -> None:
        self.columns, self.lines, self.targets, self.choices = columns, lines, targets, choices
        self.down = np.array([column.down for column in columns], dtype=float)
        self.up = np.array([column.up for column in columns], dtype=float)
        self.choice = np.array([column.choice for column in columns], dtype=np.int64)
        self.counted = np.array(whole or [True] * len(columns), dtype=bool)
        self.solved = 0
        self._least = np.array([line.least for line in lines], dtype=float)
        self._greatest = np.array([line.greatest for line in lines], dtype=float)
        self._everything = np.arange(len(columns), dtype=np.int32)
        self._solver = model(lines, -self.down, self.up)

    def open(self, chosen: Floats) -> Floats:
        """How far each column is open, 0 to 1, for a choice (which may be fractional)."""
        return np.append(chosen, 1.0)[self.choice]  # ALWAYS takes the last

    def reach(self, column: int, sign: int, chosen: Floats) -> Reach:
        """How far a column can depart upwards (sign 1) or downwards (-1) with a choice."""
        opened = self.open(chosen)
        self._solver.changeColsBounds(
            len(self.columns), self._everything, -self.down * opened, np.maximum(self.up * opened, 0.0)
        )
        cost = np.zeros(len(self.columns))
        cost[column] = -sign
        self._solver.changeColsCost(len(cost), self._everything, cost)
        solution = run(self._solver)
        self.solved += 1
        point, prices = np.array(solution.col_value), np.array(solution.col_dual)
        if not solution.dual_valid:
            return Reach(
                sign * float(point[column]),
                point,
                np.zeros(self.choices),
                0.0,
                np.zeros(len(point)),
                np.zeros(len(self.lines)),
            )
        share = np.where(prices > 0, prices * self.down, -prices * self.up)
        factors = np.zeros(self.choices + 1)
        np.add.at(factors, self.choice, share)
        lines = np.array(solution.row_dual)
        constant = float(factors[ALWAYS]) + self._of_lines(lines)
        return Reach(sign * float(point[column]), point, factors[:-1], constant, share, lines)

    def whole(self, column: int, sign: int, hidden: Flags) -> float:
        """How far a column can depart with a choice, counts of people in whole numbers."""
        kinds = np.where(self.counted, highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
        self._solver.changeColsIntegrality(len(kinds), self._everything, kinds)
        try:
            return self.reach(column, sign, hidden.astype(float)).reach
        finally:
            loose = np.array([highspy.HighsVarType.kContinuous] * len(kinds))
            self._solver.changeColsIntegrality(len(kinds), self._everything, loose)

    def fits(self, point: Floats) -> bool:
        """Whether a departure keeps to all lines."""
        for line in self.lines:
            value = sum(point[column] * factor for column, factor in line.terms)
            if not line.least - 1e-9 <= value <= line.greatest + 1e-9:
                return False
        return True

    def _of_lines(self, prices: Floats) -> float:
        """What the lines that are not plain sums add to a limit."""
        ends = np.where(prices > 0, self._least, self._greatest)
        there = np.abs(prices) > 1e-9
        return float(-(prices[there] * ends[there]).sum())


def model(lines: Sequence[Line], lower: Floats, upper: Floats) -> Any:
    """A linear programme over lines, ready for bounds and costs."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(lower), len(lines)
    lp.col_cost_ = np.zeros(len(lower))
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_ = np.array([line.least for line in lines])
    lp.row_upper_ = np.array([line.greatest for line in lines])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(line.terms) for line in lines)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([column for line in lines for column, _ in line.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([factor for line in lines for _, factor in line.terms], dtype=float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver


def run(solver: Any) -> Any:
    """Solve, and look whether it was solved: a solver that stops early would hand back old values without a word."""
    for presolve in ("choose", "off", "on"):
        solver.setOptionValue("presolve", presolve)
        solver.run()
        status = solver.getModelStatus()
        if status not in (highspy.HighsModelStatus.kUnknown, highspy.HighsModelStatus.kSolveError):
            break
        solver.clearSolver()  # it went from an earlier solution into trouble: afresh
    solver.setOptionValue("presolve", "choose")
    if status != highspy.HighsModelStatus.kOptimal:
        raise CareshapeError(f"The solver of the protection stopped: {solver.modelStatusToString(status)}.")
    return solver.getSolution()
