"""Months that say nothing of the level or the trend: a pandemic year must not become either."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.settings import Shocks
from careshape.language import say

LEAST_RUN: Final = 3
"""Months in a row that make a shock."""
LONGEST_SHARE: Final = 0.3
"""A run longer than this share of the records is how things are, not a shock."""
LIMIT: Final = 3.5
"""Distance from the median, in robust standard deviations, beyond which a month is out of line."""
LEAST_CHANGE: Final = 0.15
"""A smaller departure from the median is no shock, however steady the months are."""


def calm_steps(
    census: Census, steps: int, shocks: Shocks, entries: NDArray[Any], ends: NDArray[Any]
) -> tuple[NDArray[np.bool_], str]:
    """Which steps before the origin count, and a note that says which do not and why.

    entries, ends: totals by step [steps]; the last step ends on the origin.
    """
    calm = np.ones(steps, bool)
    if shocks is None or not steps:
        return calm, ""
    if isinstance(shocks, tuple):
        for first, last in shocks:
            for j in range(steps):
                # Step j runs from census day j - steps to the next; a step that touches the stretch is left out.
                calm[j] &= census.day(j - steps + 1) < first or census.day(j - steps) + 1 > last
        return calm, _note(census, calm, "as the settings say")
    if census.step == "month":
        for series in (entries, ends):
            calm &= ~_out_of_line(np.asarray(series, float))
    return calm, _note(census, calm, "found by rule")


def _out_of_line(series: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Months of a shock: a run on one side of the trend, with months in line on both sides of it."""
    months = len(series)
    found = np.zeros(months, bool)
    if months < 24:
        return found
    logs = np.log(series + 1)
    trend = _robust_line(logs)
    off = logs - trend
    noise = max(1.4826 * float(np.median(np.abs(off - np.median(off)))), 1 / np.sqrt(series.mean() + 1))
    for sign in (1, -1):
        beyond = sign * off > max(LIMIT * noise, LEAST_CHANGE)
        start = None
        for t in range(months + 1):
            if t < months and beyond[t]:
                start = t if start is None else start
            elif start is not None:
                if LEAST_RUN <= t - start <= LONGEST_SHARE * months and start > 0 and t < months:
                    found[start:t] = True
                start = None
    return found


def _robust_line(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line through the medians of pairwise slopes (Theil and Sen)."""
    t = np.arange(len(values))
    i, j = np.triu_indices(len(values), 1)
    slope = float(np.median((values[j] - values[i]) / (j - i)))
    return np.asarray(float(np.median(values - slope * t)) + slope * t)


def _note(census: Census, calm: NDArray[np.bool_], why: str) -> str:
    steps = len(calm)
    out = np.flatnonzero(~calm)
    if not len(out):
        return ""
    runs = np.split(out, np.flatnonzero(np.diff(out) > 1) + 1)
    spans = [f"{census.label(int(run[0]) - steps + 1)} to {census.label(int(run[-1]) - steps + 1)}" for run in runs]
    return say("left out of level and trend ({why}): {spans}", why=why, spans=", ".join(spans))
