"""What a reader can reckon with: which cells of an edition add up to which.

Two sums are known of counting: over the values of a dimension, and over periods that follow each other. A sum stands
where the numbers bear it out to the last; distinct people who hold two services do not add up, and no sum is claimed of
them. Where a total and only some of its parts are shown, the rest is a cell too, which nobody shows and everybody can
reckon. What is known of heads that do not add up is in ``careshape.editions.limits``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Final

from careshape.editions.limits import limits
from careshape.editions.questions import DIVIDED, HEADS, Conditions, Counted, Place

FLOWS: Final = ("times", "starts", "ends", "nights", "days", "hours", "cost")
"""Kinds of counting that add up over periods, where they are no stock."""


@dataclass(frozen=True)
class Rest:
    """What is left of a total when the parts that are shown are taken away: of which total, how much, of how many."""

    total: Counted
    exact: Fraction
    people: int | None


@dataclass
class Equations:
    """Sums over cells by their ids, and the rests that stand in them, by theirs."""

    sums: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rests: dict[str, Rest] = field(default_factory=dict)
    limits: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """What is known to be no more than the sum of what, by their ids."""


def equations(cells: Iterable[Counted]) -> Equations:
    """The sums that hold among cells."""
    found = Equations()
    alike: dict[str, list[Counted]] = defaultdict(list)
    for cell in cells:
        if cell.place.kind not in DIVIDED and not cell.public:
            alike[cell.place.counting].append(cell)
    for counting, several in sorted(alike.items()):
        _over_dimensions(found, several)
        if counting.partition(" ")[0] in FLOWS and not counting.endswith("open lines") and "a week" not in counting:
            _over_periods(found, several)
    found.limits += limits(alike)
    return found


def _over_dimensions(found: Equations, cells: Iterable[Counted]) -> None:
    """The sums of one way of counting over each dimension that some cell looks at."""
    several = list(cells)
    for dimension in sorted({name for cell in several for name, _ in cell.place.where}):
        alike: dict[tuple[Conditions, str], list[Counted]] = defaultdict(list)
        for cell in several:
            alike[cell.place.without(dimension), cell.place.period.label].append(cell)
        for group in alike.values():
            for total in group:
                _split(found, total, [one for one in group if _within(one.place, total.place, dimension)], dimension)


def _within(part: Place, whole: Place, dimension: str) -> bool:
    """Whether a place takes some of what another takes of a dimension, and not all."""
    ids, all_ids = part.ids(dimension), whole.ids(dimension)
    return ids is not None and (all_ids is None or set(ids) < set(all_ids))


def _split(found: Equations, total: Counted, parts: list[Counted], dimension: str) -> None:
    """The sum of a total over its finest parts, and over the broadest that do not overlap."""
    seen: set[tuple[str, ...]] = set()
    for which, sign in (("finest", 1), ("broadest", -1)):
        chosen = _apart(parts, dimension, sign)
        names = tuple(sorted(one.place.id for one in chosen))
        if not names or names in seen:
            continue
        seen.add(names)
        left = total.exact - sum(one.exact for one in chosen)
        if left == 0:
            found.sums.append((total.place.id, names))
        elif left < 0:
            found.limits.append((total.place.id, names))
        elif left > 0 and total.place.kind not in HEADS:
            # Heads may stand in several parts: what is left of them is no number of people.
            name = f"the rest of {total.place.id} by {dimension}, {which}"
            found.rests[name] = Rest(total, left, _people_in_rest(total, chosen))
            found.sums.append((total.place.id, (*names, name)))


def _people_in_rest(total: Counted, parts: list[Counted]) -> int | None:
    """The people in a rest: at least those who are in no part; a person may be in several."""
    if total.people is None:
        return None
    return max(1, total.people - sum(one.people or 0 for one in parts))


def _apart(parts: list[Counted], dimension: str, sign: int) -> list[Counted]:
    """Parts that share no id of a dimension: those of fewest ids first (sign 1), or of most (-1)."""
    taken: set[str] = set()
    chosen = []
    for one in sorted(parts, key=lambda one: (sign * len(one.place.ids(dimension) or ()), one.place.id)):
        ids = set(one.place.ids(dimension) or ())
        if not ids & taken:
            taken |= ids
            chosen.append(one)
    return chosen


def _over_periods(found: Equations, cells: Iterable[Counted]) -> None:
    """The sums of a flow over periods that follow each other and fill a longer one."""
    alike: dict[Conditions, list[Counted]] = defaultdict(list)
    for cell in cells:
        alike[cell.place.where].append(cell)
    for group in alike.values():
        for total in group:
            parts = _filling(total, group)
            if parts and sum(one.exact for one in parts) == total.exact:
                found.sums.append((total.place.id, tuple(sorted(one.place.id for one in parts))))


def _filling(total: Counted, group: list[Counted]) -> list[Counted]:
    """The periods, the longest that fit, that follow each other from the first day of a longer one to its last."""
    whole = total.place.period
    inside = [
        one for one in group
        if whole.start <= one.place.period.start and one.place.period.end <= whole.end
        and (one.place.period.start, one.place.period.end) != (whole.start, whole.end)
    ]  # fmt: skip
    day, chosen = whole.start, []
    while day <= whole.end:
        here = [one for one in inside if one.place.period.start == day]
        if not here:
            return []
        chosen.append(max(here, key=lambda one: one.place.period.end))
        day = chosen[-1].place.period.end + timedelta(days=1)
    return chosen
