"""The linear and integer programmes of the attack: the ends of a column's range, and tables that reach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np

from careshape.disclosure.attack.system import Row
from careshape.errors import CareshapeError

NEAR: Final = 1e-6
"""How far from a whole number a solver's value may lie that stands for it."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range.

    value: None where there is no end. point: a value for each column of the programme, where the solver gave whole
        ones.
    prices: the dual value of each row, where a linear programme was solved.
    """

    value: int | None
    point: tuple[int, ...] | None
    prices: tuple[float, ...] = ()


class Programme:
    """Rows over a few open columns, asked for one end after another: each start from where the last one ended."""

    def __init__(
        self, columns: Sequence[int], rows: Sequence[Row], least: Sequence[int], greatest: Sequence[int | None]
    ) -> None:
        self.columns = list(columns)
        self.position = {column: at for at, column in enumerate(self.columns)}
        self.rows = rows
        self.least = [least[column] for column in self.columns]
        self.greatest = [greatest[column] for column in self.columns]
        self._cost = np.zeros(len(self.columns))
        self.linear = 0
        self.integer = 0
        self._solver = self._model()

    def _model(self) -> Any:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.columns), len(self.rows)
        lp.col_cost_ = self._cost
        lp.col_lower_ = np.array(self.least, dtype=float)
        lp.col_upper_ = np.array([_number(high) for high in self.greatest])
        lp.row_lower_ = np.array([row.least for row in self.rows], dtype=float)
        lp.row_upper_ = np.array([_number(row.greatest) for row in self.rows])
        starts = np.cumsum([0, *(len(row.terms) for row in self.rows)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.array([self.position[c] for row in self.rows for c, _ in row.terms], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([factor for row in self.rows for _, factor in row.terms], dtype=float)
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        return solver

    def end(self, column: int, sign: int, whole: bool = False) -> End:
        """The greatest (sign 1) or least (-1) value of a column; over whole numbers only where ``whole``.

        Raises Unsolvable where no table fits.
        """
        return self.furthest({column: sign}, whole)

    def furthest(self, weights: Mapping[int, int], whole: bool = False) -> End:
        """The same of a weighted sum of columns."""
        self._cost[:] = 0.0
        for column, weight in weights.items():
            self._cost[self.position[column]] = -weight
        count = len(self.columns)
        everything = np.arange(count, dtype=np.int32)
        self._solver.changeColsCost(count, everything, self._cost)
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        if whole:
            self._solver.changeColsIntegrality(count, everything, np.array([kind] * count))
        self._solver.run()
        found = self._end(weights, whole)
        if whole:
            kind = highspy.HighsVarType.kContinuous
            self._solver.changeColsIntegrality(count, everything, np.array([kind] * count))
        return found

    def _end(self, weights: Mapping[int, int], whole: bool) -> End:
        self.integer += whole
        self.linear += not whole
        status = self._solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return End(None, None)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Unsolvable
        if status != highspy.HighsModelStatus.kOptimal:
            raise CareshapeError(f"The attack's solver stopped: {self._solver.modelStatusToString(status)}.")
        solution = self._solver.getSolution()
        values = np.array(solution.col_value)
        nearest = np.rint(values)
        point = None
        if np.abs(values - nearest).max() < NEAR and self.fits(nearest):
            point = tuple(int(value) for value in nearest)
        exact = sum(weight * values[self.position[column]] for column, weight in weights.items())
        sign = -1 if any(weight < 0 for weight in weights.values()) else 1
        value = sign * int(np.floor(exact + NEAR * max(1.0, abs(exact))))
        return End(value, point, () if whole else tuple(solution.row_dual))

    def fits(self, point: Sequence[float]) -> bool:
        """Whether whole values keep to every range and row exactly: the proof that a reader cannot exclude them."""
        values = [int(value) for value in point]
        for value, least, greatest in zip(values, self.least, self.greatest, strict=True):
            if value < least or (greatest is not None and value > greatest):
                return False
        for row in self.rows:
            total = sum(values[self.position[column]] * factor for column, factor in row.terms)
            if total < row.least or (row.greatest is not None and total > row.greatest):
                return False
        return True

    def between(self, column: int, least: int | None, greatest: int | None) -> tuple[int, ...] | None:
        """Whole values for all columns that fit, with one column in a range; None where there are none."""
        at = self.position[column]
        low = max(self.least[at], least if least is not None else self.least[at])
        high = _least_of(self.greatest[at], greatest)
        if high is not None and low > high:
            return None
        self._solver.changeColBounds(at, float(low), _number(high))
        try:
            return self.furthest({}, whole=True).point
        except Unsolvable:
            return None
        finally:
            self._solver.changeColBounds(at, float(self.least[at]), _number(self.greatest[at]))

    def cap(self, limits: Mapping[int, int | None]) -> None:
        """Set the greatest values of some columns for the time being; None gives back their own."""
        if limits:
            positions = [self.position[column] for column in limits]
            caps = [
                self.greatest[at] if limit is None else limit
                for at, limit in zip(positions, limits.values(), strict=True)
            ]
            self._solver.changeColsBounds(
                len(positions),
                np.array(positions, dtype=np.int32),
                np.array([self.least[at] for at in positions], dtype=float),
                np.array([_number(one) for one in caps]),
            )


class Unsolvable(Exception):
    """No values fit all rows: what is printed contradicts itself."""


def _least_of(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _number(value: int | None) -> float:
    return highspy.kHighsInf if value is None else float(value)
