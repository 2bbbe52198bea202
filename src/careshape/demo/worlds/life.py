"""Let a generated county live: people enter, stay, move and leave by the true rates, a week at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from careshape.catalogue.periods import day_number, month_end
from careshape.demo.worlds.truth import LONGEST, Truth, survival

WEEK = 7
OPEN = np.iinfo(np.int32).max
OLDEST = 120


@dataclass
class Lives:
    """Stays, one a row, in no order; ``end`` is OPEN for those that last beyond the county's last day."""

    person: np.ndarray
    flow: np.ndarray
    area: np.ndarray
    kind: np.ndarray
    birth: np.ndarray
    """Day of birth, counted from 1970."""
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def empty(cls, size: int) -> Lives:
        """Room for so many stays."""
        small = {name: np.zeros(size, np.int16) for name in ("flow", "area", "kind")}
        return cls(
            person=np.zeros(size, np.int64),
            birth=np.zeros(size, np.int32),
            start=np.zeros(size, np.int32),
            end=np.full(size, OPEN, np.int32),
            **small,
        )

    def take(self, rows: np.ndarray | slice) -> Lives:
        """Some of the rows."""
        return Lives(**{name: column[rows] for name, column in vars(self).items()})


def live(truth: Truth, rng: Generator) -> Lives:
    """Every stay that is open on the first day of the burn-in or begins between then and the last day."""
    met, entered = _met(truth, rng), _entered(truth, rng)
    lives = _joined(met, entered)
    lives.person = np.arange(len(lives.person), dtype=np.int64) + 1
    order = np.argsort(entered.start, kind="stable") + len(met.start)
    lives = lives.take(np.concatenate([np.arange(len(met.start)), order]))
    return _run(truth, lives, len(met.start), rng)


def _joined(first: Lives, second: Lives) -> Lives:
    return Lives(**{name: np.concatenate([column, getattr(second, name)]) for name, column in vars(first).items()})


def _met(truth: Truth, rng: Generator) -> Lives:
    """People who are there when the burn-in begins, who have been there for a while: long stays are met more often."""
    counts = rng.poisson(truth.stock)
    lives = _rows(counts, truth, rng)
    grid = np.arange(0, LONGEST, 7)
    for flow in range(len(counts)):
        shares = [truth.kinds[k] * survival(rates[flow], truth.edges, grid) for k, rates in enumerate(truth.leaving)]
        gone = np.cumsum(np.concatenate(shares))
        mine = np.flatnonzero(lives.flow == flow)
        found = np.searchsorted(gone / gone[-1], rng.random(len(mine)))
        lives.kind[mine] = found // len(grid)
        lives.start[mine] = truth.start_day - grid[found % len(grid)] - rng.integers(0, 7, len(mine))
    # Those met had their age at entry, but did not live past the oldest: who has been there long came young.
    lives.birth = np.maximum(lives.start - _ages(truth, lives.flow, rng), truth.start_day - 100 * 365)
    return lives


def _entered(truth: Truth, rng: Generator) -> Lives:
    """People who enter from outside, by week."""
    weeks = np.arange(truth.start_day, truth.last_day + 1, WEEK)
    month = _month_of_day(truth)[weeks - truth.start_day]
    rates = truth.entries[:, :, None] * truth.entry_factor[:, :, month] * WEEK
    counts = rng.poisson(rates)
    lives = _rows(counts.sum(axis=2), truth, rng)
    week = np.repeat(np.tile(weeks, counts.shape[0] * counts.shape[1]), counts.ravel())
    lives.start[:] = week + rng.integers(0, WEEK, len(week))
    lives.kind[:] = np.searchsorted(np.cumsum(truth.kinds)[:-1], rng.random(len(week)))
    lives.birth[:] = lives.start - _ages(truth, lives.flow, rng)
    return lives.take(lives.start <= truth.last_day)


def _rows(counts: np.ndarray, truth: Truth, rng: Generator) -> Lives:
    """A row a person, by [flow, area]."""
    lives = Lives.empty(int(counts.sum()))
    flow, area = np.indices(counts.shape)
    lives.flow[:] = np.repeat(flow.ravel(), counts.ravel())
    lives.area[:] = np.repeat(area.ravel(), counts.ravel())
    return lives


def _ages(truth: Truth, flow: np.ndarray, rng: Generator) -> np.ndarray:
    """Days of age at entry, by client group."""
    people, groups = truth.plan["people"], truth.plan.groups
    terms = np.array([[people[group][name] for name in ("mean", "sd", "low", "high")] for group in groups])[flow]
    age = terms[:, 0] + terms[:, 1] * rng.standard_normal(len(flow))
    outside = (age < terms[:, 2]) | (age > terms[:, 3])
    age[outside] = terms[outside, 2] + rng.random(outside.sum()) * (terms[outside, 3] - terms[outside, 2])
    return (age * 365.25).astype(np.int32)


def _month_of_day(truth: Truth) -> np.ndarray:
    """Month, counted from the first of the burn-in, of each day counted from its first day."""
    ends = np.array([day_number(month_end(truth.first_month + m)) for m in range(truth.months)])
    return np.searchsorted(ends, np.arange(truth.start_day, truth.last_day + WEEK + 1)).clip(max=truth.months - 1)


def _age_factors(truth: Truth) -> np.ndarray:
    """[flow, years of age] factor of the rate of leaving."""
    years = np.arange(OLDEST + 1)
    factors = np.ones((len(truth.plan.flows), OLDEST + 1))
    for flow, group in enumerate(truth.plan.groups):
        for low, factor in truth.plan["ageing"][group].items():
            factors[flow, years >= int(low)] = factor
    return factors


def _run(truth: Truth, lives: Lives, met: int, rng: Generator) -> Lives:
    """Follow everybody from week to week; who moves on begins a stay of its own."""
    entered = len(lives.start)
    lives = _joined(lives, Lives.empty(entered))  # room for the stays to which people move on
    step_of_day = np.searchsorted(truth.edges, np.arange(LONGEST + 1), side="right") - 1
    ageing, month, onward = _age_factors(truth), _month_of_day(truth), np.cumsum(truth.moves, axis=1)
    weeks = range(truth.start_day, truth.last_day + 1, WEEK)
    arrive = np.searchsorted(lives.start[met:entered], np.array(weeks) + WEEK) + met
    there, moved, known, used = np.arange(met), np.arange(0), met, entered
    for day, upto in zip(weeks, arrive, strict=True):
        begun = np.concatenate(
            [np.full(len(there), day), lives.start[moved], lives.start[known:upto]]  # since when not yet followed
        )
        there, known = np.concatenate([there, moved, np.arange(known, upto)]), upto
        exposed = day + WEEK - begun
        flow = lives.flow[there]
        step = step_of_day[np.minimum(begun - lives.start[there], LONGEST)]
        age = ((begun - lives.birth[there]) // 365.25).astype(np.int16).clip(0, OLDEST)
        rate = truth.leaving[lives.kind[there], flow, step] * ageing[flow, age]
        rate *= truth.leaving_factor[flow, month[day - truth.start_day]]
        leaves = rng.random(len(rate)) < -np.expm1(-rate * exposed)
        gone = there[leaves]
        lives.end[gone] = begun[leaves] + (rng.random(len(gone)) * exposed[leaves]).astype(np.int32)
        there = there[~leaves]
        next_flow = (rng.random(len(gone))[:, None] >= onward[lives.flow[gone]]).sum(axis=1)
        moves = next_flow < onward.shape[1]
        moved, used = _move(lives, gone[moves], next_flow[moves], used)
    return _finished(truth, lives.take(slice(0, used)))


def _move(lives: Lives, gone: np.ndarray, flow: np.ndarray, used: int) -> tuple[np.ndarray, int]:
    """Begin a stay on the day after the one that ended; gives its rows and how many rows are used now."""
    rows = np.arange(used, used + len(gone))
    for name in ("person", "area", "kind", "birth"):
        getattr(lives, name)[rows] = getattr(lives, name)[gone]
    lives.flow[rows] = flow
    lives.start[rows] = lives.end[gone] + 1
    return rows, used + len(gone)


def _finished(truth: Truth, lives: Lives) -> Lives:
    """Only stays that touch the records; those that run past the last day are open."""
    kept = lives.take((lives.end >= truth.first_day) & (lives.start <= truth.last_day))
    kept.end = np.where(kept.end > truth.last_day, OPEN, kept.end).astype(np.int32)
    return kept
