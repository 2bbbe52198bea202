"""The commands about costs: what they print for people and for machines, and sentences where something is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from careshape.cli import main
from careshape.evaluate.cost.benchmark import COLUMNS

PACKAGES = (
    "line_reference,person_id,birth_date,client_group,service,component,cost_centre,provider_reference,provider_name,"
    "provider_type,placement_area,start_date,end_date,unit,units_per_week,unit_price,weekly_cost\n"
    "1,A1,1936-02-11,older-people,nursing,,,P1,Synthetic provider 1,private,in-county,2020-04-01,,week,1,"
    "912.00,912.00\n"
    "2,A2,1941-07-30,older-people,home-care,,,P2,Synthetic provider 2,private,,2020-04-01,,hour,10,17.21,172.10\n"
    "3,A3,1990-07-30,learning-disability,supported-living,package,learning-disability,P3,Synthetic provider 3,"
    "not-for-profit,,2020-04-01,,week,1,525.00,525.00\n"
)


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """A demonstration council with three lines, and a function that runs one command on it."""
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "key"))
    (tmp_path / "packages.csv").write_text(PACKAGES, encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", str(tmp_path / "data"), *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    assert call("new", "worcestershire", "--demonstration")[0] == 0
    assert call("import", str(tmp_path / "packages.csv"))[0] == 0
    return call


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_benchmark_works_out_of_the_box(run) -> None:
    code, out, _ = run("benchmark", "nursing-unit-cost-65")
    assert code == 0
    assert "11th of 12 councils printed beside it" in out
    assert "Caveat: Councils fill in the return in different ways" in out
    code, out, _ = run("benchmark", "admissions-65")
    assert code == 0
    assert "93rd of 151" in out


def test_benchmark_for_machines_carries_the_caveat(run) -> None:
    code, out, _ = run("benchmark", "nursing-unit-cost-65", "--format", "csv")
    rows = rows_of(out)
    assert code == 0
    assert tuple(rows[0]) == COLUMNS
    assert all(row["caveat"] for row in rows)
    code, out, _ = run("benchmark", "admissions-65", "--format", "json")
    assert code == 0
    assert [row["rank"] for row in json.loads(out)][1:] == [12, 93, 9]


def test_benchmark_lists_what_is_at_hand(run) -> None:
    code, out, _ = run("benchmark", "--list", "--format", "csv")
    rows = {row["measure"]: row for row in rows_of(out)}
    assert code == 0
    assert rows["nursing-unit-cost-65"]["available"] == "2019-20, as printed"
    assert rows["home-care-rate-external"]["available"] == "to be loaded"
    assert rows["admissions-65"]["years"] == "2014-15 to 2022-23"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("benchmark",), "Say what to compare"),
        (("benchmark", "nursing"), "Nothing to compare is called"),
        (("benchmark", "home-care-rate-external"), "careshape data add FILE"),
        (("benchmark", "nursing-unit-cost-65", "--year", "1999/00"), "There are those of 2019-20"),
        (("benchmark", "ascof:1E"), "does not say which framework year"),
        (("neighbours",), "neither is loaded"),
        (("fees", "home-care", "--year", "2099/00"), "has no number for 2099/00"),
        (("fees", "care-home", "--service", "home-care"), "not for 'home-care'"),
        (("costs", "unit"), "Say for which period"),
        (("costs", "shift", "--by", "service"), "takes no --by"),
        (("costs", "unit", "--period", "2020/21", "--where", "service=nursing"), "takes no --where"),
    ],
)
def test_wrong_calls_end_with_a_sentence(run, arguments, says) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in err


def test_fees_are_labelled(run) -> None:
    code, out, _ = run("fees", "home-care")
    assert code == 0
    assert "18.21" in out
    assert "Illustrative values, made up for demonstration" in out
    assert "A cost model is not a fee" in out
    code, out, err = run("fees", "home-care", "--compare", "2021-03-31", "--format", "csv")
    (row,) = rows_of(out)
    assert code == 0
    assert (row["outcome"], row["yearly_change"]) == ("paid less", "520.00")  # 1.00 * 10 hours * 52
    assert "not a fee" in row["label"]
    assert "1 providers are paid less" in err


def test_real_council_is_told_what_to_enter(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "key"))
    folder = str(tmp_path / "data")
    assert main(["--dir", folder, "new", "thurrock"]) == 0
    capsys.readouterr()
    assert main(["--dir", folder, "fees", "home-care"]) == 0
    out = capsys.readouterr().out
    assert "values are to be entered by the council" in out
    assert "Illustrative" not in out
    assert main(["--dir", folder, "fees", "home-care", "--compare", "2021-03-31"]) == 2


def test_costs_tables(run) -> None:
    code, out, _ = run("costs", "unit", "--period", "2020/21", "--format", "csv")
    rows = {(row["service"], row["provision"]): row for row in rows_of(out)}
    assert code == 0
    assert rows["nursing", "all"]["value"] == "912.00"
    assert rows["home-care", "external"]["value"] == "17.21"
    assert "counted as going on to 31 March 2031" in run("costs", "unit", "--period", "2030/31")[2]
    code, out, _ = run("costs", "concentration", "--period", "2020/21", "--format", "json")
    assert code == 0
    assert {row["hhi"] for row in json.loads(out)} == {10000}
    for table in ("providers", "placements", "shift"):
        assert run("costs", table)[0] == 0
    code, out, _ = run("costs", "supported-living", "--period", "2021-03-31", "--format", "csv")
    assert code == 0
    assert rows_of(out)[-1]["people"] == "1"


def test_own_neighbours_are_kept(run, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text("area_code,area_name\nE10000013,Gloucestershire\n", encoding="utf-8")
    code, out, _ = run("neighbours", "--load", str(file), "--format", "csv")
    assert code == 0
    assert rows_of(out)[0]["area"] == "Gloucestershire"
    code, out, _ = run("neighbours", "--format", "csv")
    assert rows_of(out)[0]["method"] == "list of the council's own"


def steps(run, *arguments):
    code, out, err = run("event-cost", "--format", "json", *arguments)
    assert code == 0, err
    return {row["step"]: row["value"] for row in json.loads(out)}


def test_event_cost_shows_each_step_of_the_national_rules(run):
    april = ("--start", "2024-03-01", "--end", "2024-04-14", "--period", "2024-04")
    # 520 a month is 520 x 12/52 = 120 a week; 1 to 14 April are two weeks
    assert steps(run, "520", "--frequency", "monthly", *april) == {
        "times a week": "3/13",
        "cost a week": "120.00",
        "weeks": "2",
        "cost in the period": "240.00",
    }
    # an event that goes on is counted to the end of the period: 30 days of April; a sign is dropped
    found = steps(run, "--frequency", "hourly", "--units", "14", *april[:2], *april[4:], "--", "-22.40")
    assert found["cost a week"] == "313.60"
    assert found["weeks"] == "30/7"
    assert found["cost in the period"] == "1344.00"
    once = steps(run, "100", "--frequency", "one-off", "--start", "2024-04-30", "--period", "2024-04")
    assert once == {"cost in the period": "100.00"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("unit_cost", "much"), "UNIT_COST is 'much', which is no number"),
        (("unit_cost", "NaN"), "UNIT_COST is 'NaN', which is no number"),
        (("--frequency", "hourly"), "due 'hourly' needs the planned units a week"),
        (("--frequency", "monthy"), "Did you mean monthly"),
        (("--start", "01/03/2024"), "'01/03/2024' is not a day"),
        (("--end", "2024-02-01"), "before it starts on 2024-03-01"),
        (("--period", "soon"), "soon"),
    ],
)
def test_event_cost_that_cannot_be_worked_out_says_why(run, change, message):
    given = {"unit_cost": "520", "--frequency": "monthly", "--start": "2024-03-01", "--period": "2024-04"}
    given |= dict([change])
    arguments = [part for name, value in given.items() for part in ([value] if name == "unit_cost" else [name, value])]
    code, out, err = run("event-cost", *arguments)
    assert (code, out) == (2, "")
    assert message in err
