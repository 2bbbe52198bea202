"""The cells that a statement asks for: one place for one cell, and the people, providers and halves behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from careshape.editions.counted import from_json, to_json
from careshape.editions.equations import equations
from careshape.editions.questions import Asked
from careshape.errors import InputError
from careshape.evaluate.measure import evaluate, measure
from careshape.evaluate.measure.evaluate import open_context
from careshape.ledger import Ledger
from tests.statement.sample import make_sample

QUESTIONS = [
    (name, by, where, period)
    for period in ("2021-03-31", "2020/21", "2019/20,2020/21")
    for where in ({}, {"service": "nursing"}, {"service": ("residential", "nursing")}, {"district": "wychavon"})
    for by in ((), ("district",))
    for name in ("people_supported", "care_home_people", "weekly_cost", "care_home_mean_weekly_cost", "bed_nights")
] + [("not_for_profit_share", (), where, "2020/21") for where in ({}, {"service": "nursing"})]


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    data = make_sample(tmp_path_factory.mktemp("data"))
    return open_context(Ledger.open(data / "councils" / "worcestershire"))


@pytest.fixture
def asked():
    return Asked()


def one(asked, text):
    return next(cell for id_, cell in asked.cells.items() if id_.startswith(text))


def test_the_same_cell_asked_in_two_ways_is_one(context, asked):
    asked(context, "care_home_people", period="2021-03-31")
    asked(context, "care_home_people", period="2021-03")
    asked(context, "people_supported", where={"service": ("residential", "nursing")}, period="2021-03-31")
    assert len(asked.cells) == 1


def test_people_behind_a_figure_are_counted(context, asked):
    asked(context, "bed_nights", by=("district",), where={"service": "nursing"}, period="2020/21")
    assert {dict(cell.place.where)["district"]: cell.people for cell in asked.cells.values()} == {
        ("bromsgrove",): 2, ("wychavon",): 2, ("redditch",): 2,
    }  # fmt: skip


def test_homes_in_use_are_of_no_person(context, asked):
    asked(context, "settings_in_use", where={"service": "nursing"}, period="2021-03-31")
    assert [cell.people for cell in asked.cells.values()] == [None]


def test_mean_is_kept_with_what_it_divides(context, asked):
    asked(context, "care_home_mean_weekly_cost", where={"service": "nursing"}, period="2021-03-31")
    mean = one(asked, "mean_weekly_cost")
    above, below = (asked.cells[id_] for id_ in mean.over)
    # (900.00 + 901.00 + 1000.00 + 1000.50) pounds over four people
    assert (above.exact, below.exact, above.shown, below.shown) == (Fraction("3801.50"), 4, False, False)
    assert mean.exact == above.exact / below.exact
    assert mean.people == 4


def test_what_was_counted_of_the_same_rows_is_not_counted_again(context, monkeypatch):
    """Questions that differ in a filter or a split have answers of their own, the same as where nothing is kept."""
    keeping = replace(context, counted={})
    for name, by, where, period in QUESTIONS:
        said = [measure(one, name, by=by, where=where, period=period) for one in (context, keeping)]
        assert said[0] == said[1], (name, by, where, period)
    monkeypatch.setattr(evaluate, "_count", None)
    for name, by, where, period in QUESTIONS:
        assert measure(keeping, name, by=by, where=where, period=period).cells
    with pytest.raises(TypeError, match="not callable"):
        measure(context, "people_supported", period="2021-03-31")


def test_share_is_kept_with_its_numerator_and_denominator(context, asked):
    asked(context, "not_for_profit_share", period="2020/21")
    share = one(asked, "share")
    above, below = (asked.cells[id_] for id_ in share.over)
    assert share.exact == above.exact * 100 / below.exact


def test_rate_divides_by_a_population_that_everybody_knows(context, asked):
    asked(context, "home_care_rate_65", period="2021-03")
    rate = one(asked, "share")
    assert rate.exact > 0
    assert asked.cells[rate.over[1]].public
    assert asked.cells[rate.over[0]].exact * 100 / asked.cells[rate.over[1]].exact == rate.exact


def test_largest_providers_of_money_are_known(context, asked):
    asked(context, "weekly_cost", where={"service": "nursing"}, period="2021-03-31")
    assert [cell.largest for cell in asked.cells.values()] == [(Fraction("1000.50"), Fraction(1000))]


def test_what_is_shown_stays_shown_though_it_is_half_of_something_too(context, asked):
    asked(context, "care_home_mean_weekly_cost", where={"service": "nursing"}, period="2021-03-31")
    asked(context, "care_home_people", where={"service": "nursing"}, period="2021-03-31")
    asked(context, "care_home_mean_weekly_cost", where={"service": "nursing"}, period="2021-03-31")
    assert one(asked, "people_on_date").shown


def test_sums_hold_over_dimensions_and_periods(context, asked):
    asked(context, "bed_nights", by=("district",), where={"service": "nursing"}, period="2020/21")
    asked(context, "bed_nights", where={"service": "nursing"}, period="2020/21")
    asked(context, "bed_nights", by=("month",), where={"service": "nursing"}, period="2020/21")
    found = equations(asked.cells.values())
    assert {(total.partition("@")[2], len(parts)) for total, parts in found.sums} == {("2020/21", 3), ("2020/21", 12)}
    assert not found.rests


def test_part_without_the_others_leaves_a_rest(context, asked):
    asked(context, "bed_nights", where={"service": "nursing", "district": "redditch"}, period="2020/21")
    asked(context, "bed_nights", where={"service": "nursing"}, period="2020/21")
    found = equations(asked.cells.values())
    total, part = (cell.exact for cell in sorted(asked.cells.values(), key=lambda one: -one.exact))
    ((rest),) = found.rests.values()
    assert (rest.exact, rest.people) == (total - part, 4)
    assert len(found.sums) == 1


def test_no_sum_is_claimed_of_heads_that_stand_in_two_parts(context, asked):
    asked(context, "people_in_receipt", period="2020/21")
    asked(context, "people_in_receipt", where={"service": "nursing"}, period="2020/21")
    found = equations(asked.cells.values())
    assert (found.sums, found.rests) == ([], {})


def test_cells_come_back_from_their_file(context, asked):
    asked(context, "care_home_mean_weekly_cost", by=("district",), period="2021-03-31")
    asked(context, "weekly_cost", period="2021-03-31")
    assert from_json(to_json(asked.cells)) == asked.cells
    with pytest.raises(InputError, match="no file of counted figures"):
        from_json("{}")
