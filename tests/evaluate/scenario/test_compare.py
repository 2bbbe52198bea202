"""Scenarios side by side, on a small made-up county."""

from datetime import date

import numpy as np
import pytest

from careshape.catalogue.periods import day_number
from careshape.errors import CallError
from careshape.evaluate.forecast import Lever, Point, Scenario, Spells, fit, forecast
from careshape.evaluate.forecast.settings import FitSettings
from careshape.evaluate.scenario import compare
from careshape.evaluate.scenario.council import council_mix, expected_people, weekly_costs
from careshape.evaluate.scenario.mix import Option

FIRST, LAST = day_number(date(2016, 4, 1)), day_number(date(2021, 3, 31))
SERVICES, GROUPS, AREAS = ("residential", "home-care"), ("older-people",), ("worcester", "wychavon")


@pytest.fixture(scope="module")
def baseline():
    generator = np.random.default_rng(5)
    many = 4_000
    start = generator.integers(FIRST - 500, LAST, many)
    end = start + generator.exponential(400, many).astype(int) + 1
    service = generator.integers(0, 2, many)
    kept = end >= FIRST
    start, end, service = start[kept], np.where(end > LAST, 47_846, end)[kept], service[kept]
    spells = Spells.from_arrays(
        person=np.arange(len(start)), area=generator.integers(0, 2, len(start)), group=np.zeros(len(start), int),
        service=service, birth_month=np.full(len(start), 1935 * 12), start=start, end=end,
        quantity=np.full(len(start), 700), weekly_cost=np.where(service == 0, 70_000, 20_000),
        window=(FIRST, LAST), areas=AREAS, groups=GROUPS, services=SERVICES,
    )  # fmt: skip
    return forecast(fit(spells, settings=FitSettings(shocks=None)), 36, 200, 1)


def _scenario(id_, **lever):
    return Scenario(id=id_, name=id_.title(), levers=(Lever(**lever),))


RISE = _scenario("rise", kind="price", path=(Point(on=date(2021, 4, 30), value=1.1),))
MORE = _scenario("more", kind="stock", service="home-care", path=(Point(on=date(2021, 4, 30), value=100),))


def _row(rows, scenario, measure, **cell):
    (found,) = [r for r in rows if r["scenario"] == scenario and r["measure"] == measure and cell.items() <= r.items()]
    return found


def test_compare_of_a_price_changes_cost_and_nobody(baseline):
    rows = compare(baseline, [RISE]).rows([24])
    people, cost = _row(rows, "rise", "people"), _row(rows, "rise", "yearly_cost")
    assert people["change"] == people["change_lower_95"] == people["change_upper_95"] == 0
    assert cost["change"] == pytest.approx(0.1 * _row(rows, "baseline", "yearly_cost")["value"], rel=1e-4)
    assert cost["change_lower_80"] < cost["change"] < cost["change_upper_80"]


def test_compare_splits_and_leaves_out_what_does_not_move(baseline):
    rows = compare(baseline, [MORE]).rows([12], by=("service",), measures=("people",))
    (row,) = rows
    assert row["service"] == "home-care"
    # 100 people come at once; they leave as others do, with a mean stay of 400 days.
    assert 30 < row["change"] < 60


def test_compare_keeps_the_baseline_first(baseline):
    assert [row["scenario"] for row in compare(baseline, [MORE, RISE]).rows([12], measures=("people",))] == [
        "baseline",
        "more",
        "rise",
    ]


def test_compare_refuses_the_same_scenario_twice_and_a_baseline_that_is_none(baseline):
    with pytest.raises(CallError, match="stands twice"):
        compare(baseline, [RISE, RISE])
    with pytest.raises(CallError, match="no scenario of its own"):
        compare(forecast(baseline.rates, 12, 10, 1, scenario=RISE), [])


def test_compare_refuses_a_lever_on_what_is_not_there(baseline):
    nowhere = _scenario("nowhere", kind="price", service="nursing", path=(Point(on=date(2021, 4, 30), value=1.1),))
    with pytest.raises(CallError, match="no service 'nursing'"):
        compare(baseline, [nowhere])


def test_weekly_costs_are_those_of_the_records(baseline):
    costs = weekly_costs(baseline)
    assert costs["residential", "older-people"] == pytest.approx(700, rel=1e-6)
    assert costs["home-care", "older-people"] == pytest.approx(200, rel=1e-6)


def test_expected_people_are_means_over_each_year(baseline):
    people = expected_people(baseline, 2)["residential", "older-people"]
    by_month = [baseline.mean(month, ("service",))[0] for month in range(1, 25)]
    assert people == pytest.approx([np.mean(by_month[:12]), np.mean(by_month[12:])])
    with pytest.raises(CallError, match="3 whole years; 4 were asked for"):
        expected_people(baseline, 4)


def test_council_mix_saves_the_difference_of_prices(baseline):
    option = Option("home", "Home care", "residential", "home-care", "older-people", most_a_year=10)
    plan = council_mix(baseline, 2, (option,))
    assert plan.saving == pytest.approx(52 * 500 * (10 + 20), rel=1e-6)
