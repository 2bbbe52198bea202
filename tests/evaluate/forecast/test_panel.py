from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from careshape.catalogue.periods import day_number
from careshape.errors import CallError
from careshape.evaluate.forecast.panel import cells_of, read_panel
from careshape.evaluate.forecast.spells import Spells
from careshape.ledger.columns import OPEN_DAY

ORIGIN = day_number(date(2021, 3, 31))
FIRST = day_number(date(2019, 4, 1))


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def stays(*rows: tuple[int, int, int, str, str]) -> Spells:
    """Stays of (person, area, service, first day, last day or nothing)."""
    start = [day(row[3]) for row in rows]
    end = [day(row[4]) if row[4] else OPEN_DAY for row in rows]
    return Spells.from_arrays(
        person=[row[0] for row in rows],
        area=[row[1] for row in rows],
        group=[0] * len(rows),
        service=[row[2] for row in rows],
        start=start,
        end=end,
        window=(FIRST, ORIGIN + 400),
        areas=("east", "west"),
        groups=("older-people",),
        services=("home-care", "nursing"),
    )


@pytest.fixture
def panel():
    return read_panel(
        stays(
            (1, 0, 0, "2015-01-01", "2020-06-30"),  # there before the records; leaves care on a census day
            (2, 0, 0, "2020-02-10", "2020-02-20"),  # comes and goes between two census days
            (3, 1, 0, "2020-05-05", "2021-01-15"),  # moves on ...
            (3, 1, 1, "2021-01-18", ""),  # ... two days later
            (4, 1, 1, "2021-03-31", "2021-04-02"),  # comes on the origin; its end is not known yet
            (5, 0, 1, "2021-04-01", ""),  # comes after the origin
        ),
        ORIGIN,
    )


def test_census_days_are_month_ends_back_to_the_day_before_the_records(panel):
    assert panel.months == 24
    assert panel.days[0] == day("2019-03-31")
    assert panel.days[-1] == ORIGIN


def test_stock_counts_people_on_the_day_the_last_day_included(panel):
    home = panel.series(("area", "service"))[:, 0]
    assert home[:15].tolist() == [1] * 15  # the last on 31 May 2020; person 2 was never there on a census day
    assert home[15] == 1  # 30 June 2020, the last day of person 1
    assert home[16] == 0
    assert panel.series(("service",))[-1].tolist() == [0, 2]
    assert panel.series(())[-1].tolist() == [2]


def test_entries_are_stays_that_follow_from_no_other(panel):
    by_month = panel.entries.sum(axis=(1, 2))
    assert by_month[:, 0].nonzero()[0].tolist() == [10, 13]  # February and May 2020
    assert by_month[:, 1].nonzero()[0].tolist() == [23]  # person 4; person 3 moved there
    assert panel.entries.sum() == 3


def test_leavers_go_to_the_service_that_follows_or_out(panel):
    assert panel.leavers.sum(axis=(0, 1, 2)).tolist() == [[0, 1, 2], [0, 0, 0]]  # from home care: one on, two out


def test_what_comes_and_goes_balances_every_month():
    spells = stays(*[(n, n % 2, n % 2, f"20{19 + n % 2}-0{4 + n % 5}-11", f"2020-1{n % 3}-20") for n in range(40)])
    panel = read_panel(spells, ORIGIN)
    moved = panel.leavers.sum(axis=(1, 2))[..., :2].sum(axis=1)
    change = panel.entries.sum(axis=(1, 2)) + moved - panel.leavers.sum(axis=(1, 2, 4))
    assert np.array_equal(np.diff(panel.series(("service",)), axis=0), change)


def test_upto_is_the_panel_as_it_was_then(panel):
    then = panel.upto(12)
    assert then.months == 12
    assert then.days[-1] == day("2020-03-31")
    assert len(then.entries) == len(then.exposure) == 12


def test_cells_stand_in_the_order_of_the_split():
    values = np.arange(2 * 3 * 4).reshape(2, 3, 4)
    assert cells_of(values, ("service", "area")).tolist() == values.sum(axis=1).T.ravel().tolist()
    with pytest.raises(CallError, match="no dimension 'district'"):
        cells_of(values, ("district",))


def test_a_day_outside_the_records_or_less_than_a_year_into_them_is_refused():
    spells = stays((1, 0, 0, "2019-05-01", ""))
    with pytest.raises(CallError, match="is outside"):
        read_panel(spells, FIRST - 1)
    with pytest.raises(CallError, match="lie 10 whole months"):
        read_panel(spells, day("2020-01-31"))
