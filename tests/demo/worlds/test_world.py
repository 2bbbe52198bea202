from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from careshape.demo.worlds import make_world
from careshape.demo.worlds.departures import DEPARTURES
from careshape.demo.worlds.life import OPEN, live
from careshape.demo.worlds.plan import plan, read_plan
from careshape.demo.worlds.truth import draw_truth, mean_stay, survival, swinging
from careshape.errors import CallError, CatalogueError
from careshape.ledger.columns import OPEN_DAY


@pytest.fixture(scope="module")
def inside():
    return make_world("inside", 0)


@pytest.fixture(scope="module")
def outside():
    """Four counties: every departure once."""
    return {world.truth.departure: world for world in (make_world("outside", number) for number in range(4))}


def steady():
    """A plan in which nothing wanders, grows or depends on age."""
    raw = copy.deepcopy(dict(plan().raw))
    raw["inside"] = {"wander-entries": 0.0, "wander-leaving": 0.0}
    raw["growth"] = {group: [0.0, 0.0] for group in raw["growth"]}
    raw["ageing"] = {group: {"18": 1.0} for group in raw["ageing"]}
    return read_plan(raw)


def test_the_same_seed_gives_the_same_county_and_another_number_another(inside):
    again, other = make_world("inside", 0), make_world("inside", 1)
    assert np.array_equal(inside.spells.start, again.spells.start)
    assert np.array_equal(inside.spells.end, again.spells.end)
    assert len(inside.spells) != len(other.spells)
    assert len(make_world("inside", 0, seed=2).spells) != len(inside.spells)


def test_a_county_has_eight_years_of_records_and_two_kept_apart(inside):
    first, last = inside.spells.window
    assert (inside.origin - first) / 365.25 == pytest.approx(8, abs=0.01)
    assert (last - inside.origin) / 365.25 == pytest.approx(2, abs=0.01)
    closed = inside.spells.end < OPEN_DAY
    assert inside.spells.end[closed].max() <= last
    assert inside.spells.end.min() >= first


def test_a_county_is_of_the_size_of_a_real_one(inside, outside):
    for world in (inside, *outside.values()):
        stock = world.spells.stock([world.origin], ("area", "service"))[0]
        assert 6 <= len(world.spells.areas) <= 12
        assert np.quantile(stock, 0.02) >= 3
        assert stock.max() <= 1500
        assert 2_000 < stock.sum() < 20_000


def test_nobody_has_two_services_at_once_or_moves_to_another_area(inside):
    spells = inside.spells
    order = np.lexsort((spells.start, spells.person))
    same = np.diff(spells.person[order]) == 0
    assert same.sum() > 1_000  # people who moved on
    assert (spells.start[order][1:] > spells.end[order][:-1])[same].all()
    assert (np.diff(spells.area[order])[same] == 0).all()
    assert (np.diff(spells.service[order])[same] != 0).all()


def test_entries_are_poisson_about_the_true_rates():
    truth = draw_truth(plan(), np.random.default_rng(1))
    lives = live(truth, np.random.default_rng(2))
    order = np.lexsort((lives.start, lives.person))
    begins = np.append(True, np.diff(lives.person[order]) != 0) & (lives.start[order] >= truth.first_day)
    came = np.bincount(lives.flow[order][begins], minlength=len(plan().flows))
    burn_in = plan()["time"]["burn-in-months"]
    rates = (truth.entries[:, :, None] * truth.entry_factor)[:, :, burn_in:]
    expected = rates.mean(axis=2).sum(axis=1) * (truth.last_day - truth.first_day + 1)
    # Fourteen flows, each within 4.5 standard errors: a right generator fails once in 10,000 seeds. Months differ in
    # length by a tenth of their mean, which moves the expectation by far less than a standard error.
    assert np.abs((came - expected) / np.sqrt(expected)).max() < 4.5


def test_stays_last_as_long_as_the_true_rates_say_and_go_on_where_they_say():
    choices = steady()
    truth = draw_truth(choices, np.random.default_rng(3))
    lives = live(truth, np.random.default_rng(4))
    days = np.array([14, 60, 365, 1_000])
    fresh = (lives.start >= truth.first_day) & (lives.start <= truth.last_day - days[-1])
    for flow in range(len(choices.flows)):
        mine = fresh & (lives.flow == flow)
        stay = lives.end[mine].astype(float) - lives.start[mine] + 1
        there = (stay[:, None] > days).mean(axis=0)
        wanted = survival(truth.leaving[0, flow], truth.edges, days)
        error = np.sqrt(wanted * (1 - wanted) / mine.sum()) + 0.006  # days are whole, and steps of a stay begin weekly
        assert (np.abs(there - wanted) < 4 * error).all(), choices.flows[flow]
    ended = lives.end < OPEN
    moved = np.isin(lives.person * 100_000 + lives.end + 1, lives.person * 100_000 + lives.start) & ended
    for flow, share in enumerate(truth.moves.sum(axis=1)):
        mine = ended & (lives.flow == flow)
        assert moved[mine].mean() == pytest.approx(share, abs=4.5 * np.sqrt(share / mine.sum()) + 1e-9)


def test_rates_in_steps_have_the_mean_that_was_asked_for():
    truth = draw_truth(plan(), np.random.default_rng(1))
    for flow, rates in zip(plan().flows, truth.leaving[0], strict=True):
        assert mean_stay(rates, truth.edges) == pytest.approx(flow.mean_stay, rel=1e-6)
    assert mean_stay(np.array([0.1, 0.1]), np.array([0.0, 7.0])) == pytest.approx(10)  # one rate: its inverse


def test_people_met_on_the_first_day_have_been_there_for_a_while():
    choices = steady()
    truth = draw_truth(choices, np.random.default_rng(5))
    lives = live(truth, np.random.default_rng(6))
    there = (lives.start <= truth.first_day) & (lives.end >= truth.first_day) & (lives.flow == 5)
    assert choices.flows[5].shape == 1
    # At a constant rate the time gone is exponential with the mean of a stay, 4,400 days, here cut at 12,000 days:
    # 4400 - 12000 * exp(-12000 / 4400) / (1 - exp(-12000 / 4400)) = 3562.
    assert (truth.first_day - lives.start[there]).mean() == pytest.approx(3562, rel=0.12)


def test_outside_counties_depart_in_turn(outside):
    assert set(outside) == set(DEPARTURES)
    assert all(world.truth.leaving.shape[0] == 2 for world in outside.values())


def test_a_shock_raises_ends_and_holds_back_entries_and_does_not_come_back(outside):
    truth = outside["shock"].truth
    month, flows = truth.notes["shock_month"], truth.plan.flows
    homes = [i for i, flow in enumerate(flows) if flow.service in ("residential", "nursing")]
    entries = truth.entry_factor[homes].mean(axis=1)
    assert (entries[:, month] < 0.85 * entries[:, month - 1]).all()
    assert entries[:, month + 13] == pytest.approx(entries[:, month - 1], rel=0.25)  # all that wandering may do
    assert (truth.leaving_factor[homes, month] > 1.5 * truth.leaving_factor[homes, month - 1]).all()
    history = plan()["time"]["burn-in-months"] + plan()["time"]["history-months"]
    assert month + 12 <= history  # no month of it is forecast


def test_the_shock_is_seen_in_the_records(outside):
    world = outside["shock"]
    start = world.truth.start_day + round(world.truth.notes["shock_month"] * 30.44)
    service = world.spells.services.index("nursing")
    ends = world.spells.end[world.spells.service == service]
    during, before = ((ends >= start) & (ends < start + 91)).sum(), ((ends >= start - 365) & (ends < start)).sum() / 4
    assert during > 1.5 * before


def test_true_rates_are_data_and_say_that_they_are_synthetic(inside):
    data = json.loads(json.dumps(inside.truth.as_data()))
    assert data["synthetic"] is True
    assert len(data["leaving_a_day"][0]) == len(data["flows"]) == 14
    assert all(name.startswith("synthetic-area-") for name in inside.spells.areas)


def test_another_kind_of_county_is_refused():
    with pytest.raises(CallError, match="inside, outside"):
        make_world("beside", 0)


def broken(change) -> dict:
    raw = copy.deepcopy(dict(plan().raw))
    change(raw)
    return raw


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda raw: raw.pop("growth"), "section is missing"),
        (lambda raw: raw["flow"][0].update(service="spa"), "ids of the catalogue"),
        (lambda raw: raw["flow"][0].update(stay=[0, 1.0]), "above 0"),
        (lambda raw: raw["flow"][0].update(to={"home-care": 1.4}), "add up to 1"),
        (lambda raw: raw["flow"][0].update(to={"day-services": 0.1}), "a flow of their group"),
        (lambda raw: raw["flow"][0].update(to={"home-care": 0.9}), "come from outside"),  # more than home care has
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(change, rule):
    with pytest.raises(CatalogueError, match=rule):
        read_plan(broken(change))


def test_rates_of_a_swinging_county_come_back():
    """The county of the same draws without swings differs only by factors of the spread and half-life of the plan."""
    truth = make_world("swinging", 0).truth
    assert (truth.kind, truth.departure) == ("swinging", "swing")
    rng = np.random.default_rng(1)
    logs = np.log(swinging(rng, 0.25, 6, 2_000, 61))
    assert logs.std(axis=0) == pytest.approx(np.full(61, 0.25), rel=0.1)
    assert np.mean(logs[:, 30] * logs[:, 36]) / logs[:, 30].var() == pytest.approx(0.5, abs=0.08)
    assert np.mean(logs[:, 0] * logs[:, 60]) / logs[:, 0].var() == pytest.approx(0.0, abs=0.08)
