"""The pages of what there is, and of housing with support and care homes."""

from __future__ import annotations

import csv
import io

import pytest

from careshape.evaluate.gap.supply import ALL
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.records.official import add_file
from careshape.statement.council import open_council
from careshape.statement.outlook.reports import KINDS, report
from careshape.statement.outlook.tables import payers_table
from careshape.statement.outlook.work_out import look_ahead
from tests.evaluate.gap.registers import AGENCY, KIDDERMINSTER, NURSING, directory, ended
from tests.statement.outlook.conftest import make_council

OWN = (
    "service,client_group,kind,quantity,as_of,source\n"
    "residential-and-nursing,older-people,contracted,150,2021-03-31,Contract register\n"
)


@pytest.fixture(scope="module")
def registered(tmp_path_factory):
    """A council with a register of four places, and 150 places under contract by its own file."""
    data = make_council(tmp_path_factory.mktemp("registered"))
    add_file(Home(data), directory(data, {}, NURSING | KIDDERMINSTER, AGENCY, {"Care homes beds": ""}))
    add_file(Home(data), ended(data, {}))
    folder = data / "councils" / "worcestershire" / "supply"
    folder.mkdir()
    (folder / "homes.csv").write_text(OWN, "utf-8")
    look_ahead(open_council(data, "worcestershire"))
    return data


@pytest.fixture
def shown(registered, monkeypatch):
    """A client of the site over that council."""
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "CARESHAPE_DIR", registered)
    return Client(SERVER_NAME="localhost")


def _text(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode("utf-8")


def _rows(client, path):
    return list(csv.DictReader(io.StringIO(_text(client, path))))


def test_supply_page_without_a_register_says_what_to_load(client, council):
    found = report(council, "supply")
    assert "No file of the regulator is kept" in found.section("register").said[0]
    assert found.section("differences") is None
    # What the printed statement says is there, and nothing of it is called the council's records.
    assert {row["records"] for row in _rows(client, "/worcestershire/supply/sources.csv")} == {"published"}


def test_supply_page_of_a_council_without_any_figure_says_so(tmp_path):
    Ledger.create(tmp_path / "councils" / "elsewhere", "thurrock", demonstration=True)
    said = KINDS["supply"].make(open_council(tmp_path, "elsewhere")).section("sources").said
    assert "Nothing is known of what there is" in said[0]


def test_supply_page_lists_every_source_and_which_counts(shown, registered):
    council = open_council(registered, "worcestershire")
    table = report(council, "supply").section("sources").table
    rows = [[*row.heads, *(cell.text for cell in row.cells)] for row in table.rows]
    care_homes = [row for row in rows if row[0] == "Residential and nursing care"]
    assert [(row[1], row[5], row[8]) for row in care_homes] == [
        ("All of it", "150", "Yes"),
        ("Care home with nursing", "40", "No: the council's own file counts"),
        ("Care home without nursing", "40", "No: the council's own file counts"),
    ]
    (differs,) = report(council, "supply").section("differences").table.rows
    assert [cell.text for cell in differs.cells][3] == "150"
    assert [cell.text for cell in differs.cells][6] == "80"


def test_register_is_sorted_and_filtered_without_script(shown):
    path = "/worcestershire/supply/?table=register&area=Wyre+Forest"
    text = _text(shown, path)
    assert "Showing 1 of 6." in text
    # The other tables of the page are left as they are.
    assert "Showing 1 of 1." in text
    assert 'href="?area=Wyre+Forest&amp;sort=4&amp;table=register#register"' in text
    assert "/supply/register.csv?area=Wyre+Forest" in text
    (row,) = _rows(shown, "/worcestershire/supply/register.csv?area=Wyre+Forest")
    assert (row["type"], row["beds"], row["good"], row["records"]) == ("care-home-with-nursing", "40", "1", "published")
    assert len(_rows(shown, "/worcestershire/supply/register.csv")) == 6


def test_supply_page_has_registrations_that_ended(shown):
    (row,) = _rows(shown, "/worcestershire/supply/ended.csv")
    assert (row["year"], row["homes"], row["beds"]) == ("2025", "1", "22")
    assert "an end is not always a closure" in _text(shown, "/worcestershire/supply/")


def test_register_page_says_what_it_cannot_say_and_names_nobody(shown):
    text = _text(shown, "/worcestershire/supply/")
    assert "Registered beds are not beds in use" in text
    assert "Years since rated" in text
    assert "Synthetic provider 1" not in text
    assert "Synthetic home 1" not in text


def test_segment_page_shows_both_figures_and_who_pays(shown, registered):
    text = _text(shown, "/worcestershire/outlook/care-homes-older-people/")
    assert "Contract register, as of 31 March 2021: 150 places." in text
    assert "By the regulator&#39;s register there are 80 places" in text
    assert ". Registered beds are not beds that the council can buy. <a" in text
    assert 'href="/worcestershire/housing/"' in text
    plain = _text(shown, "/worcestershire/outlook/home-care/")
    assert "Registered beds" not in plain
    assert "taken as what everybody bought in the area on the last day of the council&#39;s records. <a" in plain
    outlook = open_council(registered, "worcestershire").outlook
    gap = outlook.gaps_of("care-homes-older-people", "older-people", ALL)[0]
    rows = {row.heads[0]: [cell.text for cell in row.cells] for row in payers_table(gap).rows}
    assert rows["Bought by the council"][0] == f"{round(gap.demand.mean):,}"
    assert rows["Bought by the council"][2] == "Forecast from the council's records up to June 2021"
    part = gap.outside.parts["self-funded"]
    assert rows["Paid for by people themselves"][0] == f"{round(part.mean):,}"
    limits = part.limits()
    assert rows["Paid for by people themselves"][1] == f"{round(limits['lower_80']):,} to {round(limits['upper_80']):,}"


def test_reached_page_says_who_pays(shown):
    text = _text(shown, "/worcestershire/outlook/home-care/all/wychavon/")
    assert "Paid for by people themselves" in text
    assert "The NHS and other councils, together" in text


def test_segment_without_known_shares_has_no_table_of_payers(shown, registered):
    outlook = open_council(registered, "worcestershire").outlook
    assert payers_table(outlook.gaps_of("direct-payments")[0]) is None
    assert "Who pays" not in _text(shown, "/worcestershire/outlook/direct-payments/")


def test_housing_page_goes_from_people_to_places(client, council):
    found = report(council, "housing")
    assert found.section("accommodation").said[0].startswith("226 people come, and 126 places are to be commissioned")
    rows = _rows(client, "/worcestershire/housing/accommodation.csv")
    assert all(row["places"] == row["published"] for row in rows)
    assert all(int(row["people"]) - int(row["netted"]) == int(row["places"]) for row in rows)


def test_housing_page_has_extra_care_by_tenure_and_district(client, council):
    found = report(council, "housing")
    said = found.section("extra-care").said[0]
    assert said.startswith("4,703 units are lacking by 2026: 3,450 for sale or shared ownership and 1,253 for rent.")
    rows = _rows(client, "/worcestershire/housing/extra-care-districts.csv")
    assert len(rows) == 12
    assert found.section("extra-care-districts").chart is not None
    text = _text(client, "/worcestershire/housing/?table=extra-care-districts&tenure=For+rent&sort=6&order=down")
    assert "Showing 6 of 12." in text
    assert text.index("Wychavon</th>") < text.index("Redditch</th>")
    assert len(_rows(client, "/worcestershire/housing/extra-care-districts.csv?tenure=For+rent")) == 6


def test_housing_page_says_what_the_records_lead_to_where_nothing_is_printed(council):
    said = report(council, "housing").section("care-homes").said
    assert said[0].startswith("No printed counts of placements are known.")
    assert said[1].startswith("By the council's own records, by June ")


def test_housing_page_of_thurrock_gives_care_homes_a_range(client, made):
    found = report(open_council(made, "thurrock"), "housing")
    assert found.section("care-homes").said[0].startswith("From 201 to 303 placements by 2026.")
    assert found.section("care-homes-range").chart is not None
    rows = _rows(client, "/thurrock/housing/care-homes.csv")
    assert rows[-1]["year"] == "2026"
    assert "No ratio of units" in found.section("extra-care").said[0]
    assert "Nobody is known to come" in found.section("accommodation").said[0]


def test_housing_page_with_a_faulty_file_says_where(tmp_path):
    data = make_council(tmp_path)
    (data / "councils" / "worcestershire" / "housing.toml").write_text("[extra_care]\nyear = 2030\n", "utf-8")
    assert "housing.toml" in KINDS["housing"].make(open_council(data, "worcestershire")).problem
