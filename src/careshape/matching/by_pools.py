"""Care that is taken from pools, in any parts: a programme of loads and of how much of each comes from which pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from careshape.matching.knapsack import Flags
from careshape.matching.prices import Real, Relaxed, model, relax, solver, surplus
from careshape.matching.rounding import BEST, FINE, NEARLY, NODES, WHOLE
from careshape.matching.week import NOBODY, Week, Whole

FEW: Final = 300
"""Requests, up to which all are placed by whole numbers at once; of more, those of some providers after the others."""
NODES_OF_FEW: Final = 300
"""Most nodes of the search where requests are few: a limit that is the same on every machine."""
PART: Final = 40
"""Providers whose requests are placed anew together, where requests are many."""
BEST_OF_PART: Final = 4
"""Pairs of each request that a part is solved with: those that lose least."""
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


@dataclass(frozen=True)
class Priced:
    """The relaxation of such a week.

    Attributes:
        relaxed: its plan in parts; its prices are of an hour of each way.
        pools: the price of a hundredth in each pool.
    """

    relaxed: Relaxed
    pools: Real

    def named(self, ways: Ways) -> dict[int, dict[str, int]]:
        """The prices by provider and pool, in whole thousandths."""
        named: dict[int, dict[str, int]] = {}
        whole = np.round(self.pools * FINE).astype(np.int64).tolist()
        for (one, name), price in zip(ways.pools, whole, strict=True):
            named.setdefault(one, {})[name] = price
        return named

    def of_requests(self, ways: Ways) -> Real:
        """What each request is worth above the prices of its hours."""
        return np.maximum(surplus(ways.week, self.relaxed.prices).max(axis=1, initial=0.0), 0.0)


def priced(ways: Ways) -> Priced:
    """Solve the relaxation: loads may be given in parts, and every pool has a price."""
    prices = np.zeros(len(ways.room))

    def solve(row: Whole, place: Whole) -> tuple[Real, Real, Real]:
        nonlocal prices
        solution = _run(ways, row, place).getSolution()
        duals = np.maximum(np.array(solution.row_dual), 0.0)
        prices = duals[len(ways.week.requests) + len(ways.draws) :]
        return np.array(solution.col_value)[: len(row)], duals[: len(ways.week.requests)], ways.least(prices)

    relaxed = relax(ways.week, solve)
    return Priced(relaxed, prices)


def by_pools(ways: Ways, found: Priced) -> Whole:
    """Each request's way, -1 for none, from the relaxation.

    Few requests are placed by whole numbers at once. Of many, what the relaxation gives whole stays at first; then the
    requests of some providers, and those that have none, are placed anew within what all others leave, some providers
    after the others.
    """
    week, relaxed = ways.week, found.relaxed
    given = np.full(len(week.requests), NOBODY, dtype=np.int64)
    few = len(week.requests) <= FEW
    if not few:
        whole = relaxed.share > WHOLE
        given[relaxed.row[whole]] = week.near[relaxed.row[whole], relaxed.place[whole]]
    worth = float((relaxed.share * week.value[relaxed.row, relaxed.place]).sum())
    every = np.ones(len(ways.draws) + 1, dtype=bool)
    _anew(ways, found, given, given == NOBODY, every, (BEST, NODES_OF_FEW if few else NODES, NEARLY * worth))
    if few:
        return given
    provider = np.array([*ways.provider, NOBODY], dtype=np.int64)
    for some in _parts(ways):
        of_some = np.isin(provider, some)
        of_some[-1] = False
        theirs = (given != NOBODY) & of_some[given]
        worth = float(week.value[theirs][week.near[theirs] == given[theirs, None]].sum())
        _anew(ways, found, given, theirs | (given == NOBODY), of_some, (BEST_OF_PART, 1, NEARLY * worth))
    return given


def _parts(ways: Ways) -> list[list[int]]:
    """Providers by parts: in each those that could be given the most of the same requests."""
    provider = np.array(ways.provider, dtype=np.int64)
    names = np.unique(provider)
    row, place = np.nonzero(ways.week.near != NOBODY)
    could = np.zeros((len(names), len(ways.week.requests)), dtype=np.float32)
    could[np.searchsorted(names, provider[ways.week.near[row, place]]), row] = 1.0
    shared, left, parts = could @ could.T, np.ones(len(names), dtype=bool), []
    while left.any():
        part = [int(np.argmax(left))]
        left[part[0]] = False
        while left.any() and len(part) < PART:
            after = int(np.argmax(np.where(left, shared[part].sum(axis=0), -1.0)))
            part.append(after)
            left[after] = False
        parts.append(names[part].tolist())
    return parts


def _anew(ways: Ways, found: Priced, given: Whole, mine: Flags, of_some: Flags, limits: tuple[int, int, float]) -> None:
    """Give some requests to some ways by whole numbers, within what the others leave; kept where it is worth more.

    limits: pairs of each request, nodes of the search, and how much a plan may be below the best.
    """
    week, (best, nodes, nearly) = ways.week, limits
    may = (week.near != NOBODY) & of_some[week.near] & mine[:, None]
    above = np.where(may, surplus(week, found.relaxed.prices), -np.inf)
    now = may & (week.near == given[:, None])
    may = (may & (np.argsort(np.argsort(-above, axis=1, kind="stable"), axis=1) < best)) | now
    row, place = np.nonzero(may)
    if not len(row):
        return
    others = (given != NOBODY) & ~mine
    fixed = np.bincount(given[others], weights=week.hours[others], minlength=len(ways.draws)).astype(np.int64)
    solution = _run(ways, row, place, fixed, (nodes, nearly)).getSolution()
    if not solution.value_valid:
        return
    chosen = np.array(solution.col_value)[: len(row)] > 0.5
    value = week.value[row, place]
    if value[chosen].sum() > value[now[row, place]].sum():
        given[mine] = NOBODY
        given[row[chosen]] = week.near[row[chosen], place[chosen]]


def _run(
    ways: Ways, row: Whole, place: Whole, fixed: Whole | None = None, limits: tuple[int, float] | None = None
) -> highspy.Highs:
    """Solve the programme over some pairs.

    fixed: what each way gives already. limits: then the pairs are whole; most nodes of the search, and how much a plan
    may be below the best.
    """
    highs = solver()
    if limits is not None:
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", limits[1])
        highs.setOptionValue("mip_max_nodes", limits[0])
    pass_programme(highs, ways, (row, place), fixed, limits is not None)
    highs.run()
    return highs


def pass_programme(
    highs: highspy.Highs, ways: Ways, pairs: tuple[Whole, Whole], fixed: Whole | None, whole: bool
) -> None:
    """Hand a solver the programme over some pairs, request and place, which are its first columns.

    What is given by each way comes from its pools, and no pool gives more than it holds.
    """
    row, place = pairs
    first, pools = len(ways.week.requests) + len(ways.draws), len(ways.room)
    given = np.zeros(len(ways.draws), dtype=np.int64) if fixed is None else fixed
    programme = model(ways.week, row, place, -given)
    if whole:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(row)
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
