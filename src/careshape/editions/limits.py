"""What a reader knows of heads that do not add up: which figure is no more than which, without its being printed.

People with nursing care in one district are among those in all districts, and among those with any care; whoever is
there on a day was there in the year; each provider and each home in use serves somebody; and each person has a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from careshape.editions.questions import HEADS, Counted, Place

ON_DATE, OVER_PERIOD = HEADS
_ABOVE: Final = {ON_DATE: (ON_DATE, OVER_PERIOD, "lines"), OVER_PERIOD: (OVER_PERIOD, "lines_over_period", "times")}
"""Kinds of counting that can be no less than a kind, of the same or more."""


def limits(alike: Mapping[str, Sequence[Counted]]) -> list[tuple[str, tuple[str, ...]]]:
    """Part and whole by their ids, for cells by their way of counting; where a chain of them says it, not again."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for counting, parts in sorted(alike.items()):
        kind = counting.partition(" ")[0]
        if kind not in HEADS:
            continue
        wholes = [one for name in _countings_above(counting) for one in alike.get(name, ())]
        for part in parts:
            holds = [one for one in wholes if one is not part and _within(part.place, one.place)]
            for whole in _nearest(holds):
                if part.exact <= whole.exact:
                    found.append((part.place.id, (whole.place.id,)))
    return found


def _countings_above(counting: str) -> Iterator[str]:
    """The ways of counting that can be no less than one; providers and homes are no more than people."""
    kind, _, rest = counting.partition(" ")
    records = rest
    for of in (" provider", " setting"):
        if rest.endswith(of):
            records = rest.removesuffix(of)
            yield f"{kind} {records}"
            return
    for above in _ABOVE[kind]:
        yield f"{above} {records}"


def _within(part: Place, whole: Place) -> bool:
    """Whether all that is counted at one place is counted at the other too."""
    mine, theirs = dict(part.where), dict(whole.where)
    if any(name not in mine or not set(mine[name]) <= set(ids) for name, ids in theirs.items()):
        return False
    if part.kind == ON_DATE and whole.kind != OVER_PERIOD:
        return part.period.end == whole.period.end
    return whole.period.start <= part.period.start and part.period.end <= whole.period.end


def _nearest(holds: Sequence[Counted]) -> list[Counted]:
    """The wholes that hold no other of them."""
    return [
        one for one in holds
        if not any(_below(other.place, one.place) for other in holds if other is not one)
    ]  # fmt: skip


def _below(one: Place, other: Place) -> bool:
    """Whether a place is known to be no more than another, by a kind of counting that can be."""
    return other.counting in _countings_above(one.counting) and _within(one, other) if one.kind in HEADS else False
