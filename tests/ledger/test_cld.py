"""Client Level Data: releases, costs by frequency, and the national rules over several rows and several files."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.catalogue import catalogue, services_by_pair
from careshape.catalogue.periods import day_number
from careshape.ledger import Ledger
from careshape.ledger.codes import service_table
from careshape.ledger.columns import ONE_OFF, OPEN_DAY
from careshape.ledger.imports import import_file
from careshape.ledger.period import reporting
from careshape.ledger.pseudonym import DEMONSTRATION_KEY
from careshape.ledger.resolve import CLOSED, DETAIL
from tests.ledger.numbers import line_number
from tests.ledger.writing import event, package, year


def line(reference: str) -> int:
    return line_number(DEMONSTRATION_KEY, "worcestershire", reference)


def test_service_of_every_pair_is_the_catalogues() -> None:
    width, rows = service_table()
    book = catalogue()
    kinds, components = book.list("cld_service_type"), book.list("cld_component")
    for (kind, component), service in services_by_pair().items():
        place = kinds.entry(kind).code * width + components.entry(component).code
        assert rows[place] == book.code("service", service)


def test_both_releases_give_the_same_line(tmp_path, write, standing) -> None:
    second = event("E-1")
    first = second | {
        "Service_Type": "Long Term Support: Nursing Care",
        "Client_Type": "Service User",
        "Delivery_Mechanism": "CASSR Commissioned support",
        "Primary_Support_Reason": "Physical Support: Personal care support",
    }
    found = []
    for name, row in (("1", first), ("2", second)):
        council = Ledger.create(tmp_path / name / "councils" / "w", "worcestershire", demonstration=True)
        assert import_file(council, write(f"{name}.csv", [row])).accepted == 1
        found.append(standing(council))
    assert found[0] == found[1]
    assert found[0][0]["service"] == catalogue().code("service", "nursing")


@pytest.mark.parametrize(
    ("frequency", "units", "weekly", "quantity"),
    [
        # 1,200.00 each: units a week by the national rule, so the weekly cost in pence and hundredths of a unit
        ("Weekly", "3", 120_000, 100),  # the frequency is trusted over the planned units
        ("Fortnightly", "", 60_000, 50),
        ("4-weekly", "", 30_000, 25),
        ("Monthly", "", 27_692, 23),  # 12/52: 276.923 pounds, 0.2308 months
        ("Quarterly", "", 9_231, 8),  # 4/52: 92.308 pounds, 0.0769 quarters
        ("Annually", "", 2_308, 2),  # 1/52: 23.077 pounds
        ("Hourly", "2.5", 300_000, 250),
        ("Daily", "7", 840_000, 700),
        ("Per session", "0.5", 60_000, 50),
    ],
)
def test_cost_is_made_weekly_by_its_frequency(ledger, write, standing, frequency, units, weekly, quantity) -> None:
    row = event("E-1", Unit_Cost="1200.00", Cost_Frequency_Unit_Type=frequency, Planned_Units_Per_Week=units)
    import_file(ledger, write("c.csv", [row]))
    found = standing(ledger)[0]
    assert (found["weekly_cost"], found["quantity"], found["unit_price"]) == (weekly, quantity, 120_000)


def test_one_off_cost_has_no_weekly_cost(ledger, write, standing) -> None:
    import_file(ledger, write("c.csv", [event("E-1", Cost_Frequency_Unit_Type="One-off")]))
    found = standing(ledger)[0]
    assert (found["record"], found["weekly_cost"], found["one_off_cost"]) == (ONE_OFF, 0, 70_000)


def test_unpaid_carers_are_a_client_group_of_their_own(ledger, write, standing) -> None:
    import_file(ledger, write("c.csv", [event("E-1", Client_Type="Unpaid carer")]))
    assert standing(ledger)[0]["client_group"] == catalogue().code("client_group", "unpaid-carers")


def test_event_cut_at_the_end_of_the_year_is_one_line(ledger, write, standing) -> None:
    rows = [
        event("E-1", Event_Start_Date="2019-05-01", Event_End_Date="2020-03-31"),
        event("E-2", Event_Start_Date="2020-04-01", LA_Person_Unique_Identifier="PERSON-E-1"),
        event("E-3", Event_Start_Date="2020-04-01"),
    ]
    report = import_file(ledger, write("c.csv", rows))
    assert [(one.line, one.rule) for one in report.findings if one.outcome == "repair"] == [(3, "year-restart")]
    joined = next(row for row in standing(ledger) if row["line"] == line("E-1"))
    assert (joined["start_day"], joined["end_day"]) == (day_number(date(2019, 5, 1)), OPEN_DAY)
    assert len(standing(ledger)) == 2


def test_new_price_on_1_april_is_no_restart(ledger, write, standing) -> None:
    rows = [
        event("E-1", Event_Start_Date="2020-05-01", Event_End_Date="2021-03-31", **year(2020)),
        event("E-2", Event_Start_Date="2021-04-01", LA_Person_Unique_Identifier="PERSON-E-1", Unit_Cost="721.00")
        | {"Reporting_Period_End_Date": "2021-06-30"},
    ]
    import_file(ledger, write("c.csv", rows))
    # Two lines; the first ended before the last quarter, so that its cost is not taken.
    assert sorted(row["weekly_cost"] for row in standing(ledger)) == [0, 72_100]


@pytest.mark.parametrize("reference", ["E-1", "E-1 of the next year", ""])
def test_start_date_set_back_in_the_next_file_goes_on_with_the_line(ledger, write, standing, reference) -> None:
    import_file(ledger, write("a.csv", [event("E-1", **year(2020))]))
    later = event(reference, Event_Start_Date="2021-04-01", LA_Person_Unique_Identifier="PERSON-E-1", **year(2021))
    report = import_file(ledger, write("b.csv", [later]))
    assert report.by_rule == {"year-restart": 1}
    (found,) = standing(ledger)
    assert (found["line"], found["start_day"]) == (line("E-1"), day_number(date(2020, 5, 1)))


def test_restart_at_another_price_closes_the_line_and_opens_one(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [event("E-1", **year(2020))]))
    later = event("E-1", Event_Start_Date="2021-04-01", Unit_Cost="721.00", **year(2021))
    import_file(ledger, write("b.csv", [later]))
    spells = [(row["start_day"], row["end_day"], row["weekly_cost"]) for row in standing(ledger)]
    assert sorted(spells) == [
        (day_number(date(2020, 5, 1)), day_number(date(2021, 3, 31)), 70_000),
        (day_number(date(2021, 4, 1)), OPEN_DAY, 72_100),
    ]


def test_open_event_that_vanishes_is_closed_at_the_end_of_the_earlier_period(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [event("E-1", **year(2020)), event("E-2", **year(2020))]))
    report = import_file(ledger, write("b.csv", [event("E-2", **year(2021))]))
    assert "1 events that were open have vanished from the file: closed on 2021-03-31." in report.notes
    closed = next(row for row in standing(ledger) if row["line"] == line("E-1"))
    assert closed["end_day"] == day_number(date(2021, 3, 31))
    rows = ledger.changes(1).to_pylist()
    assert [(row["sign"], row["reason"]) for row in rows if row["line"] == line("E-1")] == [(-1, CLOSED), (1, CLOSED)]


def test_file_without_most_open_events_closes_none(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [event(f"E-{n}", **year(2020)) for n in range(30)]))
    report = import_file(ledger, write("b.csv", [event("E-0", **year(2021))]))
    assert "29 of 30 events" in report.notes[-1]
    assert {row["end_day"] for row in standing(ledger)} == {OPEN_DAY}


def test_rows_without_reference_are_told_apart_and_known_again(ledger, write, standing) -> None:
    rows = [event("", LA_Person_Unique_Identifier=f"PERSON-{n}") for n in range(3)]
    assert import_file(ledger, write("a.csv", rows)).accepted == 3
    again = import_file(ledger, write("b.csv", [*rows, event("", LA_Person_Unique_Identifier="PERSON-3")]))
    assert (again.unchanged, again.accepted) == (3, 1)
    assert len(standing(ledger)) == 4


def test_reference_that_rows_share_is_not_used(ledger, write, standing) -> None:
    rows = [event("SAME", LA_Person_Unique_Identifier=f"PERSON-{n}") for n in range(2)]
    report = import_file(ledger, write("a.csv", rows))
    assert (report.repaired, report.by_rule) == (2, {"reference-shared": 2})
    assert line("SAME") not in {row["line"] for row in standing(ledger)}


def test_duplicates_count_once_and_double_up_care_is_kept(ledger, write, standing) -> None:
    same = {"LA_Person_Unique_Identifier": "PERSON-1"}
    rows = [event("E-1", **same), event("E-1", **same), event("E-2", **same), event("", **same), event("", **same)]
    report = import_file(ledger, write("a.csv", rows))
    assert report.by_rule == {"line-repeated": 2, "double-up": 2}
    assert len(standing(ledger)) == 3


def test_packages_add_detail_and_later_level_data_does_not_undo_it(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [event("L-1", **year(2020))]))
    detail = package("L-1", provider_reference="1-900000017", weekly_cost="700.00", person_id="PERSON-L-1")
    import_file(ledger, write("p.csv", [detail]))
    assert {row["reason"] for row in ledger.changes(1).to_pylist()} == {DETAIL}
    before = standing(ledger)
    assert before[0]["purchase_type"] == catalogue().code("purchase_type", "spot")
    later = event("L-1", Event_Start_Date="2021-04-01", Unit_Cost="699.00", **year(2021))
    import_file(ledger, write("b.csv", [later]))
    assert standing(ledger) == before
    ended = event("L-1", Event_Start_Date="2021-04-01", Event_End_Date="2021-09-30", **year(2021))
    import_file(ledger, write("c.csv", [ended]))
    assert standing(ledger) == [
        before[0]
        | {
            "end_day": day_number(date(2021, 9, 30)),
            "end_month": 2021 * 12 + 8,
            "close_month": 2021 * 12 + 9,
        }
    ]


def months(first: tuple[int, int], count: int, events: int = 300) -> list[tuple[int, int, int]]:
    start = first[0] * 12 + first[1] - 1
    return [(start + n, kind, events // 4) for n in range(count) for kind in (1, 2, 3, 4)]


def test_reporting_period_is_cut_to_the_months_that_events_bear_out() -> None:
    stated = (day_number(date(2020, 4, 1)), day_number(date(2021, 3, 31)))
    whole = reporting(*stated, months((2020, 4), 12))
    assert (whole.days, whole.note) == (stated, "")
    # The last quarter has not been loaded yet, though the file states that it has.
    early = reporting(*stated, months((2020, 4), 9))
    assert early.days == (stated[0], day_number(date(2020, 12, 31)))
    assert "2020-04 to 2020-12" in early.note
    # A month with a handful of events, or with services alone, is not part of the period.
    stray = reporting(*stated, [*months((2020, 4), 9), (2021 * 12, 3, 5), (2021 * 12 + 1, 3, 300)])
    assert stray.days == early.days
    # Few events say nothing, and old endings do not widen the period.
    assert reporting(*stated, months((2020, 4), 9, events=8)).days == stated
    assert reporting(*stated, months((2019, 4), 24)).days == stated
    assert whole.quarter_start == day_number(date(2021, 1, 1))
