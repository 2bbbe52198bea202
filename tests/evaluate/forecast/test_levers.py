from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from careshape.errors import CallError
from careshape.evaluate.forecast import Lever, Point, Scenario, fit, forecast

ONE, TWO, THREE = "synthetic-service-0", "synthetic-service-1", "synthetic-service-2"
MONTHS = 24
FROM = "2022-10-01"
"""Half a year after the origin, 31 March 2022: the first step that ends on or after it is the seventh."""


@pytest.fixture(scope="module")
def rates(council):
    return fit(council)


@pytest.fixture(scope="module")
def base(rates):
    return forecast(rates, MONTHS, draws=200)


def point(value: float, on: str = FROM) -> Point:
    return Point(on=on, value=value)


def with_lever(rates, *levers: Lever):
    return forecast(rates, MONTHS, draws=200, scenario=Scenario(id="test", levers=levers))


def people(made, month: int = MONTHS) -> dict[str, float]:
    return dict(zip((ONE, TWO), made.mean(month, ("service",)), strict=True))


def test_lever_changes_nothing_before_its_day(rates, base):
    lever = Lever(kind="entries", service=ONE, path=(point(0.5),))
    made = with_lever(rates, lever)
    assert people(made, 6) == people(base, 6)
    assert people(made, 7)[ONE] == pytest.approx(people(base, 7)[ONE] - 0.5 * base.expected.entries[6, [0, 2]].sum())


def test_path_is_a_straight_line_between_its_days(rates):
    lever = Lever(kind="entries", path=(point(1.0, "2022-04-30"), point(2.0, "2023-04-30")))
    values = lever.values(rates.census, MONTHS)
    assert values[0] == 1.0
    assert values[6] == pytest.approx(1 + 184 / 365)  # 30 April to 31 October are 184 days
    assert values[12:].tolist() == [2.0] * 12


def test_entries_a_week_are_reached(rates):
    made = with_lever(rates, Lever(kind="entries_a_week", service=TWO, path=(point(7.0),)))
    entered = made.expected.entries[:, [1, 3]].sum(axis=1)
    assert entered[8] == pytest.approx(31.0)  # December has 31 days, at one a day


def test_longer_stays_keep_more_people(rates, base):
    made = with_lever(rates, Lever(kind="leaving", service=TWO, path=(point(0.5, "2022-04-01"),)))
    assert people(made)[TWO] > 1.2 * people(base)[TWO]
    # Nobody moves out of it, so the other service stays as it was.
    assert people(made)[ONE] == pytest.approx(people(base)[ONE])


def test_added_people_are_added_once_and_leave_as_others_do(rates, base):
    lever = Lever(kind="stock", service=TWO, area="synthetic-area-1", path=(point(18.0),))
    made = with_lever(rates, lever)
    assert people(made, 7)[TWO] - people(base, 7)[TWO] == pytest.approx(18.0)
    assert 0 < people(made)[TWO] - people(base)[TWO] < 18.0
    assert made.expected.entries.sum() - base.expected.entries.sum() == pytest.approx(18.0)


def test_people_added_along_a_path_come_bit_by_bit(rates, base):
    lever = Lever(kind="stock", service=TWO, path=(point(0.0, "2022-04-01"), point(18.0, "2023-03-31")))
    added = (with_lever(rates, lever).expected.entries - base.expected.entries).sum(axis=1)
    assert added[:12].sum() == pytest.approx(18.0)
    assert np.all(added[:12] > 1)
    assert added[12:] == pytest.approx(np.zeros(12), abs=1e-9)


@pytest.mark.parametrize("share", [0.2, 0.6])
def test_share_is_reached_by_moving_people_and_keeps_the_total(rates, base, share):
    """Both ways: to fewer in the second service than there would be, and to more."""
    lever = Lever(kind="share", service=TWO, others=(ONE,), path=(point(share),))
    found = people(with_lever(rates, lever), 7)
    assert found[TWO] / sum(found.values()) == pytest.approx(share)
    assert sum(found.values()) == pytest.approx(sum(people(base, 7).values()))


def test_moves_are_so_many_a_month(rates, base):
    lever = Lever(kind="moves", service=TWO, others=(ONE,), path=(point(3.0),))
    found = people(with_lever(rates, lever), 7)
    assert found[TWO] - people(base, 7)[TWO] == pytest.approx(3.0)
    assert people(base, 7)[ONE] - found[ONE] == pytest.approx(3.0)


def test_more_moves_than_people_move_everybody(rates):
    lever = Lever(kind="moves", service=TWO, others=(ONE,), path=(point(1e6),))
    assert people(with_lever(rates, lever), 7)[ONE] == pytest.approx(0.0)


def test_levers_that_ask_for_people_whom_nobody_is_there_for_say_so(roomy, rates):
    none = with_lever(roomy, Lever(kind="moves", service=ONE, others=(THREE,), path=(point(2.0),)))
    assert np.array_equal(none.mean(MONTHS, ("service",)), forecast(roomy, MONTHS, draws=1).mean(MONTHS, ("service",)))
    asks = f"the lever 'moves' asks for people to move from {THREE} to {ONE}"
    assert none.unmet == (f"{asks}, and nobody is in {THREE} in 2022-10: nobody is moved",)
    assert none.unmet[0] in none.notes
    fewer = with_lever(rates, Lever(kind="moves", service=TWO, others=(ONE,), path=(point(1e6),)))
    assert "more than there are in 2022-10: those who are there are moved" in fewer.unmet[0]
    both = Lever(kind="share", service=THREE, others=(THREE + "-2",), path=(point(0.5),))
    spells = replace(roomy.spells, services=(*roomy.spells.services, THREE + "-2"))
    assert "nobody is moved" in with_lever(fit(spells), both).unmet[0]


def test_levers_that_find_the_people_they_ask_for_say_nothing(rates, base):
    share = Lever(kind="share", service=TWO, others=(ONE,), path=(point(0.2),))
    few = Lever(kind="moves", service=TWO, others=(ONE,), path=(point(3.0),))
    assert with_lever(rates, share).unmet == with_lever(rates, few).unmet == base.unmet == ()


def test_prices_change_cost_and_not_people(rates, base):
    made = with_lever(rates, Lever(kind="price", service=ONE, path=(point(1.1),)),
                      Lever(kind="fixed_price", service=TWO, path=(point(650.0),)))  # fmt: skip
    assert people(made) == people(base)
    cost = made.mean(MONTHS, ("service",), "weekly_cost")
    assert cost == pytest.approx([people(base)[ONE] * 550, people(base)[TWO] * 650])


def test_less_care_for_each_costs_less(rates, base):
    made = with_lever(rates, Lever(kind="quantity", path=(point(0.9),)))
    assert made.mean(MONTHS, (), "weekly_cost") == pytest.approx(0.9 * base.mean(MONTHS, (), "weekly_cost"))


def test_draws_follow_the_scenario_and_differ_by_it_alone(rates, base):
    """With one seed, the difference of two scenarios spreads far less than either."""
    lever = Lever(kind="share", service=TWO, others=(ONE,), path=(point(0.6),))
    made = with_lever(rates, lever)
    more, less = made.samples(MONTHS, ("service",)), base.samples(MONTHS, ("service",))
    assert more.mean(axis=0) == pytest.approx(made.mean(MONTHS, ("service",)), rel=0.05)
    assert (more - less)[:, 1].std() < 0.8 * np.hypot(more[:, 1].std(), less[:, 1].std())


@pytest.fixture(scope="module")
def roomy(council):
    """The same council with a third service in which nobody is, and the rates of it."""
    return fit(replace(council, services=(*council.services, THREE)))


@pytest.fixture(scope="module")
def roomy_base(roomy):
    return forecast(roomy, MONTHS, draws=200)


@pytest.mark.parametrize("measure", ["people", "weekly_cost", "yearly_cost"])
def test_lever_that_only_brings_an_empty_cell_to_life_leaves_every_draw_as_it_is(roomy, roomy_base, measure):
    made = with_lever(roomy, Lever(kind="stock", service=THREE, path=(point(1e-7, "2022-04-01"),)))
    assert len(made._live.leaves) > len(roomy_base._live.leaves)
    by = ("service", "area")
    usual = [i for i, cell in enumerate(made.cells(by)) if cell["service"] != THREE]
    found, without = (one.samples(MONTHS, by, measure)[:, usual] for one in (made, roomy_base))
    assert np.array_equal(found, without)


def test_few_moves_to_an_empty_service_change_few_people_in_every_draw(roomy, roomy_base):
    made = with_lever(roomy, Lever(kind="moves", service=THREE, others=(ONE,), path=(point(2.0),)))
    change = (made.samples(MONTHS, ("service",)) - roomy_base.samples(MONTHS, ("service",)))[:, 0]
    mean = made.mean(MONTHS, ("service",))[0] - roomy_base.mean(MONTHS, ("service",))[0]
    assert change.mean() == pytest.approx(mean, abs=1.5)
    assert change.std() < 3
    assert roomy_base.samples(MONTHS, ("service",))[:, 0].std() > 20


def test_entries_a_week_vary_by_chance_alone(rates, base):
    """Nothing drifts: a month's people are Poisson about the number stated, in the mean of every draw."""
    lever = Lever(kind="entries_a_week", service=TWO, path=(point(70.0, "2022-04-01"),))
    made = with_lever(rates, lever)
    (means,), (usual,) = made._draw_means([1], flow=False), base._draw_means([1], flow=False)
    two = made._live.leaves % 2 == 1
    came = made.expected.entries[0].sum() - base.expected.entries[0, [0, 2]].sum()
    assert came == pytest.approx(70 * 30 / 7)
    # The people of the origin leave alike with and without; only the stated 300 and those of the rates differ.
    assert (means - usual)[two].sum(axis=0).mean() == pytest.approx(
        300 - base.expected.entries[0, [1, 3]].sum(), rel=0.02
    )
    assert (means - usual)[two].sum(axis=0).std() < 0.1 * base.expected.entries[0, [1, 3]].sum() + 2


@pytest.mark.parametrize("first", [0, 1])
def test_entries_a_week_hold_beside_factors_in_either_order(rates, first):
    levers = [
        Lever(kind="entries", service=TWO, path=(point(2.0),)),
        Lever(kind="entries_a_week", service=TWO, path=(point(130.0),)),
    ]
    made = with_lever(rates, levers[first], levers[1 - first])
    assert made.expected.entries[8, [1, 3]].sum() == pytest.approx(130 * 31 / 7)


def test_entries_a_week_stated_twice_for_a_cell_are_refused(rates):
    lever = Lever(kind="entries_a_week", service=TWO, path=(point(7.0),))
    with pytest.raises(CallError, match="Name each cell in one of them only"):
        with_lever(rates, lever, lever.model_copy(update={"area": "synthetic-area-0"}))


def test_entries_a_week_where_nobody_enters_are_spread_as_all_entries_are(roomy):
    made = with_lever(roomy, Lever(kind="entries_a_week", service=THREE, path=(point(7.0),)))
    entered = made.expected.entries[8, [2, 5]]
    assert entered.sum() == pytest.approx(31.0)
    assert entered[0] / 31 == pytest.approx(0.7, abs=0.05)
    assert made.samples(MONTHS, ("service",))[:, 2].mean() == pytest.approx(made.mean(MONTHS, ("service",))[2], rel=0.1)


def test_added_people_that_would_have_to_go_are_refused(rates):
    lever = Lever(kind="stock", service=TWO, path=(point(18.0, "2022-04-01"), point(6.0, "2023-03-31")))
    with pytest.raises(CallError, match="falls from 18 on 2022-04-01 to 6 on 2023-03-31"):
        with_lever(rates, lever)


def test_share_gives_people_back_to_services_in_which_nobody_is(roomy):
    made = with_lever(roomy, Lever(kind="share", service=TWO, others=(THREE,), path=(point(0.25),)))
    found = made.mean(7, ("service",))
    assert found[1] / (found[1] + found[2]) == pytest.approx(0.25)
    drawn = made.samples(7, ("service",)).mean(axis=0)
    assert drawn == pytest.approx(found, rel=0.05)


def test_price_from_the_middle_of_a_year_counts_for_its_months(rates, base):
    """From the seventh month end on: 5 months and a half at 1, 6 and a half at 1.5, by as many people."""
    made = with_lever(rates, Lever(kind="price", path=(point(1.5),)))
    mean = base.expected.mean[:13].sum(axis=1)
    weights = np.r_[0.5, np.ones(11), 0.5]
    factor = np.r_[np.ones(7), np.full(6, 1.5)]
    wanted = (weights * factor * mean).sum() / (weights * mean).sum()
    assert wanted == pytest.approx(1.23, abs=0.01)
    assert made.mean(12, (), "yearly_cost") / base.mean(12, (), "yearly_cost") == pytest.approx(wanted)
    assert made.mean(24, (), "yearly_cost") / base.mean(24, (), "yearly_cost") == pytest.approx(1.5)
    assert made.samples(12, (), "yearly_cost") / base.samples(12, (), "yearly_cost") == pytest.approx(wanted, rel=0.01)


def test_fixed_price_is_certain_and_alike_for_all_even_where_no_price_was_known(council):
    """Costs differ between people in the records; at 650 pounds for each, cost is people times 650 in every draw."""
    cost = np.where(council.service == 0, np.arange(len(council)) % 100 * 1000, 0)
    rates = fit(replace(council, weekly_cost=cost))
    levers = [Lever(kind="fixed_price", service=one, path=(point(650.0),)) for one in (ONE, TWO)]
    made = with_lever(rates, *levers)
    assert made.samples(MONTHS, (), "weekly_cost") == pytest.approx(650 * made.samples(MONTHS, ()), rel=1e-5)
    assert made.mean(MONTHS, ("service",), "weekly_cost") == pytest.approx(650 * made.mean(MONTHS, ("service",)))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"kind": "entries", "path": ()}, "one point or more"),
        ({"kind": "entries", "path": (point(1, "2023-01-01"), point(2, "2022-01-01"))}, "in the order of their days"),
        ({"kind": "share", "service": TWO, "path": (point(0.5),)}, "needs 'service' and 'others'"),
        ({"kind": "share", "service": TWO, "others": (ONE,), "path": (point(1.5),)}, "a share is 0 to 1"),
        ({"kind": "share", "service": TWO, "others": (TWO,), "path": (point(0.5),)}, "must not hold the service"),
        ({"kind": "price", "others": (ONE,), "path": (point(1.5),)}, "has no 'others'"),
        ({"kind": "stock", "path": (point(5),)}, "needs 'service'"),
        ({"kind": "entries", "path": (point(1),), "servise": ONE}, "servise"),
    ],
)
def test_lever_that_says_too_little_or_too_much_is_refused(entry, says):
    with pytest.raises(ValidationError, match=says):
        Lever(**entry)


def test_lever_on_what_is_not_there_is_refused(rates):
    with pytest.raises(CallError, match="The forecast has no service 'nursing'"):
        with_lever(rates, Lever(kind="entries", service="nursing", path=(point(1.0),)))
