from __future__ import annotations

import csv
import io
import json

import pytest

from careshape.cli import main

LINE = {
    "id": "award", "known": "2024-03-28", "kind": "line", "line": "care", "component": "care", "from": "2024-04-01",
    "units_per_week": "7", "price": "20.00",
}  # fmt: skip
ENDING = {"id": "end", "known": "2024-04-12", "kind": "ending", "on": "2024-04-10"}
VISIT = {"reference": "v", "line": "care", "day": "2024-04-02", "planned_minutes": 60, "delivered_minutes": 30}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "package.json"
    path.write_text(
        json.dumps({"package": "p", "contract": "home-care", "told": [LINE, ENDING], "visits": [VISIT]}), "utf-8"
    )
    return path


def test_check_writes_out_every_step(file, capsys):
    assert main(["paying", "check", str(file)]) == 0
    said = capsys.readouterr().out
    assert "2024-04-01 to 2024-04-07: 7 days x 7.00 a week x £20.00 / 7 = 14000 p" in said
    assert "care: 6000 p, rounded £60.00 (council £60.00, nhs £0.00, person £0.00)" in said
    assert "In all £200.00" in said
    assert "60 minutes planned, 30 delivered, 30 paid\n  1000 p, rounded £10.00" in said


def test_check_says_what_runs_pay_and_recover(file, capsys):
    assert main(["paying", "check", str(file), "--run", "2024-04-08", "--run", "2024-04-30", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["pence"], [one["pence"] for one in said["runs"]]) == (20_000, [14_000, 6_000])
    assert main(["paying", "check", str(file), "--run", "2024-04-30", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(one["line"], one["from"], one["funder"], one["pence"]) for one in rows] == [
        ("care", "2024-04-01", "council", "14000"),
        ("care", "2024-04-08", "council", "6000"),
    ]


def test_check_by_what_was_known(file, capsys):
    span = ["--period", "2024-04-08/2024-04-14", "--format", "json"]
    assert main(["paying", "check", str(file), *span]) == 0
    assert json.loads(capsys.readouterr().out)["pence"] == 6_000
    assert main(["paying", "check", str(file), *span, "--known-on", "2024-04-11"]) == 0
    assert json.loads(capsys.readouterr().out)["pence"] == 14_000


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--period", "2024-04-02/2024-04-14"], 2, "Ask for whole ones, such as 2024-04-01/2024-04-14"),
        (["--period", "April"], 2, "'April' is not a day"),
        (["--run", "2024-04-31"], 2, "'2024-04-31' is not a day"),
        (["--run", "9999-12-31"], 2, "A run is made between"),
        (["--authority", "nowhere"], 2, "There is no council 'nowhere' here"),
    ],
)
def test_a_wrong_call_is_told(file, tmp_path, capsys, arguments, code, said):
    assert main(["--dir", str(tmp_path / "d"), "paying", "check", str(file), *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_file_with_a_fault_is_named(tmp_path, capsys):
    path = tmp_path / "p.json"
    path.write_text('{"package": "p", "contract": "care-home", "told": []}', "utf-8")
    assert main(["paying", "check", str(path)]) == 1
    assert "p.json: No line is in force. Tell one" in capsys.readouterr().err


def test_terms_say_what_is_a_default(capsys):
    assert main(["paying", "terms"]) == 0
    assert "home-care" in capsys.readouterr().out
    assert main(["paying", "terms", "home-care", "--format", "json"]) == 0
    rows = {one["term"]: one for one in json.loads(capsys.readouterr().out)}
    assert (rows["notice_days"]["value"], rows["notice_days"]["default"]) == ("7", "no")
    assert rows["week_begins"]["default"] == "yes"
