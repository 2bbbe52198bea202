"""Protection: which figures an edition may print, and how, so that no protected one can be deduced."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from careshape.disclosure.cells import PEOPLE, Cell, Ratio, Tables
from careshape.disclosure.published import Edition, Figure, Printed, Protected, Published, exact, hidden
from careshape.disclosure.rounding import Rounded, rounded
from careshape.disclosure.rule import Rule
from careshape.disclosure.suppress.choose import WORK
from careshape.disclosure.suppress.mend import contradicted, hiding, mended, without_telling
from careshape.disclosure.suppress.pattern import hopeless, pattern


def protect(
    tables: Tables,
    rule: Rule,
    before: Sequence[Edition] = (),
    number: int | None = None,
    secret: str = "",
    work: int = WORK,
) -> Protected:
    """Choose what an edition prints.

    Args:
        tables: the true figures.
        rule: the council's. With method "round", counts of people are rounded and all else is printed or suppressed.
        before: the editions already published, oldest first. Their figures can be set beside these.
        number: the edition's; one more than the last by default.
        secret: decides among equally good choices, so that a reader who runs this programme on figures of his own
            cannot exclude those that it would have treated otherwise. The same secret gives the same edition.
        work: how long to look for a pattern that hides less; see ``suppress.choose.WORK``.

    Cells that no choice can protect, because of what is known elsewhere or was printed before, are in ``unprotected``.
    """
    if number is None:
        number = before[-1].published.number + 1 if before else 1
    chance = _chances(secret)
    if rule.method == "round":
        return _rounded(tables, rule, before, number, chance, work)
    return _suppressed(tables, rule, before, number, chance, work)


def _chances(secret: str) -> Callable[[str], float]:
    def chance(text: str) -> float:
        return int.from_bytes(hashlib.sha256(f"{secret}\0{text}".encode()).digest()[:6], "big") / 2**48

    return chance


def _suppressed(
    tables: Tables, rule: Rule, before: Sequence[Edition], number: int, chance: Callable[[str], float], work: int
) -> Protected:
    found = pattern(tables, rule, before, rule.protected(tables), chance, work)
    figures = tuple(_exact_or_hidden(cell, found.why) for cell in tables.cells)
    published = _with_ratios(Published(number, rule, figures, tables.sums, limits=tables.limits), tables, before)
    return Protected(published, tables, found.why, found.unprotected, found.cost, found.bound)


def _rounded(
    tables: Tables, rule: Rule, before: Sequence[Edition], number: int, chance: Callable[[str], float], work: int
) -> Protected:
    """Counts of people rounded, then everything else hidden where it must be; then what rounding left too narrow."""
    counts = rounded(tables, rule, before, chance)
    needs = {id_: need for id_, need in rule.protected(tables).items() if tables.by_id[id_].unit != PEOPLE}
    amounts = _without_people(tables)
    kept_back = needs or any(cell.told and rule.small(cell) for cell in amounts.cells)
    others = pattern(amounts, rule, before, needs, chance, work) if kept_back else None
    why = dict(others.why) if others else {}
    figures = tuple(_round_figure(cell, counts, why) for cell in tables.cells)
    published = Published(number, rule, figures, tables.sums, limits=tables.limits)
    told = contradicted(published)
    published = replace(published, figures=hiding(published, tables, told))
    published, more, lacking = mended(published, tables, before)
    more = told | dict(more)
    unprotected = {cell: hopeless(cell) for cell in lacking} | dict(others.unprotected if others else {})
    published = _with_ratios(published, tables, before)
    cost = (others.cost if others else 0) + sum(tables.by_id[id_].weight for id_ in more)
    return Protected(published, tables, why | dict(more), unprotected, cost, others.bound if others else 0)


def _without_people(tables: Tables) -> Tables:
    """Money and hours: what is not rounded."""
    cells = tuple(cell for cell in tables.cells if cell.unit != PEOPLE)
    there = {cell.id for cell in cells}
    sums = tuple(one for one in tables.sums if there.issuperset((one.total, *one.parts)))
    limits = tuple(one for one in tables.limits if there.issuperset((one.part, *one.whole)))
    told = tuple(one for one in tables.told if there.issuperset((one.ratio.numerator, one.ratio.denominator)))
    return Tables(cells, sums, limits=limits, told=told)


def _exact_or_hidden(cell: Cell, why: Mapping[str, str]) -> Figure:
    return hidden(cell) if cell.id in why or not cell.printed else exact(cell)


def _round_figure(cell: Cell, counts: Mapping[str, Rounded], why: Mapping[str, str]) -> Figure:
    one = counts.get(cell.id)
    if one is None or not cell.printed:
        return _exact_or_hidden(cell, why)
    return Figure(cell.id, one.value, max(0, one.value - one.margin), one.value + one.margin, cell.unit)


def _with_ratios(published: Published, tables: Tables, before: Sequence[Edition]) -> Published:
    """The edition with its ratios: of what is printed; where the rule has it, of hidden counts where that is safe."""
    rule = published.rule
    as_printed = replace(published, ratios=tuple(_of_printed(ratio, published) for ratio in tables.ratios))
    if rule.ratios == "with cells" or rule.method == "round":
        return as_printed
    ratios = tuple(
        _of_counts(ratio, tables) or one for ratio, one in zip(tables.ratios, as_printed.ratios, strict=True)
    )
    return without_telling(replace(published, ratios=ratios), tables, before)


def _of_counts(ratio: Ratio, tables: Tables) -> Printed | None:
    """A ratio of the true figures; None where there is nothing to divide by, which would tell of a hidden figure."""
    shown = ratio.printed(tables.by_id[ratio.numerator].value, tables.by_id[ratio.denominator].value)
    return None if shown is None else Printed(ratio, shown)


def _of_printed(ratio: Ratio, published: Published) -> Printed:
    """A ratio of two printed figures, which tells no more than they do; hidden where one of them is."""
    top, bottom = published.by_id[ratio.numerator].shown, published.by_id[ratio.denominator].shown
    if top is None or bottom is None:
        return Printed(ratio, None, False)
    return Printed(ratio, ratio.printed(top, bottom), False, bottom == 0)
