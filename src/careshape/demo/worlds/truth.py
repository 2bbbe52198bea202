"""The true rates of one generated county: drawn from the plan, and data from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import gamma
from typing import Any

import numpy as np
from numpy.random import Generator

from careshape.catalogue.periods import day_number, month_end, month_label, month_start
from careshape.demo.worlds.plan import Plan, balance

LONGEST = 12_000
"""Days after which the rate of leaving no longer changes."""
MONTH = 365.25 / 12
"""Days in a mean month."""


@dataclass
class Truth:
    """Everything that a county's people obey. Rates are a day; months count from the first of the burn-in.

    Attributes:
        kind, departure: "inside", or "outside" with the name of what differs.
        first_month: ordinal of the first month of the burn-in.
        edges: days since the start from which another rate of leaving holds.
        leaving: [kind of person, flow, step of duration] rate of leaving, at an age factor of 1.
        kinds: share of each kind among those who enter.
        moves: [flow, flow] share of those who leave that go on.
        entries: [flow, area] entries a day from outside, in the first month.
        entry_factor: [flow, area, month] what entries are multiplied by.
        leaving_factor: [flow, month] what rates of leaving are multiplied by.
        stock: [flow, area] mean number of people at the first day of the burn-in.
        growth: client group -> [area] yearly growth of the population from which its people come.
        notes: what departs from the family, in numbers.
    """

    kind: str
    departure: str
    plan: Plan
    first_month: int
    edges: np.ndarray
    leaving: np.ndarray
    kinds: np.ndarray
    moves: np.ndarray
    entries: np.ndarray
    entry_factor: np.ndarray
    leaving_factor: np.ndarray
    stock: np.ndarray
    growth: Mapping[str, np.ndarray]
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def months(self) -> int:
        """Months of burn-in, history and future together."""
        return self.leaving_factor.shape[1]

    @property
    def areas(self) -> int:
        """Number of areas."""
        return self.entries.shape[1]

    @property
    def start_day(self) -> int:
        """First day of the burn-in."""
        return day_number(month_start(self.first_month))

    @property
    def first_day(self) -> int:
        """First day of the records."""
        return day_number(month_start(self.first_month + self.plan["time"]["burn-in-months"]))

    @property
    def origin(self) -> int:
        """Last day of the history, from which the future is forecast."""
        time = self.plan["time"]
        return day_number(month_end(self.first_month + time["burn-in-months"] + time["history-months"] - 1))

    @property
    def last_day(self) -> int:
        """Last day of the future."""
        return day_number(month_end(self.first_month + self.months - 1))

    def as_data(self) -> dict[str, Any]:
        """The true rates as data, for a file beside the records."""
        return {
            "synthetic": True,
            "kind": self.kind,
            "departure": self.departure,
            "flows": [f"{flow.group}/{flow.service}" for flow in self.plan.flows],
            "areas": self.areas,
            "first_month": month_label(self.first_month),
            "days_since_start": self.edges.tolist(),
            "leaving_a_day": self.leaving.tolist(),
            "kinds_of_person": self.kinds.tolist(),
            "moves": self.moves.tolist(),
            "entries_a_day": self.entries.tolist(),
            "entry_factor": self.entry_factor.tolist(),
            "leaving_factor": self.leaving_factor.tolist(),
            "ageing": self.plan["ageing"],
            "growth": {group: rates.tolist() for group, rates in self.growth.items()},
            "notes": self.notes,
        }


def draw_truth(plan: Plan, rng: Generator) -> Truth:
    """A county inside the family, of which nothing departs yet."""
    time, wander = plan["time"], plan["inside"]
    months = time["burn-in-months"] + time["history-months"] + time["future-months"]
    year, month = (int(part) for part in time["first"].split("-")[:2])
    first = year * 12 + month - 1 - time["burn-in-months"]
    factor, entries = _size(plan, rng)
    edges = np.round(np.array(plan["duration"]["bands"]) * MONTH)
    leaving = np.stack([_in_steps(flow.mean_stay, flow.shape, edges) for flow in plan.flows])[None]
    count = len(plan.flows)
    growth = {group: rng.normal(mean, spread, entries.shape[1]) for group, (mean, spread) in plan["growth"].items()}
    return Truth(
        kind="inside",
        departure="none",
        plan=plan,
        first_month=first,
        edges=edges,
        leaving=leaving,
        kinds=np.ones(1),
        moves=plan.moves,
        entries=entries,
        entry_factor=_grown(plan, growth, months) * wandering(rng, wander["wander-entries"], count, months)[:, None],
        leaving_factor=wandering(rng, wander["wander-leaving"], count, months),
        stock=factor * np.array([flow.people for flow in plan.flows])[:, None],
        growth=growth,
    )


def wandering(rng: Generator, step: float, *shape: int) -> np.ndarray:
    """Factors that begin at 1 and whose logarithm is a random walk along the last axis."""
    steps = rng.normal(0.0, step, shape)
    steps[..., 0] = 0.0
    return np.exp(np.cumsum(steps, axis=-1))


def swinging(rng: Generator, spread: float, half: float, *shape: int) -> np.ndarray:
    """Factors whose logarithm goes back to 0 along the last axis, by half in so many months, and is pushed away anew.

    spread: standard deviation of the logarithm at any time.
    """
    keep = 0.5 ** (1 / half)
    found = rng.normal(0.0, spread, shape)
    found[..., 1:] *= np.sqrt(1 - keep**2)
    for month in range(1, shape[-1]):
        found[..., month] += keep * found[..., month - 1]
    return np.exp(found)


def survival(leaving: np.ndarray, edges: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Share still there after so many days, under rates of leaving in steps."""
    reached = np.clip(days[:, None] - edges, 0, np.diff(edges, append=np.inf))
    return np.exp(-(reached @ leaving))


def mean_stay(leaving: np.ndarray, edges: np.ndarray) -> float:
    """Mean days of a stay, under rates of leaving in steps."""
    widths = np.diff(edges, append=np.inf)
    there = np.exp(-np.concatenate([[0.0], np.cumsum(leaving[:-1] * widths[:-1])]))
    return float((there * -np.expm1(-leaving * widths) / leaving).sum())


def _in_steps(mean: float, shape: float, edges: np.ndarray) -> np.ndarray:
    """Rates of leaving that fall (or rise) with duration in steps and give the mean stay in days."""
    ends = np.append(edges[1:], 1.5 * edges[-1])
    rates = ((edges + ends) / 2) ** (shape - 1)
    for _ in range(60):  # the mean falls as all rates rise, so the common factor is found by correcting it
        rates = rates * mean_stay(rates, edges) / mean
    return rates


def _size(plan: Plan, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Size of each flow in each area as a share of the plan's county, and entries a day that keep it in balance."""
    choices = plan["areas"]
    areas = int(rng.integers(choices["fewest"], choices["most"] + 1))
    weights = np.exp(rng.normal(0, choices["sigma-size"], areas))
    weights *= np.exp(rng.normal(0, choices["sigma-county"])) / weights.sum()
    effects = np.exp(rng.normal(0, choices["sigma-entries"], (len(plan.groups), areas)))
    factor = weights * effects
    by_balance = balance(plan)[:, None] * factor
    inflow = np.linalg.solve(np.eye(len(plan.groups)) - plan.moves.T, by_balance)  # what moves bring differs by area
    stays = np.array([flow.mean_stay for flow in plan.flows])[:, None]
    people = np.array([flow.people for flow in plan.flows])[:, None]
    return inflow * stays / people, by_balance


def _grown(plan: Plan, growth: Mapping[str, np.ndarray], months: int) -> np.ndarray:
    """[flow, area, month] factor of the population from which people come, by group and area."""
    rates = np.stack([growth[group] for group in plan.groups])
    return (1 + rates[:, :, None]) ** (np.arange(months) / 12)


def mean_of_weibull(scale: float, shape: float) -> float:
    """Mean of a Weibull distribution."""
    return scale * gamma(1 + 1 / shape)


def month_of(truth: Truth, years_before_end: float) -> int:
    """Month, counted from the first of the burn-in, that lies so many years before the end of the history."""
    time = truth.plan["time"]
    return int(time["burn-in-months"] + time["history-months"]) - round(12 * years_before_end)
