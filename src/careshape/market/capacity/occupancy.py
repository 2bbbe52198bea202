"""Occupancy, voids and vacancies of care homes, and free hours of home care, with the age of each figure.

Three numbers of beds differ and are kept apart: those registered, those that can be used (the maximum), and those
that the council holds by contract. All here is of the maximum, as in official statistics: occupancy = in use / maximum,
void = maximum - in use, not available = maximum - in use - reserved - admittable, admittable rate = admittable /
maximum. What is not known is None and never 0 (docs/explanation/market.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.errors import CallError
from careshape.evaluate.numbers import rounded
from careshape.market.capacity.fields import PARTS, Kind, capacity
from careshape.market.capacity.lines import Line

BEDS: Final = (
    "locations", "maximum", "in_use", "void", "reserved", "closed", "admittable", "not_available", "occupancy",
    "median_occupancy", "void_rate", "admittable_rate", "fresh_maximum", "stale_locations", "newest_days",
    "oldest_days",
)  # fmt: skip
HOURS: Final = (
    "locations", "held", "free", "in_use_share", "fresh_held", "people", "stale_locations", "newest_days",
    "oldest_days",
)  # fmt: skip
STAFF: Final = (
    "locations", "employed", "agency", "absent", "vacant_posts", "absent_share", "vacancy_rate", "stale_locations",
    "newest_days", "oldest_days",
)  # fmt: skip
COLUMNS: Final[dict[Kind, tuple[str, ...]]] = {"beds": BEDS, "hours": HOURS, "staff": STAFF}
WHOLE: Final = "all"
UNKNOWN: Final = "unknown"

Places = Mapping[str, Mapping[str, str]]
"""Location -> dimension (such as district or zone) -> id."""


@dataclass(frozen=True)
class Aged:
    """A line with its age on a day."""

    line: Line
    days: int

    @property
    def stale(self) -> bool:
        """Whether it is too old to send a person by."""
        return self.days > capacity().stale_after

    def counts(self, name: str) -> bool:
        """Whether a figure of the line is added up: one by which someone could be sent only while it is fresh."""
        return not self.stale or next(one for one in capacity().field if one.id == name).counts_when_stale


def newest(lines: Iterable[Line], kind: Kind, on: date) -> list[Aged]:
    """The lines of each location's newest return of a kind by a day, too old ones left out.

    A return is of the whole location: what its newest one does not name, it has no more.
    """
    given = [one for one in lines if one.kind == kind and 0 <= (on - one.day).days <= capacity().gone_after]
    last: dict[str, date] = {}
    for one in given:
        last[one.location] = max(one.day, last.get(one.location, one.day))
    return [Aged(one, (on - one.day).days) for one in given if one.day == last[one.location]]


def capacity_by(
    lines: Iterable[Line], kind: Kind, on: date, by: Sequence[str] = (), places: Places | None = None
) -> list[dict[str, Any]]:
    """What is in use and what is free on a day, in parts.

    Args:
        lines: of checked returns. by: parts of the kind (bed_type; zone, time_band; staff_group), location, or any
            dimension of ``places``.
        places: what else is known of each location.

    Returns:
        one row a part, with the columns of the kind; without lines, none. Shares are percentages to one decimal; the
        days say how old the newest and the oldest figure of the row is. ``fresh_maximum`` and ``fresh_held`` are of the
        returns that are not stale, by which vacancies and free hours are known.

    Raises:
        CallError: a dimension is unknown.
    """
    keys = [_key(name, kind, places or {}) for name in by]
    parts: dict[tuple[str, ...], list[Aged]] = defaultdict(list)
    for one in newest(lines, kind, on):
        parts[tuple(key(one.line) for key in keys)].append(one)
    make = {"beds": _beds, "hours": _hours, "staff": _staff}[kind]
    return [dict(zip(by, key, strict=True)) | make(found) | _ages(found) for key, found in sorted(parts.items())]


def _key(name: str, kind: Kind, places: Places) -> Callable[[Line], str]:
    if name == "location":
        return lambda line: line.location
    if name in PARTS[kind]:
        place = PARTS[kind].index(name)
        return lambda line: line.part[place]
    known = sorted({one for found in places.values() for one in found})
    if name not in known:
        names = ["location", *PARTS[kind], *known]
        raise CallError(f"'{name}' is no part of a return of {kind}. Choose from {', '.join(names)}.")
    return lambda line: places.get(line.location, {}).get(name, UNKNOWN)


def _sum(found: Iterable[Aged], name: str) -> Any:
    """The sum of a figure over the lines of which it counts; None where there is none, or one leaves it blank."""
    figures = [one.line.get(name) for one in found if one.counts(name)]
    return None if not figures or None in figures else sum(one for one in figures if one is not None)


def _share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    return None if part is None or not whole else rounded(Fraction(part) / Fraction(whole) * 100, 1)


def _beds(found: Sequence[Aged]) -> dict[str, Any]:
    whole, used = _sum(found, "maximum"), _sum(found, "in_use")
    fresh = _sum([one for one in found if not one.stale], "maximum") or 0
    free, reserved, closed = (_sum(found, name) for name in ("admittable", "reserved", "closed"))
    # Of a stale return no vacancy is counted as one into which someone could move, so that it is not available.
    return {
        "locations": len({one.line.location for one in found}),
        "maximum": whole,
        "in_use": used,
        "void": whole - used,
        "reserved": reserved,
        "closed": closed,
        "admittable": free,
        "not_available": None if free is None else whole - used - reserved - free,
        "occupancy": _share(used, whole),
        "median_occupancy": _median(found),
        "void_rate": _share(whole - used, whole),
        "admittable_rate": _share(free, fresh),
        "fresh_maximum": fresh,
    }


def _median(found: Sequence[Aged]) -> Decimal | None:
    """The occupancy of the location in the middle: half have at most that."""
    beds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        beds[one.line.location][0] += int(one.line.figures["in_use"])
        beds[one.line.location][1] += int(one.line.figures["maximum"])
    shares = sorted(Fraction(used, whole) for used, whole in beds.values() if whole)
    if not shares:
        return None
    middle = len(shares) // 2
    median = shares[middle] if len(shares) % 2 else (shares[middle - 1] + shares[middle]) / 2
    return rounded(median * 100, 1)


def _hours(found: Sequence[Aged]) -> dict[str, Any]:
    held, free = _sum(found, "held"), _sum(found, "free")
    fresh = _sum([one for one in found if not one.stale], "held") or 0
    return {
        "locations": len({one.line.location for one in found}),
        "held": held,
        "free": free,
        "in_use_share": None if free is None else _share(fresh, fresh + free),
        "fresh_held": fresh,
        "people": _sum(found, "people"),
    }


def _staff(found: Sequence[Aged]) -> dict[str, Any]:
    sums = {name: _sum(found, name) for name in ("employed", "agency", "absent", "vacant_posts")}
    return (
        {"locations": len({one.line.location for one in found})}
        | sums
        | {
            "absent_share": _share(sums["absent"], sums["employed"]),
            "vacancy_rate": _share(sums["vacant_posts"], sums["employed"] + (sums["vacant_posts"] or 0)),
        }
    )


def _ages(found: Sequence[Aged]) -> dict[str, Any]:
    return {
        "stale_locations": len({one.line.location for one in found if one.stale}),
        "newest_days": min(one.days for one in found),
        "oldest_days": max(one.days for one in found),
    }


def silent(lines: Iterable[Line], kind: Kind, on: date, expected: Iterable[str]) -> list[str]:
    """Locations of which no return counts on a day, of those that are expected to send one."""
    heard = {one.line.location for one in newest(lines, kind, on)}
    return sorted(set(expected) - heard)
