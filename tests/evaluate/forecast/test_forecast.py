from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast import FitSettings, Lever, Point, Scenario, fit, forecast
from careshape.evaluate.forecast.explain import recompute
from careshape.evaluate.forecast.spread import by_day, covariances

MODULE = sys.modules[forecast.__module__]
SPLITS = [by for n in range(4) for by in itertools.permutations(("service", "group", "area"), n)]


@pytest.fixture(scope="module")
def made(council):
    return forecast(fit(council), 60, draws=1_000)


@pytest.mark.parametrize("by", SPLITS, ids=lambda by: "-".join(by) or "total")
def test_parts_sum_to_the_total_in_the_mean_and_in_every_draw(made, by):
    assert made.mean(36, by).sum() == pytest.approx(made.mean(36, ())[0], rel=1e-12)
    assert made.samples(36, by).sum(axis=1) == pytest.approx(made.samples(36, ())[:, 0])
    assert len(made.cells(by)) == made.samples(36, by).shape[1]


@pytest.mark.parametrize("measure", ["people", "hours", "yearly_cost"])
def test_months_drawn_together_have_the_draws_that_each_has_alone(council, measure):
    """To the last bit: a figure must not hang on which others were asked for beside it."""
    rates, by, months = fit(council), ("service", "area"), [12, 5, 36, 13]
    together = forecast(rates, 36, draws=200).samples_of(months, by, measure)
    for month, drawn in zip(months, together, strict=True):
        assert np.array_equal(drawn, forecast(rates, 36, draws=200).samples(month, by, measure)), month


def test_days_of_which_not_all_fit_into_what_is_kept_have_the_same_draws(council, monkeypatch):
    roomy, narrow = forecast(fit(council), 24, draws=200), forecast(fit(council), 24, draws=200)
    wanted = roomy.samples_of([12, 24, 12])
    monkeypatch.setattr(MODULE, "_CACHE_BYTES", 1)
    narrow.samples(12)
    assert all(map(np.array_equal, narrow.samples_of([12, 24, 12]), wanted))


def test_spread_of_a_day_is_worked_out_once_whatever_is_asked_of_it(council, monkeypatch):
    made, days = forecast(fit(council), 24, draws=200), []
    monkeypatch.setattr(
        MODULE,
        "covariances",
        lambda rates, expected, windows: days.extend(windows) or covariances(rates, expected, windows),
    )
    for by, measure in (((), "people"), (("service",), "people"), (("service",), "hours")):
        made.samples(12, by, measure)
    assert len(days) == 1
    made.samples(24)
    assert len(days) == 2


def test_cells_are_in_the_order_of_stocks(made, council):
    for by in SPLITS:
        stock = council.stock([made.rates.census.origin], by)[0]
        assert made.mean(0, by) == pytest.approx(stock)


def test_forecast_begins_where_history_ends_and_widens(made):
    past = made.history(("service",), 12)
    last = {row["service"]: row["value"] for row in past if row["period"] == "2022-03"}
    rows = made.table(("service",), months=[1, 12, 60])
    for service, people in last.items():
        values = [row for row in rows if row["service"] == service]
        assert values[0]["lower_95"] <= people <= values[0]["upper_95"]
        assert [row["period"] for row in values] == ["2022-04", "2023-03", "2027-03"]
        widths = [row["upper_95"] - row["lower_95"] for row in values]
        assert widths == sorted(widths)
    for row in rows:
        assert row["lower_95"] <= row["lower_80"] <= row["value"] <= row["upper_80"] <= row["upper_95"]
        assert "semi-Markov" in row["method"]
        assert row["kind"] == "forecast"
    assert {row["kind"] for row in past} == {"observed"}


def test_history_is_what_the_records_count(made, council):
    rows = made.history(("area",), 3)
    assert len(rows) == 8
    days = [made.rates.census.day(k) for k in (-3, -2, -1, 0)]
    assert [row["value"] for row in rows[::2]] == council.stock(days, ("area",))[:, 0].tolist()


def test_history_of_amounts_says_that_it_is_people_times_a_mean(made):
    people, cost = (made.history((), 1, measure)[-1] for measure in ("people", "weekly_cost"))
    assert people["method"] == "counted in the records"
    assert cost["method"] == "people counted in the records, times the forecast's mean for each"
    assert cost["value"] == 500 * people["value"]


def test_amounts_follow_from_people(made):
    """10 units and 500 pounds a week for everybody: nobody differs, so the cost of a draw is 500 times its people."""
    people, cost = made.mean(24, ("service",)), made.mean(24, ("service",), "weekly_cost")
    assert cost == pytest.approx(500 * people)
    assert made.samples(24, (), "weekly_cost") == pytest.approx(500 * made.samples(24, ()), rel=1e-5)
    year = made.mean(24, (), "yearly_cost")[0]
    months = np.asarray([made.mean(m, ())[0] for m in range(12, 25)])
    mean = (months[1:] + months[:-1]).mean() / 2
    assert year == pytest.approx(mean * 500 * 365.25 / 7)
    row = made.table((), "yearly_cost", months=[24])[0]
    assert isinstance(row["value"], Decimal)
    assert row["unit"] == "pounds in the 12 months to the day"


def test_year_that_began_before_the_origin_holds_its_recorded_months(made, council):
    census = made.rates.census
    # Every day of the eight months to the origin, and the mean of the two ends of each of the four months after it.
    past = council.stock(range(census.day(-8) + 1, census.day(0) + 1), ()).sum()
    ahead = np.asarray([made.mean(m, ())[0] for m in range(5)])
    mean = (ahead[1:] + ahead[:-1]).sum() / 2 / 12
    whole = (past / 7 + mean * 365.25 / 7) * 500
    assert made.mean(4, (), "yearly_cost")[0] == pytest.approx(whole)
    drawn = made.samples(4, (), "yearly_cost")[:, 0]
    assert drawn.mean() == pytest.approx(whole, rel=0.01)
    # Two thirds of the year are known.
    assert drawn.std() < 0.5 * made.samples(12, (), "yearly_cost").std()
    assert np.ptp(made.samples(0, (), "yearly_cost")) < 1e-3 * drawn.mean()


def test_year_that_begins_before_the_records_is_refused(council):
    short = forecast(fit(council, until=council.window[0] + 240), 12, draws=20)
    with pytest.raises(CallError, match=r"begin before the records, .* at month 5 or later"):
        short.mean(3, (), "yearly_cost")
    assert short.mean(5, (), "yearly_cost") > 0


def test_mean_over_a_year_varies_less_than_a_day(made):
    day, year = made.samples(36, ("service",), "weekly_cost"), made.samples(36, ("service",), "yearly_cost")
    assert np.all(year.std(axis=0) / year.mean(axis=0) < day.std(axis=0) / day.mean(axis=0))


def test_spread_of_a_year_equals_the_mean_of_simulated_months(council):
    """Mean over twelve months of 2 services, by the exact covariance of months of a Markov chain: V_s M^(t-s)."""
    rates = fit(council, model="markov")
    made = forecast(rates, 12, draws=1)
    from tests.evaluate.forecast.test_project import markov_chain

    chain = markov_chain(rates)[0]
    weights = made._window(12, True)
    days = by_day(rates, made.expected, slice(None), range(13))
    exact = np.zeros((2, 2))
    for s in range(13):
        for t in range(13):
            early = min(s, t)
            ahead = np.linalg.matrix_power(chain, abs(t - s))
            both = days[early][0] @ ahead
            exact += weights[s] * weights[t] * (both if t >= s else both.T)
    found = covariances(rates, made.expected, [weights])[0][0]
    # Carried by the share that leaves, moves left out: 3% here.
    assert np.diag(found) == pytest.approx(np.diag(exact), rel=0.05)


def test_places_are_people_over_occupancy(council):
    made = forecast(fit(council), 12, draws=50, occupancy={"synthetic-service-1": 0.8})
    assert made.mean(12, ("service",), "places") == pytest.approx([0, made.mean(12, ("service",))[1] / 0.8])
    assert [row["service"] for row in made.table(("service",), "places")] == ["synthetic-service-1"]


def test_same_seed_gives_the_same_draws_and_another_seed_others(council):
    rates = fit(council)
    one, same, other = (forecast(rates, 12, draws=50, seed=seed).samples(12) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_filter_keeps_only_its_cells(made):
    rows = made.table(("area",), where={"service": "synthetic-service-1"}, months=[12])
    whole = made.table(("area", "service"), months=[12])
    assert [row["value"] for row in rows] == [r["value"] for r in whole if r["service"] == "synthetic-service-1"]
    both = made.table((), where={"area": "synthetic-area-0|synthetic-area-1"}, months=[12])
    assert both[0]["value"] == made.table((), months=[12])[0]["value"]


def test_periods_are_their_last_days(made):
    rows = made.table((), periods="2022/23:2023/24")
    assert [row["period"] for row in rows] == ["2022/23", "2023/24"]
    assert [row["value"] for row in rows] == [row["value"] for row in made.table((), months=[12, 24])]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda fc: fc.table(periods="2030/31"), "'2030/31' ends outside of the forecast, which runs from 2022-03 to"),
        (lambda fc: fc.table(periods="2020/21"), "what was is history"),
        (lambda fc: fc.table(("provider",)), "cannot be split by 'provider'"),
        (lambda fc: fc.table(measure="beds"), "No measure of a forecast is called 'beds'"),
        (lambda fc: fc.table(measure="places"), "Give the occupancy"),
        (lambda fc: fc.table(where={"service": "nursing"}), "The forecast has no service 'nursing'"),
        (lambda fc: fc.table(months=[61]), "Month 61 is outside of the forecast"),
        (lambda fc: fc.table(months=[1], periods="2022/23"), "months or periods, not both"),
        (lambda fc: fc.explain("nursing"), "The forecast has no service 'nursing'"),
        (lambda fc: fc.history(measure="yearly_cost"), "yearly_cost is over a year"),
    ],
)  # fmt: skip
def test_call_for_what_is_not_there_is_refused_with_a_sentence(made, call, says):
    with pytest.raises(CallError, match=says):
        call(made)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"months": 0}, "0 months were asked for"),
        ({"months": 601}, "A forecast has 1 to 600 months"),
        ({"draws": 0}, "0 draws were asked for"),
        ({"occupancy": {"synthetic-service-0": 1.2}}, "above 0 and up to 1"),
        ({"occupancy": {"nursing": 0.9}}, "no service 'nursing' to give an occupancy for"),
    ],
)
def test_forecast_that_cannot_be_made_is_refused_with_a_sentence(council, change, says):
    with pytest.raises(CallError, match=says):
        forecast(fit(council), **({"months": 12} | change)).table(measure="places")


@pytest.mark.parametrize("area", [None, "synthetic-area-1"])
def test_steps_of_an_explanation_give_the_value(made, area):
    rows = made.explain("synthetic-service-1", area=area, month=36)
    found = recompute(rows)
    cells = made.cells(("service", "area"))
    wanted = [i for i, c in enumerate(cells) if c["service"] == "synthetic-service-1" and area in (None, c["area"])]
    assert found["people"] == pytest.approx(made.mean(36, ("service", "area"))[wanted].sum(), rel=1e-9)
    assert found["weekly_cost"] == pytest.approx(made.mean(36, ("service", "area"), "weekly_cost")[wanted].sum())
    for row in rows:
        assert found[row["step"]] == pytest.approx(row["value"], rel=1e-9), row["step"]
    assert found["moved_in"] > 0
    assert not any(found[step] for step in ("entries_by_levers", "moved_by_levers", "still_by_levers"))


def test_explanation_shows_what_levers_change_in_rows_of_their_own(council):
    one, two = "synthetic-service-0", "synthetic-service-1"
    start = (Point(on="2022-10-01", value=0.6),)
    levers = (
        Lever(kind="entries", service=two, path=start),
        Lever(kind="share", service=two, others=(one,), path=start),
    )
    made = forecast(fit(council), 36, draws=1, scenario=Scenario(levers=levers))
    found = recompute(made.explain(two, month=36))
    assert found["people"] == pytest.approx(made.mean(36, ("service",))[1])
    assert found["entries_by_levers"] == pytest.approx(-0.4 * made.entries[6:, [1, 3]].sum())
    assert found["moved_by_levers"] > 100
    assert recompute(made.explain(one, month=36))["still_by_levers"] < 0


def test_rates_that_are_changed_show_in_the_explanation(made):
    """The steps are worked out from the rates: another rate no longer gives what the projection came to."""
    entries = replace(made.rates.entries, effect=made.rates.entries.effect * 1.1)
    other = replace(made, rates=replace(made.rates, entries=entries))
    one, two = (recompute(fc.explain("synthetic-service-1", month=36)) for fc in (made, other))
    assert two["entries_by_rates"] == pytest.approx(1.1 * one["entries_by_rates"])
    assert two["people"] != pytest.approx(other.mean(36, ("service",))[1], rel=0.02)


def test_cell_with_few_entries_says_so(council):
    rates = fit(council, until=council.window[0] + 190, settings=FitSettings(minimum_events=30))
    rows = forecast(rates, 6, draws=20).table(("service", "area"), months=[6])
    few = [row for row in rows if row["note"]]
    assert few
    assert "leans on the pooled rate" in few[0]["note"]


def test_short_records_say_why_intervals_are_wide(council, made):
    short = forecast(fit(council, until=council.window[0] + 3 * 365), 6, draws=1)
    assert any(note.startswith("the records are short (35 months)") for note in short.notes)
    assert not any("records are short" in note for note in made.notes)
