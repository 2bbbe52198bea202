"""The command line as its users meet it: help with examples, exit codes, sentences instead of tracebacks."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click
import pytest

from careshape.cli import careshape, main
from careshape.cli.group import COMMANDS

HEADER = (
    "line_reference,person_id,birth_date,client_group,service,component,cost_centre,purchase_type,provider_reference,"
    "provider_name,provider_type,setting_reference,district,placement_area,start_date,end_date,unit,units_per_week,"
    "unit_price,weekly_cost\n"
)
NURSING = (
    "L{n},P{n},1940-05-01,older-people,nursing,,,spot,PR1,Synthetic provider 1,private,H1,{district},in-county,"
    "{start},{end},week,1,700.00,700.00\n"
)


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Return a function that runs one command in a folder of its own and gives (exit code, output, errors)."""
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "key"))

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", str(tmp_path / "data"), *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


@pytest.fixture
def packages(tmp_path) -> Path:
    file = tmp_path / "packages.csv"
    rows = [
        NURSING.format(n=1, district="wychavon", start="2019-06-01", end="2021-01-31"),
        NURSING.format(n=2, district="redditch", start="2020-04-01", end="2021-05-01"),
    ]
    file.write_text(HEADER + "".join(rows), "utf-8")
    return file


def all_commands() -> list[tuple[str, click.Command]]:
    context = click.Context(careshape)
    found = []
    for name in COMMANDS:
        command = careshape.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", one) for sub, one in command.commands.items()]
    return found


def test_every_command_has_help_and_every_leaf_an_example():
    for name, command in all_commands():
        assert (command.help or "").strip(), name
        if not isinstance(command, click.Group):
            assert f"careshape {name}" in (command.epilog or "") or "careshape --dir" in (command.epilog or ""), name


def test_every_option_says_what_it_does():
    for name, command in all_commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name in ("form",), f"{name} --{parameter.name}"


def test_file_of_records_becomes_a_figure(run, packages):
    assert run("new", "worcestershire")[0] == 0
    assert run("import", str(packages))[0] == 0
    code, out, _ = run("measure", "bed_nights", "--by", "district,financial_year", "--period", "2019/20:2020/21",
                       "--where", "service=nursing", "--format", "csv")  # fmt: skip
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["district", "financial_year", "value"]
    # 1 June 2019 to 31 March 2020 are 305 nights; 1 April 2020 to 31 January 2021, day out excluded, another 305;
    # the second person stays all 365 nights of 2020/21.
    assert [tuple(row.values()) for row in rows] == [
        ("redditch", "2020/21", "365"),
        ("wychavon", "2019/20", "305"),
        ("wychavon", "2020/21", "305"),
    ]


def test_json_has_numbers_and_the_columns_of_the_dimensions(run, packages):
    run("new", "worcestershire")
    run("import", str(packages))
    _, out, _ = run("measure", "mean_weekly_cost", "--period", "2020-06-30", "--by", "service", "--format", "json")
    assert json.loads(out) == [{"service": "nursing", "value": 700.0}]


def test_dry_run_posts_nothing(run, packages):
    run("new", "worcestershire")
    assert run("import", str(packages), "--dry-run")[0] == 0
    assert "Nothing has been imported" in run("postings")[1]


def test_refused_row_ends_with_1_and_says_where(run, packages):
    packages.write_text(packages.read_text().replace("2021-05-01", "2019-05-01"))
    run("new", "worcestershire")
    code, out, _ = run("import", str(packages), "--format", "csv")
    (finding,) = csv.DictReader(io.StringIO(out))
    assert code == 1
    assert (finding["line"], finding["column"], finding["value"]) == ("3", "end_date", "2019-05-01")
    assert "before the start" in finding["message"]
    assert finding["remedy"]


def test_report_is_written_in_the_form_that_its_name_asks_for(run, packages, tmp_path):
    run("new", "worcestershire")
    assert run("import", str(packages), "--report", str(tmp_path / "report.txt"))[0] == 2
    assert run("import", str(packages), "--report", str(tmp_path / "report.html"))[0] == 0
    assert "<table" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["measure", "bed_night"], "Did you mean bed_nights"),
        (["measure", "bed_nights", "--by", "distrct"], "Did you mean district"),
        (["measure", "bed_nights", "--where", "service"], "not a filter"),
        (["measure", "bed_nights", "--where", "service=nursery"], "nursing"),
        (["measure", "bed_nights", "--period", "2020/23"], "not a financial year"),
        (["measure", "bed_nights", "--known-on", "yesterday"], "YYYY-MM-DD"),
        (["measure", "bed_nights", "--authority", "worcester"], "worcestershire"),
        (["new", "worcestershire"], "already holds"),
        (["new", "atlantis"], "atlantis"),
        (["nonsense"], "No such command"),
        (["import"], "Missing argument"),
    ],
)
def test_wrong_call_ends_with_2_and_a_sentence(run, packages, arguments, says):
    run("new", "worcestershire")
    run("import", str(packages))
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in err


def test_folder_without_a_council_ends_with_1_and_says_what_to_do(run):
    code, _, err = run("measure", "bed_nights")
    assert code == 1
    assert "careshape new" in err


def test_missing_file_ends_with_1(run, tmp_path):
    run("new", "worcestershire")
    code, _, err = run("import", str(tmp_path / "nothing.csv"))
    assert code == 1
    assert "nothing.csv" in err


def test_correction_shows_in_changes_with_its_reason(run, packages):
    run("new", "worcestershire")
    run("import", str(packages))
    packages.write_text(packages.read_text().replace("2021-01-31", "2020-12-31"))
    run("import", str(packages))
    code, out, _ = run("changes", "bed_nights", "--period", "2020/21", "--known-from", "2000-01-01", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [(row["reason"], row["moved"]) for row in rows] == [("first entry", "670"), ("correction", "-31")]


def test_import_overwrites_nothing_and_writes_one_output_a_file(run, packages, tmp_path):
    run("new", "worcestershire")
    before = packages.read_bytes()
    for option in ("--refused", "--report"):
        code, _, errors = run("import", str(packages), option, str(packages))
        assert (code, packages.read_bytes()) == (2, before)
        assert "never overwrite" in errors
    assert run("postings", "--format", "csv")[1].count("\n") <= 1, "nothing was posted"
    other = tmp_path / "other.csv"
    other.write_text(packages.read_text("utf-8").replace("L1", "L9").replace("2020-04-01", "soon"), "utf-8")
    assert run("import", str(packages), str(other), "--refused", str(tmp_path / "bad.csv"))[0] == 1
    assert (tmp_path / "bad-packages.csv").exists()
    assert "soon" in (tmp_path / "bad-other.csv").read_text("utf-8")
    assert run("import", str(other))[0] == 1, "what was refused is still to be put right"


def test_import_tells_on_request_how_it_gets_on(run, packages):
    run("new", "worcestershire")
    _, quiet, silence = run("import", str(packages), "--dry-run")
    code, out, told = run("import", str(packages), "--dry-run", "--progress")
    assert (code, out, silence) == (0, quiet, "")
    stages = [line.partition(f"{packages.name}: ")[2] for line in told.splitlines()]
    assert [stage.split()[0] for stage in stages[:2]] == ["reading", "checking"]
    assert stages[2].endswith("rows checked; comparing with what is known ...")
    assert len(stages) == 3, "a dry run writes nothing"
    assert all(line.startswith("[") and " s] " in line for line in told.splitlines())
    _, _, told = run("import", str(packages), "--progress")
    assert told.splitlines()[-1].endswith("rows written")


def test_import_tells_a_terminal_how_it_gets_on_unless_told_not_to(run, packages, monkeypatch):
    run("new", "worcestershire")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "checking" in run("import", str(packages), "--dry-run")[2]
    assert run("import", str(packages), "--dry-run", "--no-progress")[2] == ""
