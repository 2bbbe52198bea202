"""The gap of one cell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from careshape.evaluate.gap import Expected, Market, Segment, Supply, gap
from careshape.evaluate.gap.gap import Outside, width_from
from careshape.records import intentions

ON = date(2025, 3, 31)
_NORMAL = np.random.default_rng(1).normal(size=1001)
CARE_HOMES = Segment(
    id="care-homes", label="Care homes", services=("residential-and-nursing",), unit="places", occupancy=0.9
)


def _expected(mean, spread=0.0):
    """Draws that lie evenly from mean - spread to mean + spread."""
    return Expected(mean, np.linspace(mean - spread, mean + spread, 1001), "test")


def _supply(**given):
    return Supply(
        **{
            "service": "residential-and-nursing",
            "client_group": "older-people",
            "quantity": Decimal(100),
            "as_of": date(2021, 1, 1),
            "source": "Survey",
            **given,
        }
    )


def _gap(needed, *, today=90.0, supplies=(), outside=None, segment=CARE_HOMES, group="older-people", **market):
    return gap(
        segment, group, "all", ON, needed=needed, today=_expected(today), market=Market(supplies, **market),
        outside=outside,
    )  # fmt: skip


def test_gap_is_places_for_the_people_less_the_places_there_are():
    found = _gap(_expected(108.0, 9.0), supplies=[_supply(kind="contracted")])
    assert found.demand.mean == pytest.approx(120.0)  # 108 people at 90% occupancy
    assert found.gap.mean == pytest.approx(20.0)
    limits = found.gap.limits()
    assert limits["lower_80"] == pytest.approx(20 - 0.8 * 10)
    assert limits["upper_95"] == pytest.approx(20 + 0.95 * 10)
    assert found.decision.direction == "grow"


def test_gap_adds_what_others_arrange_where_supply_is_the_whole_markets():
    outside = Outside({"all-others": _expected(90.0)})
    whole = _gap(_expected(90.0), supplies=[_supply(quantity=Decimal(210))], outside=outside)
    assert whole.gap.mean == pytest.approx(-10.0)  # 100 + 100 places needed, 210 there
    own = _gap(_expected(90.0), supplies=[_supply(kind="contracted")], outside=outside)
    assert own.gap.mean == pytest.approx(0.0)


def test_gap_of_everybody_leaves_out_what_the_council_arranges_elsewhere():
    # Of 90 people 60 live in the area: 60 + 90 others are 150, or 166.7 places at 90% occupancy, of 210.
    outside = Outside({"all-others": _expected(90.0)}, here=2 / 3)
    found = _gap(_expected(90.0), supplies=[_supply(quantity=Decimal(210))], outside=outside)
    assert found.gap.mean == pytest.approx(150 / 0.9 - 210)
    row = found.row()
    assert (row["demand"], row["demand_elsewhere"], row["outside_in_gap"]) == (100.0, pytest.approx(33.3), "yes")


def test_gap_without_known_supply_is_the_change_of_everybodys_demand_where_others_are_estimated():
    # The council needs 99 instead of 90, and others 2 for each of its: 27 more people, 30 places.
    then, now = (Outside({"all-others": _expected(2 * many, spread)}) for many, spread in ((99, 22), (90, 20)))
    found = gap(
        CARE_HOMES, "older-people", "all", ON, needed=_expected(99.0), today=_expected(90.0), market=Market([]),
        outside=then, outside_today=now,
    )  # fmt: skip
    assert found.supply == pytest.approx(300.0)
    assert found.gap.mean == pytest.approx(30.0)
    # Doubt about others falls out but for what is added: 2.2 people and not 42 either way.
    assert found.gap.limits()["upper_80"] == pytest.approx(30 + 0.8 * 2 / 0.9, rel=0.01)
    assert "than everybody buys today" in found.sentence()
    assert found.row()["outside_in_gap"] == "yes"


def test_gap_is_the_change_from_today_where_only_englands_empty_places_are_known():
    others = {"all-others": _expected(90.0)}
    supplies = [_supply(quantity=Decimal(500))]
    made = {"needed": _expected(99.0), "today": _expected(90.0), "market": Market(supplies)}
    outside = Outside(others, placed=False)
    found = gap(CARE_HOMES, "older-people", "all", ON, outside=outside, outside_today=outside, **made)
    assert found.gap.mean == pytest.approx(10.0)
    assert "how much of what there is stands empty is not known here" in found.basis
    assert found.row()["there_are"] == 500.0


def test_gap_shows_the_least_that_others_arrange_and_does_not_count_it():
    least = Outside({"self-funded": _expected(45.0, 9.0), "all-others": _expected(45.0, 9.0)}, least=True)
    found = _gap(_expected(99.0), today=90.0, supplies=[_supply(quantity=Decimal(500))], outside=least)
    assert found.gap.mean == pytest.approx(10.0)
    assert "only part of the demand of others can be estimated" in found.basis
    row = found.row()
    # 45 people at 90% occupancy are 50 places, with 80% of the width of their range.
    assert (row["outside"], row["outside_is"], row["self_funded"], row["nhs"]) == (50.0, "at least", 50.0, None)
    assert (row["self_funded_lower_80"], row["self_funded_upper_80"]) == (42.0, 58.0)


def test_gap_that_counts_others_by_a_borrowed_share_says_so():
    parts = {"self-funded": _expected(45.0, 9.0), "all-others": _expected(45.0, 9.0)}
    lent = Outside(parts, placed=False, lender="Worcestershire")
    made = {"needed": _expected(99.0), "today": _expected(90.0), "market": Market([])}
    found = gap(CARE_HOMES, "older-people", "all", ON, outside=lent, outside_today=lent, **made)
    assert found.row()["outside_is"] == "borrowed"
    assert found.counts_others
    assert found.sentence().endswith("What others buy rests on a share borrowed from Worcestershire.")
    own = gap(CARE_HOMES, "older-people", "all", ON, outside=Outside(parts), outside_today=Outside(parts), **made)
    assert "borrowed" not in own.sentence()


def test_gap_is_the_change_from_today_where_others_share_the_supply_and_are_not_estimated():
    found = _gap(_expected(99.0), today=90.0, supplies=[_supply(quantity=Decimal(500))])
    assert found.gap.mean == pytest.approx(10.0)
    assert "demand of others is not estimated" in found.basis
    assert found.available.quantity == 500
    assert "than the council arranges today" in found.sentence()


def test_gap_counts_no_supply_in_another_unit():
    found = _gap(_expected(99.0), supplies=[_supply(kind="contracted", unit="people")])
    assert found.available.quantity is None


def test_gap_without_known_supply_is_the_change_from_today():
    found = _gap(_expected(99.0), today=90.0)
    assert found.supply == pytest.approx(100.0)
    assert found.gap.mean == pytest.approx(10.0)
    assert "supply is not known" in found.basis
    assert found.available.quantity is None
    assert "than the council arranges today" in found.sentence()


def test_gap_cites_the_intention_that_forbids_it():
    found = _gap(_expected(180.0), supplies=[_supply(kind="contracted")], intentions=intentions("thurrock"))
    assert found.decision.direction == "do-not-develop"
    assert found.decision.cites == "T-CI-023"
    assert found.sentence().startswith("Do not develop here: care homes for older people.")


def test_sentence_says_how_much_by_when_and_why():
    found = _gap(_expected(108.0, 9.0), supplies=[_supply(kind="contracted")])
    assert found.sentence() == (
        "Grow: care homes for older people. Expected by March 2025: about 20 more places than there are under contract "
        "(80% interval 12 to 28). Even at the lower end of what is expected, more are needed than there are under "
        "contract, by more than 5%."
    )


def test_sentence_of_a_surplus_says_fewer():
    found = _gap(_expected(72.0), supplies=[_supply(kind="contracted")])
    assert "about 20 fewer places than there are" in found.sentence()
    assert found.decision.direction == "reduce"


def test_sentence_of_one_place_speaks_of_one():
    found = _gap(_expected(91.1), supplies=[_supply(kind="contracted")])
    assert "about 1 more place than there are" in found.sentence()


def test_what_follows_is_decided_anew_where_a_gap_is_changed():
    """An edition takes demand in proportion to what is printed, and its sentence is of the interval beside it."""
    found = _gap(_expected(108.0, 9.0), supplies=[_supply(kind="contracted")])
    shown = replace(found, gap=found.gap.less(40.0)).decided()
    assert (found.decision.direction, shown.decision.direction) == ("grow", "reduce")
    assert "fewer are needed than there are under contract" in shown.sentence()


def test_sentence_of_no_gap_says_as_many():
    found = _gap(_expected(90.2), supplies=[_supply(kind="contracted")])
    assert "about as many places as there are" in found.sentence()


def test_row_has_every_part_of_the_answer():
    row = _gap(_expected(108.0, 9.0), supplies=[_supply(kind="contracted", void=Decimal(4))]).row()
    assert row["gap"] == 20.0
    assert row["gap_lower_80"] == 12.0
    assert row["void_rate"] == pytest.approx(0.04)
    assert row["supply_as_of"] == "2021-01-01"
    assert row["outside"] is None
    assert row["outside_is"] == "not estimated"


def test_gap_shows_what_another_source_says():
    register = _supply(kind="registered", quantity=Decimal(190), origin="register", as_of=date(2026, 7, 1))
    found = _gap(_expected(90.0), supplies=[_supply(kind="contracted"), register])
    assert found.available.quantity == 100
    assert found.beside_said == ["By the regulator's register there are 190 places (Survey)."]
    row = found.row()
    assert (row["there_are"], row["supply_source"], row["beside"]) == (100.0, "Survey", found.beside_said[0])


def test_width_comes_from_chance_where_few_people_vary_as_arrivals_at_random_do():
    few = Expected(25.0, 25 + 5 * _NORMAL, "test")  # standard deviation: the square root of 25
    assert width_from(few, few) == "chance"


def test_width_comes_from_rates_where_many_people_vary_by_more():
    many = Expected(2500.0, 2500 + 500 * _NORMAL, "test")
    assert width_from(many, many) == "rates"
    hours = Expected(2500.0, 2500 + 500 * _NORMAL, "test", people=25.0)  # 100 hours each: 100 x 5 by chance
    assert width_from(hours, hours) == "chance"


def test_width_comes_from_what_others_buy_where_that_is_in_doubt():
    own = Expected(2500.0, 2500 + 100 * _NORMAL, "test")
    everybody = own.plus(Expected(2500.0, np.linspace(1500, 3500, 1001), "others"))
    assert width_from(own, everybody) == "others"


def test_gap_that_is_not_known_says_what_would_narrow_it():
    found = _gap(_expected(90.0, 45.0), supplies=[_supply(kind="contracted")])
    assert found.decision.direction == "not-known"
    said = found.sentence()
    assert said.startswith("Direction not known well enough: care homes for older people. Expected by March 2025:")
    assert said.endswith(found.decision.narrow)
    assert found.row()["narrowed_by"] == found.decision.narrow


def test_two_demands_add_up_draw_by_draw():
    both = _expected(10.0, 1.0).plus(Expected(20.0, np.linspace(21, 19, 1001), "other"))
    assert both.mean == 30.0
    assert both.limits()["upper_95"] == pytest.approx(30.0)
    assert both.method == "test; other"
