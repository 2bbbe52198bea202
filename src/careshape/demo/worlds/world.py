"""A generated county: its records, its true rates, and what came after the records."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from careshape.catalogue.periods import day_date, month_ordinal
from careshape.demo.worlds.departures import depart, swing
from careshape.demo.worlds.life import OPEN, Lives, live
from careshape.demo.worlds.plan import plan
from careshape.demo.worlds.population import WorldPopulation, project_population
from careshape.demo.worlds.truth import Truth, draw_truth
from careshape.errors import CallError
from careshape.evaluate.forecast.spells import OPEN_DAY, Spells

KINDS = ("inside", "outside")
"""Counties that obey the family of models that the forecast fits, and counties that do not."""
SWINGING = "swinging"
"""Counties inside the family whose rates swing and come back, as councils' do in a few years of records."""


@dataclass(frozen=True)
class World:
    """A generated county.

    Attributes:
        kind, number, seed: what it was made from; the same three give the same county.
        truth: the true rates.
        spells: all stays, from the first day of the records to the last day of the future.
        origin: last day of the history; what comes later is kept apart to score against.
        population: the projection that a council would have had on that day.
    """

    kind: str
    number: int
    seed: int
    truth: Truth
    spells: Spells
    origin: int
    population: WorldPopulation


def make_world(kind: str, number: int, seed: int = 1) -> World:
    """Make county ``number`` of a kind, "inside", "outside" or "swinging". Raises CallError for another kind.

    Outside counties take the departures of the plan in turn, so that any four in a row hold each of them once.
    """
    if kind not in (*KINDS, SWINGING):
        raise CallError(f"There is no kind of county '{kind}'. Kinds: {', '.join((*KINDS, SWINGING))}.")
    choices = plan()
    rng = np.random.default_rng([zlib.crc32(kind.encode()), seed, number])
    truth = draw_truth(choices, rng)
    if kind == "outside":
        departures = choices["outside"]["departures"]
        truth = depart(truth, departures[number % len(departures)], rng)
    if kind == SWINGING:
        truth = swing(truth, rng)
    spells = _spells(truth, live(truth, rng), rng)
    apart = np.random.default_rng([zlib.crc32(kind.encode()), seed, number, 1])  # so that it changes nobody's life
    population = project_population(truth, spells.areas, apart)
    return World(kind, number, seed, truth, spells, truth.origin, population)


def _spells(truth: Truth, lives: Lives, rng: np.random.Generator) -> Spells:
    flows = truth.plan.flows
    services = tuple(dict.fromkeys(flow.service for flow in flows))
    groups = tuple(dict.fromkeys(flow.group for flow in flows))
    weekly = np.array([flow.weekly for flow in flows])
    price = np.exp(rng.normal(-0.045, 0.3, len(lives.start)))
    return Spells.from_arrays(
        person=lives.person,
        area=lives.area,
        group=np.array([groups.index(flow.group) for flow in flows])[lives.flow],
        service=np.array([services.index(flow.service) for flow in flows])[lives.flow],
        birth_month=_birth_months(lives.birth),
        start=lives.start,
        end=np.where(lives.end == OPEN, OPEN_DAY, lives.end),
        quantity=np.full(len(lives.start), 100),
        weekly_cost=np.round(weekly[lives.flow] * price).astype(np.int64),
        window=(truth.first_day, truth.last_day),
        areas=tuple(f"synthetic-area-{number + 1:02}" for number in range(truth.areas)),
        groups=groups,
        services=services,
    )


def _birth_months(birth: np.ndarray) -> np.ndarray:
    """Ordinal of the month of birth."""
    days, row = np.unique(birth, return_inverse=True)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + month_ordinal(day_date(0))
    return months[row]
