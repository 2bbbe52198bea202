"""Nights by financial year: move starts and ends by days until each year has as many nights as it should.

A start is moved within its own year and an end within its own year, so that a change in one year leaves the others, and
who is there on 31 March, as they were. All starts and ends of a year move by the same share of the room they have:
nothing piles up at the year's edges.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from careshape.demo.chance import Stay
from careshape.demo.days import Span
from careshape.demo.stock import Stretch

ROOMY = 0.7
"""Largest share of the room that is used up before whole spells are added or taken away."""


def nights_in(one: Stretch, year: Span) -> int:
    """Nights that begin on an evening of the year; the day out is not a night."""
    return max(0, min(one.end, year.last + 1) - max(one.start, year.first))


def fit_nights(rng: random.Random, stretches: list[Stretch], wanted: Mapping[Span, int], stay: Stay) -> None:
    """Change ``stretches`` until the nights of every year are as wanted; ``stay`` is that of spells added."""
    for year, nights in wanted.items():
        for _ in range(60):
            gap = nights - sum(nights_in(one, year) for one in stretches)
            if gap == 0:
                break
            moves = _moves(stretches, year, gap > 0)
            room = sum(space for _, _, space in moves)
            if room * ROOMY < abs(gap):
                _add_or_take(rng, stretches, year, gap - round(room * ROOMY / 2 * (1 if gap > 0 else -1)), stay)
                continue
            _move(rng, moves, abs(gap), room, gap > 0)
        else:
            raise ValueError(f"No spells give {nights} nights in the year that ends on day {year.last}.")


def _moves(stretches: list[Stretch], year: Span, longer: bool) -> list[tuple[Stretch, bool, int]]:
    """The starts (True) and ends (False) of a year that can move, each with the days it has room for."""
    found = []
    for one in stretches:
        begins = year.first <= one.start <= year.last
        ends = year.first < one.end < year.last
        if longer:
            spaces = (one.start - year.first, year.last - 1 - one.end)
        elif begins and ends:
            spaces = ((one.end - one.start - 1) // 2,) * 2
        else:
            spaces = (min(year.last, one.end - 1) - one.start, one.end - year.first - 1)
        found += [(one, True, spaces[0])] if begins and spaces[0] > 0 else []
        found += [(one, False, spaces[1])] if ends and spaces[1] > 0 else []
    return found


def _move(rng: random.Random, moves: list[tuple[Stretch, bool, int]], gap: int, room: int, longer: bool) -> None:
    """Move each start and end by its share of ``gap`` days, carrying the fractions on."""
    rng.shuffle(moves)
    share, carried, left = gap / room, 0.0, gap
    for one, is_start, space in moves:
        carried += share * space
        days = min(space, left, int(carried + 1e-9))
        carried -= days
        left -= days
        _shift(one, is_start, days, longer)
    for one, is_start, space in moves:
        if left and space > 1:  # what rounding left over: a day each
            left -= 1
            _shift(one, is_start, 1, longer)


def _shift(one: Stretch, is_start: bool, days: int, longer: bool) -> None:
    if is_start:
        one.start += -days if longer else days
    else:
        one.end += days if longer else -days


def _add_or_take(rng: random.Random, stretches: list[Stretch], year: Span, gap: int, stay: Stay) -> None:
    """Bring the nights of a year nearer by spells that lie wholly inside it."""
    while gap > 0:
        length = min(stay.draw(rng), gap, year.days - 3)
        start = rng.randint(year.first + 1, year.last - 1 - length)
        stretches.append(Stretch(start, start + length))
        gap -= length
    inside = [one for one in stretches if year.first < one.start and one.end < year.last]
    rng.shuffle(inside)
    gone = set()
    for one in inside:
        if gap >= 0:
            break
        gap += one.end - one.start
        gone.add(id(one))
    stretches[:] = [one for one in stretches if id(one) not in gone]
