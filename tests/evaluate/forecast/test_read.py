from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.evaluate.measure.conftest import RowLedger, row, table

from careshape.catalogue.periods import day_number
from careshape.errors import CallError, InputError
from careshape.evaluate.forecast import fit, read_spells
from careshape.ledger.columns import OPEN_DAY

HOME = {"service": "home-care", "client_group": "older-people", "unit": "hour", "record": 1}


@pytest.fixture
def ledger_of(tmp_path: Path):
    def make(*rows, recorded=None) -> RowLedger:
        file = tmp_path / f"rows-{len(list(tmp_path.iterdir()))}.parquet"
        pq.write_table(table(list(rows)), file)
        return RowLedger(file, recorded or {1: date(2021, 7, 1)})

    return make


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def stays(spells) -> list[tuple[int, str, int, int]]:
    found = zip(spells.person, spells.service, spells.start, spells.end, strict=True)
    return sorted((int(p), spells.services[s], int(a), int(b)) for p, s, a, b in found)


def test_lines_that_follow_each_other_are_one_stay(ledger_of):
    """A new price on 1 April and a gap of a week go on; a gap of eight days does not."""
    spells = read_spells(
        ledger_of(
            row(1, "2020-01-01", "2020-03-31", person=1, **HOME),
            row(2, "2020-04-01", "2020-06-30", person=1, **HOME),
            row(3, "2020-07-08", "2020-08-31", person=1, **HOME),
            row(4, "2020-09-09", None, person=1, **HOME),
        )
    )
    assert stays(spells) == [
        (1, "home-care", day("2020-01-01"), day("2020-08-31")),
        (1, "home-care", day("2020-09-09"), OPEN_DAY),
    ]
    assert spells.window == (day("2020-03-31"), day("2020-09-09"))


def test_gap_that_is_joined_is_a_setting(ledger_of):
    ledger = ledger_of(
        row(1, "2020-01-01", "2020-03-31", person=1, **HOME), row(2, "2020-04-20", "2020-06-30", person=1, **HOME)
    )
    assert len(read_spells(ledger, join_days=0)) == 2
    assert len(read_spells(ledger, join_days=19)) == 1
    with pytest.raises(CallError, match="join_days is -1"):
        read_spells(ledger, join_days=-1)


def test_lines_held_at_once_are_one_stay_with_their_sum(ledger_of):
    """Two carers' lines: 5 and 9 hours while both run; the stay's amounts are those of its last day."""
    spells = read_spells(
        ledger_of(
            row(1, "2020-01-01", "2020-12-31", person=1, quantity=500, weekly_cost=10_000, **HOME),
            row(2, "2020-02-01", "2020-12-31", person=1, quantity=900, weekly_cost=18_000, **HOME),
            row(3, "2020-01-01", "2020-01-31", person=1, quantity=300, weekly_cost=6_000, **HOME),
        )
    )
    assert (spells.quantity.tolist(), spells.weekly_cost.tolist()) == ([1400], [28_000])
    assert spells.units == ("hour",)


def test_other_services_people_and_records_stay_apart(ledger_of):
    spells = read_spells(
        ledger_of(
            row(1, "2020-01-01", "2020-12-31", person=1, **HOME),
            row(2, "2020-01-01", "2020-12-31", person=2, **HOME),
            row(3, "2020-01-01", "2020-12-31", person=1, **(HOME | {"service": "nursing", "unit": "week"})),
            row(4, "2020-01-01", "2020-12-31", person=0, **HOME),  # names nobody
            row(5, "2020-01-01", "2020-12-31", person=3, **(HOME | {"record": 2})),  # a delivery
        )
    )
    assert [stay[:2] for stay in stays(spells)] == [(1, "home-care"), (1, "nursing"), (2, "home-care")]


def test_line_that_was_taken_back_is_gone_and_known_on_brings_it_back(ledger_of):
    first = row(1, "2020-01-01", "2020-12-31", person=1, **HOME)
    back = first | {"sign": -1, "posting": 2}
    again = row(1, "2020-02-01", "2020-12-31", person=1, **HOME) | {"posting": 2}
    other = row(2, "2020-01-01", "2020-12-31", person=2, **HOME)
    ledger = ledger_of(first, back, again, other, recorded={1: date(2021, 1, 5), 2: date(2021, 2, 5)})
    assert stays(read_spells(ledger))[0][2] == day("2020-02-01")
    assert stays(read_spells(ledger, known_on=date(2021, 1, 10)))[0][2] == day("2020-01-01")


def test_areas_and_groups_are_the_last_that_are_known(ledger_of):
    spells = read_spells(
        ledger_of(
            row(1, "2020-01-01", "2020-03-31", person=1, district="redditch", **HOME),
            row(2, "2020-04-01", "2020-12-31", person=1, **HOME),
        )
    )
    assert (spells.areas, spells.groups) == (("redditch",), ("older-people",))
    whole = read_spells(ledger_of(row(1, "2020-01-01", "2020-03-31", person=1, **HOME)), areas=None, groups=None)
    assert (whole.areas, whole.groups) == (("all",), ("all",))


def test_several_councils_are_one_region(ledger_of):
    one = ledger_of(row(1, "2020-01-01", "2020-03-31", person=1, authority="worcestershire", **HOME))
    two = ledger_of(row(1, "2020-01-01", "2020-06-30", person=2, authority="thurrock", **HOME))
    two.authority = "thurrock"
    spells = read_spells([one, two], areas="authority")
    assert spells.areas == ("worcestershire", "thurrock") or spells.areas == ("thurrock", "worcestershire")
    assert len(spells) == 2


def test_services_and_day_are_filters(ledger_of):
    ledger = ledger_of(
        row(1, "2020-01-01", "2020-03-31", person=1, **HOME),
        row(2, "2020-05-01", "2020-06-30", person=2, **HOME),
        row(3, "2020-01-01", None, person=3, **(HOME | {"service": "nursing"})),
    )
    assert read_spells(ledger, services=["nursing"]).services == ("nursing",)
    early = read_spells(ledger, until=date(2020, 4, 30))
    assert sorted(early.person.tolist()) == [1, 3]
    assert early.window[1] == day("2020-03-31")


def test_day_before_the_records_are_complete_is_refused(ledger_of):
    ledger = ledger_of(
        row(1, "2018-01-01", "2020-06-30", person=1, **HOME),
        row(2, "2020-05-01", "2020-07-31", person=2, **HOME),
    )
    with pytest.raises(InputError, match="complete only from 2020-06-30: of 2019-03-31 only those are known"):
        read_spells(ledger, until=date(2019, 3, 31))
    assert len(read_spells(ledger, until=date(2020, 7, 31))) == 2


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({"areas": "postcode"}, CallError, "cannot be split by 'postcode' as areas"),
        ({"services": ["nursing"]}, InputError, "no planned line of a person that fits"),
        ({"services": ["nursng"]}, CallError, "nursing"),  # the catalogue names near matches
        ({"until": date(2019, 1, 1)}, InputError, "no planned line of a person that fits"),
    ],
)
def test_call_for_what_is_not_there_is_refused_with_a_sentence(ledger_of, call, error, says):
    ledger = ledger_of(row(1, "2020-01-01", "2020-03-31", person=1, **HOME))
    with pytest.raises(error, match=says):
        read_spells(ledger, **call)


def test_stock_of_stays_is_people_on_the_day(ledger_of):
    spells = read_spells(
        ledger_of(
            row(1, "2020-01-01", "2020-03-31", person=1, **HOME),
            row(2, "2020-02-01", "2020-03-31", person=1, **HOME),  # two lines, one person
            row(3, "2020-03-01", None, person=2, **HOME),
        )
    )
    assert spells.stock([day("2020-03-15")], ()).tolist() == [[2]]
    assert np.all(spells.end >= spells.start)


def busy(first: int, year: int, months: int, person: int = 100, **values) -> list:
    """Lines of which two end in each of so many months from April of a year on."""
    rows = []
    for k in range(months):
        month = year * 12 + 3 + k
        for j, end in enumerate(("11", "21")):
            text = f"{month // 12}-{month % 12 + 1:02}-{end}"
            rows.append(row(first + 2 * k + j, "1998-01-01", text, person=person + 2 * k + j, **(HOME | values)))
    return rows


def test_one_early_end_does_not_open_the_window(ledger_of):
    """Two ends a month from April 2018, and one of 1999 that was kept by chance."""
    spells = read_spells(ledger_of(row(1, "1998-01-01", "1999-05-05", person=1, **HOME), *busy(2, 2018, 36)))
    assert spells.window[0] == day("2018-04-11")
    assert "1 earlier end set aside" in spells.notes[0]
    assert spells.notes[0] in fit(spells).notes
    assert read_spells(ledger_of(*busy(2, 2018, 36))).notes == ()


def test_window_of_a_region_is_what_all_councils_cover(ledger_of):
    """The second council's records begin a year later and were posted three months earlier."""
    one = ledger_of(*busy(1, 2018, 36), recorded={1: date(2021, 4, 10)})
    two = ledger_of(*busy(1, 2019, 20, person=900, authority="thurrock"), recorded={1: date(2021, 1, 10)})
    two.authority = "thurrock"
    spells = read_spells([one, two], areas="authority")
    assert spells.window == (day("2019-04-11"), day("2020-12-21"))
    assert "in every council; 24 earlier ends set aside" in spells.notes[0]
