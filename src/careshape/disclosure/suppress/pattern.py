"""The pattern of suppression of one edition: what is hidden and why, component by component."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition
from careshape.disclosure.rule import Rule
from careshape.disclosure.suppress.choose import Chooser
from careshape.disclosure.suppress.joint import Joint

ANOTHER = "would give another figure away"


@dataclass(frozen=True)
class Pattern:
    """Hidden cells with their reasons, those that cannot be protected, and what it cost."""

    why: Mapping[str, str]
    unprotected: Mapping[str, str]
    cost: int
    bound: int


def pattern(tables: Tables, rule: Rule, before: Sequence[Edition], secret: str) -> Pattern:
    """Choose what to hide. The arguments are those of ``protect``."""
    joint = Joint(tables, rule, before, rule.protected(tables))
    why, unprotected = dict(joint.forced), {}
    cost = bound = 0
    for space, cells, asked in joint.spaces():
        forced = np.array([cell in why for cell in cells], dtype=bool)
        weights = np.array([tables.by_id[cell].weight for cell in cells], dtype=float)
        seed = int(_chance(secret, cells[0] if cells else "") * 2**32)
        choice = Chooser(space, forced, weights, _nudge(tables, cells, secret), seed).choose()
        why.update({cells[at]: ANOTHER for at in np.flatnonzero(choice.hidden & ~forced)})
        unprotected.update({asked[at]: _hopeless(asked[at]) for at in choice.failed})
        cost, bound = cost + choice.cost, bound + choice.bound
    return Pattern(why, unprotected, cost, bound)


def _nudge(tables: Tables, cells: Sequence[str], secret: str) -> np.ndarray:
    """Less than 0.4 in all: of choices of the same cost, small figures are hidden rather, then as the secret has it."""
    values = np.array([tables.by_id[cell].value for cell in cells], dtype=float)
    chance = np.array([_chance(secret, cell) for cell in cells])
    rank = np.log1p(values) / max(1.0, float(np.log1p(values).max(initial=0.0)))
    return (0.7 * rank + 0.3 * chance) * 0.39 / max(1, len(cells))


def _chance(secret: str, cell: str) -> float:
    return int.from_bytes(hashlib.sha256(f"{secret}\0{cell}".encode()).digest()[:6], "big") / 2**48


def _hopeless(cell: str) -> str:
    return (
        f"'{cell}' cannot be protected, whatever this edition hides: figures that are known from elsewhere, or were "
        "printed before, tell too much of it. Publish nothing that adds up to it, or declare less as known."
    )
