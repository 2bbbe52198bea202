"""Many requests to a provider: the relaxation gives nearly all of them whole, and a small programme places the rest."""

from __future__ import annotations

from typing import Final

import highspy
import numpy as np

from careshape.matching.prices import Relaxed, model, relax, solver, surplus
from careshape.matching.week import NOBODY, Week, Whole, hours_left

WHOLE: Final = 1 - 1e-6
NEARLY: Final = 5e-4
"""The rest is solved until it cannot add more than this share of the whole plan."""
NODES: Final = 20
"""Most nodes of its search: a limit that is the same on every machine, as seconds are not."""
BEST: Final = 20
"""Pairs of each request that the rest is solved with: those worth most above the prices of their hours."""
FINE: Final = 1000
"""Prices of hours are kept as whole thousandths, so that a bound is worked out from them without rounding."""


def by_prices(week: Week) -> tuple[Whole, Whole]:
    """Each request's provider, -1 for none; and the price of a hundredth of an hour of each, in thousandths."""
    relaxed = relax(week)
    given = np.full(len(week.requests), NOBODY, dtype=np.int64)
    whole = relaxed.share > WHOLE
    given[relaxed.row[whole]] = week.near[relaxed.row[whole], relaxed.place[whole]]
    _rest(week, given, relaxed)
    return given, _thousandths(relaxed)


def _thousandths(relaxed: Relaxed) -> Whole:
    return np.asarray(np.round(relaxed.prices * FINE), dtype=np.int64)


def _rest(week: Week, given: Whole, relaxed: Relaxed) -> None:
    """Place what the relaxation split or left, within what the others leave."""
    placed = given != NOBODY
    left = hours_left(week, given)
    may = (week.near != NOBODY) & ~placed[:, None] & (week.hours[:, None] <= left[week.near])
    above = np.where(may, surplus(week, relaxed.prices), -np.inf)
    may &= np.argsort(np.argsort(-above, axis=1, kind="stable"), axis=1) < BEST
    row, place = np.nonzero(may)
    if not len(row):
        return
    programme = model(week, row, place, left)
    programme.integrality_ = [highspy.HighsVarType.kInteger] * len(row)
    highs = solver()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", NEARLY * float((relaxed.share * week.value[relaxed.row, relaxed.place]).sum()))
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.passModel(programme)
    highs.run()
    chosen = np.array(highs.getSolution().col_value) > 0.5
    given[row[chosen]] = week.near[row[chosen], place[chosen]]
