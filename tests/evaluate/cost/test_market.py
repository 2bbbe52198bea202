from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from careshape.errors import CallError
from careshape.evaluate.cost import concentration, placement_mix, provider_mix, spending_shift
from careshape.evaluate.cost.market import index
from tests.evaluate.measure.conftest import row

YEAR = ("2020-04-01", "2021-03-31")


def shares(**sizes: int) -> dict[str, Fraction]:
    return {name: Fraction(size) for name, size in sizes.items()}


def test_index_is_the_sum_of_squared_percentage_shares() -> None:
    found = index(shares(a=50, b=30, c=20))
    assert found["hhi"] == 2500 + 900 + 400
    assert found["equal_providers"] == Decimal("2.6")  # 10,000 / 3,800
    assert (found["top_1_share"], found["top_3_share"]) == (Decimal("50.0"), Decimal("100.0"))
    assert found["largest"] == "a"


@pytest.mark.parametrize(
    ("sizes", "hhi"),
    [
        ({"a": 7}, 10000),  # one provider
        ({"a": 1, "b": 1, "c": 1, "d": 1}, 2500),  # four equal ones
        ({"a": 3, "b": 0}, 10000),  # who supplies nothing is not in the market
    ],
)
def test_index_at_its_ends(sizes: dict[str, int], hhi: int) -> None:
    assert index(shares(**sizes))["hhi"] == hhi


def test_what_has_no_provider_stands_apart() -> None:
    found = index(shares(a=60, b=20, unknown=20))
    assert found["hhi"] == 75**2 + 25**2
    assert (found["providers"], found["unknown_share"]) == (2, Decimal("20.0"))
    nothing = index(shares(unknown=5))
    assert (nothing["hhi"], nothing["providers"], nothing["unknown_share"]) == (None, 0, Decimal("100.0"))


def test_concentration_of_each_part(ledger_of) -> None:
    rows = [
        row(1, *YEAR, person=1, service="home-care", district="worcester", provider=1, weekly_cost=30000),
        row(2, *YEAR, person=2, service="home-care", district="worcester", provider=2, weekly_cost=10000),
        row(3, *YEAR, person=3, service="home-care", district="wychavon", provider=2, weekly_cost=10000),
    ]
    found = concentration(ledger_of(rows), by=("district",), period="2020/21")
    by_district = {one["district"]: one for one in found}
    assert by_district["worcester"]["hhi"] == 75**2 + 25**2
    assert by_district["worcester"]["largest"] == "Synthetic provider 1"
    assert by_district["wychavon"]["hhi"] == 10000
    assert by_district["wychavon"]["unit"] == "gbp"
    with pytest.raises(CallError, match="does not size a provider"):
        concentration(ledger_of(rows), of="people_supported")
    with pytest.raises(CallError, match="leave provider out"):
        concentration(ledger_of(rows), by=("provider",))


def test_concentration_of_several_periods_says_which(ledger_of) -> None:
    rows = [
        row(1, "2019-04-01", "2020-03-31", person=1, service="home-care", provider=1, weekly_cost=10000),
        row(2, "2020-04-01", "2021-03-31", person=2, service="home-care", provider=1, weekly_cost=10000),
        row(3, "2020-04-01", "2021-03-31", person=3, service="home-care", provider=2, weekly_cost=10000),
    ]
    found = concentration(ledger_of(rows), period="2019/20:2020/21")
    assert [(one["service"], one["period"], one["hhi"]) for one in found] == [
        ("home-care", "2019/20", 10000),
        ("home-care", "2020/21", 5000),
    ]


def test_share_of_a_year_without_spending_is_not_known(ledger_of) -> None:
    rows = [row(1, "2020-04-01", "2021-03-31", service="residential", weekly_cost=50000)]
    nothing, only = spending_shift(ledger_of(rows), "2019/20:2020/21")
    assert nothing["financial_year"] == "2019/20"
    assert {nothing[name] for name in ("care_home_share", "community_share", "other_share", "moved")} == {None}
    assert (only["care_home_share"], only["community_share"]) == (Decimal("100.0"), Decimal("0.0"))
    assert only["moved"] is None


def test_mix_of_providers_and_places(ledger_of) -> None:
    rows = [
        row(1, *YEAR, service="residential", provider_type="private", placement_area="in-county", weekly_cost=60000),
        row(
            2,
            *YEAR,
            service="residential",
            provider_type="not-for-profit",
            placement_area="out-of-county",
            weekly_cost=20000,
        ),
    ]
    ledger = ledger_of(rows)
    mix = {one["provider_type"]: one for one in provider_mix(ledger, period="2020/21")}
    assert mix["not-for-profit"]["value"] == Decimal("25.0")
    assert mix["private"]["value"] == Decimal("75.0")
    places = {one["placement_area"]: one["value"] for one in placement_mix(ledger, period="2021-03-31")}
    assert places == {"in-county": Decimal("50.0"), "out-of-county": Decimal("50.0")}


def test_shift_from_homes_to_the_community(ledger_of) -> None:
    # First year half and half; in the second the homes' line costs a quarter of the whole.
    rows = [
        row(1, "2019-04-01", "2020-03-31", service="residential", weekly_cost=50000),
        row(2, "2019-04-01", "2021-03-31", service="supported-living", weekly_cost=50000),
        row(3, "2020-04-01", "2021-03-31", service="residential", weekly_cost=25000),
        row(4, "2020-04-01", "2021-03-31", service="replacement-care", weekly_cost=25000),
    ]
    first, second = spending_shift(ledger_of(rows), "2019/20:2020/21")
    assert (first["care_home_share"], first["community_share"], first["moved"]) == (
        Decimal("50.0"),
        Decimal("50.0"),
        None,
    )
    assert (second["care_home_share"], second["community_share"]) == (Decimal("25.0"), Decimal("50.0"))
    assert (second["other_share"], second["moved"]) == (Decimal("25.0"), Decimal("0.0"))
