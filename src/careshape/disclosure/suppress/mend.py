"""Whether what an edition prints leaves every protected figure room; what more to hide where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition, Figure, Printed, Published, hidden
from careshape.disclosure.suppress.joint import Joint, Part
from careshape.disclosure.suppress.nearest import nearest
from careshape.disclosure.suppress.pattern import ANOTHER
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
    telling = _telling(published, tables, before)
    found = []
    for part in joint.parts():
        proof = Proof(part.space)
        walk(part.space, _printed(part, published, tables, len(before)), proof)
        nothing = np.zeros(part.space.choices, dtype=bool)
        for at in proof.unproven(nothing):
            if not proof.protects(at, nothing):
                found.append(_gap(part, at, nothing, published, telling, len(before)))
    return found


def _printed(part: Part, published: Published, tables: Tables, last: int) -> np.ndarray:
    """The departure that takes every figure to be as it is printed, or as nearly so as fits."""
    point = np.zeros(len(part.keys))
    for at, (edition, id_) in enumerate(part.keys):
        shown = published.by_id[id_].shown if edition == last else None
        if shown is not None:
            point[at] = shown - tables.by_id[id_].value
    _fitted(part, point)
    inside = (point >= -part.space.down) & (point <= part.space.up)
    return point if inside.all() and part.space.fits(point) else nearest(part.space, point)


def _fitted(part: Part, point: np.ndarray) -> None:
    """Lower what is hidden where a limit asks for it, as far as there is room: nobody sees it."""
    for line in part.space.lines:
        if line.least < line.greatest and not line.ratio:
            lacks = line.least - sum(point[column] * factor for column, factor in line.terms)
            for column, factor in line.terms:
                if lacks > 0 and factor < 0 and point[column] == 0:
                    point[column] = -min(lacks / -factor, part.space.down[column])
                    lacks += point[column] * -factor


def _telling(published: Published, tables: Tables, before: Sequence[Edition]) -> dict[str, bool]:
    """The figures that tell more than the editions before did; whether they are the same as in one of those."""
    ends: dict[str, tuple[int, float]] = {}
    for edition in before:
        for figure in edition.published.figures:
            now = tables.by_id.get(figure.id)
            if now is not None and edition.truth is not None and edition.truth.by_id[figure.id].value == now.value:
                least, greatest = ends.get(figure.id, (0, float("inf")))
                above = float("inf") if figure.greatest is None else figure.greatest
                ends[figure.id] = max(least, figure.least), min(greatest, above)
    return {
        one.id: one.id in ends for one in published.figures
        if one.shown is not None and not one.known and not _within(one, *ends.get(one.id, (0, float("inf"))))
    }  # fmt: skip


def _within(figure: Figure, least: int, greatest: float) -> bool:
    """Whether a range lies within what the print of a figure leaves."""
    return figure.least <= least and (figure.greatest is None or greatest <= figure.greatest)


def _gap(part: Part, at: int, nothing: np.ndarray, published: Published, telling: Mapping[str, bool], last: int) -> Gap:
    target = part.space.targets[at]
    above, below = (part.space.reach(target.column, sign, nothing.astype(float)) for sign in (1, -1))
    shares = above.shares + below.shares
    order = np.argsort(-shares, kind="stable").tolist()
    places = [part.keys[one] for one in order if shares[one] > 1e-9]
    prices = np.abs(above.prices) + np.abs(below.prices)
    priced = [line for line, price in zip(part.space.lines, prices, strict=True) if price > 1e-12]
    ratios = dict.fromkeys(line.ratio for line in priced if line.ratio)
    known = [id_ for line in priced for id_ in line.cells]
    here = [id_ for edition, id_ in places if edition in (last, last + 1) or (edition < last and telling.get(id_))]
    apart = [id_ for edition, id_ in places if edition == last + 1]  # beside the editions before, not one with them
    cells = dict.fromkeys([*(id_ for id_ in (*known, *here) if id_ in telling), *apart, *known])
    return Gap(part.asked[at], tuple(one for one in cells if one in published.by_id), tuple(ratios))


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
        published = replace(published, figures=hiding(published, tables, more))
    return published, why, sorted({gap.cell for gap in lacking})


def _next(published: Published, gap: Gap) -> dict[str, str]:
    """What to hide next for a cell: itself, then the printed figure that binds it most."""
    figure = published.by_id[gap.cell]
    if figure.shown is not None and not figure.known:
        return {gap.cell: f"fewer than {published.rule.threshold} people"}
    for id_ in gap.cells:
        if published.by_id[id_].shown is not None and not published.by_id[id_].known:
            return {id_: ANOTHER}
    return {}


def contradicted(published: Published) -> dict[str, str]:
    """Figures printed as they are that are more than a rounded one that they are no more than, which they tell of."""
    found = {}
    for one in published.limits:
        part, whole = published.by_id[one.part], [published.by_id[id_].shown for id_ in one.whole]
        if part.shown is None or not part.exact or part.known or None in whole:
            continue
        if part.shown > sum(shown or 0 for shown in whole):
            found[one.part] = ANOTHER
    return found


def hiding(published: Published, tables: Tables, more: Mapping[str, str]) -> tuple[Figure, ...]:
    """The figures of an edition, with more of them hidden."""
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
