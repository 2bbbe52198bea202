"""What care there is: what nobody counts is said not to be counted, and is never none."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from careshape.statement.find_care import NOT_COUNTED, find_care

ROWS = {
    ("people_supported", "service"): [{"service": "home-care", "value": 7}, {"service": "direct-payments", "value": 5}],
    ("providers_in_use", "service"): [{"service": "home-care", "value": 2}],
    ("providers_in_use", "service", "district"): [
        {"service": "home-care", "district": "redditch", "value": 2},
        {"service": "nursing", "district": "wychavon", "value": 1},
    ],
    ("mean_weekly_cost", "service"): [{"service": "home-care", "value": 180}],
}  # fmt: skip
"""Answers of a ledger: direct payments name nobody who gives the care."""


class Book:
    """Answers questions from ROWS."""

    def result(self, name: str, by: tuple[str, ...], where: dict[str, Any], period: str) -> Any:
        return SimpleNamespace(rows=ROWS[name, *by])


def test_kind_whose_givers_nobody_records_is_not_counted_and_one_without_any_in_a_place_is_none():
    care = find_care(Book(), date(2021, 6, 30))  # type: ignore[arg-type]
    assert care is not None
    kinds = {one.service: one for one in care.kinds}
    assert care.districts == ("Redditch", "Wychavon")
    assert (kinds["home-care"].providers, kinds["home-care"].places) == ("2", ("2", "none"))
    assert (kinds["direct-payments"].providers, kinds["direct-payments"].places) == (NOT_COUNTED, (NOT_COUNTED,) * 2)
    assert (kinds["home-care"].counted, kinds["direct-payments"].counted) == (True, False)
    assert kinds["direct-payments"].cost == "not known"
