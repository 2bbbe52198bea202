"""Which printed figures give a cell away: an irreducible set of them, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from careshape.disclosure.attack.bounds import Contradiction, tighten
from careshape.disclosure.attack.programme import Programme, Unsolvable
from careshape.disclosure.attack.system import System

Faulty = Callable[[int, int | None], bool]
"""Whether a range is too narrow."""
MOST = 60
"""Printed things that are tried one by one; where more have a price, all of them are named."""


def because(system: System, column: int, faulty: Faulty) -> tuple[str, ...]:
    """The sums and ratios without any one of which the range of a column would not be at fault.

    Empty where the print of the figure itself is enough.
    """
    if faulty(system.least[column], system.greatest[column]):
        return ()
    sources = _near(system, column)
    priced = _priced(system, column, sources)
    if _still(system, column, faulty, priced):
        sources = priced
    if len(sources) > MOST or not _still(system, column, faulty, sources):
        return tuple(system.sources[one] for one in sources[:MOST])
    for one in list(sources):
        fewer = [other for other in sources if other != one]
        if _still(system, column, faulty, fewer):
            sources = fewer
    return tuple(system.sources[one] for one in sources)


def _near(system: System, column: int) -> list[int]:
    """What hangs together with a column through figures that are not printed exactly."""
    rows_of: dict[int, list[int]] = {}
    for number, row in enumerate(system.rows):
        for other, _ in row.terms:
            if system.least[other] != system.greatest[other]:
                rows_of.setdefault(other, []).append(number)
    seen, waiting = {column}, [column]
    found: set[int] = set()
    while waiting:
        for number in rows_of.get(waiting.pop(), ()):
            if number not in found:
                found.add(number)
                fresh = {other for other, _ in system.rows[number].terms if other in rows_of} - seen
                seen |= fresh
                waiting += fresh
    return sorted({system.rows[number].source for number in found})


def _part(system: System, sources: Sequence[int]) -> tuple[System, dict[int, int]]:
    """The system of a few printed things only, and where the old columns stand in it."""
    wanted = set(sources)
    rows = [row for row in system.rows if row.source in wanted]
    part, at = System(), {}
    for column in sorted({column for row in rows for column, _ in row.terms}):
        at[column] = part.column(system.names[column], system.least[column], system.greatest[column])
    for row in rows:
        part.row([(at[c], factor) for c, factor in row.terms], row.least, row.greatest, system.sources[row.source])
    return part, at


def _ends(system: System, column: int, sources: Sequence[int]) -> tuple[int, int | None, set[int]]:
    """The range that a few printed things leave by linear programmes, and those of them that have a price."""
    part, at = _part(system, sources)
    if column not in at:
        return system.least[column], system.greatest[column], set()
    programme = Programme(range(len(part.names)), part.rows, part.least, part.greatest)
    high, low = programme.end(at[column], 1), programme.end(at[column], -1)
    of = [row.source for row in system.rows if row.source in set(sources)]
    used = {of[n] for end in (high, low) for n, price in enumerate(end.prices) if abs(price) > 1e-9}
    return low.value or 0, high.value, used


def _priced(system: System, column: int, sources: Sequence[int]) -> list[int]:
    try:
        return sorted(_ends(system, column, sources)[2])
    except Unsolvable:
        return list(sources)


def _still(system: System, column: int, faulty: Faulty, sources: Sequence[int]) -> bool:
    """Whether a few printed things alone leave the range at fault: by bounds, else by linear programmes."""
    part, at = _part(system, sources)
    if column not in at:
        return False
    try:
        tighten(part)
        if faulty(part.least[at[column]], part.greatest[at[column]]):
            return True
        least, greatest, _ = _ends(system, column, sources)
    except (Contradiction, Unsolvable):
        return True
    return faulty(least, greatest)
