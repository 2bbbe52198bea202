"""The pattern of suppression of one edition: what is hidden and why, component by component."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition
from careshape.disclosure.rule import Need, Rule
from careshape.disclosure.suppress.choose import Chooser
from careshape.disclosure.suppress.joint import Joint
from careshape.disclosure.suppress.space import Floats

ANOTHER: Final = "would give another figure away"
Chance = Callable[[str], float]
"""A number from 0 to 1 by text, always the same for the same text."""


@dataclass(frozen=True)
class Pattern:
    """Hidden cells with their reasons, those that cannot be protected, and what it cost."""

    why: Mapping[str, str]
    unprotected: Mapping[str, str]
    cost: int
    bound: int


def pattern(
    tables: Tables, rule: Rule, before: Sequence[Edition], needs: Mapping[str, Need], chance: Chance, work: int
) -> Pattern:
    """Choose what to hide so that ``needs`` are met. The other arguments are those of ``protect``."""
    joint = Joint(tables, rule, before, needs)
    why, unprotected = dict(joint.forced), {}
    cost = bound = 0
    for part in joint.parts():
        cells, asked = part.cells, part.asked
        if not cells:
            continue  # of earlier editions alone: nothing that is chosen now bears on it
        forced = np.array([cell in why for cell in cells], dtype=bool)
        weights = np.array([tables.by_id[cell].weight for cell in cells], dtype=float)
        seed = int(chance(f"seed {cells[0] if cells else 0}") * 2**32)
        choice = Chooser(part.space, forced, weights, _nudge(tables, cells, chance), seed, work).choose()
        why.update({cells[at]: ANOTHER for at in np.flatnonzero(choice.hidden & ~forced).tolist()})
        unprotected.update({asked[at]: hopeless(asked[at]) for at in choice.failed})
        cost, bound = cost + choice.cost, bound + choice.bound
    return Pattern(why, unprotected, cost, bound)


def _nudge(tables: Tables, cells: Sequence[str], chance: Chance) -> Floats:
    """Less than 0.4 in all: of choices of the same cost, small figures are hidden rather, then as the secret has it."""
    values = np.array([tables.by_id[cell].value for cell in cells], dtype=float)
    drawn = np.array([chance(cell) for cell in cells])
    rank = np.log1p(values) / max(1.0, float(np.log1p(values).max(initial=0.0)))
    return (0.7 * rank + 0.3 * drawn) * 0.39 / max(1, len(cells))


def hopeless(cell: str) -> str:
    """What is said of a cell that no choice protects."""
    return (
        f"'{cell}' cannot be protected, whatever this edition hides: figures that are known from elsewhere, or were "
        "printed before, tell too much of it. Publish nothing that adds up to it, or declare less as known."
    )
