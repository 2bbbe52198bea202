"""Whether what an edition prints leaves every protected figure room; what more to hide where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition, Figure, Printed, Published, hidden
from careshape.disclosure.suppress.joint import Joint, Part
from careshape.disclosure.suppress.protection import Proof
from careshape.disclosure.suppress.steps import walk

TURNS: Final = 2
"""How often single ratios are taken out of an edition."""
ROUNDS: Final = 60
"""How often figures are taken out of an edition before its gaps are called hopeless."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A protected cell that lacks room, and the cells and ratios of this edition that take it, the tightest first."""

    cell: str
    cells: tuple[str, ...]
    ratios: tuple[str, ...]


def gaps(published: Published, tables: Tables, before: Sequence[Edition]) -> list[Gap]:
    """The protected cells, and the changes, that what is printed leaves too little room."""
    rule = published.rule
    joint = Joint(tables, rule, before, rule.protected(tables), published)
    found = []
    for part in joint.parts():
        proof = Proof(part.space)
        walk(part.space, _printed(part, published, tables, len(before)), proof)
        nothing = np.zeros(part.space.choices, dtype=bool)
        for at in proof.unproven(nothing):
            if not proof.protects(at, nothing):
                found.append(_gap(part, at, nothing, len(before)))
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


def _gap(part: Part, at: int, nothing: np.ndarray, last: int) -> Gap:
    target = part.space.targets[at]
    above, below = (part.space.reach(target.column, sign, nothing.astype(float)) for sign in (1, -1))
    shares = above.shares + below.shares
    order = np.argsort(-shares, kind="stable").tolist()
    places = [part.keys[one] for one in order if shares[one] > 1e-9]
    cells = dict.fromkeys(id_ for edition, id_ in places if edition in (last, last + 1))
    prices = np.abs(above.prices) + np.abs(below.prices)
    lines = zip(part.space.lines, prices, strict=True)
    ratios = dict.fromkeys(line.ratio for line, price in lines if line.ratio and price > 1e-12)
    return Gap(part.asked[at], tuple(cells), tuple(ratios))


def mended(
    published: Published, tables: Tables, before: Sequence[Edition]
) -> tuple[Published, Mapping[str, str], Sequence[str]]:
    """Hide more of an edition until nothing that is protected lacks room.

    Returns the edition, what was hidden and why, and the cells that still lack room.
    """
    why: dict[str, str] = {}
    lacking: list[Gap] = []
    for _ in range(ROUNDS):
        lacking = gaps(published, tables, before)
        if not lacking:
            break
        more = {id_: reason for gap in lacking for id_, reason in _next(published, gap).items()}
        if not more:
            break
        why.update({id_: reason for id_, reason in more.items() if id_ not in why})
        published = replace(published, figures=_hiding(published, tables, more))
    return published, why, sorted({gap.cell for gap in lacking})


def _next(published: Published, gap: Gap) -> dict[str, str]:
    """What to hide next for a cell: itself, then the printed figure that binds it most."""
    figure = published.by_id[gap.cell]
    if figure.shown is not None and not figure.known:
        return {gap.cell: f"fewer than {published.rule.threshold} people"}
    for id_ in gap.cells:
        if published.by_id[id_].shown is not None and not published.by_id[id_].known:
            return {id_: "would give another figure away"}
    return {}


def _hiding(published: Published, tables: Tables, more: Mapping[str, str]) -> tuple[Figure, ...]:
    return tuple(hidden(tables.by_id[one.id]) if one.id in more else one for one in published.figures)


def without_telling(published: Published, tables: Tables, before: Sequence[Edition]) -> Published:
    """The edition without the ratios of true counts that leave a protected cell too little room beside the rest."""
    for turn in range(ROUNDS):
        telling = {id_ for gap in gaps(published, tables, before) for id_ in gap.ratios}
        if not telling:
            break
        if turn == TURNS:  # one after another would take long: leave out all that tell of a hidden figure
            telling = {one.ratio.id for one in published.ratios if _tells(one, published)}
        kept = tuple(
            replace(one, shown=None) if one.ratio.id in telling and one.of_counts else one for one in published.ratios
        )
        published = replace(published, ratios=kept)
    return published


def _tells(printed: Printed, published: Published) -> bool:
    ratio = printed.ratio
    return None in (published.by_id[ratio.numerator].shown, published.by_id[ratio.denominator].shown)
