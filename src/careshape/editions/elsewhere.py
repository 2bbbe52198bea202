"""What other documents have printed: figures of a council's own that readers know, whatever is shown now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from careshape.disclosure import Edition, Published, Rule, Tables, attack
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

    No edition can protect them. They are found by the attack itself, on an edition that hides everything.
    """
    while any(cell.told for cell in tables.cells):
        nothing = Published(0, rule, tuple(map(hidden, tables.cells)), tables.sums, limits=tables.limits)
        report = attack(nothing, truth=tables, explained=0)
        more = {one.id for one in (*report.exact, *report.narrow)}
        if not more:
            break
        tables = replace(tables, cells=tuple(replace(one, told=one.told or one.id in more) for one in tables.cells))
    return tables


def also_told(edition: Edition, tables: Tables) -> Edition:
    """An earlier edition as readers know it by now: what is told of a figure that did not change is told of it too."""
    if edition.truth is None:
        return edition
    told = {cell.id: cell.value for cell in tables.cells if cell.told}
    cells = tuple(replace(cell, told=cell.told or told.get(cell.id) == cell.value) for cell in edition.truth.cells)
    return replace(edition, truth=with_given_away(replace(edition.truth, cells=cells), edition.published.rule))
