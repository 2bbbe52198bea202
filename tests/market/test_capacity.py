"""Returns of capacity: read from CSV, workbook and JSON, checked with sentences to the provider; all made up."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careshape.errors import InputError
from careshape.market.capacity import read_return
from careshape.market.capacity.checks import Register, check
from careshape.market.capacity.fields import capacity
from careshape.market.faults import TOLD
from tests.market.synthetic import as_csv, as_workbook

ON = date(2021, 7, 5)
BEDS: dict[str, Any] = {
    "location_id": "1-100",
    "day": "01/07/2021",
    "bed_type": "General residential",
    "maximum": "40",
    "in_use": "30",
    "reserved": "2",
    "closed": "3",
    "closed_reason": "Staffing",
    "admittable": "5",
}
HOURS: dict[str, Any] = {
    "location_id": "1-200",
    "day": "2021-07-01",
    "zone": "Worcester zone",
    "time_band": "tea",
    "hours held": "120.5",
    "hours free": "10",
    "unit": "hours",
}
REGISTER = Register({"1-100": 45, "1-200": None}, {"1-9": date(2021, 6, 1)})


def sent(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    return as_csv(tmp_path / "return.csv", rows)


def test_beds_come_the_same_from_csv_workbook_and_json(tmp_path: Path) -> None:
    other = {"Maximum capacity": "40", "Occupied or used": "30", "(Vacant) reserved": "2"}
    tracker = {"CQC Location ID": "1-100", "As at": "01/07/2021", "Type of bed": "general  residential"} | other
    tracker |= {"(Vacant) accepting admissions": "5", "closed beds": "3", "reason closed": "staff shortage"}
    entry = {"location_id": "1-100", "day": "2021-07-01", "beds": [{**BEDS, "maximum": 40}]}
    del entry["beds"][0]["location_id"], entry["beds"][0]["day"]  # type: ignore[index]
    (tmp_path / "return.json").write_text(json.dumps([entry]))
    found = [
        read_return(sent(tmp_path, BEDS)),
        read_return(as_workbook(tmp_path / "return.xlsx", "Return", [tracker], 2)),
        read_return(tmp_path / "return.json"),
    ]
    for one in found:
        assert one.faults == ()
        (line,) = one.lines
        assert (line.location, line.day, line.part) == ("1-100", date(2021, 7, 1), ("general-residential",))
        assert line.figures == {"maximum": 40, "in_use": 30, "reserved": 2, "closed": 3, "admittable": 5}
        assert line.closed_reason == "staffing"


def test_hours_are_by_zone_and_part_of_the_day(tmp_path: Path) -> None:
    (line,) = read_return(sent(tmp_path, HOURS)).lines
    assert (line.kind, line.part) == ("hours", ("worcester-zone", "afternoon"))
    assert line.figures == {"held": Decimal("120.5"), "free": 10}


def test_staff_of_the_tracker_are_read(tmp_path: Path) -> None:
    row = {"location_id": "1-100", "day": "01/07/2021", "staff_group": "RNs", "directly employed": "6", "absent": "1"}
    (line,) = read_return(sent(tmp_path, row)).lines
    assert (line.part, line.figures) == (("registered-nurses",), {"employed": 6, "absent": 1})


def test_the_return_asks_what_the_tracker_asks_of_beds() -> None:
    asked = {one.tracker for one in capacity().of_kind("beds")}
    assert {"Maximum capacity", "Occupied or used", "(Vacant) reserved", "(Vacant) accepting admissions"} <= asked
    assert len([one for one in capacity().bed_type if one.tracker]) == 11


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (BEDS | {"location_id": ""}, "location_id", "The location is blank"),
        (BEDS | {"day": ""}, "day", "The day is blank"),
        (BEDS | {"day": "32/01/2021"}, "day", "'32/01/2021' is not a day of the calendar"),
        (BEDS | {"bed_type": "Demntia nursing"}, "bed_type", "Did you mean dementia-nursing?"),
        (BEDS | {"bed_type": ""}, "bed_type", "Say of which bed type the figures are"),
        (BEDS | {"maximum": ""}, "maximum", "It is blank: give the beds that can be used today, and 0 where"),
        (BEDS | {"in_use": "-1"}, "in_use", "-1 is below 0. There cannot be fewer than 0 beds"),
        (BEDS | {"in_use": "30.5"}, "in_use", "'30.5' is no whole number"),
        (BEDS | {"in_use": "thirty"}, "in_use", "'thirty' is no whole number"),
        (BEDS | {"maximum": "4000000"}, "maximum", "4000000 beds is more than any location has"),
        (
            BEDS | {"closed_reason": "moonlight"},
            "closed_reason",
            "'moonlight' is no closed reason. Choose from building",
        ),
        (HOURS | {"unit": "minutes"}, "unit", "The unit is 'minutes'. Give hours a week"),
        (HOURS | {"hours free": "1.005"}, "hours free", "at most two decimals"),
        (HOURS | {"zone": "Worcestr zone"}, "zone", "Did you mean worcester-zone?"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_a_sentence_and_the_others_are_read(
    tmp_path: Path, row: dict[str, Any], column: str, said: str
) -> None:
    good = BEDS if "bed_type" in row else HOURS
    found = read_return(sent(tmp_path, row, good))
    (fault,) = found.faults
    assert (fault.row, fault.column) == (2, column)
    assert said in fault.message
    assert [line.row for line in found.lines] == [3]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ({"in_use": "41"}, "in_use", "41 beds in use are more than the 40 that can be used"),
        ({"admittable": "6"}, "admittable", "30 in use, 2 reserved, 3 closed, 6 admittable make 41 beds of 40"),
        ({"closed_reason": ""}, "closed_reason", "3 beds are closed to admission without a reason"),
        ({"day": "06/07/2021"}, "day", "06/07/2021 has not come yet on 05/07/2021"),
        ({"day": "01/05/2021"}, "day", "65 days ago. Figures older than 42 days are not counted"),
        ({"location_id": "1-999"}, "location_id", "The register has no active location 1-999"),
        ({"location_id": "1-9"}, "location_id", "The registration of 1-9 ended on 01/06/2021"),
        ({"maximum": "46"}, "maximum", "46 beds over all types are more than the 45 for which 1-100 is registered"),
        ({"registered": "39"}, "maximum", "40 beds that can be used are more than the 39 registered"),
    ],
)
def test_a_line_that_contradicts_itself_or_the_register_is_refused(
    tmp_path: Path, row: dict[str, str], column: str, said: str
) -> None:
    found = check(read_return(sent(tmp_path, BEDS | row)), ON, REGISTER)
    (fault,) = found.faults
    assert found.lines == ()
    assert (fault.row, fault.column) == (2, column)
    assert said in fault.message


def test_beds_above_the_register_are_counted_over_all_types(tmp_path: Path) -> None:
    given = read_return(sent(tmp_path, BEDS, BEDS | {"bed_type": "transitional", "maximum": "6", "in_use": "0"} | NONE))
    found = check(given, ON, REGISTER)
    assert (found.lines, [one.row for one in found.faults]) == ((), [2, 3])
    assert len(check(given, ON).lines) == 2  # without the register nobody knows


NONE = {"reserved": "0", "closed": "0", "closed_reason": "", "admittable": "0"}


def test_a_line_twice_counts_once_and_two_that_differ_not_at_all(tmp_path: Path) -> None:
    found = check(read_return(sent(tmp_path, BEDS, BEDS)), ON)
    assert [(one.row, one.outcome) for one in found.faults] == [(3, TOLD)]
    assert len(found.lines) == 1
    found = check(read_return(sent(tmp_path, BEDS, BEDS, BEDS | {"in_use": "29"})), ON)
    assert [one.row for one in found.faults] == [2, 3, 4]
    assert found.lines == ()


def test_odd_but_possible_is_told_and_counted(tmp_path: Path) -> None:
    found = check(read_return(sent(tmp_path, BEDS | {"commissioned": "41"})), ON, REGISTER)
    assert [(one.column, one.outcome) for one in found.faults] == [("commissioned", TOLD)]
    assert len(found.lines) == 1


def test_headings_that_moved_are_named(tmp_path: Path) -> None:
    renamed = {("max beds in home" if name == "maximum" else name): value for name, value in BEDS.items()}
    with pytest.raises(InputError, match="return of beds without the column maximum"):
        read_return(sent(tmp_path, renamed))
    with pytest.raises(InputError, match=r"It has 'bed typ' \(perhaps bed_type\)"):
        read_return(sent(tmp_path, {("bed typ" if name == "bed_type" else name): one for name, one in BEDS.items()}))
    with pytest.raises(InputError, match="gives in_use twice, as 'in_use' and 'occupied'"):
        read_return(sent(tmp_path, BEDS | {"occupied": "3"}))
    found = read_return(sent(tmp_path, BEDS | {"comissioned": "4"}))
    assert found.faults[0].message == "The column 'comissioned' was not read. Did you mean commissioned?"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(BEDS)), st.text(max_size=12)), max_size=6))
def test_whatever_a_return_says_each_row_is_counted_or_answered(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    rows = [BEDS | {"bed_type": kind} | {name: text} for (name, text), kind in zip(cells, KINDS, strict=False)]
    try:
        found = check(read_return(sent(tmp_path, BEDS, *rows)), ON, REGISTER)
    except InputError:
        return
    assert len(found.lines) + len({one.row for one in found.faults if one.outcome != TOLD}) == len(rows) + 1 - len(
        [one for one in found.faults if "is counted once" in one.message]
    )


KINDS = [one.id for one in capacity().bed_type[2:]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "is no JSON"),
        ('{"location_id": "1-100"}', "give location_id, day, and a list of beds"),
        ('{"location_id": "1-100", "day": "2021-07-01", "beds": 4, "hours": []}', "'beds' is no list"),
        ('{"location_id": "1-100", "day": "2021-07-01", "beds": [7]}', "It is blank"),
        (
            '[{"location_id": "1-100", "day": "2021-07-01", "staff": [{"staff_group": "RN", "employed": true}]}]',
            "'true' is",
        ),
    ],
)
def test_json_amiss_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "return.json"
    path.write_text(text)
    try:
        messages = [one.message for one in read_return(path).faults]
    except InputError as fault:
        messages = [str(fault)]
    assert any(said in one for one in messages), messages
