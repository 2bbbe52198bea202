"""What levers ask for and nobody is there for: said, and not passed over."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.forecast.census import Census
from careshape.evaluate.forecast.effects_of import Shift
from careshape.evaluate.forecast.levers import Lever, Scenario
from careshape.evaluate.forecast.project import Expected
from careshape.language import say

NOBODY: Final = 1e-6
"""Fewer people than this are nobody."""


def unmet_moves(scenario: Scenario, expected: Expected, census: Census) -> tuple[str, ...]:
    """A sentence for each lever that asks for people to be moved from where there are none, or not so many."""
    levers = [lever for lever in scenario.levers if lever.kind in ("share", "moves")]
    said = []
    for lever, (shift, moved) in zip(levers, expected.shifted, strict=True):
        asked = np.nan_to_num(shift.values) > 0
        none = asked & ~moved.any(axis=1) & _nobody(shift, expected)
        fewer = asked & (moved.max(axis=1) >= 1) & (lever.kind == "moves")
        for short, outcome in ((none, "nobody is moved"), (fewer, "those who are there are moved")):
            if short.any():
                month = census.label(int(np.argmax(short)) + 1)
                said.append(f"{_words(lever, outcome == 'nobody is moved')} in {month}: {outcome}")
    return tuple(said)


def _nobody(shift: Shift, expected: Expected) -> NDArray[Any]:
    """[step] whether nobody is in the leaves that people come from, before or after; nor in the target of a share."""
    origin = expected.mean[:, np.unique(shift.origin)].sum(axis=1)
    if shift.kind == "share":
        origin = origin + expected.mean[:, np.unique(shift.target)].sum(axis=1)
    return np.asarray((origin[:-1] < NOBODY) & (origin[1:] < NOBODY))


def _words(lever: Lever, none: bool) -> str:
    where = "".join(say(" of {group}", group=one) for one in (lever.group, lever.area) if one)
    others = " or ".join(lever.others)
    asks = say(
        "the lever '{kind}' asks for people{where} to move from {others} to {service}",
        kind=lever.kind, where=where, others=others, service=lever.service,
    )  # fmt: skip
    return (
        say("{asks}, and nobody is in {others}", asks=asks, others=others)
        if none
        else say("{asks}, more than there are", asks=asks)
    )
