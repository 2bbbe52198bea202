"""The gaps of one council: its forecast, its supply and its intentions brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.evaluate.forecast import Forecast
from careshape.evaluate.forecast.council import CouncilForecast, council_forecast
from careshape.evaluate.gap.directions import Rules, packaged_rules, read_rules
from careshape.evaluate.gap.gap import Expected, Floats, Gap, Market, gap
from careshape.evaluate.gap.others import Others, Today
from careshape.evaluate.gap.published import council_supply, published_taken
from careshape.evaluate.gap.register import read_register
from careshape.evaluate.gap.segments import Segment, packaged_segments, read_segments
from careshape.evaluate.gap.supply import ALL, Supply, check_units
from careshape.evaluate.near import near_to
from careshape.home import Home
from careshape.language import say
from careshape.records import council_intentions, council_observations

YEARS_AHEAD = (1, 3, 5, 10)
AT_ONCE = 10
"""Months that are drawn together: all of a forecast's would take much memory in a large council."""
ELSEWHERE = "not-applicable"
"""District of care that is given outside the council's area."""


@dataclass
class Demand:
    """What a forecast expects in a segment: the draws of a split are taken once for all cells."""

    forecast: Forecast
    _drawn: dict[tuple[int, bool, str], tuple[list[dict[str, str]], Floats, Floats]] = field(default_factory=dict)
    _means: dict[tuple[int, bool], Floats] = field(default_factory=dict)

    def expected(self, segment: Segment, client_group: str, area: str, month: int) -> Expected:
        """People, or hours a week, of a segment so many months after the origin."""
        measure = _measure(segment)
        cells, means, draws = self._split(month, area != ALL, measure)
        kept = _kept(cells, segment, client_group, area)
        people = None
        if measure == "hours":
            people = float(self._people(month, area != ALL)[kept].sum())
        return Expected(float(means[kept].sum()), draws[:, kept].sum(axis=1), self.forecast.method, people=people)

    def draw(self, segment: Segment, months: Iterable[int]) -> None:
        """Draw what `expected` is to tell of the whole area in many months: some at once, which is quicker."""
        measure = _measure(segment)
        missing = [month for month in months if (month, False, measure) not in self._drawn]
        for first in range(0, len(missing), AT_ONCE):
            self._draw(missing[first : first + AT_ONCE], False, measure)

    def today(self, segment: Segment, client_group: str, area: str) -> float:
        """People, or hours a week, of a segment in a district on the last day of the records; nothing is drawn."""
        by = ("service", "group", "area")
        means = self.forecast.mean(0, by, "hours") if _measure(segment) == "hours" else self._people(0, True)
        return float(means[_kept(self.forecast.cells(by), segment, client_group, area)].sum())

    def here(self, segment: Segment, client_group: str) -> float:
        """The share of those whom the council supports today that live in its area; 1 where it supports nobody."""
        cells, people = self.forecast.cells(("service", "group", "area")), self._people(0, True)
        services = set(segment.service_ids())
        groups = None if client_group == ALL else set(catalogue().members("client_group", client_group))
        everywhere = elsewhere = 0.0
        for cell, value in zip(cells, people, strict=True):
            if cell["service"] in services and (groups is None or cell["group"] in groups):
                everywhere += float(value)
                elsewhere += float(value) if cell["area"] == ELSEWHERE else 0.0
        return 1 - elsewhere / everywhere if everywhere else 1.0

    def _people(self, month: int, areas: bool) -> Floats:
        if (month, areas) not in self._means:
            by = ("service", "group", "area") if areas else ("service", "group")
            self._means[month, areas] = np.asarray(self.forecast.mean(month, by, "people"), dtype=np.float64)
        return self._means[month, areas]

    def _split(self, month: int, areas: bool, measure: str) -> tuple[list[dict[str, str]], Floats, Floats]:
        key = (month, areas, measure)
        if key not in self._drawn:
            self._draw([month], areas, measure)
        return self._drawn[key]

    def _draw(self, months: Sequence[int], areas: bool, measure: str) -> None:
        by = ("service", "group", "area") if areas else ("service", "group")
        for month, drawn in zip(months, self.forecast.samples_of(months, by, measure), strict=True):
            means, draws = self.forecast.mean(month, by, measure), np.asarray(drawn, dtype=np.float64)
            self._drawn[month, areas, measure] = (self.forecast.cells(by), means, draws)


def _measure(segment: Segment) -> str:
    return "hours" if segment.unit == "hours a week" else "people"


def _kept(cells: Sequence[Mapping[str, str]], segment: Segment, client_group: str, area: str) -> list[int]:
    """Which cells of a forecast a segment takes, for a client group and an area or all of them."""
    services = set(segment.service_ids())
    groups = None if client_group == ALL else set(catalogue().members("client_group", client_group))
    return [
        i
        for i, cell in enumerate(cells)
        if cell["service"] in services
        and (groups is None or cell["group"] in groups)
        and (area == ALL or cell["area"] == area)
    ]


@dataclass(frozen=True)
class CouncilGaps:
    """The gaps of a council, the forecast they rest on, and what to say about how they were set up."""

    gaps: tuple[Gap, ...]
    forecast: CouncilForecast

    def rows(self) -> list[dict[str, object]]:
        """The gaps as rows for a table or a download."""
        return [one.row() for one in self.gaps]


def council_gaps(
    home: Home,
    made: CouncilForecast,
    *,
    segments: Sequence[str] = (),
    by_area: bool = False,
    years_ahead: Sequence[int] | None = None,
    told_on: date | None = None,
) -> CouncilGaps:
    """Work out the gaps of a council from its forecast.

    Args:
        segments: ids of the segments; all of them if none is named.
        by_area: each district by itself too.
        years_ahead: how many years after the forecast's start; by default `years_within` it.
        told_on: the day of the statement that tells of them, so that days are looked at that are still to come then;
            districts are looked at for those only. Without it, what is told is told when the records end.

    Raises CallError for a segment or a year that is not there.
    """
    chosen = _chosen(council_segments(home, made.authority), segments)
    passed = years_passed(made.origin, told_on)
    ahead = years_within(made.forecast.months, passed) if years_ahead is None else tuple(years_ahead)
    if not ahead or min(ahead) < 1 or 12 * max(ahead) > made.forecast.months:
        raise CallError(
            say("Years ahead are 1 to {months}, as far as the forecast goes.", months=made.forecast.months // 12)
        )
    market, demand = _market(home, made.authority), Demand(made.forecast)
    others = Others(home, made.authority, supplies=market.supplies)
    areas = [ALL, *(area for area in made.forecast.rates.spells.areas if area in _districts())] if by_area else [ALL]
    census = made.forecast.rates.census
    found = []
    for one in chosen:
        for group in one.client_groups or (ALL,):
            for area in areas:
                today = demand.expected(one, group, area, 0)
                start = Today(today.mean, demand.here(one, group) if area == ALL else 1.0, made.origin)
                at_first = others.expected(one, today, group, area, today=start)
                for years in ahead if area == ALL else still_to_come(ahead, passed):
                    needed = demand.expected(one, group, area, 12 * years)
                    if not needed.mean and not today.mean:
                        continue
                    on = day_date(census.day(census.steps(12 * years)))
                    outside = others.expected(one, needed, group, area, today=start)
                    before = {"outside": outside, "outside_today": at_first}
                    found.append(gap(one, group, area, on, needed=needed, today=today, market=market,
                                     since=made.origin, **before))  # fmt: skip
    return CouncilGaps(tuple(found), made)


def gaps_ahead(
    home: Home,
    authority: str,
    years_ahead: Sequence[int] | None = None,
    *,
    segments: Sequence[str] = (),
    by_area: bool = False,
    **forecast: Any,
) -> CouncilGaps:
    """Forecast, and work out the gaps, each year with the limits that it has whichever other years are asked for.

    What is drawn depends on the length of the forecast: so it always has the usual one, and a year beyond its end has a
    forecast of its own. Arguments are those of `council_gaps`, the others those of `council_forecast`.

    Raises CallError for a segment that is not there, before anything is worked out, and a year beyond the population.
    """
    _chosen(council_segments(home, authority), segments)
    made = council_forecast(home, authority, **forecast)
    if years_ahead is None:
        return council_gaps(home, made, segments=segments, by_area=by_area)
    wanted = sorted(set(years_ahead))
    within = [years for years in wanted if 12 * years <= made.forecast.months]
    courses = [(made, within)] if within else []
    courses += [
        (council_forecast(home, authority, months=12 * years, **forecast), [years])
        for years in wanted[len(within) :]
    ]  # fmt: skip
    found = [
        one
        for course, years in courses
        for one in council_gaps(home, course, segments=segments, by_area=by_area, years_ahead=years).gaps
    ]
    cells = list(dict.fromkeys((one.segment.id, one.client_group, one.area) for one in found))
    found.sort(key=lambda one: (cells.index((one.segment.id, one.client_group, one.area)), one.on))
    return CouncilGaps(tuple(found), courses[-1][0])


def known_supply(home: Home, authority: str) -> list[Supply]:
    """What is known of what there is, of every origin.

    Raises InputError where a file of the council's own has a fault, or gives a service in another unit than planned.
    """
    folder = home.council_path(authority)
    observations = council_observations(authority, folder / "observations")
    found = council_supply(authority, folder / "supply", observations, read_register(home, authority))
    units = {one.supply or one.services[0]: one.unit for one in council_segments(home, authority)}
    check_units((one for one in found if one.origin == "own"), units)
    return found


def _market(home: Home, authority: str) -> Market:
    """Supply, intentions and rules of a council."""
    known = council_intentions(authority, home.council_path(authority))
    supplies = known_supply(home, authority)
    observations = council_observations(authority, home.council_path(authority) / "observations")
    return Market(supplies, known, _rules(home, authority), published_taken(authority, observations))


def years_within(months: int, passed: int = 0) -> tuple[int, ...]:
    """How many years after the records are shown of a forecast: 1, 3, 5 and 10, or its last whole year.

    They are counted from the end of the records, and again from the day of the statement, where ``passed`` whole years
    lie between: what the records led to expect stays to be held against what came.
    """
    last = months // 12
    wanted = {*YEARS_AHEAD, *(passed + years for years in YEARS_AHEAD)}
    return tuple(sorted({*(years for years in wanted if years <= last), *([last] if last > 0 else [])}))


def years_passed(origin: date, told_on: date | None) -> int:
    """Whole years from the end of the records to the day of a statement; 0 where it comes first, or is not said."""
    if told_on is None:
        return 0
    before = (told_on.month, told_on.day) < (origin.month, origin.day)
    return max(told_on.year - origin.year - before, 0)


def still_to_come(ahead: Sequence[int], passed: int) -> tuple[int, ...]:
    """Those of the years ahead that have not passed; the last of them where all have."""
    return tuple(years for years in ahead if years > passed) or tuple(ahead[-1:])


def council_segments(home: Home, authority: str) -> tuple[Segment, ...]:
    """The council's own segments (``segments.toml`` in its folder), or those that come with careshape."""
    own = home.council_path(authority) / "segments.toml"
    return read_segments(own) if own.is_file() else packaged_segments()


def _rules(home: Home, authority: str) -> Rules:
    own = home.council_path(authority) / "directions.toml"
    return read_rules(own) if own.is_file() else packaged_rules()


def _chosen(known: Iterable[Segment], wanted: Sequence[str]) -> list[Segment]:
    segments = {one.id: one for one in known}
    for id_ in wanted:
        if id_ not in segments:
            raise CallError(say("There is no segment '{id}'. {near}", id=id_, near=near_to(id_, segments)))
    return [segments[id_] for id_ in wanted] if wanted else list(segments.values())


def _districts() -> set[str]:
    """Districts that are places: unknown and elsewhere are not."""
    return {entry.id for entry in catalogue().lists["district"].entries if entry.authority}
