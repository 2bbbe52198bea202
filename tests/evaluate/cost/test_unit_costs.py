from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from careshape.errors import CallError
from careshape.evaluate.cost import supported_living, unit_cost_entries, unit_costs
from careshape.evaluate.cost.dhsc import period_cost, units_a_week, weeks_of_service
from careshape.evaluate.numbers import WEEKS_A_YEAR
from tests.evaluate.measure.conftest import row

HOME = {"service": "nursing", "unit": "week", "quantity": 100}
HOUR = {"service": "home-care", "unit": "hour", "delivery_mechanism": "commissioned"}


def test_every_unit_cost_has_a_card() -> None:
    for one in unit_cost_entries().values():
        assert one.card.what
        assert one.card.limitations


def test_unit_cost_is_cost_over_resident_weeks_of_the_year(ledger_of) -> None:
    # £700 a week for 91 inclusive days (13 weeks): £9,100. £770 for the 90 days from 1 January: £9,900. Together
    # £19,000 over 181 / 7 weeks = £734.81; the placement open on the last day costs £770, which is £35.19 more.
    ledger = ledger_of(
        [
            row(
                1,
                "2020-04-01",
                "2020-06-30",
                person=1,
                weekly_cost=70000,
                unit_price=70000,
                provider_type="private",
                **HOME,
            ),
            row(2, "2021-01-01", person=2, weekly_cost=77000, unit_price=77000, provider_type="in-house", **HOME),
        ]
    )
    found = {one["provision"]: one for one in unit_costs(ledger, "2020/21")}
    whole = found["all"]
    assert whole["value"] == Decimal("734.81")
    assert (whole["cost"], whole["weeks"]) == (Decimal("19000.00"), Decimal("25.86"))
    assert (whole["mean_weekly_cost"], whole["placements"], whole["difference"]) == (
        Decimal("770.00"),
        1,
        Decimal("35.19"),
    )
    assert found["own"]["value"] == Decimal("770.00")
    assert found["external"]["value"] == Decimal("700.00")
    assert found["external"]["mean_weekly_cost"] is None  # nobody is there on the last day


def test_hourly_rate_weighs_prices_by_hours(ledger_of) -> None:
    # 10 hours at £18 and 30 at £20: £19.50. What the person buys with a direct payment is no price of the council's.
    ledger = ledger_of(
        [
            row(1, "2020-05-01", person=1, unit_price=1800, quantity=1000, weekly_cost=18000, **HOUR),
            row(2, "2020-05-01", person=2, unit_price=2000, quantity=3000, weekly_cost=60000, **HOUR),
            row(
                3,
                "2020-05-01",
                person=3,
                unit_price=1100,
                quantity=5000,
                **HOUR | {"delivery_mechanism": "direct-payment"},
            ),
            row(4, "2020-05-01", "2020-06-01", person=4, unit_price=9900, quantity=5000, **HOUR),
        ]
    )
    (found,) = unit_costs(ledger, "2020/21", provisions=["all"])
    assert (found["unit_cost"], found["value"], found["hours_a_week"]) == (
        "home-care-hour",
        Decimal("19.50"),
        Decimal("40.00"),
    )
    assert "from 18.00 to 20.00" in found["note"]


def test_corrected_price_counts_once(ledger_of) -> None:
    first = {"person": 1, "quantity": 1000, **HOUR}
    ledger = ledger_of(
        [
            row(1, "2020-05-01", unit_price=1800, **first),
            row(1, "2020-05-01", unit_price=1800, sign=-1, **first),
            row(1, "2020-05-01", unit_price=1900, **first),
        ]
    )
    (found,) = unit_costs(ledger, "2020/21", provisions=["all"])
    assert (found["value"], found["placements"]) == (Decimal("19.00"), 1)


def test_unit_costs_split_and_refuse(ledger_of) -> None:
    ledger = ledger_of([row(1, "2020-04-01", person=1, birth_month=1940 * 12, weekly_cost=70000, **HOME)])
    (found,) = unit_costs(ledger, "2020/21", by=("working_age_band",), provisions=["all"])
    assert found["working_age_band"] == "65+"
    with pytest.raises(CallError, match="'outside' is no provision"):
        unit_costs(ledger, "2020/21", provisions=["outside"])


@pytest.mark.parametrize(
    ("frequency", "planned", "expected"),
    [
        ("weekly", None, Fraction(1)),
        ("fortnightly", None, Fraction(1, 2)),
        ("four-weekly", None, Fraction(1, 4)),
        ("monthly", None, Fraction(12, 52)),
        ("quarterly", None, Fraction(4, 52)),
        ("annually", None, Fraction(1, 52)),
        ("hourly", 14, Fraction(14)),
        ("daily", -5, Fraction(5)),  # signs are dropped
        ("one-off", None, Fraction(0)),
    ],
)
def test_national_frequencies(frequency: str, planned: int | None, expected: Fraction) -> None:
    assert units_a_week(frequency, planned) == expected


def test_catalogue_and_yearly_figures_have_the_same_weeks_in_a_year() -> None:
    assert units_a_week("annually") == Fraction(1, WEEKS_A_YEAR)


def test_national_cost_of_a_period_by_hand() -> None:
    april = (date(2024, 4, 1), date(2024, 6, 30))
    # £520 a month is £120 a week (12/52); 1 to 14 April are 14 inclusive days, two weeks.
    assert period_cost(520, "monthly", date(2024, 3, 1), date(2024, 4, 14), *april) == 240
    # Arrives and leaves on the same day: one day, a seventh of a week; by nights it would be nothing.
    assert weeks_of_service(date(2024, 4, 5), date(2024, 4, 5), *april) == Fraction(1, 7)
    assert period_cost(-90, "one-off", date(2024, 4, 5), date(2024, 4, 5), *april) == 90
    assert period_cost(90, "one-off", date(2024, 7, 5), date(2024, 7, 5), *april) == 0
    with pytest.raises(CallError, match="needs the planned units"):
        period_cost(20, "hourly", date(2024, 4, 1), date(2024, 4, 7), *april)


def test_supported_living_counts_people_once_in_the_total(ledger_of) -> None:
    living = {"service": "supported-living", "cost_centre": "learning-disability", "unit": "week"}
    ledger = ledger_of(
        [
            row(1, "2020-04-01", person=1, component="package", weekly_cost=70000, **living),
            row(2, "2020-04-01", person=1, component="visits", weekly_cost=7000, **living),
            row(3, "2021-03-30", person=2, component="package", weekly_cost=35000, **living),
        ]
    )
    rows = {(one["component"], one["cost_centre"]): one for one in supported_living(ledger, "2021-03-31")}
    whole = rows["all", "all"]
    assert (whole["row"], whole["people"]) == ("total", 2)
    package = rows["package", "all"]
    assert (package["people"], package["share_of_people"]) == (2, Decimal("100.00"))
    # £700 for 365 days and £350 for two (30 and 31 March): 36,500 + 100.
    assert package["yearly_cost"] == 36600
    assert package["weekly_cost_per_person"] == Decimal("525.00")
    assert rows["visits", "learning-disability"]["share_of_people"] == Decimal("50.00")
    assert list(rows)[-1] == ("all", "all")
