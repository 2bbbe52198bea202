"""Who could live where: people who look for a place, and vacancies, each with hard limits and wishes, on both sides.

Limits rule out, and every one that does is named. Wishes give points, half of them for the person's and half for the
place's. It proposes: those who live there and the person decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HALF: Final = 5_000
"""Hundredths of points that the wishes of one side are worth; both together come to 100 points."""


@dataclass(frozen=True)
class Seeker:
    """Somebody who looks for a place, without anything that says who they are.

    Attributes:
        reference: names them.
        must: what the place must have. wishes: what would be good.
        traits: what of them limits and wishes of places may ask: women, smokes, pet.
        not_with: traits of others with whom they cannot live.
    """

    reference: str
    must: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Opening:
    """A vacancy or a void: one place.

    Attributes:
        reference: names it.
        has: what it has.
        only: traits that whoever comes must have. not_for: traits that whoever comes must not have.
        one_of: traits of which whoever comes must have at least one; empty for anybody.
        wishes: traits that those who live or work there would like.
        lives: the traits of all who live there.
    """

    reference: str
    has: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    not_for: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    lives: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Suit:
    """How one place suits one person.

    Attributes:
        why_not: the limits that rule it out, a sentence each; empty where it may be.
        points: hundredths of 100 points; 0 where it is ruled out.
        met, unmet: the wishes of both sides in words.
    """

    seeker: str
    opening: str
    why_not: tuple[str, ...]
    points: int
    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


def suits(one: Seeker, place: Opening) -> Suit:
    """How a place suits a person, with every reason."""
    why_not = (
        *(f"it has no {name}" for name in sorted(one.must - place.has)),
        *(f"it is only for {name}" for name in sorted(place.only - one.traits)),
        *(f"it is not for {name}" for name in sorted(place.not_for & one.traits)),
        *(
            [f"it is only for {' or '.join(sorted(place.one_of))}"]
            if place.one_of and not place.one_of & one.traits
            else []
        ),
        *(f"among those who live there are {name}" for name in sorted(one.not_with & place.lives)),
    )
    if why_not:
        return Suit(one.reference, place.reference, why_not, 0)
    theirs, ours = one.wishes & place.has, place.wishes & one.traits
    met = (*(f"the person's: {name}" for name in sorted(theirs)), *(f"the place's: {name}" for name in sorted(ours)))
    unmet = (
        *(f"the person's: {name}" for name in sorted(one.wishes - place.has)),
        *(f"the place's: {name}" for name in sorted(place.wishes - one.traits)),
    )
    points = _share(len(theirs), len(one.wishes)) + _share(len(ours), len(place.wishes))
    return Suit(one.reference, place.reference, (), points, met, unmet)


def ordered(one: Seeker, places: Sequence[Opening]) -> list[Suit]:
    """Every place for one person, the best first, those ruled out last with why; equals by their reference."""
    found = [suits(one, place) for place in places]
    return sorted(found, key=lambda suit: (bool(suit.why_not), -suit.points, suit.opening))


def _share(met: int, many: int) -> int:
    """Hundredths of points of one side: all of them where it has no wishes."""
    return HALF if not many else HALF * met // many
