"""What is to come for one council, at one state of it: the forecast, the gaps and the series behind the pictures."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.forecast.council import CouncilForecast, council_forecast
from careshape.evaluate.gap.council import CouncilGaps, Demand, council_gaps, council_segments
from careshape.evaluate.gap.gap import Expected, Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.measure.frames import LedgerLike
from careshape.home import Home
from careshape.language import say
from careshape.statement.outlook.ahead import Ahead, Point

MONTHS_BACK: Final = 36
EVERY: Final = 3
"""Months between two points of a fan."""


class Outlook(Ahead):
    """The outlook of a council as it is worked out: each part when it is first asked for, once.

    That takes from seconds to a minute, so that pages read what was kept of it (`careshape.statement.outlook.kept`).

    ``problem`` says in a sentence why there is none, where records are too short to forecast from. ``lock`` keeps a
    second reader waiting for what a first one has asked for.
    """

    def __init__(self, home: Home, authority: str, ledger: LedgerLike) -> None:
        self.home, self.authority, self.ledger = home, authority, ledger
        self.lock = threading.RLock()

    def warm(self) -> None:
        """Work out all that the pages of gaps show, so that no reader waits for it."""
        if self.problem:
            return
        for one in self.segments.values():
            for group in self.groups_of(one.id):
                self.series(one, group)

    @property
    def problem(self) -> str:
        """Why there is no outlook; empty where there is one."""
        with self.lock:
            return self._problem

    @cached_property
    def _problem(self) -> str:
        if not self.ledger.files():
            return "No records have been imported yet, so nothing can be forecast from them."
        try:
            _ = self.gaps
        except CareshapeError as error:
            return str(error)
        return "" if self.gaps.gaps else "Nobody is expected in any segment of the market."

    @property
    def made(self) -> CouncilForecast:
        """The forecast. Raises CareshapeError where there can be none."""
        with self.lock:
            return self._made

    @cached_property
    def _made(self) -> CouncilForecast:
        return council_forecast(self.home, self.authority, ledger=self.ledger)

    @cached_property
    def segments(self) -> dict[str, Segment]:
        """The segments in which anybody is expected."""
        known = {one.id: one for one in council_segments(self.home, self.authority)}
        seen = {one.segment.id for one in self.gaps.gaps}
        return {id_: one for id_, one in known.items() if id_ in seen}

    @cached_property
    def known_segments(self) -> tuple[Segment, ...]:
        """The segments that the council has declared, else those of careshape; empty where they are faulty."""
        try:
            return council_segments(self.home, self.authority)
        except CareshapeError:
            return ()

    @property
    def gaps(self) -> CouncilGaps:
        """The gaps, for the council as a whole and by district."""
        with self.lock:
            return self._gaps

    @cached_property
    def _gaps(self) -> CouncilGaps:
        return council_gaps(self.home, self.made, by_area=True, told_on=self.told_on)

    @cached_property
    def demand(self) -> Demand:
        """What the forecast expects, cell by cell."""
        return Demand(self.made.forecast)

    @property
    def cells(self) -> tuple[Gap, ...]:
        """The gaps, for the council as a whole and by district."""
        return self.gaps.gaps

    @property
    def origin(self) -> date:
        """The last day of the records that the forecast starts from."""
        return self.made.origin

    @cached_property
    def told_on(self) -> date:
        """The day of the statement that tells of it: that of the last posting, which an edition keeps."""
        return self.ledger.recorded_on(self.ledger.posting_on(None)) or self.origin

    @property
    def method(self) -> str:
        """The method of the forecast."""
        return self.made.forecast.method

    @property
    def months(self) -> int:
        """Months that the forecast covers."""
        return self.made.forecast.months

    @property
    def known(self) -> str:
        """As known by which posting, in words."""
        return f"posting {self.ledger.posting_on(None)}"

    def expected(self, segment: Segment, client_group: str, area: str, month: int) -> Expected:
        """What the forecast expects of a cell so many months after the origin."""
        return self.demand.expected(segment, client_group, area, month)

    def withheld(self, segment: str, client_group: str, area: str = ALL) -> str:
        """Nothing is kept back before it was seen by a gate: only what an edition holds can be."""
        return ""

    def series(self, segment: Segment, client_group: str) -> tuple[list[Point], list[Point]]:
        """What was, and what is expected, in people or hours a week, at the end of each quarter."""
        with self.lock:
            key = (segment.id, client_group)
            if key not in self._series:
                self._series[key] = self._series_of(segment, client_group)
            return self._series[key]

    @cached_property
    def _series(self) -> dict[tuple[str, str], tuple[list[Point], list[Point]]]:
        return {}

    def _series_of(self, segment: Segment, client_group: str) -> tuple[list[Point], list[Point]]:
        forecast = self.made.forecast
        census = forecast.rates.census
        past = [
            Point(day_date(census.day(-census.steps(back))), value)
            for back, value in self._recorded(segment, client_group)
        ]
        coming, months = [], range(EVERY, forecast.months + 1, EVERY)
        self.demand.draw(segment, months)
        for month in months:
            expected = self.demand.expected(segment, client_group, ALL, month)
            coming.append(Point(day_date(census.day(census.steps(month))), expected.mean, _ordered(expected)))
        return past, coming

    def _recorded(self, segment: Segment, client_group: str) -> list[tuple[int, float]]:
        """Months back and what was recorded then, oldest first, at the present hours a person."""
        forecast = self.made.forecast
        rates = forecast.rates
        back = [n for n in range(MONTHS_BACK, -1, -EVERY) if rates.census.steps(n) <= rates.steps]
        by = ("service", "group")
        stock = rates.spells.stock([rates.census.day(-rates.census.steps(n)) for n in back], by)
        each = np.ones(stock.shape[1])
        if segment.unit == "hours a week":
            people, hours = forecast.mean(0, by), forecast.mean(0, by, "hours")
            each = np.divide(hours, people, out=np.zeros_like(hours), where=people > 0)
        services = set(segment.service_ids())
        groups = None if client_group == ALL else set(catalogue().members("client_group", client_group))
        kept = [
            i
            for i, cell in enumerate(forecast.cells(by))
            if cell["service"] in services and (groups is None or cell["group"] in groups)
        ]
        return [(n, float((row[kept] * each[kept]).sum())) for n, row in zip(back, stock, strict=True)]

    def steps(self, segment: str, client_group: str, area: str) -> list[dict[str, Any]]:
        """The arithmetic behind each service of a segment, for each year ahead: one row a step, a column a year.

        Raises CallError where the segment, group or area is not there.
        """
        if segment not in self.segments or not self.gaps_of(segment, client_group, area):
            raise CallError(
                say(
                    "There is no forecast of {segment}, {client_group}, {area}.",
                    segment=segment,
                    client_group=client_group,
                    area=area,
                )
            )
        one = self.segments[segment]
        groups = [None] if client_group == ALL else list(catalogue().members("client_group", client_group))
        spells = self.made.forecast.rates.spells
        found: list[dict[str, Any]] = []
        for service in one.service_ids():
            for group in groups:
                if service not in spells.services or (group is not None and group not in spells.groups):
                    continue
                rows: dict[str, dict[str, Any]] = {}
                for years in self.years_ahead:
                    made = self.made.forecast.explain(service, group, None if area == ALL else area, 12 * years)
                    for row in made:
                        kept = rows.setdefault(
                            str(row["step"]),
                            {
                                "service": service, "group": group or ALL, "step": row["step"], "label": row["label"],
                                "unit": row["unit"], "how": row["how"], "values": {},
                            },
                        )  # fmt: skip
                        values = kept["values"]
                        assert isinstance(values, dict)
                        values[years] = row["value"]
                people = rows["people"]["values"]
                if isinstance(people, dict) and max(people.values()) > 0:
                    found += rows.values()
        return found


def group_label(id_: str) -> str:
    """A client group, or a group of them, within a sentence."""
    if id_ == ALL:
        return "everybody"
    found = catalogue().lists["client_group"]
    label = found.groups[id_].label if id_ in found.groups else found.label(id_)
    return label[:1].lower() + label[1:]


def area_label(id_: str) -> str:
    """A district, or the whole."""
    return "the whole area" if id_ == ALL else catalogue().lists["district"].label(id_)


def labels(ids: Sequence[str], list_name: str) -> list[str]:
    """Labels of catalogue entries."""
    found = catalogue().lists[list_name]
    return [found.label(one) for one in ids]


def _ordered(expected: Expected) -> dict[str, float]:
    return dict(zip(QUANTILES, sorted(expected.limits().values()), strict=True))
