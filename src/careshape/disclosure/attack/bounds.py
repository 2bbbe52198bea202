"""What follows from sums by carrying ranges from figure to figure, before any programme is solved."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from careshape.disclosure.attack.system import Row, System

ROUNDS = 40
"""How often a row may be looked at: ranges that shrink by one at a time are left to the programmes."""


class Contradiction(Exception):
    """No table fits what is printed; its text is a printed thing that cannot be true beside the others."""


def tighten(system: System) -> None:
    """Cut the ranges of all columns to what each row leaves them, until nothing changes. Raises Contradiction."""
    rows_of: list[list[int]] = [[] for _ in system.names]
    for number, row in enumerate(system.rows):
        for column, _ in row.terms:
            rows_of[column].append(number)
    waiting = deque(range(len(system.rows)))
    queued = [True] * len(system.rows)
    looked = [0] * len(system.rows)
    while waiting:
        number = waiting.popleft()
        queued[number] = False
        looked[number] += 1
        for column in _cut(system, system.rows[number]):
            for other in rows_of[column]:
                if not queued[other] and looked[other] < ROUNDS:
                    queued[other] = True
                    waiting.append(other)


def _cut(system: System, row: Row) -> list[int]:
    """Cut the columns of one row; those whose range changed."""
    low, endless_low, high, endless_high = _activity(system, row)
    if (not endless_low and row.greatest is not None and low > row.greatest) or (not endless_high and high < row.least):
        raise Contradiction(system.sources[row.source])
    changed = []
    for column, factor in row.terms:
        least, greatest = system.least[column], system.greatest[column]
        most = _side(row.greatest, low, endless_low, factor, least if factor > 0 else greatest)
        lowest = _side(row.least, high, endless_high, factor, greatest if factor > 0 else least)
        if factor < 0:
            most, lowest = lowest, most
        new_least = least if lowest is None else max(least, _up(lowest, factor))
        new_greatest = greatest if most is None else _least_of(greatest, most // factor)
        if new_greatest is not None and new_least > new_greatest:
            raise Contradiction(system.sources[row.source])
        if (new_least, new_greatest) != (least, greatest):
            system.least[column], system.greatest[column] = new_least, new_greatest
            changed.append(column)
    return changed


def _activity(system: System, row: Row) -> tuple[int, int, int, int]:
    """Least and greatest sum of a row, each without its endless terms, and how many of those there are."""
    low = high = endless_low = endless_high = 0
    for column, factor in row.terms:
        least, greatest = system.least[column], system.greatest[column]
        ends = (least, greatest) if factor > 0 else (greatest, least)
        if ends[0] is None:
            endless_low += 1
        else:
            low += factor * ends[0]
        if ends[1] is None:
            endless_high += 1
        else:
            high += factor * ends[1]
    return low, endless_low, high, endless_high


def _side(bound: int | None, activity: int, endless: int, factor: int, own: int | None) -> int | None:
    """What is left of a row's bound for one term, once the others take the most (or least) they can; None: no bound."""
    if bound is None or endless > (1 if own is None else 0):
        return None
    return bound - (activity if own is None else activity - factor * own)


def _up(value: int, factor: int) -> int:
    return -(-value // factor)


def _least_of(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def components(system: System) -> list[tuple[list[int], list[int]]]:
    """Columns and rows that hang together once what is known exactly is put in, columns in order."""
    parent = list(range(len(system.names)))

    def root(column: int) -> int:
        while parent[column] != column:
            parent[column] = parent[parent[column]]
            column = parent[column]
        return column

    free = [system.least[column] != system.greatest[column] for column in range(len(parent))]
    binding = [_may_bind(system, row) for row in system.rows]
    for row in (row for row, may in zip(system.rows, binding, strict=True) if may):
        open_ = [column for column, _ in row.terms if free[column]]
        for column in open_[1:]:
            parent[root(column)] = root(open_[0])
    found: dict[int, tuple[list[int], list[int]]] = {}
    for column in range(len(parent)):
        if free[column]:
            found.setdefault(root(column), ([], []))[0].append(column)
    for number, row in enumerate(system.rows):
        first = next((column for column, _ in row.terms if free[column]), None)
        if first is not None and binding[number]:
            found[root(first)][1].append(number)
    return list(found.values())


def _may_bind(system: System, row: Row) -> bool:
    """Whether a row says more than the ranges of its columns do; a sum always does."""
    if row.greatest is not None:
        return True
    low, endless_low, _, _ = _activity(system, row)
    return endless_low > 0 or low < row.least


def rows_left(system: System, numbers: Sequence[int]) -> list[Row]:
    """Rows with what is known exactly put in: only open columns remain."""
    left = []
    for number in numbers:
        row = system.rows[number]
        terms, known = [], 0
        for column, factor in row.terms:
            if system.least[column] == system.greatest[column]:
                known += factor * system.least[column]
            else:
                terms.append((column, factor))
        greatest = None if row.greatest is None else row.greatest - known
        left.append(Row(tuple(terms), row.least - known, greatest, row.source))
    return left
