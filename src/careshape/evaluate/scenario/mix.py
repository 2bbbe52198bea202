"""The cheapest mix of services within stated limits, as a linear programme with whole schemes where they are whole.

What is chosen: how many people a year take another service than they would have taken, by option. What is given: the
people expected in each service without any option, what each costs a week, what an option costs once, how many it can
take a year, what there is room for, and what may be spent. The answer is the cheapest plan over the whole span, what
each limit costs (its shadow price), and for each option the price at which it stops being worth while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError
from careshape.evaluate.numbers import WEEKS_A_YEAR

MIP_GAP: Final = 1e-6
"""Share by which a plan with whole schemes may be dearer than the cheapest; the plan says how far it is proven."""
Cell = tuple[str, str]
"""A service and a client group."""


@dataclass(frozen=True)
class Option:
    """People who take one service instead of another.

    Attributes:
        id, label: its name, and how it is written.
        takes_from, gives_to: the service they would have had, and the one they have instead; ``gives_to`` may be empty
            where they need no service at all (prevention).
        client_group: whose.
        most_a_year: how many people a year, for every year alike.
        once: pounds a person, once, for making it happen.
        staying: share of the people who took the option and still gain from it a year later, 0 to 1.
        block: how many people come at once where places come in whole schemes; 0 where any number may.
        block_cost: pounds a whole scheme, once.
        starts: first year, counted from 1, in which it can be had.
        source: where limits and staying come from, in words.
    """

    id: str
    label: str
    takes_from: str
    gives_to: str
    client_group: str
    most_a_year: float
    once: float = 0.0
    staying: float = 1.0
    block: int = 0
    block_cost: float = 0.0
    starts: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("most_a_year", "once", "block", "block_cost"):
            if getattr(self, name) < 0:
                raise CallError(f"Option '{self.id}': {name} is {getattr(self, name):g}. It cannot be below 0.")
        if not 0 <= self.staying <= 1:
            raise CallError(f"Option '{self.id}': staying is {self.staying:g}. It must lie between 0 and 1.")
        if self.takes_from == self.gives_to:
            raise CallError(f"Option '{self.id}' gives back the service that it takes people from.")


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to.

    Attributes:
        room: service -> people there is room for, by year; a service that is not named has room enough.
        budget: pounds by year that may be spent in all; None for no limit.
        least: (service, client group) -> people who at least stay, by year: below it the choice of people is gone.
    """

    room: Mapping[str, Sequence[float]] = field(default_factory=dict)
    budget: Sequence[float] | None = None
    least: Mapping[Cell, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The cheapest plan.

    Attributes:
        taken: option -> people a year who take it.
        schemes: option -> whole schemes a year, for options that come in blocks.
        cost: pounds over all years. without: pounds without any option.
        yearly: pounds by year.
        shadow: limit -> pounds that one more unit of it would save, by year; empty for plans with whole schemes, which
            have no such prices.
        break_even: option -> pounds a person, once, above which it would not be taken for this person's whole span,
            worked out for a person who takes it in the first year it can be had.
        gap: how far the plan may be from the cheapest, as a share: 0 for a proven best.
    """

    years: int
    taken: dict[str, NDArray[np.float64]]
    schemes: dict[str, NDArray[np.float64]]
    cost: float
    without: float
    yearly: NDArray[np.float64]
    shadow: dict[str, NDArray[np.float64]]
    break_even: dict[str, float]
    gap: float
    options: tuple[Option, ...]

    @property
    def saving(self) -> float:
        """Pounds saved over all years against no option at all."""
        return self.without - self.cost

    def rows(self) -> list[dict[str, Any]]:
        """One row an option and year that it is taken in."""
        return [
            {
                "option": one.id,
                "label": one.label,
                "year": year + 1,
                "people": round(float(self.taken[one.id][year]), 2),
                "schemes": round(float(self.schemes[one.id][year])) if one.block else None,
                "break_even": round(self.break_even[one.id], 2),
            }
            for one in self.options
            for year in range(self.years)
            if self.taken[one.id][year] > 1e-7
        ]


def cheapest_mix(
    people: Mapping[Cell, Sequence[float]],
    weekly_cost: Mapping[Cell, float],
    options: Sequence[Option],
    limits: Limits | None = None,
) -> Plan:
    """Find the cheapest plan.

    Args:
        people: (service, client group) -> people expected at work of no option, by year.
        weekly_cost: (service, client group) -> pounds a person a week, at constant prices.
        options: what may be done instead.
        limits: what must be kept to.

    Raises:
        CallError: an option speaks of people or costs that are not given, years differ in number, or no plan keeps to
            all limits; the message names the limit that stands in the way where one alone does.
    """
    limits = limits or Limits()
    years = _years(people, limits)
    for cell in people:
        if cell not in weekly_cost:
            raise CallError(f"No weekly cost is given for {cell[0]}, {cell[1]}, and people are expected there.")
    for one in options:
        _check(one, people, weekly_cost, years)
    problem = _Problem(people, weekly_cost, tuple(options), limits, years)
    return problem.solve()


class _Problem:
    """Columns: people by option and year, then schemes by option and year; rows: the limits."""

    def __init__(
        self,
        people: Mapping[Cell, Sequence[float]],
        weekly_cost: Mapping[Cell, float],
        options: tuple[Option, ...],
        limits: Limits,
        years: int,
    ) -> None:
        self.people, self.weekly, self.options, self.limits, self.years = people, weekly_cost, options, limits, years
        self.blocks = tuple(one for one in options if one.block)
        self.column = {(one.id, t): i for i, (one, t) in enumerate((o, t) for o in options for t in range(years))}
        first = len(self.column)
        self.scheme = {
            (one.id, t): first + i for i, (one, t) in enumerate((o, t) for o in self.blocks for t in range(years))
        }
        self.rows: list[tuple[str, int, dict[int, float], float, float]] = []

    def without(self) -> NDArray[np.float64]:
        """Pounds by year without any option."""
        return np.array(
            [
                sum(WEEKS_A_YEAR * self.weekly[cell] * float(n[t]) for cell, n in self.people.items())
                for t in range(self.years)
            ]
        )

    def yearly_terms(self, year: int) -> dict[int, float]:
        """How each column moves the pounds of a year: what is saved by all who gain, and what is paid once."""
        terms: dict[int, float] = {}
        for one in self.options:
            saving = self.weekly[one.takes_from, one.client_group] - self._price(one)
            for t in range(year + 1):
                terms[self.column[one.id, t]] = -WEEKS_A_YEAR * saving * one.staying ** (year - t)
            terms[self.column[one.id, year]] += one.once
            if one.block:
                terms[self.scheme[one.id, year]] = one.block_cost
        return terms

    def _price(self, one: Option) -> float:
        return self.weekly[one.gives_to, one.client_group] if one.gives_to else 0.0

    def limit(self) -> None:
        """Write every limit as a row."""
        for one in self.blocks:
            for t in range(self.years):
                row = {self.column[one.id, t]: 1.0, self.scheme[one.id, t]: -float(one.block)}
                self.rows.append((f"schemes of {one.id}", t, row, -np.inf, 0.0))
        for cell, expected in self.people.items():
            leavers = [one for one in self.options if (one.takes_from, one.client_group) == cell]
            floor = self.limits.least.get(cell, [0.0] * self.years)
            for t in range(self.years):
                if leavers:
                    row = self._gaining(leavers, t)
                    self.rows.append((f"people in {cell[0]}", t, row, -np.inf, float(expected[t]) - float(floor[t])))
        for service, room in self.limits.room.items():
            comers = [one for one in self.options if one.gives_to == service]
            leavers = [one for one in self.options if one.takes_from == service]
            there = [sum(float(n[t]) for (s, _), n in self.people.items() if s == service) for t in range(self.years)]
            for t in range(self.years):
                row = self._gaining(comers, t)
                for column, value in self._gaining(leavers, t).items():
                    row[column] = row.get(column, 0.0) - value
                self.rows.append((f"room in {service}", t, row, -np.inf, float(room[t]) - there[t]))
        if self.limits.budget is not None:
            base = self.without()
            for t in range(self.years):
                self.rows.append(("budget", t, self.yearly_terms(t), -np.inf, float(self.limits.budget[t]) - base[t]))

    def _gaining(self, options: Sequence[Option], year: int) -> dict[int, float]:
        """Those who took one of the options by a year and still gain from it."""
        return {self.column[one.id, t]: one.staying ** (year - t) for one in options for t in range(year + 1)}

    def solve(self) -> Plan:
        """Ask HiGHS. Raises CallError where no plan keeps to all limits."""
        import highspy

        self.limit()
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", MIP_GAP)
        cost = self._cost()
        upper = np.full(len(cost), np.inf)
        for one in self.options:
            for t in range(self.years):
                upper[self.column[one.id, t]] = one.most_a_year if t + 1 >= one.starts else 0.0
        for column in range(len(cost)):
            solver.addVar(0.0, upper[column])
            solver.changeColCost(column, cost[column])
        for column in self.scheme.values():
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for _, _, row, low, high in self.rows:
            solver.addRow(low, high, len(row), np.array(list(row), np.int32), np.array(list(row.values())))
        solver.run()
        solved = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
        if solver.getModelStatus() not in solved or (not self.column and any(row[4] < 0 for row in self.rows)):
            raise CallError(self._impossible())
        return self._plan(solver)

    def _cost(self) -> NDArray[np.float64]:
        cost = np.zeros(len(self.column) + len(self.scheme))
        for t in range(self.years):
            for column, value in self.yearly_terms(t).items():
                cost[column] += value
        return cost

    def _impossible(self) -> str:
        """Which limit alone makes it impossible, where doing nothing already breaks one and no option can help."""
        broken = [(name, t) for name, t, row, _, high in self.rows if high < 0 and not row]
        if broken:
            name, t = broken[0]
            return f"No plan keeps to the limits: {name}, year {t + 1}, is broken already and no option changes it."
        names = sorted({name for name, _, _, _, high in self.rows if high < 0})
        return f"No plan keeps to the limits together. Those that doing nothing would break: {', '.join(names)}."

    def _plan(self, solver: Any) -> Plan:
        solution = solver.getSolution()
        values = np.array(solution.col_value)
        taken = {one.id: values[[self.column[one.id, t] for t in range(self.years)]] for one in self.options}
        schemes = {one.id: values[[self.scheme[one.id, t] for t in range(self.years)]] for one in self.blocks}
        base = self.without()
        yearly = np.array(
            [base[t] + sum(values[c] * v for c, v in self.yearly_terms(t).items()) for t in range(self.years)]
        )
        shadow: dict[str, NDArray[np.float64]] = {}
        gap = 0.0
        if self.scheme:
            gap = float(solver.getInfo().mip_gap)
        else:
            for (name, t, *_), price in zip(self.rows, solution.row_dual, strict=True):
                shadow.setdefault(name, np.zeros(self.years))[t] = -price
        return Plan(
            self.years, taken, schemes, float(yearly.sum()), float(base.sum()), yearly, shadow,
            {one.id: self._break_even(one) for one in self.options}, gap, self.options,
        )  # fmt: skip

    def _break_even(self, one: Option) -> float:
        saving = WEEKS_A_YEAR * (self.weekly[one.takes_from, one.client_group] - self._price(one))
        share = one.block_cost / one.block if one.block else 0.0
        return sum(saving * one.staying**t for t in range(self.years - one.starts + 1)) - share


def _years(people: Mapping[Cell, Sequence[float]], limits: Limits) -> int:
    spans = {len(values) for values in people.values()}
    spans |= {len(values) for values in (*limits.room.values(), *limits.least.values())}
    spans |= {len(limits.budget)} if limits.budget is not None else set()
    if len(spans) != 1 or 0 in spans:
        raise CallError("People, room, budget and floors must be given for the same years, at least one.")
    return spans.pop()


def _check(one: Option, people: Mapping[Cell, Sequence[float]], weekly: Mapping[Cell, float], years: int) -> None:
    needed = [(one.takes_from, one.client_group)] + ([(one.gives_to, one.client_group)] if one.gives_to else [])
    for cell in needed:
        if cell not in weekly:
            raise CallError(f"Option '{one.id}': no weekly cost is given for {cell[0]}, {cell[1]}.")
    if needed[0] not in people:
        raise CallError(f"Option '{one.id}': nobody is expected in {one.takes_from}, {one.client_group}.")
    if not 1 <= one.starts <= years:
        raise CallError(f"Option '{one.id}' starts in year {one.starts}; the plan covers {years} years.")
