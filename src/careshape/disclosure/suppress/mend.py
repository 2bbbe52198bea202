"""Whether what an edition prints leaves every protected figure room; what more to hide where it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition, Figure, Published, hidden
from careshape.disclosure.suppress.joint import Joint, Part
from careshape.disclosure.suppress.protection import Proof
from careshape.disclosure.suppress.steps import walk

ROUNDS: Final = 60
"""How often figures are taken out of an edition before its gaps are called hopeless."""


def gaps(published: Published, tables: Tables, before: Sequence[Edition]) -> dict[str, list[str]]:
    """The protected cells that are left too little room; for each, printed cells that take it, the tightest first."""
    joint = Joint(Tables(()), published.rule, [*before, Edition(published, tables)], {})
    found: dict[str, list[str]] = {}
    for part in joint.parts():
        proof = Proof(part.space)
        walk(part.space, _printed(part, published, tables, len(before)), proof)
        nothing = np.zeros(part.space.choices, dtype=bool)
        for at in proof.unproven(nothing):
            if not proof.protects(at, nothing):
                found[part.asked[at]] = _tight(part, at, nothing, len(before))
    return found


def _printed(part: Part, published: Published, tables: Tables, last: int) -> np.ndarray:
    """The departure that takes every figure to be as it is printed."""
    point = np.zeros(len(part.keys))
    for at, (edition, id_) in enumerate(part.keys):
        shown = published.by_id[id_].shown if edition == last else None
        if shown is not None:
            point[at] = shown - tables.by_id[id_].value
    inside = (point >= -part.space.down) & (point <= part.space.up)
    return point if inside.all() and part.space.fits(point) else np.zeros(len(part.keys))


def _tight(part: Part, at: int, nothing: np.ndarray, last: int) -> list[str]:
    target = part.space.targets[at]
    above, below = (part.space.reach(target.column, sign, nothing.astype(float)) for sign in (1, -1))
    shares = above.shares + below.shares
    order = np.argsort(-shares, kind="stable")
    return [part.keys[one][1] for one in order.tolist() if shares[one] > 1e-9 and part.keys[one][0] == last]


def mended(
    published: Published, tables: Tables, before: Sequence[Edition]
) -> tuple[Published, Mapping[str, str], Sequence[str]]:
    """Hide more of an edition until nothing that is protected lacks room.

    Returns the edition, what was hidden and why, and the cells that still lack room.
    """
    why: dict[str, str] = {}
    for _ in range(ROUNDS):
        lacking = gaps(published, tables, before)
        if not lacking:
            return published, why, ()
        more = {id_: reason for cell, tight in lacking.items() for id_, reason in _next(published, cell, tight).items()}
        if not more:
            return published, why, sorted(lacking)
        why.update({id_: reason for id_, reason in more.items() if id_ not in why})
        published = replace(published, figures=_hiding(published, tables, more))
    return published, why, sorted(gaps(published, tables, before))


def _next(published: Published, cell: str, tight: Sequence[str]) -> dict[str, str]:
    """What to hide next for a cell: itself, then the printed figure that binds it most."""
    figure = published.by_id.get(cell)
    if figure is not None and figure.shown is not None and not figure.known:
        return {cell: f"fewer than {published.rule.threshold} people"}
    for id_ in tight:
        if published.by_id[id_].shown is not None and not published.by_id[id_].known:
            return {id_: "would give another figure away"}
    return {}


def _hiding(published: Published, tables: Tables, more: Mapping[str, str]) -> tuple[Figure, ...]:
    return tuple(hidden(tables.by_id[one.id]) if one.id in more else one for one in published.figures)


def most_that_is_safe(candidates: Sequence[str], safe: Callable[[Sequence[str]], bool]) -> list[str]:
    """Of things to print beside others, as many as are safe together: all are tried, then halves, then their halves."""
    kept: list[str] = []

    def take(some: Sequence[str]) -> None:
        if not some:
            return
        if safe([*kept, *some]):
            kept.extend(some)
        elif len(some) > 1:
            half = len(some) // 2
            take(some[:half])
            take(some[half:])

    take(candidates)
    return kept
