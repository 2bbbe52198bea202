"""The rules of checking: each one met by a row, and every row accounted for."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.errors import CatalogueError
from careshape.ledger import Ledger, rules
from careshape.ledger.imports import import_file
from careshape.ledger.report import OUTCOMES
from tests.ledger.writing import delivery, event, package

KNOWN_ON = date(2021, 6, 1)


def met(ledger: Ledger, path, reader: str | None = None) -> dict[str, tuple[str, str]]:
    """Rule -> outcome and column of its first finding."""
    report = import_file(ledger, path, reader, recorded_at=KNOWN_ON)
    assert sum(report.counts.values()) == report.rows
    return {finding.rule: (finding.outcome, finding.column) for finding in reversed(report.findings)}


PACKAGE_RULES = [
    ("value-unreadable", {"service": "Nursng care"}, ("refuse", "service")),
    ("value-unreadable", {"district": "Wychavn"}, ("repair", "district")),
    ("value-unreadable", {"weekly_cost": "a lot"}, ("refuse", "weekly_cost")),
    ("value-unreadable", {"weekly_cost": "10000000.00"}, ("refuse", "weekly_cost")),
    ("value-unreadable", {"postcode": "12345"}, ("repair", "postcode")),
    ("value-missing", {"start_date": ""}, ("refuse", "start_date")),
    ("value-missing", {"service": " "}, ("refuse", "service")),
    ("end-before-start", {"end_date": "2020-04-30"}, ("refuse", "end_date")),
    ("end-far-off", {"end_date": "2999-12-31"}, ("repair", "end_date")),
    ("date-serial", {"start_date": "44286"}, ("refuse", "start_date")),
    ("date-serial", {"birth_date": "14737"}, ("repair", "birth_date")),
    ("date-month-first", {"end_date": "05/13/2021"}, ("refuse", "end_date")),
    ("date-month-first", {"birth_date": "05/13/1940"}, ("repair", "birth_date")),
    ("date-no-such-day", {"start_date": "31/02/2020"}, ("refuse", "start_date")),
    ("date-short-year", {"start_date": "01-May-20"}, ("refuse", "start_date")),
    ("amount-as-time", {"units_per_week": "10:30"}, ("refuse", "units_per_week")),
    ("person-nobody", {"person_id": "N/A"}, ("repair", "person_id")),
    ("line-nothing", {"line_reference": "Total"}, ("refuse", "line_reference")),
    ("amount-in-brackets", {"weekly_cost": "(£1,234.50)"}, ("refuse", "weekly_cost")),
    ("amount-with-comma", {"weekly_cost": "1.234,50"}, ("refuse", "weekly_cost")),
    ("amount-with-comma", {"units_per_week": "12,50"}, ("refuse", "units_per_week")),
    ("amount-percent", {"units_per_week": "50%"}, ("refuse", "units_per_week")),
    ("formula-error", {"weekly_cost": "#N/A"}, ("refuse", "weekly_cost")),
    ("value-for-nothing", {"end_date": "N/A"}, ("refuse", "end_date")),
    ("value-for-nothing", {"district": "n/a"}, ("repair", "district")),
    ("value-for-nothing", {"postcode": "unknown"}, ("repair", "postcode")),
    ("start-long-ago", {"start_date": "01/01/1900", "birth_date": ""}, ("note", "start_date")),
    ("cost-apart", {"weekly_cost": "710.00"}, ("note", "weekly_cost")),
    ("start-far-ahead", {"start_date": "2022-07-01"}, ("refuse", "start_date")),
    ("birth-impossible", {"birth_date": "2040-05-06"}, ("repair", "birth_date")),
    ("birth-impossible", {"birth_date": "1890-05-06"}, ("repair", "birth_date")),
    ("cost-negative", {"weekly_cost": "-700.00"}, ("repair", "weekly_cost")),
    ("units-negative", {"units_per_week": "-1"}, ("repair", "units_per_week")),
    ("cost-twice", {"one_off_cost": "85.20"}, ("note", "one_off_cost")),
]


@pytest.mark.parametrize(("rule", "changes", "finding"), PACKAGE_RULES)
def test_package_rule_is_met_by_its_row_alone(ledger: Ledger, write, rule, changes, finding) -> None:
    assert met(ledger, write("p.csv", [package("L-1", **changes), package("L-2")])) == {rule: finding}


CLD_RULES = [
    ("other-council", {"LA_Code": "E06000034"}, ("refuse", "LA_Code")),
    ("start-after-period", {"Event_Start_Date": "2021-04-02"}, ("refuse", "Event_Start_Date")),
    (
        "end-before-period",
        {"Event_Start_Date": "2019-05-01", "Event_End_Date": "2020-03-01", "Unit_Cost": ""},
        ("note", "Event_End_Date"),
    ),
    ("value-missing", {"LA_Person_Unique_Identifier": ""}, ("refuse", "LA_Person_Unique_Identifier")),
    ("value-unreadable", {"Event_Type": "Other"}, ("refuse", "Event_Type")),
    ("value-unreadable", {"Service_Component": "Long-term nursing hom"}, ("refuse", "Service_Component")),
    ("value-unreadable", {"Gender": "Femal"}, ("repair", "Gender")),
    ("cost-negative", {"Unit_Cost": "-700.00"}, ("repair", "Unit_Cost")),
    ("units-negative", {"Planned_Units_Per_Week": "-1"}, ("repair", "Planned_Units_Per_Week")),
    ("frequency-missing", {"Cost_Frequency_Unit_Type": ""}, ("note", "Cost_Frequency_Unit_Type")),
    (
        "units-missing",
        {"Cost_Frequency_Unit_Type": "Hourly", "Planned_Units_Per_Week": ""},
        ("note", "Planned_Units_Per_Week"),
    ),
    ("cost-not-trusted", {"Event_End_Date": "2020-12-31"}, ("note", "Unit_Cost")),
    (
        "equipment-never-closed",
        {
            "Service_Type": "Short term support: Ongoing low level",
            "Service_Component": "Equipment",
            "Event_Start_Date": "2019-05-01",
            "Unit_Cost": "",
        },
        ("repair", "Event_End_Date"),
    ),
]


@pytest.mark.parametrize(("rule", "changes", "finding"), CLD_RULES)
def test_national_rule_is_met_by_its_row_alone(ledger: Ledger, write, rule, changes, finding) -> None:
    assert met(ledger, write("c.csv", [event("E-1", **changes), event("E-2")])) == {rule: finding}


DELIVERY_RULES = [
    ("delivery-ahead", {"period_start": "2021-06-07", "period_end": "2021-06-13"}, ("refuse", "period_end")),
    ("delivered-negative", {"delivered_units": "-1"}, ("refuse", "delivered_units")),
    ("line-unknown", {"line_reference": "L-9"}, ("refuse", "line_reference")),
    ("value-missing", {"unit": ""}, ("refuse", "unit")),
]


@pytest.mark.parametrize(("rule", "changes", "finding"), DELIVERY_RULES)
def test_delivery_rule_is_met_by_its_row_alone(ledger: Ledger, write, rule, changes, finding) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]), recorded_at=KNOWN_ON)
    assert met(ledger, write("d.csv", [delivery("L-1") | changes, delivery("L-2")])) == {rule: finding}


def test_every_rule_is_shown_by_a_test() -> None:
    shown = {rule for rule, *_ in [*PACKAGE_RULES, *CLD_RULES, *DELIVERY_RULES]}
    elsewhere = {"row-shape", "line-repeated", "line-contradicted", "reference-shared", "year-restart", "double-up"}
    elsewhere |= {"date-either-way", "birth-either-way", "withdrawn-unknown", "row-blank"}
    assert set(rules.rules()) == shown | elsewhere


@pytest.mark.parametrize(
    ("units", "price", "weekly", "noted"),
    [
        ("10.5", "21.00", "220.50", False),
        ("10.5", "21.00", "220.61", False),  # 11 pence for ten and a half units
        ("10.5", "21.00", "220.76", True),  # 26 pence: more than 10.5 for the units and half of 21 hundredths
        ("0.23", "1000.00", "230.77", False),  # a month is 12/52 of a week, and 0.23 is as near as it is kept
        ("0.23", "1000.00", "250.00", True),
        ("-1", "700.00", "-700.00", False),  # signs are put right by rules of their own
        ("", "700.00", "900.00", False),
        ("0", "700.00", "900.00", False),  # nought units say nothing
    ],
)
def test_weekly_cost_is_compared_with_units_and_price(ledger: Ledger, write, units, price, weekly, noted) -> None:
    row = package("L-1", units_per_week=units, unit_price=price, weekly_cost=weekly)
    report = import_file(ledger, write("p.csv", [row]))
    assert ("cost-apart" in report.by_rule) == noted
    assert report.refused == 0


def test_every_row_has_exactly_one_outcome(ledger: Ledger, write) -> None:
    rows = [
        event("E-1"),
        event("E-2", Unit_Cost="-700.00"),
        event("E-3", Event_Start_Date=""),
        event("E-4", Event_Type="Review"),
        event("E-5", Event_Type="Request", Service_Type="", Service_Component="", Event_Start_Date="nonsense"),
        event("", Event_Type="", Client_Type="Unpaid carer known by association"),
        event("E-1"),
    ]
    report = import_file(ledger, write("c.csv", rows))
    assert report.counts == {"accepted": 1, "repaired": 2, "refused": 1, "unchanged": 0, "not_line_items": 3}
    assert tuple(report.counts) == OUTCOMES
    assert sum(report.counts.values()) == report.rows == 7


def test_blank_rows_are_passed_over_and_told(ledger: Ledger, write) -> None:
    blank = dict.fromkeys(package("L-1"), "")
    rows = [package("L-1"), blank, blank | {"district": " "}, blank | {"weekly_cost": "700.00"}]
    report = import_file(ledger, write("p.csv", rows))
    assert (report.accepted, report.not_line_items, report.refused) == (1, 2, 1)
    assert report.by_rule == {"row-blank": 2, "value-missing": 3}
    events = [event("E-1"), dict.fromkeys(event("E-1"), "")]
    assert import_file(ledger, write("c.csv", events)).by_rule == {"row-blank": 1}


def test_person_that_stands_for_nobody_is_nobody(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1", person_id="unknown"), package("L-2", person_id="NULL")]))
    assert [row["person"] for row in standing(ledger)] == [0, 0]


def test_unknown_value_names_near_matches_and_where_the_names_are_listed(ledger: Ledger, write) -> None:
    rows = [package("L-1", district="Wyre Forrest"), package("L-2", service="xyzzy")]
    near, far = import_file(ledger, write("p.csv", rows)).findings
    assert near.remedy == "Did you mean 'Wyre Forest'? `careshape catalogue district` lists the names."
    assert far.remedy == "`careshape catalogue service` lists the names; write one of them."


def test_day_number_of_a_spreadsheet_is_told_with_its_day_but_for_dates_of_birth(ledger: Ledger, write) -> None:
    rows = [package("L-1", start_date="44286"), package("L-2", birth_date="14737")]
    start, birth = import_file(ledger, write("p.csv", rows)).findings
    assert "(31 March 2021)" in start.message
    assert (birth.value, birth.outcome) == ("(hidden)", "repair")
    assert "1940" not in birth.message + birth.remedy


def test_comma_is_never_taken_for_nothing(ledger: Ledger, write, standing) -> None:
    said = {"1,234.50": 123_450, "£1,234,567.5": 123_456_750, "-£5": 500, "£ 7": 700}
    refused = ["12,50", "1.234,50", "1,23", "12,345,6", "1,2345"]
    rows = [package(f"L-{n}", weekly_cost=one, unit_price="") for n, one in enumerate([*said, *refused])]
    report = import_file(ledger, write("p.csv", rows))
    assert report.refused == len(refused)
    assert sorted(row["weekly_cost"] for row in standing(ledger)) == sorted(said.values())


def test_other_council_is_told_by_its_code(ledger: Ledger, write) -> None:
    report = import_file(ledger, write("c.csv", [event("E-1", LA_Code="E06000034")]))
    assert "(E06000034)" in report.findings[0].message


def test_near_matches_are_named(ledger: Ledger, write) -> None:
    report = import_file(ledger, write("p.csv", [package("L-1", district="Malvern Hill")]))
    assert "'Malvern Hills'" in report.findings[0].remedy


def test_repeated_row_counts_once_and_contradicting_rows_are_refused(ledger: Ledger, write, standing) -> None:
    rows = [package("L-1"), package("L-1"), package("L-2"), package("L-2", weekly_cost="701.00"), package("L-3")]
    report = import_file(ledger, write("p.csv", rows))
    assert report.counts == {"accepted": 2, "repaired": 1, "refused": 2, "unchanged": 0, "not_line_items": 0}
    assert [(one.line, one.rule) for one in report.findings] == [
        (3, "line-repeated"),
        (4, "line-contradicted"),
        (5, "line-contradicted"),
    ]
    assert len(standing(ledger)) == 2


def test_contradicting_rows_name_another_that_says_something_else(ledger: Ledger, write) -> None:
    rows = [package("L-1"), package("L-1"), package("L-1", weekly_cost="701.00"), package("L-1", weekly_cost="702.00")]
    report = import_file(ledger, write("p.csv", rows))
    assert report.refused == 4
    assert [(one.line, one.message.split(" of ")[1].split(" and ")[0]) for one in report.findings] == [
        (2, "line 4"),
        (3, "line 4"),
        (4, "line 2"),
        (5, "line 2"),
    ]


def test_rules_file_fault_names_rule_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.tomllib, "loads", lambda text: {"rule": [{"id": "x", "kind": "row", "outcome": "burn"}]})
    rules.rules.cache_clear()
    try:
        with pytest.raises(CatalogueError, match=r"rules\.toml: entry 'x', field 'outcome' has value 'burn'"):
            rules.rules()
    finally:
        rules.rules.cache_clear()
