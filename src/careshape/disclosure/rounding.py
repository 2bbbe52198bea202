"""Controlled rounding: counts of people as multiples of a base, in tables that still add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from careshape.disclosure.cells import PEOPLE, AtMost, Cell, Sum, Tables
from careshape.disclosure.published import Edition
from careshape.disclosure.rule import Rule
from careshape.errors import CareshapeError

WIDEST: Final = 6
"""How many bases a total may lie from its count where its tables cannot be made to add up otherwise."""
KEPT: Final = 50.0
"""What it costs, in bases, to print another value than the edition before did, while that one is still true."""
BELOW: Final = 2.0
"""What it costs, in bases, to print less people than are known to be there from what is printed as it is."""
MOVED: Final = 0.2
"""Share of the counts that are multiples already and are moved nevertheless: else such a value would be known."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """What is printed of a count, and how far from it the count may lie."""

    value: int
    margin: int


@dataclass(frozen=True, slots=True)
class _Ties:
    """What must hold among the printed values of one component."""

    sums: Sequence[Sum]
    limits: Sequence[AtMost]
    there: Mapping[str, int]
    """How many people are seen to be there at least, since so many providers or homes serve them."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The values that may be printed, ascending, and the cost of each."""

    values: tuple[int, ...]
    costs: tuple[float, ...]


def rounded(
    tables: Tables, rule: Rule, before: Sequence[Edition], chance: Callable[[str], float]
) -> dict[str, Rounded]:
    """Round every count of people that is not known from elsewhere.

    Every sum of rounded counts holds for the rounded values, and so does every limit. A value lies at most one base
    from its count; where that cannot be, totals may lie further off, and their margin says so. A value that the edition
    before printed stays while it is within its margin. chance: a number from 0 to 1 by text, always the same for the
    same text.
    """
    cells = {cell.id: cell for cell in tables.cells if cell.unit == PEOPLE and not cell.known}
    sums = [one for one in tables.sums if one.total in cells and all(part in cells for part in one.parts)]
    limits = [one for one in tables.limits if one.part in cells and all(whole in cells for whole in one.whole)]
    kept = _printed_before(before)
    there = _there(tables, cells)
    found: dict[str, Rounded] = {}
    for members, linked, bound in _components(cells, sums, limits):
        found.update(_component([cells[id_] for id_ in members], _Ties(linked, bound, there), rule, kept, chance))
    return found


def _there(tables: Tables, cells: Mapping[str, Cell]) -> dict[str, int]:
    """By count, the most that a figure that is not rounded, and is no more than it, says of it."""
    there: dict[str, int] = {}
    for one in tables.limits:
        if one.part not in cells and len(one.whole) == 1 and one.whole[0] in cells:
            there[one.whole[0]] = max(there.get(one.whole[0], 0), tables.by_id[one.part].value)
    return there


def _printed_before(before: Sequence[Edition]) -> dict[str, int]:
    """The last rounded value of each cell."""
    kept: dict[str, int] = {}
    for edition in before:
        for figure in edition.published.figures:
            if figure.shown is not None and not figure.exact:
                kept[figure.id] = figure.shown
    return kept


def _components(
    cells: Mapping[str, Cell], sums: Sequence[Sum], limits: Sequence[AtMost]
) -> list[tuple[list[str], list[Sum], list[AtMost]]]:
    parent = {id_: id_ for id_ in cells}

    def root(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for one in sums:
        for part in one.parts:
            parent[root(part)] = root(one.total)
    for limit in limits:
        for whole in limit.whole:
            parent[root(whole)] = root(limit.part)
    groups: dict[str, tuple[list[str], list[Sum], list[AtMost]]] = {}
    for id_ in cells:
        groups.setdefault(root(id_), ([], [], []))[0].append(id_)
    for one in sums:
        groups[root(one.total)][1].append(one)
    for limit in limits:
        groups[root(limit.part)][2].append(limit)
    return list(groups.values())


def _component(
    cells: Sequence[Cell], ties: _Ties, rule: Rule, kept: Mapping[str, int], chance: Callable[[str], float]
) -> dict[str, Rounded]:
    totals = {one.total for one in ties.sums}
    for bases in range(1, WIDEST + 1):
        margins = {cell.id: rule.base * (bases if cell.id in totals else 1) for cell in cells}
        offered = [
            _above(_candidates(cell, rule, margins[cell.id], kept.get(cell.id), chance), ties, cell) for cell in cells
        ]
        values = _solve(cells, ties, offered, rule.base)
        if values is not None:
            return {cell.id: Rounded(value, margins[cell.id]) for cell, value in zip(cells, values, strict=True)}
    raise CareshapeError(f"The tables with '{cells[0].id}' could not be rounded so that they add up.")


def _candidates(cell: Cell, rule: Rule, margin: int, kept: int | None, chance: Callable[[str], float]) -> _Candidates:
    """The multiples within the margin. The nearer the better; what was printed before is the best."""
    base, value = rule.base, cell.value
    first = max(0, -(-(value - margin) // base)) * base
    values = tuple(range(first, value + margin + 1, base))
    costs = [abs(one - value) / base for one in values]
    if value % base == 0 and value > 0 and chance(f"move {cell.id} {value}") < MOVED:
        away = value + base if chance(f"up {cell.id} {value}") < 0.5 else value - base
        costs[values.index(away)] = -0.5
    if kept in values:
        costs = [cost + (0.0 if one == kept else KEPT) for one, cost in zip(values, costs, strict=True)]
    return _Candidates(values, tuple(costs))


def _above(offered: _Candidates, ties: _Ties, cell: Cell) -> _Candidates:
    """The same, with values that what is printed beside them contradicts only where there is no other way."""
    there = ties.there.get(cell.id, 0)
    costs = (cost + BELOW * (value < there) for value, cost in zip(offered.values, offered.costs, strict=True))
    return _Candidates(offered.values, tuple(costs))


def _solve(cells: Sequence[Cell], ties: _Ties, offered: Sequence[_Candidates], base: int) -> list[int] | None:
    """The cheapest values that add up; None where there are none, or none is found within the nodes of a search.

    One step up from the least value for each column, in order: the first step is taken before the second.
    """
    steps = [(at, step) for at, one in enumerate(offered) for step in range(1, len(one.values))]
    first = {at: n for n, (at, step) in reversed(list(enumerate(steps)))}
    cost = np.array([offered[at].costs[step] - offered[at].costs[step - 1] for at, step in steps])
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.05), ("mip_max_nodes", 500)):
        solver.setOptionValue(option, value)
    solver.addVars(len(steps), np.zeros(len(steps)), np.ones(len(steps)))
    every = np.arange(len(steps), dtype=np.int32)
    solver.changeColsCost(len(steps), every, cost)
    solver.changeColsIntegrality(len(steps), every, np.array([highspy.HighsVarType.kInteger] * len(steps)))
    for n, (_, step) in enumerate(steps):
        if step > 1:
            solver.addRow(0.0, 1.0, 2, np.array([n - 1, n], dtype=np.int32), np.array([1.0, -1.0]))
    position = {cell.id: at for at, cell in enumerate(cells)}
    for factors, most in _rows(ties):
        terms: dict[int, int] = {}
        for id_, factor in factors:
            terms[position[id_]] = terms.get(position[id_], 0) + factor
        known = sum(factor * offered[at].values[0] // base for at, factor in terms.items())
        columns = [
            (first[at] + step, factor) for at, factor in terms.items() for step in range(len(offered[at].values) - 1)
        ]
        where = np.array([n for n, _ in columns], dtype=np.int32)
        solver.addRow(
            -known, most - known, len(columns), where, np.array([factor for _, factor in columns], dtype=float)
        )
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kSolutionLimit,
        highspy.HighsModelStatus.kModelEmpty,
    ):
        raise CareshapeError(f"The solver of the rounding stopped: {solver.modelStatusToString(status)}.")
    taken = np.array(solver.getSolution().col_value)
    if len(taken) < len(steps) or not np.isfinite(solver.getInfo().objective_function_value):
        return None
    values = [one.values[0] for one in offered]
    for n, (at, _) in enumerate(steps):
        values[at] += base * int(taken[n] > 0.5)
    return values


def _rows(ties: _Ties) -> Iterator[tuple[list[tuple[str, int]], float]]:
    """What must hold, as factors by cell whose sum is 0 or more, and the most that it may be."""
    for one in ties.sums:
        yield [(one.total, 1), *((part, -1) for part in one.parts)], 0.0
    for limit in ties.limits:
        yield [*((whole, 1) for whole in limit.whole), (limit.part, -1)], highspy.kHighsInf
