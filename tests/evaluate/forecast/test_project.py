"""The expected course and its spread, against the exact recursion and against people who are simulated one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from careshape.evaluate.forecast import Spells, fit, forecast
from careshape.evaluate.forecast.effects import odds
from careshape.evaluate.forecast.engine import propagate
from careshape.evaluate.forecast.spread import covariances

MONTHS = 18


@pytest.fixture(scope="module")
def rates(council):
    return fit(council)


def markov_chain(rates):
    """The chain of a fitted Markov model of people of unknown age: [area, service, service], entries, stock."""
    shape = rates.shape
    level = rates.hazards.levels.level
    leave = odds(rates.hazards.base[0, :, -1, 0], rates.hazards.effect.reshape(shape.areas, -1) * level)
    to = rates.hazards.destination[0]
    chain = leave[..., None] * to
    chain[:, [0, 1], [0, 1]] += 1 - leave
    return chain


def test_markov_course_and_spread_equal_the_exact_recursion(council):
    rates = fit(council, model="markov")
    still = replace(rates.hazards.levels, swung=np.zeros_like(rates.hazards.levels.swung))
    rates = replace(rates, hazards=replace(rates.hazards, season=np.ones(12), levels=still))
    made = forecast(rates, MONTHS, draws=1)
    stock = rates.spells.stock([rates.census.origin], ("area", "service"))[0].reshape(2, 2)
    entries = made.entries.sum(axis=2).reshape(MONTHS, 2, 2)
    means, covs = propagate(stock, None, markov_chain(rates), entries, MONTHS)
    found = made.mean(MONTHS, ("area", "service")).reshape(2, 2)
    assert found == pytest.approx(means[-1], rel=1e-9)
    assert covariances(made.rates, made.expected, [made._window(MONTHS, flow=False)])[0] == pytest.approx(
        covs[-1], rel=1e-9
    )


def test_course_and_spread_equal_people_simulated_one_by_one(rates):
    """Chances that fall with time in the service, moves, two areas: 3,000 histories of 18 months.

    Bounds: four standard errors of a mean; of a variance four times its own, plus 2% for the one approximation, that
    all leavers of a stay are spread over later services alike.
    """
    made = forecast(rates, MONTHS, draws=1)
    people = simulate(rates, made, 3_000)
    means = made.mean(MONTHS, ("area", "service"))
    cov = covariances(made.rates, made.expected, [made._window(MONTHS, flow=False)])[0]
    variance = cov[:, [0, 1], [0, 1]].ravel()
    flat = people.reshape(len(people), -1)
    assert np.all(np.abs(flat.mean(axis=0) - means) < 4 * np.sqrt(variance / len(people)))
    error = variance * (4 * np.sqrt(2 / len(people)) + 0.02)
    assert np.all(np.abs(flat.var(axis=0) - variance) < error)
    both = np.cov(people[:, 0].T)[0, 1]
    bound = 4 * np.sqrt((cov[0, 0, 0] * cov[0, 1, 1] + cov[0, 0, 1] ** 2) / len(people))
    assert both == pytest.approx(cov[0, 0, 1], abs=bound + 0.02 * abs(cov[0, 0, 1]))
    # People act by themselves: no more spread than Poisson's, and less, since who is there already is known.
    assert np.all(variance < means)


def simulate(rates, made, histories):
    """People of each area and service after MONTHS, in many histories, by the fitted chances alone."""
    rng = np.random.default_rng(11)
    shape, initial = rates.shape, rates.initial
    found = np.zeros((histories, shape.areas, shape.services), np.int64)
    level = rates.hazards.levels.course(np.arange(1, MONTHS + 1))
    season = rates.hazards.season[[rates.census.month(k) % 12 for k in range(1, MONTHS + 1)]]
    for area in range(shape.areas):
        effect = rates.hazards.effect.reshape(shape.areas, shape.services)[area]
        start = np.repeat(np.arange(len(initial.leaf)), initial.people)
        start = start[initial.leaf[start] // shape.services % shape.areas == area]
        service = np.tile(initial.leaf[start] % shape.services, histories)
        since = np.tile(initial.first[start], histories)
        history = np.repeat(np.arange(histories), len(start))
        for t in range(MONTHS):
            band = np.searchsorted(rates.bands, t - since, side="right") - 1
            h = odds(rates.hazards.base[0, service, -1, band], level[t, service] * effect[service] * season[t])
            leave = rng.random(len(h)) < h
            share = rng.random(leave.sum())
            to = np.full(leave.sum(), -1)
            cumulative = np.cumsum(rates.hazards.destination[0], axis=1)[service[leave]]
            for j in reversed(range(shape.services)):
                to[share < cumulative[:, j]] = j
            moved, who = to[to >= 0], history[leave][to >= 0]
            counts = rng.poisson(
                made.entries[t].sum(axis=1).reshape(shape.areas, -1)[area], (histories, shape.services)
            )
            new_history = np.repeat(np.arange(histories), counts.sum(axis=1))
            new_service = np.repeat(np.tile(np.arange(shape.services), histories), counts.ravel())
            service = np.concatenate([service[~leave], moved, new_service])
            history = np.concatenate([history[~leave], who, new_history])
            since = np.concatenate([since[~leave], np.full(len(moved) + len(new_service), t + 1)])
        np.add.at(found[:, area], (history, service), 1)
    return found


def ageing_council() -> Spells:
    """Nobody below 65 leaves and a tenth of those above do, each month: 400 past people teach the rates."""
    rng = np.random.default_rng(5)
    first = int(np.datetime64("2016-01-01", "D").astype(int))
    last = int(np.datetime64("2020-12-31", "D").astype(int))
    start = first - 400 + rng.integers(0, 1_600, 400)
    old = np.arange(400) % 2 == 0
    end = np.where(old, start + 31 + rng.geometric(0.1, 400) * 30, last + 9_000)
    born = np.where(old, 1949 * 12, 1990 * 12)
    # Fifty people who turn 65 in June 2021, six months after the origin.
    columns = {
        "start": np.concatenate([start, np.full(50, last - 500)]),
        "end": np.concatenate([np.where(end > last, 47_846, end), np.full(50, 47_846)]),
        "birth_month": np.concatenate([born, np.full(50, 1956 * 12 + 5)]),
    }
    rows = len(columns["start"])
    return Spells.from_arrays(
        **columns, person=np.arange(rows), area=np.zeros(rows, int), group=np.zeros(rows, int),
        service=np.zeros(rows, int), window=(first, last), areas=("a",), groups=("g",), services=("s",),
    )  # fmt: skip


def test_people_of_the_origin_turn_65_on_their_birthday():
    """Chances of leaving jump in the step that starts on the first month end of the birthday's month, not before."""
    made = forecast(fit(ageing_council()), 12, draws=1)
    leave = made.expected.stayers_leave[:, 0] * made.expected.stayers[:-1, 0]
    assert np.all(np.diff(leave[:6]) < 0.5)
    assert leave[6] - leave[5] == pytest.approx(5, abs=2)  # a tenth of fifty


def test_those_who_come_grow_older_at_one_over_the_width_of_the_band(council):
    """Of people who come at 18 to 64, one in 564 turns 65 each month: 47 years of 12 months."""
    from careshape.evaluate.forecast.project import _ageing

    assert _ageing(fit(council)).tolist() == pytest.approx([1 / 216, 1 / 564, 1 / 120, 1 / 120, 0, 0])


def test_step_of_a_day_gives_the_course_of_the_month(council):
    """Markov rates counted by day and by month forecast the same people a year on, within what a month's grid loses."""
    from careshape.evaluate.forecast import FitSettings

    cut = council.until(council.window[1])
    by_month = forecast(fit(cut, model="markov"), 12, draws=1).mean(12, ("service",))
    daily = FitSettings(step="day", history_months=60)
    by_day = forecast(fit(cut, model="markov", settings=daily), 12, draws=1).mean(12, ("service",))
    assert by_day == pytest.approx(by_month, rel=0.05)
