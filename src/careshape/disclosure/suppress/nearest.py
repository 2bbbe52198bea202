"""The whole departure nearest to one that does not fit: where rounded figures do not add up to what is known."""

from __future__ import annotations

from typing import Final

import highspy
import numpy as np

from careshape.disclosure.suppress.space import Floats, Line, Space, model

NODES: Final = 20
"""Nodes of the search: a count, since a limit of time could give another edition tomorrow."""


def nearest(space: Space, point: Floats) -> Floats:
    """A departure that fits and is near a point, by steps up and down from it; the truth itself where none is found."""
    start = np.clip(point, -space.down, space.up)
    count = len(space.columns)
    lines = []
    for line in space.lines:
        there = sum(start[column] * factor for column, factor in line.terms)
        back = tuple((count + column, -factor) for column, factor in line.terms)
        lines.append(Line((*line.terms, *back), line.least - there, line.greatest - there))
    solver = model(lines, np.zeros(2 * count), np.concatenate([space.up - start, start + space.down]))
    every = np.arange(2 * count, dtype=np.int32)
    solver.changeColsCost(2 * count, every, np.ones(2 * count))
    kinds = np.where(space.counted, highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
    solver.changeColsIntegrality(2 * count, every, np.concatenate([kinds, kinds]))
    for option, value in (("mip_rel_gap", 0.05), ("mip_max_nodes", NODES)):
        solver.setOptionValue(option, value)
    solver.run()
    space.solved += 1
    steps = np.array(solver.getSolution().col_value)
    if len(steps) == 2 * count:
        found = start + steps[:count] - steps[count:]
        found = np.clip(np.where(space.counted, np.rint(found), found), -space.down, space.up)
        if space.fits(found):
            return found
    return np.zeros(count)
