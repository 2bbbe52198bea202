"""What other documents have printed: figures of a council's own that readers know, whatever is shown now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from careshape.disclosure import PEOPLE, Cell, Edition, Published, Ratio, Report, Rule, Tables, Told, attack
from careshape.disclosure.published import hidden
from careshape.editions.questions import DIVIDED, Counted, halves_at, place_for
from careshape.evaluate.measure import measures
from careshape.evaluate.published import check_published, council_mapping, is_mapped
from careshape.statement.council import Council

EXACT: Final = "exact"
TELLS: Final = 100
"""An amount that other documents leave no more than such a part of the room that the rule asks for is told by them."""


@dataclass(frozen=True)
class RatioElsewhere:
    """A share or mean that another document prints: its place, the places it divides, and the number as printed.

    percent: whether it is printed in hundredths.
    """

    id: str
    over: tuple[str, str]
    value: Decimal
    percent: bool

    @property
    def decimals(self) -> int:
        """How many decimals are printed, which says how far it may lie from the true one."""
        return max(0, -int(self.value.as_tuple().exponent))


@dataclass(frozen=True)
class Elsewhere:
    """What other documents print: numbers by their places, and shares and means, each of two places."""

    numbers: Mapping[str, Fraction]
    ratios: tuple[RatioElsewhere, ...] = ()


def printed_elsewhere(council: Council) -> Elsewhere:
    """What a table or a sentence of another document prints of a council's own figures, where it is a plain number.

    Figures printed as "over" or "nearly", and those worked out from two others, name no cell and are left out.
    """
    folder, context = council.ledger.path, council.sources.context
    if context is None or not is_mapped(council.slug, folder):
        return Elsewhere({})
    mapping = council_mapping(council.slug, folder)
    derived = {figure.row for figure in mapping.figure if figure.compute != "value"}
    rows = {row.id: row for row in council.observations}
    numbers, ratios = {}, {}
    for one in check_published(council.slug, context, council.observations, mapping):
        row = rows.get(one.id)
        if one.id in derived or row is None or row.qualifier != EXACT or len(one.ask.periods) != 1:
            continue
        entry, period = measures()[one.ask.measure], one.ask.periods[0]
        place = place_for(entry, one.ask.where, period)
        if place.kind in DIVIDED:
            over = halves_at(entry, one.ask.where, period)
            ratios[place.id] = RatioElsewhere(place.id, over, row.value, place.kind == "share")
        else:
            numbers[place.id] = Fraction(row.value)
    return Elsewhere(numbers, tuple(ratios.values()))


def marked(cells: Mapping[str, Counted], printed: Mapping[str, Fraction]) -> dict[str, Counted]:
    """The cells, with a mark on those of which another document has printed the very number."""
    return {id_: replace(one, told=printed.get(id_) == one.exact) for id_, one in cells.items()}


def told_of(ratios: Iterable[RatioElsewhere], tables: Tables, parts: Mapping[str, int]) -> tuple[Told, ...]:
    """The ratios as equations of the cells of an edition: those of which both halves stand in it, and which they give.

    ``parts`` says, by place, into how many parts the unit of its value is cut.
    """
    found = []
    for one in ratios:
        above, below = (tables.by_id.get(id_) for id_ in one.over)
        if above is None or below is None or not below.value:
            continue
        scale = Fraction(10**one.decimals * (100 if one.percent else 1) * parts[below.id], parts[above.id])
        ratio = Ratio(f"{one.id} elsewhere", above.id, below.id, scale.numerator, 0, per=scale.denominator)
        shown = int(one.value.scaleb(one.decimals))
        if ratio.printed(above.value, below.value) == shown:
            found.append(Told(ratio, shown))
    return tuple(found)


def with_given_away(tables: Tables, rule: Rule, before: Sequence[Edition] = ()) -> Tables:
    """The figures, with a mark also on those that follow from the marked ones, though this edition printed nothing.

    No edition can protect those. Others are only narrowed by the marked ones: they are protected as before, to the
    width that is left of them. Both are found by the attack itself, on an edition that hides everything.

    before: editions released by another rule, which may have printed what this one would keep back.
    """
    if not tables.told and not before and not any(cell.told for cell in tables.cells):
        return tables
    report = _outside(tables, rule, before)
    exact = {one.id for one in report.exact}
    tables = replace(tables, cells=tuple(replace(one, told=one.told or one.id in exact) for one in tables.cells))
    narrow = {one.id for one in report.narrow}
    if not narrow:
        return tables
    # Searched to their ends, whatever they are: of the others it is known that they are wide enough.
    asked = replace(tables, cells=tuple(one if one.id in narrow else _unasked(one) for one in tables.cells))
    rooms = {one.id: one.width for one in _outside(asked, rule, before, full=True).findings}
    return replace(tables, cells=tuple(_left(one, rooms.get(one.id), rule) for one in tables.cells))


def _left(cell: Cell, room: int | None, rule: Rule) -> Cell:
    """A cell with the room that other documents leave it. Money that they tell to the penny, or nearly, is told."""
    if room is None or cell.unit == PEOPLE or room * TELLS > rule.need(cell):
        return replace(cell, room=room)
    return replace(cell, told=True)


def _outside(tables: Tables, rule: Rule, before: Sequence[Edition], full: bool = False) -> Report:
    """The attack with nothing but what is known without this edition."""
    number = 1 + max((one.published.number for one in before), default=-1)
    nothing = Published(number, rule, tuple(map(hidden, tables.cells)), tables.sums, limits=tables.limits)
    earlier, was = [one.published for one in before], [one.truth for one in before]
    return attack(nothing, earlier, truth=tables, was=was, full=full, explained=0)


def _unasked(cell: Cell) -> Cell:
    """The cell as one that no rule protects, so that no attack is aimed at it."""
    return replace(cell, people=None, largest=())


def also_told(edition: Edition, tables: Tables) -> Edition:
    """An earlier edition as readers know it by now: what is told of a figure that did not change is told of it too."""
    if edition.truth is None:
        return edition
    same = {(cell.id, cell.value): cell for cell in tables.cells}
    told = {place for place, cell in same.items() if cell.told}
    cells = tuple(replace(one, told=one.told or (one.id, one.value) in told) for one in edition.truth.cells)
    was = edition.truth.by_id
    ratios = tuple(
        one for one in tables.told
        if all(id_ in was and (id_, was[id_].value) in same for id_ in (one.ratio.numerator, one.ratio.denominator))
    )  # fmt: skip
    truth = with_given_away(replace(edition.truth, cells=cells, told=ratios), edition.published.rule)
    return replace(edition, truth=replace(truth, cells=tuple(_no_wider(one, same) for one in truth.cells)))


def _no_wider(cell: Cell, same: Mapping[tuple[str, int], Cell]) -> Cell:
    """The cell with no more room than the same figure has now."""
    now = same.get((cell.id, cell.value))
    rooms = [one.room for one in (cell, now) if one is not None and one.room is not None]
    return replace(cell, room=min(rooms, default=None))
