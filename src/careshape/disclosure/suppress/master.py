"""The programmes that choose: the cheapest way round for one target, and the cheapest choice that keeps to all cuts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import highspy
import numpy as np

from careshape.disclosure.suppress.space import ALWAYS, Cut, Flags, Floats, Line, Space, model, run
from careshape.errors import CareshapeError

NODES: Final = 300
"""Nodes of the search for the cheapest choice: a count, since a limit of time could give another edition tomorrow."""


class Ways:
    """The cheapest departure of a column by a given length: hiding what it moves protects the column that far."""

    def __init__(self, space: Space) -> None:
        self.space = space
        count = len(space.columns)
        lines = [
            Line((*line.terms, *((count + at, -factor) for at, factor in line.terms)), line.least, line.greatest)
            for line in space.lines
        ]
        self._upper = np.concatenate([space.up, space.down])
        self._solver = model(lines, np.zeros(2 * count), self._upper)
        self._everything = np.arange(2 * count, dtype=np.int32)

    def hide(self, column: int, sign: int, far: float, hidden: Flags, prices: Floats) -> Flags | None:
        """What is hidden so that a column can depart so far; None where it cannot."""
        space, count = self.space, len(self.space.columns)
        price = np.where(space.choice == ALWAYS, 0.0, np.where(hidden[space.choice], 0.0, prices[space.choice]))
        lower, upper = np.zeros(2 * count), self._upper.copy()
        there, back = (column, count + column) if sign > 0 else (count + column, column)
        if upper[there] < far - 1e-9:
            return None
        lower[there], upper[back] = min(far, upper[there]), 0.0
        reach = np.maximum(np.minimum(self._upper, far), min(far, 1.0))
        self._solver.changeColsBounds(2 * count, self._everything, lower, upper)
        self._solver.changeColsCost(2 * count, self._everything, np.concatenate([price, price]) / reach + 1e-6)
        self._solver.run()
        space.solved += 2
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        flow = np.array(run(self._solver).col_value)
        moved = np.abs(flow[:count] - flow[count:]) > 1e-7
        more = hidden.copy()
        more[space.choice[moved & (space.choice != ALWAYS)]] = True
        return more


class Master:
    """The outer problem of Fischetti and Salazar: the cheapest choice that keeps to all cuts so far."""

    def __init__(self, costs: Floats, forced: Flags) -> None:
        self.costs, self.forced = costs, forced
        self.iterations = 0
        self.size = 0
        self._solver = model([], forced.astype(float), np.ones(len(costs)))
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.4), ("mip_max_nodes", NODES)):
            self._solver.setOptionValue(option, value)
        self._there: set[Cut] = set()
        self._fixed = float(costs[forced].sum())

    def add(self, cuts: Sequence[Cut]) -> None:
        """Add cuts; one that is there already is left out."""
        for cut in cuts:
            if cut not in self._there:
                self._there.add(cut)
                self.size += len(cut.factors)
                where = np.array([at for at, _ in cut.factors], dtype=np.int32)
                factors = np.array([factor for _, factor in cut.factors])
                self._solver.addRow(1.0, highspy.kHighsInf, len(where), where, factors)

    def relaxed(self) -> tuple[Floats, int]:
        """The cheapest fractional choice, and the least cost of any whole one that follows from it."""
        values = np.clip(np.array(run(self._solver).col_value), 0.0, 1.0)
        return values, self._least(float((self.costs * values).sum()))

    def solve(self) -> tuple[Flags, int]:
        """The cheapest choice, and the least cost of any: as far as the nodes of the search reach."""
        self._whole(highspy.HighsVarType.kInteger)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit):
            raise CareshapeError(f"The solver of the protection stopped: {self._solver.modelStatusToString(status)}.")
        values = np.array(self._solver.getSolution().col_value)
        info = self._solver.getInfo()
        self.iterations += int(info.simplex_iteration_count)
        least = self._least(info.mip_dual_bound)
        self._whole(highspy.HighsVarType.kContinuous)
        return (values > 0.5) | self.forced, least

    def _least(self, bound: float) -> int:
        """The least whole cost, without the nudges (less than 0.4 in all), that a bound leaves."""
        return max(0, int(np.ceil(bound - self._fixed - 0.4 - 1e-6)))

    def _whole(self, kind: Any) -> None:
        count = len(self.costs)
        self._solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.array([kind] * count))
