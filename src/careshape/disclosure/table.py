"""Cells and sums of a full cross-classified table, with all of its margins and levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from careshape.disclosure.cells import PEOPLE, Cell, Sum, Tables
from careshape.errors import CallError

ALL = "all"
"""The member of a dimension that stands for all of its others."""

Row = tuple[Mapping[str, str], int, int | None]
"""Where a row stands (member by dimension), its value, and the people behind it."""
Hierarchy = Mapping[str, Sequence[str]]
"""By group, the members that make it up; a group may hold groups."""


def tables_of(
    rows: Iterable[Row],
    dimensions: Mapping[str, Sequence[str]],
    hierarchies: Mapping[str, Hierarchy] | None = None,
    name: str = "table",
    unit: str = PEOPLE,
    apart: Sequence[str] = (),
) -> Tables:
    """Build every cell of a table and every sum that ties them.

    Args:
        rows: the counts; several rows for one place are added up, places without a row are 0.
        dimensions: by dimension, its members at the finest level, each person in one of them.
        hierarchies: by dimension, the levels between its members and ``all``. A dimension without one has ``all`` above
            its members.
        name: the table's; ids of cells are ``name[dimension=member, ...]``.
        unit: of the values.
        apart: dimensions whose members do not add up, such as dates of a stock, or categories that overlap: no ``all``
            and no sums over them.

    People behind a sum are the sum of people, which holds where each person stands in one cell.
    """
    levels = {d: _levels(d, members, (hierarchies or {}).get(d), d in apart) for d, members in dimensions.items()}
    leaves = _added(rows, dimensions)
    value, people = _totals(leaves, levels)
    cells = [Cell(_id(name, dimensions, at), value[at], people[at], unit=unit) for at in value]
    sums = []
    for position, dimension in enumerate(dimensions):
        for group, parts in levels[dimension].items():
            others = [[group] if d == dimension else _members(levels[d], dimensions[d]) for d in dimensions]
            for at in product(*others):
                below = tuple(_id(name, dimensions, (*at[:position], part, *at[position + 1 :])) for part in parts)
                sums.append(Sum(_id(name, dimensions, at), below, name))
    return Tables(tuple(cells), tuple(sums))


def joined(*several: Tables) -> Tables:
    """Several tables as one system: a cell that stands in more than one is the same cell, and must say the same."""
    cells: dict[str, Cell] = {}
    for tables in several:
        for cell in tables.cells:
            if cells.setdefault(cell.id, cell) != cell:
                raise CallError(f"Two tables say different things of the cell '{cell.id}'. A fact is one cell.")
    sums = dict.fromkeys(one for tables in several for one in tables.sums)
    limits = dict.fromkeys(one for tables in several for one in tables.limits)
    ratios = tuple(one for tables in several for one in tables.ratios)
    return Tables(tuple(cells.values()), tuple(sums), ratios, tuple(limits))


def part_of(tables: Tables, kept: Callable[[str], bool]) -> Tables:
    """The cells whose ids are kept, with what ties them among themselves: what is published of a table."""
    cells = tuple(cell for cell in tables.cells if kept(cell.id))
    there = {cell.id for cell in cells}
    sums = tuple(one for one in tables.sums if there.issuperset((one.total, *one.parts)))
    ratios = tuple(one for one in tables.ratios if there.issuperset((one.numerator, one.denominator)))
    limits = tuple(one for one in tables.limits if there.issuperset((one.part, *one.whole)))
    return Tables(cells, sums, ratios, limits)


def _levels(dimension: str, members: Sequence[str], given: Hierarchy | None, apart: bool) -> dict[str, tuple[str, ...]]:
    """By group, its parts, the finest groups first, with ``all`` last."""
    groups = {group: tuple(parts) for group, parts in (given or {}).items()}
    if not apart and ALL not in groups:
        below = {part for parts in groups.values() for part in parts}
        groups[ALL] = tuple(one for one in (*members, *groups) if one not in below)
    ordered: dict[str, tuple[str, ...]] = {}
    while len(ordered) < len(groups):
        ready = [
            g for g, parts in groups.items() if g not in ordered and all(p in ordered or p in members for p in parts)
        ]
        if not ready:
            left = sorted(set(groups) - set(ordered))
            raise CallError(f"The groups {', '.join(left)} of '{dimension}' hold what is neither a member nor a group.")
        ordered.update({group: groups[group] for group in ready})
    return ordered


def _members(levels: Mapping[str, tuple[str, ...]], members: Sequence[str]) -> list[str]:
    return [*members, *levels]


def _id(name: str, dimensions: Iterable[str], at: Sequence[str]) -> str:
    return f"{name}[{', '.join(f'{d}={member}' for d, member in zip(dimensions, at, strict=True))}]"


def _added(
    rows: Iterable[Row], dimensions: Mapping[str, Sequence[str]]
) -> dict[tuple[str, ...], tuple[int, int | None]]:
    leaves: dict[tuple[str, ...], tuple[int, int | None]] = dict.fromkeys(product(*dimensions.values()), (0, 0))
    for place, value, people in rows:
        at = tuple(place[dimension] for dimension in dimensions)
        if at not in leaves:
            raise CallError(f"A row stands at {', '.join(at)}, which is no place of the table.")
        leaves[at] = (leaves[at][0] + value, _both(leaves[at][1], people))
    return leaves


def _both(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _totals(
    leaves: Mapping[tuple[str, ...], tuple[int, int | None]], levels: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int | None]]:
    """Values and people of every cell, adding up one dimension after another."""
    value = {at: pair[0] for at, pair in leaves.items()}
    people = {at: pair[1] for at, pair in leaves.items()}
    for position, groups in enumerate(levels.values()):
        for group, parts in groups.items():
            places = {(*at[:position], group, *at[position + 1 :]) for at in value if at[position] in parts}
            for at in sorted(places):
                below = [(*at[:position], part, *at[position + 1 :]) for part in parts]
                value[at] = sum(value[one] for one in below)
                total: int | None = 0
                for one in below:
                    total = _both(total, people[one])
                people[at] = total
    return value, people
