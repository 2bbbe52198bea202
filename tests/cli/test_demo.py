"""The main job, whole: generated files, imported, counted, compared with what was published, written as pages."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest

from careshape.cli import main
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measure
from careshape.evaluate.need import coming_of_age
from careshape.folders import hold
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.records import observations
from careshape.statement.council import open_council
from careshape.statement.proof import prove
from tests import warm
from tests.demonstration import built_demonstration


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder in which `careshape demo --no-serve` has run."""
    return built_demonstration(tmp_path_factory)


def checked(demo, capsys, authority: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["--dir", str(demo), "check", "published", "--authority", authority, "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_every_cell_of_the_tables_comes_back_equal(demo, capsys):
    rows = checked(demo, capsys, "worcestershire")
    cells = [row for row in rows if row["file"].startswith("table-")]
    assert list(rows[0]) == ["file", "row", "published", "computed", "status", "reason"]
    assert [row for row in cells if row["status"] != "equal"] == []
    assert len(cells) == 276


def test_prose_figures_are_equal_or_explained_with_a_reason(demo, capsys):
    for authority in ("worcestershire", "thurrock"):
        rows = checked(demo, capsys, authority)
        assert {row["status"] for row in rows} <= {"equal", "explained"}
        assert all(row["reason"] for row in rows if row["status"] == "explained")


def test_of_the_home_care_list_before_the_tender_as_many_are_in_use_as_is_printed(demo):
    with closing(sqlite3.connect(demo / "careshape.sqlite3")) as database:
        on_it = {reference for (reference,) in database.execute(
            "SELECT organisation.reference FROM source_member AS member "
            "JOIN source_vehicle AS list ON list.id = member.vehicle_id "
            "JOIN accounts_organisation AS organisation ON organisation.id = member.organisation_id "
            "WHERE list.council = 'worcestershire' AND list.title = 'Home care before the tender'"
        )}  # fmt: skip
    ledger = Home(demo).ledger("worcestershire")
    rows = measure(ledger, "people_supported", by=("provider",), where={"service": "home-care"}).rows
    used = {row["provider"] for row in rows if row["value"]}
    known = [one for one in ledger.register("providers").values() if one["name"] in used and one["reference"] in on_it]
    said = observations("worcestershire").find(measure="dps-providers-in-use", service="home-care")
    assert min(one.value for one in said) <= len(known) <= max(one.value for one in said)


def test_pages_tables_and_charts_are_written_and_marked_draft(demo):
    site = demo / "site"
    home = (site / "worcestershire" / "index.html").read_text("utf-8")
    assert "Draft" in home
    assert "synthetic" in home.lower()
    assert json.loads((site / "worcestershire" / "tables" / "bed-nights.json").read_text("utf-8"))
    assert (site / "thurrock" / "review" / "index.html").exists()


def test_measures_read_what_was_imported_and_not_the_generator(demo, capsys):
    capsys.readouterr()
    arguments = ["measure", "bed_nights", "--authority", "worcestershire", "--where", "service=nursing"]
    assert main(["--dir", str(demo), *arguments, "--by", "district,financial_year", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 21  # six districts and the homes outside the county, in three financial years
    for authority in Home(demo).authorities():
        assert Ledger.open(Home(demo).council_path(authority)).demonstration


def test_database_is_made_so_that_an_edition_can_be_prepared_at_once(demo):
    listed = warm.careshape("--dir", demo, "edition", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "No edition has been prepared yet" in listed.stdout
    verified = warm.careshape("--dir", demo, "audit", "verify").stdout
    for council in ("thurrock", "worcestershire"):
        assert f"{council}: whole." in verified
        assert f"{council}: The ledger has 3 postings, and the log tells of every one." in verified


def test_council_that_is_no_demonstration_is_never_replaced(tmp_path, capsys):
    Ledger.create(tmp_path / "councils" / "worcestershire", authority="worcestershire")
    assert main(["--dir", str(tmp_path), "demo", "--no-serve"]) == 2
    assert "not a demonstration" in capsys.readouterr().err


def state_of(folder):
    """Every file of the councils, with what is in it."""
    files = (path for path in (folder / "councils").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_demonstration_is_not_replaced_under_a_server(demo, capsys):
    before = state_of(demo)
    held = hold(demo)  # as a server does
    try:
        assert main(["--dir", str(demo), "demo", "--no-serve"]) == 2
    finally:
        os.close(held)
    assert "Stop it first" in capsys.readouterr().err
    assert state_of(demo) == before


def test_run_that_is_killed_leaves_the_earlier_demonstration(demo, tmp_path):
    folder = shutil.copytree(demo, tmp_path / "demo")
    before = state_of(folder)
    start = "from careshape.cli import main; import sys; sys.exit(main(sys.argv[1:]))"
    run = subprocess.Popen(
        [sys.executable, "-c", start, "--dir", str(folder), "demo", "--no-serve", "--seed", "2"],
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in run.stderr:
        if "packages.csv" in line:  # half of a council is imported
            run.send_signal(signal.SIGKILL)
            break
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert state_of(folder) == before
    assert Home(folder).authorities() == ["thurrock", "worcestershire"]


def test_outlook_begins_at_the_figure_that_the_measure_of_that_day_gives(demo):
    """Every segment and client group of both councils: the text beside a chart quotes the measure."""
    compared = 0
    for authority in Home(demo).authorities():
        council = open_council(demo, authority)
        assert council is not None
        for (segment, group), (past, _) in council.ahead.fans.items():
            one = council.ahead.segments[segment]
            name = "hours_commissioned" if one.unit == "hours a week" else "people_supported"
            where = {"service": one.service_ids()} | ({} if group == ALL else {"client_group": group})
            counted = measure(council.ledger, name, where=where, period=past[-1].day.isoformat()).value
            assert past[-1].value == pytest.approx(float(counted), abs=0.005), (authority, segment, group)
            compared += 1
    assert compared >= 30


@pytest.mark.parametrize("council", ["worcestershire", "thurrock"])
def test_register_of_young_people_is_whole_and_shows_years_and_needs(demo, council):
    rows = coming_of_age(Home(demo), council, by=("year", "need"))
    assert len({row["year"] for row in rows}) == 10
    assert {row["need"] for row in rows} == {"learning-disability", "autism", "physical-disability"}
    assert all(row["lower_80"] <= row["value"] <= row["upper_80"] for row in rows if row["people"] > 4)


def test_the_larger_statement_types_no_number_and_refers_to_nothing_dead_with_its_figures_computed(demo):
    """The other council's is computed by the next test, which ends with 0 before anything is planted."""
    found = prove(demo, "worcestershire").as_json()
    assert found["computed"] == ["worcestershire"]
    assert found["compared"] > 250
    assert found["faults"] == []
    assert found["typed_numbers"] == found["dead_figures"] == found["moved_figures"] == 0


def test_claims_are_held_against_the_figures_of_the_day_on_which_the_statement_was_agreed(demo, tmp_path, capsys):
    """Control: more people are recorded, who had a payment all along, and the sentences that count them are told."""
    for name in ("councils", "outlook"):
        shutil.copytree(demo / name / "thurrock", tmp_path / name / "thurrock")
    arguments = ["--dir", str(tmp_path), "statement", "lint", "--authority", "thurrock", "--format", "json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared"] > 100
    assert found["moved_figures"] == 0
    ledger = Home(tmp_path).ledger("thurrock")
    later = ledger.postings()[-1].day + timedelta(days=1)
    planted = more_people(demo / "demo-files" / "thurrock" / "packages.csv", tmp_path / "packages.csv")
    report = import_file(ledger, planted, recorded_at=later)
    assert report.accepted
    assert main(arguments) == 1
    found = json.loads(capsys.readouterr().out)
    moved = [one for one in found["faults"] if one["rule"] == "moved figure"]
    assert moved
    assert any("17-direct-payments.md" in one["file"] and "when this was agreed" in one["message"] for one in moved)


def more_people(packages, to):
    """A file of packages with as many people again who have a direct payment, under names of their own."""
    with packages.open(encoding="utf-8", newline="") as read, to.open("w", encoding="utf-8", newline="") as written:
        rows = csv.DictReader(read)
        copy = csv.DictWriter(written, rows.fieldnames or ())
        copy.writeheader()
        copy.writerows(
            {**row, "line_reference": f"PLANTED-{row['line_reference']}", "person_id": f"PLANTED-{row['person_id']}"}
            for row in rows if row["service"] == "direct-payments"
        )  # fmt: skip
    return to
