from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.evaluate.forecast.conftest import Flow, make_spells, month_days

from careshape.errors import CallError, InputError
from careshape.evaluate.forecast import FitSettings, fit
from careshape.evaluate.forecast.drift import DRIFTS, follow
from careshape.evaluate.forecast.effects import odds, odds_effect, spread_of


def test_known_rates_are_recovered_within_sampling_error(council):
    """96 months of 40 entries a month: 28 and 12 of them by area; three standard errors of each rate."""
    rates = fit(council)
    first_month, later = rates.hazard[0, 0, -1, 0], rates.hazard[0, 0, -1, 3:5]
    assert first_month == pytest.approx(0.3, abs=3 * np.sqrt(0.3 * 0.7 / (96 * 40)))
    assert later == pytest.approx(0.05, abs=0.012)
    assert rates.destination[0, 1] == pytest.approx(1 / 3, abs=3 * np.sqrt(2 / 9 / (96 * 40)))
    assert rates.destination[1, -1] == 1.0
    # Entries: people who come in the middle of a month are all there at its end.
    found = rates.expected_entries(12).sum(axis=2).mean(axis=0).reshape(2, 2)
    assert found[0, 0] == pytest.approx(28, rel=0.15)
    assert found[1, 0] == pytest.approx(12, rel=0.15)
    assert found[:, 1].sum() == pytest.approx(10, rel=0.25)


def test_rates_print_what_they_rest_on(council):
    text = str(fit(council))
    assert "semi-markov, 2014-04 to 2022-03" in text
    assert f"{len(council):,} stays" in text
    assert "2 services, 1 groups, 2 areas" in text


def test_rows_print_every_rate_with_its_events_and_interval(council):
    rows = fit(council).rows()
    leaving = next(row for row in rows if row["rate"] == "leaving" and row["duration"] == "0-0")
    assert leaving["events"] == pytest.approx(0.3 * leaving["exposure"], rel=0.1)
    assert leaving["lower_95"] < leaving["estimate"] < leaving["upper_95"]
    moving = [row for row in rows if row["rate"] == "moving"]
    assert [(row["service"], row["to"]) for row in moving] == [("synthetic-service-0", "synthetic-service-1")]
    kinds = {f"{what} of {which}" for what in ("drift", "swing") for which in ("entering", "leaving")}
    assert {row["rate"] for row in rows} == {"leaving", "moving", "entering", *kinds}


def test_rate_with_few_events_leans_on_the_pooled_rate_and_says_so():
    """One area has 1 of 100 entries: some 20 in all; its rate is drawn towards its share of all services."""
    spells = make_spells([Flow(20, lambda d: 0.1)], 48, areas=(0.99, 0.01))
    row = next(r for r in fit(spells).rows() if r["rate"] == "entering" and r["area"] == "synthetic-area-1")
    assert row["events"] < 20
    assert "fewer than 20 events: leans on the pooled rate" in row["note"]
    assert row["estimate"] > 0


def test_nothing_after_the_day_is_used(council):
    """The same council cut by hand and by `until` has the same rates, though two years more are in the spells."""
    day = month_days(71)[1]
    cut = fit(council.until(day))
    held = fit(council, until=day)
    assert np.array_equal(cut.hazards.base, held.hazards.base)
    assert np.array_equal(cut.entries.levels.mean, held.entries.levels.mean)
    assert fit(council, until=date(2020, 3, 31)).census.origin == day


def test_markov_model_has_one_rate_for_all_times_in_the_service(council):
    rates = fit(council, model="markov")
    assert rates.hazard.shape[-1] == 1
    assert rates.duration_labels == ("any",)
    # Leavers over people at risk: between the 0.3 of the first month and the 0.05 of the others.
    assert 0.05 < rates.hazard[0, 0, -1, 0] < 0.3


def test_shock_given_in_the_settings_is_no_part_of_rates():
    """Twelve months in which everybody leaves: with them the rate is far off, without them it is the true one."""
    spells = make_spells([Flow(30, lambda d: 0.05)], 84)
    low, high = month_days(40)[0], month_days(51)[1]
    rng = np.random.default_rng(3)
    struck = (spells.start < low) & (spells.end >= low) & (rng.random(len(spells)) < 0.8)
    end = np.where(struck, rng.integers(low, high, len(spells)), spells.end).astype(np.int32)
    shocked = type(spells)(**{**vars(spells), "end": end})
    with_it = fit(shocked, settings=FitSettings(shocks=None)).hazards.base[0, 0, -1, 5]
    without = fit(shocked, settings=FitSettings(shocks=((low, high),)))
    assert with_it > 0.06
    assert without.hazards.base[0, 0, -1, 5] == pytest.approx(0.05, abs=0.007)
    assert without.notes == ("left out of level and trend (as the settings say): 2017-08 to 2018-07",)


def test_shock_that_came_back_is_found_and_a_lasting_change_is_not():
    spells = make_spells([Flow(120, lambda d: 0.08)], 96)
    low, high = month_days(50)[0], month_days(58)[1]
    rng = np.random.default_rng(4)
    fewer = spells.start < low
    fewer |= spells.start > high
    fewer |= rng.random(len(spells)) < 0.4
    found = fit(_kept(spells, fewer))
    assert "found by rule" in found.notes[0]
    assert "2018-06 to 2019-02" in found.notes[0]
    lasting = (spells.start < low) | (rng.random(len(spells)) < 0.4)
    assert not any("left out" in note for note in fit(_kept(spells, lasting)).notes)


def _kept(spells, keep):
    columns = ("person", "area", "group", "service", "birth_month", "start", "end", "quantity", "weekly_cost")
    return type(spells)(**{**vars(spells), **{name: getattr(spells, name)[keep] for name in columns}})


def test_level_follows_entries_that_grew():
    """30 a month at first, 60 in the last three years: the forecast starts from 60, not from the mean."""
    early = make_spells([Flow(30, lambda d: 0.1)], 96, seed=1)
    more = make_spells([Flow(30, lambda d: 0.1)], 96, seed=2)
    later = more.start > month_days(60)[0]
    columns = ("area", "group", "service", "birth_month", "start", "end", "quantity", "weekly_cost")
    both = {name: np.concatenate([getattr(early, name), getattr(more, name)[later]]) for name in columns}
    person = np.concatenate([early.person, more.person[later] + 10**6])
    rates = fit(type(early)(**{**vars(early), **both, "person": person}))
    assert rates.expected_entries(12).sum(axis=(1, 2)).mean() == pytest.approx(60, rel=0.12)


def test_area_that_goes_its_own_way_is_followed_and_areas_alike_are_not():
    """Half of one area's entries stop three years before the end, and others' go on: its rate is that of its last
    years, and areas drift; without the change they do not.
    """
    spells = make_spells([Flow(80, lambda d: 0.1)], 96, areas=(0.4, 0.3, 0.3))
    rng = np.random.default_rng(6)
    gone = (spells.area == 0) & (spells.start > month_days(60)[0]) & (rng.random(len(spells)) < 0.5)
    alike, apart = fit(spells), fit(_kept(spells, ~gone))
    entering = apart.expected_entries(12).sum(axis=2).mean(axis=0)
    assert entering[0] == pytest.approx(16, rel=0.25)
    assert entering[1:] == pytest.approx([24, 24], rel=0.2)
    assert apart.entries.drift.max() > 2 * alike.entries.drift.max()


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"model": "arima"}, CallError, "No model is called 'arima'. Choose from semi-markov, markov"),
        ({"until": month_days(3)[1]}, InputError, "too short for rates: 6 months are needed"),
        ({"until": month_days(200)[1]}, CallError, "outside of the days that the records cover"),
        (
            {"settings": FitSettings(shocks=((month_days(0)[0], month_days(92)[1]),))},
            InputError,
            "once shocks are taken",
        ),
    ],
)
def test_call_that_cannot_be_met_is_refused_with_a_sentence(council, change, error, says):
    with pytest.raises(error, match=says):
        fit(council, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"step": "week"},
        {"age_bands": (18, 65)},  # the first band begins at 0
        {"duration_bands": (0, 3, 3)},  # bands rise
        {"move_days": -1},
        {"drift_floor": -0.1},
        {"shocks": ((10, 5),)},  # ends before it begins
        {"history_months": 0},
    ],
)
def test_setting_outside_of_its_rule_is_refused_by_name(change):
    with pytest.raises(CallError, match=f"The setting '{next(iter(change))}'"):
        FitSettings(**change)


def test_records_without_any_stay_are_refused(one_stay):
    spells = one_stay((1, 0, "2020-02-10", "2020-02-11"))
    with pytest.raises(InputError, match="nothing to estimate rates from"):
        fit(spells)


# --- the estimators by themselves


def test_odds_never_pass_one():
    assert odds(np.array([0.5, 0.99]), 10.0) == pytest.approx([5 / 5.5, 9.9 / 9.91])


def test_effect_is_the_ratio_of_events_where_the_prior_weighs_nothing():
    """At small rates, twice the expected events are twice the odds; a prior of 20 events draws halfway."""
    exposure, hazard, family = np.array([1e6]), np.array([2e-5]), np.array([0])
    assert odds_effect(np.array([40.0]), exposure, hazard, 0.0, family, 1)[0] == pytest.approx(2, rel=1e-3)
    assert odds_effect(np.array([40.0]), exposure, hazard, 20.0, family, 1)[0] == pytest.approx(60 / 40, rel=1e-3)


def test_spread_tells_alike_areas_from_different_ones():
    rng = np.random.default_rng(1)
    family = np.zeros(200, int)
    alike = rng.poisson(50.0, 200)
    different = rng.poisson(50.0 * rng.gamma(4, 1 / 4, 200))
    assert spread_of(alike, np.full(200, 50.0), family, 1)[0] > 100
    assert spread_of(different, np.full(200, 50.0), family, 1)[0] == pytest.approx(4, rel=0.5)


@pytest.mark.parametrize("size", [0.0, 0.05])
def test_size_of_drift_is_found_from_the_counts(size):
    rng = np.random.default_rng(2)
    walk = np.exp(np.cumsum(rng.normal(0, size, (20, 96)), axis=1)) if size else np.ones((20, 96))
    counts = rng.poisson(200 * walk)
    levels = follow(counts.astype(float), np.full((20, 96), 200.0), np.ones(96, bool), 0.003)
    found = np.sqrt((levels.drift_size**2).mean())
    assert (found < DRIFTS[2][0]) if size == 0 else (0.035 < found < 0.075)
    assert levels.level == pytest.approx(walk[:, -1], rel=0.25)


def swinging(size: float, keep: float, series: int = 20, months: int = 96) -> np.ndarray:
    """[series, months] factors whose logarithms go back to 0 and are pushed away anew, with a standard deviation."""
    rng = np.random.default_rng(6)
    found = [rng.normal(0, size, series)]
    for _ in range(months - 1):
        found.append(keep * found[-1] + rng.normal(0, size * np.sqrt(1 - keep**2), series))
    return np.exp(np.stack(found, axis=1))


@pytest.mark.parametrize("months", [96, 36])
def test_swing_that_comes_back_is_told_from_lasting_drift(months):
    """Rates that swing by a fifth, half of it gone in three months: by month they move as far as a drift of 0.12."""
    truth = swinging(0.2, 0.5 ** (1 / 3), months=months)
    counts = np.random.default_rng(7).poisson(200 * truth).astype(float)
    levels = follow(counts, np.full(counts.shape, 200.0), np.ones(months, bool), 0.003)
    assert np.sqrt((levels.swing_size**2).mean()) == pytest.approx(0.2, rel=0.2)
    assert np.sqrt((levels.drift_size**2).mean()) < 0.03
    # Today each stands where its swing is; two years on that has gone, whatever it was.
    assert levels.level == pytest.approx(truth[:, -1], rel=0.25)
    assert np.abs(np.log(levels.course(np.array([24.0]))[0])).mean() < np.abs(np.log(levels.level)).mean() / 2


def test_month_that_does_not_count_only_widens():
    counts, expected, calm = np.array([[100.0, 900.0]]), np.full((1, 2), 100.0), np.array([True, False])
    levels = follow(counts, expected, calm, 0.003)
    alone = follow(counts[:, :1], expected[:, :1], calm[:1], 0.003)
    assert levels.level == pytest.approx(alone.level)
    assert levels.relative_variance[0] > alone.relative_variance[0]
