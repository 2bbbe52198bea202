"""Requirement models for housing with support and care homes: from people who will need it to places to commission.

Three models, each with its assumptions as data. The pipeline model counts the people who are known or assumed to come,
by year and type of place, and takes off the places that free themselves in existing houses and those that arise from
homes that change their registration. The ratio model asks for so many units a thousand older people, by tenure, and
takes off what there is. The care home model gives the range between placements that go on as they did and placements
that keep up with older people, and sets it against the places that stand empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

from careshape.errors import CallError


@dataclass(frozen=True)
class Coming:
    """People who will need a type of place in a year, by client group."""

    year: str
    client_group: str
    type: str
    people: Decimal


NettingKind = Literal["void", "de-registration", "implied"]
NETTINGS: Final[dict[NettingKind, str]] = {
    "void": "Places that free themselves",
    "de-registration": "Care homes that change their registration",
    "implied": "Taken off by the statement, which does not say how much is which",
}
"""Why places need not be commissioned."""


@dataclass(frozen=True)
class Netting:
    """Places of a type that need not be commissioned in a year, and why: in words, and by one of NETTINGS."""

    year: str
    type: str
    places: Decimal
    reason: str
    kind: NettingKind = "void"


@dataclass(frozen=True)
class Requirement:
    """Places to commission in a year: people less what frees itself, never below 0; what is left over is carried on.

    Attributes:
        brought: what was left over of the year before; part of ``netted``, as is each of ``off`` (by NETTINGS).
    """

    year: str
    type: str
    people: Decimal
    netted: Decimal
    places: Decimal
    carried: Decimal
    brought: Decimal = Decimal(0)
    off: Mapping[str, Decimal] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        off = {kind.replace("-", "_"): self.off.get(kind, Decimal(0)) for kind in NETTINGS}
        names = ("netted", "places", "carried")
        return {
            "year": self.year, "type": self.type, "people": self.people, "brought": self.brought, **off,
            **{name: getattr(self, name) for name in names},
        }  # fmt: skip


def accommodation(pipeline: Iterable[Coming], netting: Iterable[Netting] = ()) -> list[Requirement]:
    """Places to commission by year and type, in the order of the years.

    A place that frees itself and finds nobody in its year is carried to the next: it stands empty until then.

    Raises CallError for a number of people or places below 0.
    """
    people: dict[tuple[str, str], Decimal] = {}
    free: dict[tuple[str, str], dict[str, Decimal]] = {}
    for one in pipeline:
        _not_negative(one.people, "people", one.year, one.type)
        people[one.type, one.year] = people.get((one.type, one.year), Decimal(0)) + one.people
    for other in netting:
        _not_negative(other.places, "places", other.year, other.type)
        kinds = free.setdefault((other.type, other.year), {})
        kinds[other.kind] = kinds.get(other.kind, Decimal(0)) + other.places
    found = []
    for type_ in dict.fromkeys(name for name, _ in (*people, *free)):
        carried = Decimal(0)
        for year in sorted({year for name, year in (*people, *free) if name == type_}):
            need, off, brought = people.get((type_, year), Decimal(0)), free.get((type_, year), {}), carried
            netted = brought + sum(off.values(), Decimal(0))
            places = max(Decimal(0), need - netted)
            carried = max(Decimal(0), netted - need)
            found.append(Requirement(year, type_, need, netted, places, carried, brought, off))
    return sorted(found, key=lambda one: (one.year, one.type))


def implied_netting(
    pipeline: Iterable[Coming], published: Mapping[tuple[str, str], Decimal], reason: str
) -> list[Netting]:
    """What a published requirement must have taken off: people less the places it asks for, by year and type.

    Args:
        pipeline: the people it started from.
        published: (year, type) -> places it asked for.
        reason: what to say of the difference.

    Where it asks for more places than there are people, nothing is taken off.
    """
    people: dict[tuple[str, str], Decimal] = {}
    for one in pipeline:
        people[one.year, one.type] = people.get((one.year, one.type), Decimal(0)) + one.people
    return [
        Netting(year, type_, need - published.get((year, type_), Decimal(0)), reason, "implied")
        for (year, type_), need in sorted(people.items())
        if need > published.get((year, type_), Decimal(0))
    ]


@dataclass(frozen=True)
class Units:
    """Units of housing of one tenure that an area needs in a year, has, and lacks.

    Attributes:
        ratio: units wanted for every thousand ``older_people``.
        required: what that comes to; present: units there are; coming: units that open by then.
        lacking: required less present and coming, and never below 0.
    """

    area: str
    year: int
    tenure: str
    older_people: float
    ratio: float
    required: int
    present: int
    lacking: int
    coming: int = 0

    def row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {
            "area": self.area, "year": self.year, "tenure": self.tenure, "older_people": round(self.older_people),
            "per_thousand": round(self.ratio, 2), "required": self.required, "present": self.present,
            "coming": self.coming, "lacking": self.lacking,
        }  # fmt: skip


def extra_care(
    older_people: Mapping[str, float],
    year: int,
    per_thousand: Mapping[str, float],
    present: Mapping[tuple[str, str], int] | None = None,
    coming: Mapping[tuple[str, str], int] | None = None,
) -> list[Units]:
    """Units required by area and tenure: a ratio a thousand older people, less what there is and what opens by then.

    Args:
        older_people: area -> people of 75 and over in the year.
        year: the target year.
        per_thousand: tenure -> units wanted for every thousand of them.
        present: (area, tenure) -> units there are; coming: those that open by the year.

    Areas' units add up to those of the whole: each is rounded down, and the units left over go to the areas with the
    largest remainders.

    Raises CallError for a ratio below 0 or above 1,000.
    """
    for tenure, ratio in per_thousand.items():
        if not 0 <= ratio <= 1000:
            raise CallError(f"The ratio for '{tenure}' is {ratio:g}. It must lie between 0 and 1,000 units a thousand.")
    have, more = present or {}, coming or {}
    found = []
    for tenure, ratio in per_thousand.items():
        exact = {area: people * ratio / 1000 for area, people in older_people.items()}
        for area, required in shared_out(exact).items():
            there, opens = have.get((area, tenure), 0), more.get((area, tenure), 0)
            lacking = max(0, required - there - opens)
            found.append(Units(area, year, tenure, older_people[area], ratio, required, there, lacking, opens))
    return found


def spread_published(
    additional: Mapping[str, int], older_people: Mapping[str, float], year: int, present: int = 0
) -> list[Units]:
    """Spread published additional units by tenure over areas, by their older people, and show the ratio they imply.

    Args:
        additional: tenure -> additional units that a document asks for.
        older_people: area -> people of 75 and over in the year.
        year: the target year.
        present: units that there were already, whose tenure is not known: part of the implied ratio, shared out over
            the tenures as the additional ones are.
    """
    people, wanted = sum(older_people.values()), sum(additional.values())
    if people <= 0 or wanted <= 0:
        raise CallError("There must be older people and additional units to spread.")
    found = []
    for tenure, units in additional.items():
        there = shared_out({area: present * units / wanted * n / people for area, n in older_people.items()})
        more = shared_out({area: units * n / people for area, n in older_people.items()})
        for area, number in older_people.items():
            required = more[area] + there[area]
            ratio = 1000 * (units + present * units / wanted) / people
            found.append(Units(area, year, tenure, number, ratio, required, there[area], more[area]))
    return found


@dataclass(frozen=True)
class HomePlaces:
    """Placements in care homes in a year, from low to high, and the places that are lacking when empty ones are used.

    Attributes:
        older_people: people of the ages that are placed.
        low: placements if they go on as between the two counts; high: if they keep up with older people.
        empty: places that stand empty.
        lacking_low, lacking_high: placements beyond today's, less the empty places; below 0 places are left over.
    """

    year: int
    older_people: float
    low: float
    high: float
    empty: float
    lacking_low: float
    lacking_high: float

    def row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {"year": self.year} | {
            name: round(getattr(self, name), 1)
            for name in ("older_people", "low", "high", "empty", "lacking_low", "lacking_high")
        }


def care_homes(
    placed: Mapping[int, float], older_people: Mapping[int, float], empty: float, years: Iterable[int]
) -> list[HomePlaces]:
    """Placements in care homes by year with a range, and what is lacking when the places that stand empty are used.

    One end lets placements go on falling or rising by the yearly rate between the two counts: that rate holds what
    demography added and what other care took away. The other end lets them keep up with older people, as if no more
    were to be had at home. Neither end is a limit of probability.

    Args:
        placed: year -> placements, of two years; the later one is today's.
        older_people: year -> people of the ages that are placed, of today's year and every year asked for.
        empty: places that stand empty today.

    Raises CallError where there are not two counts, or the people of a year are not known.
    """
    if len(placed) != 2 or min(placed.values()) <= 0:
        raise CallError("Placements of two years are needed, each above 0.")
    (then, before), (now, today) = sorted(placed.items())
    if lacking := [year for year in (now, *years) if year not in older_people]:
        raise CallError(f"Older people of {', '.join(map(str, lacking))} are not known.")
    found = []
    for year in years:
        trend = today * (today / before) ** ((year - now) / (now - then))
        level = today * older_people[year] / older_people[now]
        low, high = sorted((trend, level))
        found.append(HomePlaces(year, older_people[year], low, high, empty, low - today - empty, high - today - empty))
    return found


def shared_out(exact: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that add up to the rounded total of the exact ones, each off by less than one."""
    total = int(Decimal(repr(sum(exact.values()))).quantize(Decimal(1), ROUND_HALF_UP))
    whole = {area: int(value) for area, value in exact.items()}
    order: Sequence[str] = sorted(exact, key=lambda area: (whole[area] - exact[area], area))
    for area in order[: total - sum(whole.values())]:
        whole[area] += 1
    return whole


def _not_negative(value: Decimal, what: str, year: str, type_: str) -> None:
    if value < 0:
        raise CallError(f"{year}, {type_}: {value} {what}. The number cannot be below 0.")
