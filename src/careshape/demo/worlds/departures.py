"""What makes a county obey another model than the one that is fitted: each departure changes the true rates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from careshape.demo.worlds.truth import LONGEST, Truth, mean_of_weibull, month_of, swinging, wandering

CARE_HOMES = ("residential", "nursing")


def depart(truth: Truth, name: str, rng: Generator) -> Truth:
    """The county with stays of another shape, winters, and the departure called ``name``."""
    truth.kind, truth.departure = "outside", name
    _other_stays(truth, rng)
    _winters(truth)
    DEPARTURES[name](truth, rng)
    return truth


def swing(truth: Truth, rng: Generator) -> Truth:
    """The county with rates that swing about where they are inside the family, and come back."""
    truth.kind, truth.departure = "swinging", "swing"
    choices, count = truth.plan["swinging"], len(truth.plan.flows)
    entries = swinging(rng, *choices["entries"], count, truth.months)
    truth.entry_factor = truth.entry_factor * entries[:, None]
    truth.leaving_factor = truth.leaving_factor * swinging(rng, *choices["leaving"], count, truth.months)
    return truth


def _other_stays(truth: Truth, rng: Generator) -> None:
    """Two kinds of people: short stays are lognormal, long ones Weibull; the mean of both is the plan's."""
    choices = truth.plan["outside"]["stays"]
    share, short = choices["short-share"], choices["short"]
    edges = np.concatenate([np.arange(0, 60), np.arange(60, 365, 7), np.arange(365, LONGEST, 30)]).astype(float)
    leaving = np.empty((2, len(truth.plan.flows), len(edges)))
    for index, flow in enumerate(truth.plan.flows):
        mean_long = flow.mean_stay * (1 - share * short) / (1 - share)
        shape = flow.shape * choices["long-shape"]
        leaving[0, index] = _lognormal_hazard(flow.mean_stay * short, choices["short-sigma"], edges)
        leaving[1, index] = _weibull_hazard(mean_long, shape, edges)
    truth.edges, truth.leaving, truth.kinds = edges, leaving, np.array([share, 1 - share])


def _weibull_hazard(mean: float, shape: float, edges: np.ndarray) -> np.ndarray:
    scale = mean / mean_of_weibull(1.0, shape)
    ends = np.append(edges[1:], edges[-1] + 30)
    return ((ends / scale) ** shape - (edges / scale) ** shape) / (ends - edges)


def _lognormal_hazard(mean: float, sigma: float, edges: np.ndarray) -> np.ndarray:
    """From the logarithm of survival at the edges of each step; it stays as it is once nobody is left."""
    ends = np.append(edges[1:], edges[-1] + 30)
    centre = np.log(mean) - sigma**2 / 2

    def log_survival(days: np.ndarray) -> np.ndarray:
        grid = (np.log(np.maximum(days, 1e-9)) - centre) / sigma
        return np.log(np.maximum(1 - _normal_cdf(grid), 1e-12))

    rates = (log_survival(edges) - log_survival(ends)) / (ends - edges)
    alive = log_survival(ends) > np.log(1e-9)
    return np.where(alive, rates, rates[alive][-1])


def _normal_cdf(z: np.ndarray) -> np.ndarray:
    from math import erf

    return 0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2)))


def _winters(truth: Truth) -> None:
    month = (truth.first_month + np.arange(truth.months)) % 12  # 0 is January
    truth.leaving_factor = truth.leaving_factor * (1 + truth.plan["outside"]["winter"] * np.cos(2 * np.pi * month / 12))


def _drift(truth: Truth, rng: Generator) -> None:
    """Rates wander further, and entries follow a trend that bends."""
    choices, inside, count = truth.plan["outside"]["drift"], truth.plan["inside"], len(truth.plan.flows)
    for name, target in (("entries", "entry_factor"), ("leaving", "leaving_factor")):
        more = np.sqrt(choices[f"wander-{name}"] ** 2 - inside[f"wander-{name}"] ** 2)
        factor = wandering(rng, more, count, truth.months)
        setattr(truth, target, getattr(truth, target) * (factor[:, None] if name == "entries" else factor))
    bend = month_of(truth, rng.uniform(*choices["bend-years"]))
    before, after = rng.normal(0, choices["trend"], (2, count, 1))
    years = (np.arange(truth.months) - bend) / 12
    truth.entry_factor = truth.entry_factor * np.exp(np.where(years < 0, before, after) * years)[:, None]
    truth.notes = {
        "bend_month": int(bend),
        "trend_before": before.ravel().tolist(),
        "trend_after": after.ravel().tolist(),
    }


def _shock(truth: Truth, rng: Generator) -> None:
    """A pandemic year: more deaths in two waves, fewer entries; afterwards all is as it was."""
    choices, plan = truth.plan["outside"]["shock"], truth.plan
    start = month_of(truth, rng.uniform(*choices["years-before-end"]))
    older, homes = plan.where(group="older-people"), plan.where(CARE_HOMES)

    def effect(factor: float) -> float:
        return float(factor ** np.exp(rng.normal(0, choices["spread"])))

    for flows, deaths, entries in (
        (homes, choices["deaths"], choices["entries"]),
        (older & ~homes, choices["home-deaths"], choices["home-entries"]),
    ):
        first, second = effect(deaths[0]), effect(deaths[1])
        truth.leaving_factor[flows, start : start + 3] *= first
        truth.leaving_factor[flows, start + 9 : start + 11] *= second
        truth.entry_factor[flows, :, start : start + 6] *= effect(entries[0])
        truth.entry_factor[flows, :, start + 6 : start + 12] *= effect(entries[1])
    truth.notes = {"shock_month": int(start)}


def _policy(truth: Truth, rng: Generator) -> None:
    """A step that stays: fewer people into care homes, more home care, younger people out of residential care."""
    choices, plan = truth.plan["outside"]["policy"], truth.plan
    start = month_of(truth, rng.uniform(*choices["years-before-end"]))
    size = np.exp(rng.normal(0, choices["spread"]))
    truth.entry_factor[plan.where(CARE_HOMES), :, start:] *= choices["care-home-entries"] ** size
    truth.entry_factor[plan.where(("home-care",)), :, start:] *= choices["home-care-entries"] ** size
    younger = plan.where(("residential",)) & ~plan.where(group="older-people")
    truth.leaving_factor[younger, start:] *= choices["younger-residential-leaving"] ** size
    truth.notes = {"policy_month": int(start), "size": float(size)}


def _local(truth: Truth, rng: Generator) -> None:
    """Entries wander in every area on their own."""
    step = truth.plan["outside"]["local"]["wander-entries"]
    truth.entry_factor = truth.entry_factor * wandering(rng, step, *truth.entry_factor.shape)


DEPARTURES: dict[str, Callable[[Truth, Generator], None]] = {
    "drift": _drift,
    "shock": _shock,
    "policy": _policy,
    "local": _local,
}
