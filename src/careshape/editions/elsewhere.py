"""What other documents have printed: figures of a council's own that readers know, whatever is shown now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from careshape.disclosure import Cell, Edition, Published, Report, Rule, Tables, attack
from careshape.disclosure.published import hidden
from careshape.editions.questions import Counted, place_for
from careshape.evaluate.measure import measures
from careshape.evaluate.published import check_published, council_mapping, is_mapped
from careshape.statement.council import Council

EXACT: Final = "exact"


def printed_elsewhere(council: Council) -> dict[str, Fraction]:
    """Place -> what a table or a sentence of another document prints of it, where it prints a plain number.

    Figures printed as "over" or "nearly", and those worked out from two others, name no cell and are left out.
    """
    folder = council.ledger.path
    if council.empty or not is_mapped(council.slug, folder):
        return {}
    mapping = council_mapping(council.slug, folder)
    derived = {figure.row for figure in mapping.figure if figure.compute != "value"}
    rows = {row.id: row for row in council.observations}
    found = {}
    for one in check_published(council.slug, council.ledger, council.observations, mapping):
        row = rows.get(one.id)
        if one.id in derived or row is None or row.qualifier != EXACT or len(one.ask.periods) != 1:
            continue
        place = place_for(measures()[one.ask.measure], one.ask.where, one.ask.periods[0])
        found[place.id] = Fraction(row.value)
    return found


def marked(cells: Mapping[str, Counted], printed: Mapping[str, Fraction]) -> dict[str, Counted]:
    """The cells, with a mark on those of which another document has printed the very number."""
    return {id_: replace(one, told=printed.get(id_) == one.exact) for id_, one in cells.items()}


def with_given_away(tables: Tables, rule: Rule) -> Tables:
    """The figures, with a mark also on those that follow from the marked ones, though this edition printed nothing.

    No edition can protect those. Others are only narrowed by the marked ones: they are protected as before, to the
    width that is left of them. Both are found by the attack itself, on an edition that hides everything.
    """
    if not any(cell.told for cell in tables.cells):
        return tables
    report = _outside(tables, rule)
    exact = {one.id for one in report.exact}
    tables = replace(tables, cells=tuple(replace(one, told=one.told or one.id in exact) for one in tables.cells))
    narrow = {one.id for one in report.narrow}
    if not narrow:
        return tables
    # Searched to their ends, whatever they are: of the others it is known that they are wide enough.
    asked = replace(tables, cells=tuple(one if one.id in narrow else _unasked(one) for one in tables.cells))
    rooms = {one.id: one.width for one in _outside(asked, rule, full=True).findings}
    return replace(tables, cells=tuple(replace(one, room=rooms.get(one.id)) for one in tables.cells))


def _outside(tables: Tables, rule: Rule, full: bool = False) -> Report:
    """The attack with nothing but what is known without this edition."""
    nothing = Published(0, rule, tuple(map(hidden, tables.cells)), tables.sums, limits=tables.limits)
    return attack(nothing, truth=tables, full=full, explained=0)


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
    truth = with_given_away(replace(edition.truth, cells=cells), edition.published.rule)
    return replace(edition, truth=replace(truth, cells=tuple(_no_wider(one, same) for one in truth.cells)))


def _no_wider(cell: Cell, same: Mapping[tuple[str, int], Cell]) -> Cell:
    """The cell with no more room than the same figure has now."""
    now = same.get((cell.id, cell.value))
    rooms = [one.room for one in (cell, now) if one is not None and one.room is not None]
    return replace(cell, room=min(rooms, default=None))
