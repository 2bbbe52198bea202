"""The regulator's files: laid out from the published list of columns, with made-up locations."""

from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest

from careshape.errors import InputError
from careshape.home import Home
from careshape.records.official import add_file, statistic

DIRECTORY = {
    "Location ID": "1-100",
    "Location HSCA start date": "01/10/2010",
    "Dormant (Y/N)": "N",
    "Care home?": "Y",
    "Location Name": "Synthetic home 1",
    "Location ODS Code": "",
    "Registered manager": "not read",
    "Care homes beds": "40",
    "Location Type/Sector": "Social Care Org",
    "Location Inspection Directorate": "Adult social care",
    "Location Primary Inspection Category": "Residential social care",
    "Location Latest Overall Rating": "Good",
    "Publication Date": "20/08/2025",
    "Inherited Rating (Y/N)": "N",
    "Location Region": "West Midlands",
    "Location Local Authority": "Worcestershire",
    "Location Postal Code": "WR1 1AA",
    "Location Latitude": "52.1",
    "Location Longitude": "-2.2",
    "Brand ID": "-",
    "Brand Name": "-",
    "Provider ID": "1-200",
    "Provider Name": "Synthetic provider 1",
    "Provider Type/Sector": "Social Care Org",
    "Provider Ownership Type": "Organisation",
    "Provider Nominated Individual Name": "not read",
    "Regulated activity - Personal care": "",
    "Service type - Care home service with nursing": "Y",
    "Service type - Care home service without nursing": "Y",
    "Service type - Shared Lives": "",
    "Service user band - Dementia": "Y",
    "Service user band - Older People": "Y",
    "Location Dual Registered": "",
    "Primary ID (Dual registration locations)": "",
}


def workbook(path, sheet, rows, preamble=0):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for number in range(preamble):
        page.append([f"Note {number}", ""])
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(path)
    return path


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "data")


def test_directory_joins_flags_and_reads_no_names_of_people(home, tmp_path):
    path = workbook(tmp_path / "01_July_2026_HSCA_Active_Locations.xlsx", "HSCA_Active_Locations", [DIRECTORY], 27)
    (added,) = add_file(home, path)
    assert (added.manifest.source, added.manifest.edition) == ("cqc-directory", "2026-07")
    assert added.manifest.files[0].untested
    (row,) = statistic(home, "cqc-directory").rows()
    assert (row["beds"], row["care_home"], row["dormant"]) == (40, True, False)
    assert row["start"] == date(2010, 10, 1)
    assert row["service_types"] == "Care home service with nursing; Care home service without nursing"
    assert row["user_bands"] == "Dementia; Older People"
    assert row["regulated_activities"] == ""
    assert "not read" not in row.values()


def test_directory_beds_of_nought_and_blank_differ(home, tmp_path):
    beds = {"1-1": "0", "1-2": ""}
    rows = [DIRECTORY | {"Location ID": one, "Care homes beds": number} for one, number in beds.items()]
    add_file(home, workbook(tmp_path / "2026-07-01.xlsx", "HSCA_Active_Locations", rows))
    assert [row["beds"] for row in statistic(home, "cqc-directory").rows()] == [0, None]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("Care homes beds", "many", r"'many' stands in the column beds of cqc-directory. It must be a number"),
        ("Dormant (Y/N)", "maybe", r"'maybe' stands in the column dormant .* It must be Y, N or blank"),
        ("Publication Date", "31/02/2025", r"'31/02/2025' stands in the column published .* a day such as 31/03/2021"),
    ],
)
def test_directory_with_a_value_amiss_is_refused(home, tmp_path, column, value, message):
    path = workbook(tmp_path / "2026-07-01.xlsx", "HSCA_Active_Locations", [DIRECTORY | {column: value}])
    with pytest.raises(InputError, match=message):
        add_file(home, path)


def test_directory_whose_header_has_drifted_names_the_lost_column(home, tmp_path):
    row = {("Beds" if name == "Care homes beds" else name): value for name, value in DIRECTORY.items()}
    with pytest.raises(InputError, match=r"nearest to cqc-directory .* lacks the columns Care homes beds"):
        add_file(home, workbook(tmp_path / "2026-07-01.xlsx", "HSCA_Active_Locations", [row]))


def test_ended_locations_keep_their_beds_and_the_day(home, tmp_path):
    row = {
        "Location ID": "1-300",
        "Location Name": "Synthetic home 3",
        "Location Status": "Inactive-Dereg",
        "Location HSCA start date": "01/10/2010",
        "Location HSCA End Date": "31/05/2026",
        "Care home?": "Y",
        "Care homes beds at point location de-activated": "22",
        "Location Type/Sector": "Social Care Org",
        "Location Primary Inspection Category": "Residential social care",
        "Location Inspection Directorate": "Adult social care",
        "Location Region": "West Midlands",
        "Location Local Authority": "Worcestershire",
        "Location Latitude": "52",
        "Location Longitude": "-2",
        "Location Postal Code": "WR1 1AA",
        "Location Latest Overall Rating": "Good",
        "Brand ID": "-",
    }
    (added,) = add_file(home, workbook(tmp_path / "deactivated.xlsx", "Deactivated_Locations", [row]))
    assert (added.manifest.source, added.manifest.edition) == ("cqc-deactivated", "2026-05")
    (kept,) = statistic(home, "cqc-deactivated").rows()
    assert (kept["beds"], kept["end"]) == (22, date(2026, 5, 31))


RATING = {
    "Location ID": "1-100",
    "Location Name": "Synthetic home 1",
    "Care Home?": "Y",
    "Location Type": "Social Care Org",
    "Location Primary Inspection Category": "Residential social care",
    "Location Post Code": "WR1 1AA",
    "Location Local Authority": "Worcestershire",
    "Location Region": "West Midlands",
    "Service / Population Group": "Overall",
    "Domain": "Overall",
    "Latest Rating": "Good",
    "Publication Date": "20/08/2019",
    "Report Type": "Location",
    "Inherited Rating (Y/N)": "N",
    "URL": "",
    "Provider ID": "1-200",
    "Provider Name": "Synthetic provider 1",
    "Brand ID": "-",
    "Brand Name": "-",
}
DOTTED = {
    "Care Home?": "Care.Home.",
    "Service / Population Group": "Service...Population.Group",
    "Inherited Rating (Y/N)": "Inherited.Rating..Y.N.",
}


def test_ratings_read_the_same_under_both_spellings_of_their_columns(home, tmp_path):
    dotted = {DOTTED.get(name, name.replace(" ", ".")): value for name, value in RATING.items()}
    read = []
    for folder, row in (("published", RATING), ("prepared", dotted | {"long": "-2.2", "lat": "52.1"})):
        path = tmp_path / f"{folder}.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            writer.writerow(row)
        add_file(Home(tmp_path / folder), path)
        read += statistic(Home(tmp_path / folder), "cqc-ratings", "2019-08").rows()
    assert read[0] | {"longitude": -2.2, "latitude": 52.1} == read[1]
    assert read[0]["longitude"] is None
    assert read[0]["published"] == date(2019, 8, 20)
