"""The regulator's files, row by row: synthetic files, good and broken, and the real ratings of two councils."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careshape.errors import InputError
from careshape.market import read_file
from careshape.market.faults import LEFT_UNKNOWN, REFUSED, TOLD
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, RATED, WEEKLY, as_csv, as_ods, as_workbook

SHARED = Path(__file__).parents[3] / "shared" / "data" / "cqc"


def test_directory_is_read_below_its_notes_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    turned = dict(reversed(ACTIVE.items()))
    path = as_workbook(tmp_path / f"{JULY}.xlsx", "HSCA_Active_Locations", [turned], 27)
    found = read_file(path)
    assert (found.source, found.as_of, found.untested) == ("cqc-directory", date(2021, 7, 1), True)
    (row,) = found.rows
    assert (row["row"], row["beds"], row["care_home"], row["start"]) == (29, 40, True, date(2010, 10, 1))
    assert row["service_types"] == ("Care home service without nursing",)
    assert row["brand_id"] == ""
    assert "not read" not in row.values()
    assert "Registered manager" in found.unread
    assert found.faults == ()


def test_an_ods_of_two_sheets_reads_as_the_csv_does_with_its_dates_and_numbers(tmp_path: Path) -> None:
    typed = ACTIVE | {"Location HSCA start date": date(2010, 10, 1), "Care homes beds": 40, "Location Latitude": 52.19}
    linked = {"Location ID": "1-100", "Linked Organisation ID": "1-7", "Relationship": "HSCA Dual"}
    sheets = {"HSCA_Active_Locations": [typed], "Dual_Registration_Locations": [linked]}
    path = as_ods(tmp_path / f"{JULY}.ods", sheets)
    found, same = read_file(path), read_file(as_csv(tmp_path / f"{JULY}.csv", [ACTIVE]))
    assert found.rows == same.rows
    assert found.faults == ()


def test_a_file_of_two_sources_is_to_be_saved_as_two(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds cqc-directory and cqc-deactivated\. Save each sheet"):
        read_file(as_ods(tmp_path / "both.ods", {"Active": [ACTIVE], "Ended": [ENDED]}))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTIVE)), st.text(max_size=12)), max_size=6))
def test_whatever_cells_hold_no_row_is_lost_without_a_word(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    rows = [ACTIVE, *(ACTIVE | {"Location ID": f"1-{n}"} | {name: text} for n, (name, text) in enumerate(cells))]
    try:
        found = read_file(as_csv(tmp_path / f"{JULY}.csv", rows))
    except InputError:
        return  # such as a row that was cut in two
    told = {one.row for one in found.faults}
    kept = {row["location_id"] for row in found.rows}
    lost = [row for row in rows if row["Location ID"].strip() not in kept]
    assert len(lost) <= len(told)


def test_weekly_directory_says_its_day_in_its_preamble_and_parts_its_types(tmp_path: Path) -> None:
    lines = ["CQC Locations data", "", "This data was produced on 19 August 2026", ""]
    found = read_file(as_csv(tmp_path / "directory.csv", [WEEKLY], lines))
    assert (found.source, found.as_of, found.dated_by) == ("cqc-weekly", date(2026, 8, 19), "by the file's preamble")
    (row,) = found.rows
    assert row["service_types"] == ("Residential homes", "Nursing homes")
    assert (row["location_id"], row["row"]) == ("1-100", 6)


def test_ratings_and_ended_locations_are_dated_by_their_newest_day_where_nothing_else_tells(tmp_path: Path) -> None:
    ended = read_file(as_csv(tmp_path / "ended.csv", [ENDED]))
    assert (ended.source, ended.as_of) == ("cqc-deactivated", date(2021, 5, 31))
    assert ended.dated_by == "by its newest day: the file may be younger"
    rated = read_file(as_csv(tmp_path / "rated.csv", [RATED, RATED | {"Domain": "Safe"}]), date(2021, 1, 1))
    assert (rated.as_of, len(rated.rows)) == (date(2021, 1, 1), 2)


@pytest.mark.parametrize(
    ("column", "value", "outcome", "said"),
    [
        ("Care homes beds", "many", LEFT_UNKNOWN, "'many' is not a whole number. It is left unknown"),
        ("Care homes beds", "12.5", LEFT_UNKNOWN, "'12.5' is not a whole number"),
        ("Care homes beds", "-3", LEFT_UNKNOWN, "-3 is below 0, which it cannot be"),
        ("Publication Date", "31/02/2021", LEFT_UNKNOWN, "'31/02/2021' is not a day of the calendar"),
        ("Publication Date", "August", LEFT_UNKNOWN, "'August' is not a day such as 31/03/2021"),
        ("Publication Date", "02/08/2021", TOLD, "02/08/2021 lies after the day of the file, 01/07/2021"),
        ("Dormant (Y/N)", "", TOLD, "It is blank, which the published file never has"),
        ("Care home?", "perhaps", REFUSED, "'perhaps' is not Y, N or blank. The row is not counted"),
        ("Care home?", "", REFUSED, "It is blank, which the published file never has. The row is not counted"),
        ("Location ID", "", REFUSED, "It is blank"),
    ],
)
def test_a_cell_amiss_is_told_with_row_and_heading_and_costs_no_other_row(
    tmp_path: Path, column: str, value: str, outcome: str, said: str
) -> None:
    rows = [ACTIVE, ACTIVE | {"Location ID": "1-101"} | {column: value}, ACTIVE | {"Location ID": "1-102"}]
    found = read_file(as_csv(tmp_path / f"{JULY}.csv", rows))
    (fault,) = found.faults
    assert (fault.row, fault.column, fault.outcome) == (3, column, outcome)
    assert said in fault.message
    assert [row["row"] for row in found.rows] == ([2, 4] if outcome == REFUSED else [2, 3, 4])


def test_beds_of_nought_and_blank_differ(tmp_path: Path) -> None:
    rows = [ACTIVE | {"Care homes beds": "0"}, ACTIVE | {"Location ID": "1-2", "Care homes beds": ""}]
    assert [row["beds"] for row in read_file(as_csv(tmp_path / f"{JULY}.csv", rows)).rows] == [0, None]


def test_rows_are_numbered_as_an_editor_does_after_blank_and_broken_lines(tmp_path: Path) -> None:
    path = as_csv(
        tmp_path / f"{JULY}.csv", [ACTIVE | {"Location Name": "Synthetic\nhome"}, ACTIVE | {"Location ID": ""}]
    )
    path.write_text(path.read_text().replace("\n,", "\n\n,", 1))
    head, body = path.read_text().split("\n", 1)
    path.write_text(f"{head}\n\n{body}")
    (fault,) = read_file(path).faults
    assert path.read_text().splitlines()[fault.row - 1].startswith(",01/10/2010")


def test_a_row_twice_counts_once_and_two_that_differ_are_left_to_a_person(tmp_path: Path) -> None:
    same, apart = ACTIVE | {"Location ID": "1-2"}, ACTIVE | {"Location ID": "1-3"}
    rows = [same, same, apart, apart | {"Care homes beds": "41"}]
    found = read_file(as_csv(tmp_path / f"{JULY}.csv", rows))
    assert [row["location_id"] for row in found.rows] == ["1-2"]
    assert [(one.row, one.outcome) for one in found.faults] == [(3, TOLD), (4, REFUSED), (5, REFUSED)]
    assert "Care homes beds: '40' here, '41' there" in found.faults[1].message


def test_an_end_before_its_start_leaves_the_start_unknown(tmp_path: Path) -> None:
    row = ENDED | {"Location HSCA start date": "01/06/2021"}
    found = read_file(as_csv(tmp_path / f"{GONE}.csv", [row]))
    assert found.rows[0]["start"] is None
    assert "01/06/2021 lies after Location HSCA End Date, 31/05/2021" in found.faults[0].message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Care homes beds", "Care home bed numbers", r"Care homes beds \(perhaps 'Care home bed numbers'\)"),
        (
            "Location Postal Code",
            "Location Post Code",
            r"lacks the column 'Location Postal Code' \(perhaps it is 'Location ",
        ),
    ],
)
def test_a_heading_that_moved_on_is_named_with_the_one_that_comes_near(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    row = {(new if name == old else name): value for name, value in ACTIVE.items()}
    with pytest.raises(InputError, match=said):
        read_file(as_csv(tmp_path / f"{JULY}.csv", [row]))


def test_another_file_is_told_what_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not a file of a source .* cqc-directory, cqc-weekly"):
        read_file(as_csv(tmp_path / "other.csv", [{"a": 1, "b": 2}]))


@pytest.mark.data
def test_the_real_ratings_of_two_councils_are_read_whole() -> None:
    path = SHARED / "cqc_latest_ratings_worcs_thurrock.csv"
    if not path.is_file():
        pytest.skip("the folder shared is not beside the checkout")
    found = read_file(path)
    # Counts of the note beside the file: 178 homes of Worcestershire, by rating.
    assert (len(found.rows), found.faults, found.untested) == (349, (), False)
    homes = [row for row in found.of_authority("Worcestershire").rows if row["care_home"]]
    said = Counter(row["rating"] for row in homes)
    assert said == {"Good": 133, "Outstanding": 8, "Requires improvement": 35, "Inadequate": 2}
