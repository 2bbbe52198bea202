"""The fit gives the true rates back, from counties in which they are known."""

from __future__ import annotations

import numpy as np
import pytest

from careshape.demo.worlds import World, make_world
from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.future import expected_entries

SEEN = ("learning-disability", "physical-disability")
"""Groups whose stays are long enough to be seen at a month's end. Older people move on from reablement that no month's
end saw, and are then rightly counted as coming from outside, which the true rates call a move."""


def true_entries(world: World) -> dict[tuple[str, str], float]:
    """Entries from outside in the month after the origin."""
    truth, time = world.truth, world.truth.plan["time"]
    month = time["burn-in-months"] + time["history-months"]
    rates = (truth.entries * truth.entry_factor[:, :, month]).sum(axis=1) * 365.25 / 12
    return {(flow.group, flow.service): rate for flow, rate in zip(truth.plan.flows, rates, strict=True)}


def fitted_entries(world: World, rates) -> dict[tuple[str, str], tuple[float, float]]:
    """The same as fitted, with its relative standard error."""
    shape, spells = rates.shape, world.spells
    cube = expected_entries(rates, 1)[0].sum(axis=1).reshape(shape.groups, shape.areas, shape.services).sum(axis=1)
    error = np.sqrt(rates.entries.levels.relative_variance).reshape(shape.groups, shape.services)
    return {
        (group, service): (cube[g, s], error[g, s])
        for g, group in enumerate(spells.groups)
        for s, service in enumerate(spells.services)
    }


@pytest.fixture(scope="module")
def deviations():
    """Logarithm of fitted over true entries, in standard errors, by kind of county."""
    found = {}
    for kind, numbers in (("inside", range(4)), ("shock", (1, 5, 9, 13))):
        rows = []
        for number in numbers:
            world = make_world("inside" if kind == "inside" else "outside", number)
            rates = fit(world.spells, until=world.origin, population=world.population)
            true, fitted = true_entries(world), fitted_entries(world, rates)
            for key, value in true.items():
                if key[0] in SEEN:
                    estimate, error = fitted[key]
                    rows.append((np.log(estimate / value), np.log(estimate / value) / error))
        found[kind] = np.array(rows)
    return found


@pytest.mark.parametrize("kind", ["inside", "shock"])
def test_entries_at_the_origin_are_recovered(deviations, kind):
    logs, standard = deviations[kind].T
    # Some 36 rates. Each error is a mixture over drifts of unknown size, with more weight far out than a normal one.
    assert 0.4 < np.mean(standard**2) < 2.2
    assert np.abs(standard).max() < 5
    # No pull to either side: a shock of a third for a year, taken for a level or a trend, would show here.
    assert abs(logs.mean()) < 0.12


def test_chances_of_leaving_are_recovered_by_time_in_the_service():
    world = make_world("inside", 1)
    truth, rates = world.truth, fit(world.spells, until=world.origin, population=world.population)
    flow = next(
        i for i, one in enumerate(truth.plan.flows) if (one.group, one.service) == ("older-people", "home-care")
    )
    service, group = world.spells.services.index("home-care"), world.spells.groups.index("older-people")
    shape = rates.shape
    # Chance of leaving in a month: the true daily rate at the band's duration, times the age factor of 75 to 84 (1.0)
    # and the mean factor of the history.
    burn_in = truth.plan["time"]["burn-in-months"]
    factor = truth.leaving_factor[flow, burn_in : burn_in + 96].mean()
    true = -np.expm1(-truth.leaving[0, flow] * factor * 365.25 / 12)
    effect = rates.hazards.effect.reshape(shape.groups, shape.areas, shape.services)[group, :, service].mean()
    age = rates.settings.age_bands.index(75)
    base = rates.hazards.base[group, service, age]
    odds = base / (1 - base) * effect
    found, events = odds / (1 + odds), rates.hazards.events[group, service, age]
    enough = events > 50
    assert enough.sum() >= 6
    # A band's rate falls within it, and a month begins in the middle of one: a few in a hundred beside Poisson error.
    assert np.abs(np.log(found / true))[enough] == pytest.approx(0, abs=0.25)
    assert (np.abs(np.log(found / true))[enough] < 3.5 / np.sqrt(events[enough]) + 0.1).all()
