"""What is to come as an edition shows it: tied to the figures that the gate lets be shown, or left out.

A forecast starts from the records, and its first point is all but a count of them. In an edition it starts from what is
printed of that count instead: everything that is expected is taken in proportion. Where the count is withheld, or its
print leaves it open whether anybody small in number stands behind it, nothing of that group is shown. The same holds of
each district: it starts from what is printed of the people there, at the hours a person of the whole area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from careshape.editions.questions import place_of
from careshape.evaluate.gap.gap import BASES, EVERYBODY, FROM_TODAY, USE, Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.statement.council import Council
from careshape.statement.formatting import Withheld
from careshape.statement.outlook.ahead import Point
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.work_out import worked_out
from careshape.statement.pictures import draw_fan

HOURS: Final = "hours a week"
_RELATIVE: Final = tuple(BASES[one] for one in (*FROM_TODAY, EVERYBODY, USE))
"""Bases on which what there is was itself worked out from the records."""
Key = tuple[str, str]
"""A segment and a client group."""


@dataclass(frozen=True)
class Anchored:
    """What was recorded of one segment and group as it is printed, and by what the forecast is multiplied."""

    past: list[Point]
    factor: float
    each: float
    """Hours a person, as they are printed of the whole area; 1 where people are shown themselves."""


def look_ahead(
    council: Council, few: Collection[str] = (), made: Kept | None = None, asking: bool = False
) -> Kept:  # fmt: skip
    """Work out what is to come for an edition, from nothing recorded but what the gate has seen.

    few: the places whose print leaves it open whether only a few people stand there. made: what an earlier call of the
    same edition gave back, so that it is worked out once. asking: before the gate, when nothing is shown yet and what
    counts is which figures are asked for: gaps stay as they are, and nothing is drawn. Gives back what was worked out,
    before the gate.
    """
    made = worked_out(council, reports=False) if made is None else made
    council.look(made if made.problem else _gated(council, made, few, asking))
    return made


def _gated(council: Council, made: Kept, few: Collection[str], asking: bool) -> Kept:
    """The same from printed figures alone."""
    found = {key: _anchored(council, made, key, few) for key in made.fans}
    kept = {key: one for key, one in found.items() if one is not None}
    fans = {
        key: (one.past, [_scaled(point, one.factor) for point in made.fans[key][1]]) for key, one in kept.items()
    }  # fmt: skip
    factors = {(*key, ALL): one.factor for key, one in kept.items()}
    for key, one in kept.items():
        factors |= {(*key, area): factor for area, factor in _by_district(council, made, key, one.each, few)}
    cells = tuple(
        one if asking else _from_print(one, factors[_key_of(one)])
        for one in made.cells
        if _key_of(one) in factors and (one.area == ALL or one.basis in _RELATIVE)
    )
    expectations = {
        key: one.times(factors[key[:3]]) if factors[key[:3]] else one
        for key, one in made.expectations.items()
        if key[:3] in factors
    }
    shown = replace(
        made, cells=cells, fans=fans, expectations=expectations, arithmetic={}, maps={}, charts={}, today={},
        kept_back=frozenset(made.fans.keys() - kept.keys()), whole_only=True,
    )  # fmt: skip
    if asking:
        return shown
    drawn = {key: draw_fan(expected(shown, shown.segments[key[0]], key[1]).fan) for key in fans}
    return replace(shown, charts=drawn)


def _anchored(council: Council, made: Kept, key: Key, few: Collection[str]) -> Anchored | None:
    """What is printed of the past of a segment and group; None where its last day is not to be told."""
    segment, raw = made.segments[key[0]], made.fans[key][0]
    where = _where(segment, key[1])
    people, last_place = _people(council, raw, where)
    last = people.get(raw[-1].day.isoformat(), 0)
    if not isinstance(last, int) or last_place in few:
        return None
    each = _hours_each(council, segment, raw, where, last)
    if each is None:
        return None
    past = [_shown(one.day, people.get(one.day.isoformat(), 0), each) for one in raw]
    return Anchored(past, past[-1].value / raw[-1].value if raw[-1].value else 1.0, each)


def _by_district(
    council: Council, made: Kept, key: Key, each: float, few: Collection[str]
) -> Iterator[tuple[str, float]]:
    """By what is multiplied what is expected of each district of which something is printed that may be told."""
    areas = made.areas_of(*key)
    if len(areas) < 2:  # one district is the whole area, but for care that is given outside of it
        return
    day = made.fans[key][0][-1].day.isoformat()
    where = _where(made.segments[key[0]], key[1])
    result = council.book.result("people_supported", ("district",), where, day)
    for cell, row in zip(result.cells, result.rows, strict=True):
        area, people = str(row["district"]), row["value"]
        today = made.today.get((*key, area), 0.0)
        told = isinstance(people, int) and people > 0 and place_of(result, cell.key, where).id not in few
        if told and area in areas and today > 0:
            yield area, people * each / today


def _where(segment: Segment, client_group: str) -> dict[str, Any]:
    """The people of a segment and client group, as a measure is asked of them."""
    services = {"service": tuple(segment.service_ids())}
    return services if client_group == ALL else {**services, "client_group": client_group}


def _key_of(one: Gap) -> tuple[str, str, str]:
    return one.segment.id, one.client_group, one.area


def _shown(on: date, people: object, each: float) -> Point:
    """What is printed of a day, or that it is withheld."""
    if isinstance(people, Withheld):
        return Point(on, 0.0, withheld=people.reason)
    assert isinstance(people, int)
    return Point(on, people * each)


def _people(council: Council, raw: list[Point], where: Mapping[str, Any]) -> tuple[dict[str, object], str]:
    """The people of each day as the book has them, and the place of the last."""
    days = ",".join(point.day.isoformat() for point in raw)
    result = council.book.result("people_supported", ("period",) if len(raw) > 1 else (), dict(where), days)
    people = {str(row.get("period", days)): row["value"] for row in result.rows}
    key = (raw[-1].day.isoformat(),) if "period" in result.dimensions else ()
    return people, place_of(result, key, where).id


def _hours_each(
    council: Council, segment: Segment, raw: list[Point], where: Mapping[str, Any], people: int
) -> float | None:
    """Hours a person on the last day, of two figures of the book; 1 where people are shown themselves.

    None where the hours are withheld, or stand for nobody.
    """
    if segment.unit != HOURS:
        return 1.0
    hours = council.book.result("hours_commissioned", (), dict(where), raw[-1].day.isoformat()).value
    if hours is None or not people:
        return None
    try:
        return float(hours) / people
    except TypeError:
        return None


def _scaled(point: Point, factor: float) -> Point:
    limits = {name: value * factor for name, value in (point.limits or {}).items()}
    return Point(point.day, point.value * factor, limits)


def _from_print(one: Gap, factor: float) -> Gap:
    """A gap whose demand is taken in proportion; what was counted elsewhere, such as places, stays as it is.

    What follows is decided anew, so that its sentence is true of the interval that stands beside it.
    """
    if not factor:
        return one
    if one.basis in _RELATIVE:
        outside = one.outside.times(factor) if one.outside else None
        shown = replace(
            one, demand=one.demand.times(factor), outside=outside, supply=one.supply * factor,
            gap=one.gap.times(factor),
        )  # fmt: skip
    else:
        shown = replace(one, demand=one.demand.times(factor), gap=one.gap.less(one.demand.mean * (1 - factor)))
    return shown.decided()


__all__ = ["look_ahead"]
