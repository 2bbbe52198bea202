"""Forecasts: the expected course, draws about it, and tables with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.evaluate.forecast.carry import centred, draw_means
from careshape.evaluate.forecast.draws import Live, Parameters, draw_parameters, live_of, people_drawn
from careshape.evaluate.forecast.effects_of import Change, change_of
from careshape.evaluate.forecast.explain import explain
from careshape.evaluate.forecast.future import expected_entries
from careshape.evaluate.forecast.levers import Scenario
from careshape.evaluate.forecast.project import Expected, project
from careshape.evaluate.forecast.rates import Rates
from careshape.evaluate.forecast.spells import DIMENSIONS, check_by
from careshape.evaluate.forecast.spread import covariances
from careshape.evaluate.forecast.table import history_rows, rows_of, wanted_days
from careshape.evaluate.forecast.unmet import unmet_moves
from careshape.evaluate.forecast.weights import DAYS_A_YEAR, FLOWS, Weight, check_measure, weight_of
from careshape.language import numeral, say

Floats = NDArray[Any]
ByStep = dict[tuple[int, bool], Floats]
"""Census day, and whether it stands for the year to it -> what was worked out of it."""

LONGEST_MONTHS: Final = 600
MOST_DRAWS: Final = 100_000
_CACHE_BYTES: Final = 300_000_000
_AXES: Final = {"group": 0, "area": 1, "service": 2}


def forecast(
    rates: Rates,
    months: int = 120,
    draws: int = 1000,
    seed: int = 1,
    scenario: Scenario | None = None,
    occupancy: Mapping[str, float] | None = None,
) -> Forecast:
    """Forecast so many months from the origin of ``rates``.

    draws: how many futures are drawn for intervals. seed: the same seed gives the same draws; two scenarios with the
    same seed are drawn alike, so that their difference is the scenario's. occupancy: service -> share of its places
    that are filled, for the measure ``places``.

    Raises CallError for months or draws below 1, a horizon past the population, and levers on what is not there.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise CallError(f"{months} months were asked for. A forecast has 1 to {LONGEST_MONTHS} months.")
    if not 1 <= draws <= MOST_DRAWS:
        raise CallError(f"{draws} draws were asked for. Intervals need 1 to {MOST_DRAWS:,} draws; 1000 is usual.")
    steps = rates.census.steps(months)
    entries = expected_entries(rates, steps)
    change = change_of(scenario, rates, steps, entries)
    expected = project(rates, steps, entries, change)
    return Forecast(rates, months, draws, seed, scenario, dict(occupancy or {}), entries, change, expected)


@dataclass(frozen=True, repr=False)
class Forecast:
    """A forecast: exact means, exact spread given the rates, and draws of both rates and chance."""

    rates: Rates
    months: int
    draws: int
    seed: int
    scenario: Scenario | None
    occupancy: dict[str, float]
    entries: Floats
    """[step, leaf, age band] expected entries without the scenario."""
    change: Change
    expected: Expected
    _means: ByStep = field(default_factory=dict, repr=False)
    _spreads: ByStep = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"<Forecast of {self.months} months from {self.rates.census.label(0)}: {self.method}>"

    @property
    def method(self) -> str:
        """Name of the method, which every row carries."""
        if self.rates.model == "markov":
            model = "Markov chances of leaving by service and age"
        else:
            model = "semi-Markov chances of leaving by service, age and time in the service"
        if self.rates.population is None:
            a_year = np.expm1(self.rates.entries.growth * self.rates.census.steps(12))
            heads = say(
                "entries grow by {a_year} a year, with drift (no population used)", a_year=numeral(f"{a_year:.1%}")
            )
        else:
            heads = say(
                "entries for each head of the population ({label}) with drift", label=self.rates.population.label
            )
        return say(
            "{model}; {heads}; area effects by empirical Bayes; {draws} draws",
            model=model,
            heads=heads,
            draws=self.draws,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know beside the method."""
        found = [*self.rates.notes, self.rates.quantities.price_note]
        found.append("a person with several services counts in each")
        if self.scenario is not None:
            found.append(f"scenario: {self.scenario.name or self.scenario.id}")
        return (*found, *self.unmet)

    @property
    def unmet(self) -> tuple[str, ...]:
        """What the scenario's levers ask for and nobody is there for."""
        return () if self.scenario is None else unmet_moves(self.scenario, self.expected, self.rates.census)

    def cells(self, by: Sequence[str]) -> list[dict[str, str]]:
        """The cells of a split, in the order of `samples` and `mean`."""
        return self.rates.spells.cells(by)

    def mean(self, month: int, by: Sequence[str] = (), measure: str = "people") -> NDArray[np.float64]:
        """Expected value of each cell, so many months after the origin, without draws; parts sum to totals exactly."""
        step = self.step_of(month)
        leaf = self._centre(step, measure) * self.weight(measure, step).amount + self._recorded(measure, step)
        return np.asarray(self.gather(leaf[:, None], by)[:, 0])

    def samples(self, month: int, by: Sequence[str] = (), measure: str = "people") -> NDArray[np.float64]:
        """Predictive draws [draws, cells], so many months after the origin: rates and chance together."""
        return self.samples_of([month], by, measure)[0]

    def samples_of(
        self, months: Sequence[int], by: Sequence[str] = (), measure: str = "people"
    ) -> list[NDArray[np.float64]]:
        """The same of several months, whose course is followed once and not anew for each; the draws are the same."""
        steps = [self.step_of(month) for month in months]
        return [np.ascontiguousarray(one.T) for one in self.drawn(steps, by, measure)]

    def table(
        self,
        by: Sequence[str] = ("service",),
        measure: str = "people",
        months: Sequence[int] | None = None,
        periods: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Rows with the expected value, 80% and 95% intervals, unit, method and notes.

        months: months after the origin; or ``periods`` such as ``2021/22:2030/31``, whose last days are taken; by
        default each twelfth month. where: dimension -> id or ids with ``|`` between. Cells in which nobody is, was or
        comes are left out. Raises CallError for what is not there or lies outside of the forecast.
        """
        return rows_of(self, tuple(by), measure, wanted_days(self, months, periods), dict(where or {}))

    def history(
        self,
        by: Sequence[str] = ("service",),
        months: int = 36,
        measure: str = "people",
        where: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """What was, on the days before and on the origin, at the same amounts for each person as the forecast."""
        return history_rows(self, tuple(by), months, measure, dict(where or {}))

    def explain(
        self, service: str, group: str | None = None, area: str | None = None, month: int | None = None
    ) -> list[dict[str, Any]]:
        """The arithmetic behind one cell, from the population to pounds, as steps whose numbers give the value."""
        return explain(self, service, group, area, self.months if month is None else month)

    def step_of(self, month: int) -> int:
        """Census day of a month. Raises CallError outside of the forecast."""
        if not 0 <= month <= self.months:
            raise CallError(f"Month {month} is outside of the forecast, which has months 0 to {self.months}.")
        return min(self.rates.census.steps(month), len(self.expected.entries))

    def weight(self, measure: str, step: int) -> Weight:
        """What a person comes to: on the day, or over the days of the year to it that lie ahead."""
        check_measure(measure)
        window = self._window(step, measure in FLOWS)
        days = np.flatnonzero(window)
        if not len(days):
            return weight_of(
                self.rates, measure, self.occupancy, self.change, [0], np.ones((1, self.rates.shape.leaves))
            )
        # Each day weighs as many people as are there on it; where nobody is, all days weigh alike.
        share = window[days, None] * np.maximum(self.expected.mean[days], 1e-12)
        return weight_of(self.rates, measure, self.occupancy, self.change, days.tolist(), share / share.sum(axis=0))

    def _recorded(self, measure: str, step: int) -> Floats:
        """[leaf] what the recorded part of the year to a day comes to: nothing about it is drawn."""
        leaves, behind = self.rates.shape.leaves, self.rates.census.steps(12) - step
        if measure not in FLOWS or behind <= 0:
            return np.zeros(leaves)
        census, first = self.rates.census, self.rates.spells.window[0]
        if census.day(-behind) < first:
            raise CallError(
                f"The 12 months to {census.label(step)} begin before the records, which are complete from "
                f"{day_date(first)}. Ask for {measure} at month {self._first_whole_year()} or later."
            )
        held = self.rates.spells.days(census.day(-behind) + 1, census.day(0), ("group", "area", "service"))
        amount = weight_of(self.rates, measure, self.occupancy, self.change, [0], np.ones((1, leaves))).amount
        return np.asarray(held / DAYS_A_YEAR * amount)

    def _first_whole_year(self) -> int:
        """The first month after the origin of which the 12 months before lie within the records."""
        census, first = self.rates.census, self.rates.spells.window[0]
        return next((m for m in range(12) if census.day(census.steps(m) - census.steps(12)) >= first), 12)

    def _window(self, step: int, flow: bool) -> Floats:
        """Weights of the census days behind a value: the day, or what of the year to it lies after the origin."""
        weights = np.zeros(len(self.expected.stayers))
        if not flow:
            weights[step] = 1
            return weights
        year = self.rates.census.steps(12)
        low = max(step - year, 0)
        # Each step counts with the mean of the people at its two ends. The part of a year that lies before the origin
        # is as recorded, and is added to these days'.
        weights[low:step] += 0.5
        weights[low + 1 : step + 1] += 0.5
        return np.asarray(weights / year)

    def _centre(self, step: int, measure: str) -> Floats:
        return np.asarray(self._window(step, measure in FLOWS) @ self.expected.mean)

    @cached_property
    def _live(self) -> Live:
        if self.scenario is None:
            return live_of(self.rates, self.expected)
        steps = len(self.expected.entries)
        usual = project(self.rates, steps, self.entries, change_of(None, self.rates, steps, self.entries))
        return live_of(self.rates, self.expected, usual)

    @cached_property
    def _parameters(self) -> Parameters:
        return draw_parameters(self.rates, self._live, len(self.expected.entries), self.draws, self.seed)

    @cached_property
    def _noise(self) -> Floats:
        """Standard normal noise [live leaf, draw], one for all days, so that paths do not jump between them."""
        return self._live.normals([self.seed, 11], np.random.default_rng([self.seed, 1]), self.draws)

    @cached_property
    def _money(self) -> tuple[Floats, Floats]:
        """Standard normals of the amounts for each person [series, draw] and of who comes [live leaf, draw]."""
        rng = np.random.default_rng([self.seed, 2])
        return (
            rng.standard_normal((self.rates.shape.series, self.draws), dtype=np.float32),
            self._live.normals([self.seed, 12], rng, self.draws),
        )

    def _draw_means(self, steps: Sequence[int], flow: bool) -> list[Floats]:
        """Each draw's mean of people [leaf, draw] for each day, about the expected course, which is the mean of them.

        They are kept for the next table while there is room.
        """

        def draw(windows: list[Floats]) -> list[Floats]:
            drawn = draw_means(self.rates, self._live, self.expected, self._parameters, windows)
            centres = [(window @ self.expected.mean)[self._live.leaves] for window in windows]
            return [centred(means, centre) for means, centre in zip(drawn, centres, strict=True)]

        return self._by_step(self._means, steps, flow, draw)

    def _spread(self, steps: Sequence[int], flow: bool) -> list[Floats]:
        """How far people vary by chance on each day: the same for whatever they are counted in and split by."""
        return self._by_step(self._spreads, steps, flow, partial(covariances, self.rates, self.expected))

    def _by_step(
        self, kept: ByStep, steps: Sequence[int], flow: bool, make: Callable[[list[Floats]], list[Floats]]
    ) -> list[Floats]:
        """What is kept of some days, and what is made of the others: where all do not fit, these alone are kept."""
        held = {step: kept[step, flow] for step in steps if (step, flow) in kept}
        missing = [step for step in dict.fromkeys(steps) if step not in held]
        if missing:
            found = make([self._window(step, flow) for step in missing])
            if sum(one.nbytes for one in [*found, *kept.values()]) > _CACHE_BYTES:
                kept.clear()
            held |= dict(zip(missing, found, strict=True))
            kept.update({(step, flow): held[step] for step in missing})
        return [held[step] for step in steps]

    def drawn(self, steps: Sequence[int], by: Sequence[str], measure: str) -> list[Floats]:
        """Predictive draws [cell, draw] for each day."""
        flow, live = measure in FLOWS, self._live.leaves
        found = []
        for step, means, cov in zip(steps, self._draw_means(steps, flow), self._spread(steps, flow), strict=True):
            people = people_drawn(means, self._centre(step, measure)[live], cov, self._noise, not flow, live)
            amounts = self._gather_live(self._amounts(people, measure, step), by)
            recorded = self._recorded(measure, step)
            found.append(amounts + self.gather(recorded[:, None], by).astype(amounts.dtype))
        return found

    def _amounts(self, people: Floats, measure: str, step: int) -> Floats:
        """Amounts of the people drawn: the mean amount is uncertain, and people differ about it."""
        weight = self.weight(measure, step)
        if measure == "people":
            return people
        live, series = self._live.leaves, self._live.series[self._live.of_leaf]
        amount = people * weight.uncertain[live].astype(np.float32)[:, None]
        if weight.error.any():
            shared, own = self._money
            error = weight.error.astype(np.float32)[:, None]
            amount *= np.exp(error * shared - error**2 / 2)[series]
            amount += np.sqrt(people) * weight.spread[live].astype(np.float32)[:, None] * own
            np.maximum(amount, 0, out=amount)
        if weight.fixed.any():
            amount += people * weight.fixed[live].astype(np.float32)[:, None]
        return np.asarray(amount)

    def _gather_live(self, values: Floats, by: Sequence[str]) -> Floats:
        """Sum live leaves [live leaf, draw] to the cells of a split, in the order of `cells`."""
        shape = self.rates.shape
        found = np.zeros((shape.leaves, values.shape[1]), values.dtype)
        found[self._live.leaves] = values
        return self.gather(found, by)

    def gather(self, leaves: Floats, by: Sequence[str]) -> Floats:
        """Sum leaves [leaf, ...] to the cells of a split, in the order of `cells`."""
        check_by(by)
        shape = self.rates.shape
        cube = leaves.reshape(shape.groups, shape.areas, shape.services, -1)
        gone = tuple(_AXES[name] for name in DIMENSIONS if name not in by)
        summed = cube.sum(axis=gone, keepdims=True) if gone else cube
        order = [_AXES[name] for name in by] + [axis for axis in range(3) if axis in gone] + [3]
        return np.ascontiguousarray(summed.transpose(order)).reshape(-1, leaves.shape[-1])
