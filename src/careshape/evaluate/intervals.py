"""Limits of an estimate: one set of names, each with its quantile, for every part that states how sure a figure is.

>>> bounds(np.arange(101.0))
[{'lower_95': 2.5, 'lower_80': 10.0, 'upper_80': 90.0, 'upper_95': 97.5}]
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

QUANTILES: Final = {"lower_95": 0.025, "lower_80": 0.1, "upper_80": 0.9, "upper_95": 0.975}
"""Name of a limit -> its quantile: the ends of the middle 95% and of the middle 80%."""
MEDIAN: Final = "median"
WITH_MEDIAN: Final = dict(sorted({**QUANTILES, MEDIAN: 0.5}.items(), key=lambda item: item[1]))
"""The limits, with the median in its place among them."""

Z_95: Final = 1.959963984540054
"""How many standard deviations of a normal number the 95% limits lie from its middle."""
Z_80: Final = 1.2815515655446004
"""The same for the 80% limits."""

Limits = dict[str, float | None]


def bounds(draws: NDArray[np.number], median: bool = False) -> list[Limits]:
    """Limits of draws, a dictionary a cell.

    Args:
        draws: [draw] or [draw, cell]; a cell with a draw that is not a number has no limits (None).
        median: give the median, too.
    """
    asked = WITH_MEDIAN if median else QUANTILES
    table = np.asarray(draws, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    if not len(table):
        return [dict.fromkeys(asked) for _ in range(table.shape[1])]
    found = np.quantile(table, list(asked.values()), axis=0)
    return [
        {name: None if np.isnan(one) else float(one) for name, one in zip(asked, cell, strict=True)} for cell in found.T
    ]
