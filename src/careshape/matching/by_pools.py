"""Care that is taken from pools, in any parts: a programme of loads and of how much of each comes from which pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from careshape.matching.prices import Real, model, relax, solver, surplus
from careshape.matching.rounding import BEST, FINE, NEARLY, NODES, WHOLE
from careshape.matching.week import NOBODY, Week, Whole

FEW: Final = 300
"""Requests, up to which all are placed by whole numbers at once; of more, what the relaxation gives whole stays."""
NODES_OF_FEW: Final = 300
"""Most nodes of the search where requests are few: a limit that is the same on every machine."""
DEAR: Final = 1e12
"""The price of an hour of who has no pool at all."""


@dataclass(frozen=True)
class Ways:
    """A week whose providers are *ways* to give care: a provider, and the pools from which it is given.

    Attributes:
        week: the week; its capacity is what the pools of a way hold together.
        draws: of each way, the numbers of its pools.
        room: what each pool holds.
        provider: of each way, the number of the provider.
        pools: of each pool, the number of its provider, -1 for none, and its name.
    """

    week: Week
    draws: tuple[tuple[int, ...], ...]
    room: Whole
    provider: tuple[int, ...]
    pools: tuple[tuple[int, str], ...]

    def least(self, prices: Real) -> Real:
        """The price of an hour of each way: the least of its pools'."""
        return np.array([min((prices[pool] for pool in drawn), default=DEAR) for drawn in self.draws])


def by_pools(ways: Ways) -> tuple[Whole, dict[int, dict[str, int]]]:
    """Each request's way, -1 for none; and by provider the price of a hundredth in each pool, in thousandths."""
    week, prices = ways.week, np.zeros(len(ways.room))

    def solve(row: Whole, place: Whole) -> tuple[Real, Real, Real]:
        nonlocal prices
        solution = _run(ways, row, place).getSolution()
        duals = np.maximum(np.array(solution.row_dual), 0.0)
        prices = duals[len(week.requests) + len(ways.draws) :]
        return np.array(solution.col_value)[: len(row)], duals[: len(week.requests)], ways.least(prices)

    relaxed = relax(week, solve)
    given = np.full(len(week.requests), NOBODY, dtype=np.int64)
    if len(week.requests) > FEW:
        whole = relaxed.share > WHOLE
        given[relaxed.row[whole]] = week.near[relaxed.row[whole], relaxed.place[whole]]
    worth = float((relaxed.share * week.value[relaxed.row, relaxed.place]).sum())
    _rest(ways, given, surplus(week, relaxed.prices), NEARLY * worth)
    named: dict[int, dict[str, int]] = {}
    for (one, name), price in zip(ways.pools, np.round(prices * FINE).astype(np.int64).tolist(), strict=True):
        named.setdefault(one, {})[name] = price
    return given, named


def _rest(ways: Ways, given: Whole, above: Real, nearly: float) -> None:
    """Place what has no way yet by whole numbers, within what the others leave."""
    week = ways.week
    may = (week.near != NOBODY) & (given == NOBODY)[:, None]
    may &= np.argsort(np.argsort(-above, axis=1, kind="stable"), axis=1) < BEST
    row, place = np.nonzero(may)
    if not len(row):
        return
    placed = given != NOBODY
    fixed = np.bincount(given[placed], weights=week.hours[placed], minlength=len(ways.draws)).astype(np.int64)
    highs = _run(ways, row, place, fixed, nearly)
    chosen = np.array(highs.getSolution().col_value)[: len(row)] > 0.5
    given[row[chosen]] = week.near[row[chosen], place[chosen]]


def _run(
    ways: Ways, row: Whole, place: Whole, fixed: Whole | None = None, nearly: float | None = None
) -> highspy.Highs:
    """Solve the programme over some pairs: what is given by each way comes from its pools, and no pool gives more than
    it holds.

    fixed: what each way gives already. nearly: then the pairs are whole, and a plan may be so much below the best.
    """
    first, pools = len(ways.week.requests) + len(ways.draws), len(ways.room)
    given = np.zeros(len(ways.draws), dtype=np.int64) if fixed is None else fixed
    programme = model(ways.week, row, place, -given)
    highs = solver()
    if nearly is not None:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(row)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", nearly)
        highs.setOptionValue("mip_max_nodes", NODES if len(ways.week.requests) > FEW else NODES_OF_FEW)
    highs.passModel(programme)
    none = np.zeros(0)
    highs.addRows(
        pools, np.full(pools, -np.inf), ways.room.astype(float), 0, np.zeros(pools, dtype=np.int32),
        none.astype(np.int32), none,
    )  # fmt: skip
    flows = [(way, pool) for way, drawn in enumerate(ways.draws) for pool in drawn]
    many = len(flows)
    index = np.array([(len(ways.week.requests) + way, first + pool) for way, pool in flows], dtype=np.int32).ravel()
    highs.addCols(
        many, np.zeros(many), np.zeros(many), np.full(many, np.inf), 2 * many,
        np.arange(0, 2 * many, 2, dtype=np.int32), index, np.tile([-1.0, 1.0], many),
    )  # fmt: skip
    highs.run()
    return highs
