"""The data of an edition: in the open form, without a fault, and of what the gate let through only."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from careshape.editions.folders import MANIFEST, PAGES, digest, edition_path
from careshape.editions.inputs import opened
from careshape.editions.reuse.statement import _contact
from careshape.evaluate.measure import measure
from careshape.exchange.validate import validate, validate_files
from careshape.home import Home
from careshape.statement.contact import Contact
from careshape.statement.content import Statement
from careshape.statement.licence import NOT_SET
from tests.commands import commands_below


@pytest.fixture(scope="module")
def edition(prepared: Path) -> Path:
    return edition_path(Home(prepared), "worcestershire", 1)


@pytest.fixture(scope="module")
def data(edition: Path) -> Path:
    return edition / PAGES / "data"


@pytest.fixture(scope="module")
def statement(data: Path) -> dict:
    return json.loads((data / "statement.json").read_text("utf-8"))


def test_data_pass_the_validator_in_every_form(data):
    for one in (data, data / "statement.json", data / "statement.zip"):
        found = validate(one)
        assert found.valid, [str(fault) for fault in found.faults]
    sheets = {file.relative_to(data).as_posix(): file.read_bytes() for file in data.rglob("*.csv")}
    found = validate_files("sheets", sheets, folder=True)
    assert found.kind == "sheets"
    assert found.valid, [str(fault) for fault in found.faults]


def test_section_is_a_statement_in_the_open_form_that_says_what_the_whole_says(edition, statement):
    files = sorted((edition / PAGES / "statement").glob("*.json"))
    assert [one.stem for one in files] == sorted(one["id"] for one in statement["segments"])
    figures = {one["id"]: one for one in statement["figures"]}
    for file in files:
        assert validate(file).valid, [str(fault) for fault in validate(file).faults]
        alone = json.loads(file.read_text("utf-8"))
        assert [one["id"] for one in alone["segments"]] == [file.stem]
        assert alone["slots"] == [one for one in statement["slots"] if one["segment"] == file.stem]
        for one in alone["figures"]:
            assert {**figures[one["id"]], "segment": "", "slot": ""} == {**one, "segment": "", "slot": ""}
    assert any(json.loads(file.read_text("utf-8"))["figures"] for file in files)


def test_every_file_is_in_the_manifest(edition, data):
    pages = json.loads((edition / MANIFEST).read_text("utf-8"))["pages"]
    names = {file.relative_to(edition / PAGES).as_posix(): file for file in data.rglob("*") if file.is_file()}
    assert names
    assert {name: digest(file.read_bytes()) for name, file in names.items()} == {
        name: one for name, one in pages.items() if name.startswith("data/")
    }


def test_suppressed_figure_says_so_with_its_reason_and_is_never_0_or_blank(data, statement):
    withheld = [one for one in statement["figures"] if one["status"] == "suppressed"]
    assert withheld, "the rule of the sample keeps something back"
    assert all(one["value"] is None and one["reason"] for one in withheld)
    rows = {one["id"]: one for one in csv.DictReader(io.StringIO((data / "figures.csv").read_text("utf-8")))}
    assert all(rows[one["id"]]["value"] == "suppressed" and rows[one["id"]]["reason"] for one in withheld)


def test_tables_show_what_the_edition_shows(edition, data, statement):
    for one in statement["tables"]:
        page = json.loads((edition / PAGES / "tables" / f"{one['id']}.json").read_text("utf-8"))
        names = [field["name"] for field in one["schema"]["fields"]]
        if "value" not in names:
            continue
        at, status = names.index("value"), names.index("status")
        shown = ["suppressed" if row[status] == "suppressed" else row[at] for row in one["rows"]]
        assert shown == [row["value"] for row in page["rows"]]


def test_statement_says_whose_it_is_and_that_it_is_synthetic(statement):
    assert statement["council"] == {"code": "E10000034", "name": "Worcestershire County Council"}
    assert statement["edition"] == "Edition 1"
    assert statement["synthetic"] is True
    assert "synthetic" in statement["licence"]["covers"]
    assert statement["contact"]["post"]


def test_pages_of_the_edition_lead_to_its_data(edition):
    assert 'href="data/index.html"' in (edition / PAGES / "index.html").read_text("utf-8")
    page = (edition / PAGES / "data" / "index.html").read_text("utf-8")
    assert 'href="statement.zip"' in page


def test_no_page_of_an_edition_shows_a_command(edition, tmp_path):
    assert commands_below(edition / PAGES) == {}
    assert len(list((edition / PAGES).rglob("*.html"))) > 50
    (tmp_path / "planted.html").write_text("<p>`careshape edition rebuild 1`</p>", "utf-8")
    assert list(commands_below(tmp_path)) == ["planted.html"]


def test_council_that_has_set_no_licence_gives_its_data_out_under_none(edition, data, statement):
    assert statement["licence"]["name"] == NOT_SET
    assert "Open Government" not in (data / "LICENCE.md").read_text("utf-8")
    assert NOT_SET in (edition / PAGES / "data" / "index.html").read_text("utf-8")


def test_contact_is_the_council_s_team_and_no_post_is_made_up():
    written = Statement(Path(), "T", "", "", (), {})
    assert _contact(written) == {"post": "Not stated"}
    team = Contact("Market team", phone="01632 960000")
    assert _contact(replace(written, contact=team)) == {"post": "Market team", "telephone": "01632 960000"}


def test_files_columns_and_figures_of_the_package_can_be_told_apart(data, statement):
    resources = json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]
    titles = [one["title"] for one in resources]
    assert len(set(titles)) == len(titles)
    for one in resources:
        fields = one.get("schema", {}).get("fields", [])
        assert all(field["title"] and field["description"] for field in fields), one["path"]
        named = [field["title"] for field in fields]
        assert len(set(named)) == len(named), one["path"]
    said = [(one["label"], one["period"], one["unit"], str(one.get("dimensions"))) for one in statement["figures"]]
    assert len(set(said)) == len(said)


def test_column_of_numbers_says_what_they_are_and_in_which_unit(statement):
    table = next(one for one in statement["tables"] if one["id"] == "people-by-district")
    value = next(one for one in table["schema"]["fields"] if one["name"] == "value")
    assert value["title"] == "People in long-term care homes"
    assert value["description"].startswith("In people.")


@pytest.mark.parametrize(("method", "rounded"), [("round", 5), ("suppress", 0)])
def test_edition_knows_whether_its_counts_are_rounded(prepared, tmp_path, method, rounded):
    shutil.copytree(prepared, tmp_path / "data")
    (tmp_path / "data" / "councils" / "worcestershire" / "disclosure.toml").write_text(
        f'method = "{method}"\n', "utf-8"
    )
    council = opened(Home(tmp_path / "data"), "worcestershire", 1, "Edition 1", measure)
    assert council.rounded == council.sources.rounded == rounded
