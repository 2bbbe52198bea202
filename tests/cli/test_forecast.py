"""``careshape forecast`` as its users meet it."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, timedelta

import pytest

from careshape.cli import main

HEADER = (
    "line_reference,person_id,birth_date,client_group,service,district,start_date,end_date,unit,units_per_week,"
    "weekly_cost\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> str:
    """A data folder with three years of home care and nursing of one synthetic council."""
    folder = tmp_path_factory.mktemp("forecast")
    chance = random.Random(1)
    lines = [HEADER]
    for n in range(700):
        start = date(2017, 4, 1) + timedelta(days=chance.randrange(1461))
        end = start + timedelta(days=round(chance.expovariate(1 / 300)))
        if end >= date(2018, 4, 1):
            service, unit = (("home-care", "hour"), ("nursing", "week"))[n % 2]
            last = end.isoformat() if end <= date(2021, 3, 31) else ""
            lines.append(f"L{n},P{n},1940-05-01,older-people,{service},wychavon,{start},{last},{unit},5,500.00\n")
    file = folder / "packages.csv"
    file.write_text("".join(lines), "utf-8")
    home = str(folder / "data")
    assert main(["--dir", home, "new", "worcestershire", "--demonstration"]) == 0
    assert main(["--dir", home, "import", str(file)]) == 0
    return home


@pytest.fixture
def run(home, capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", home, "forecast", *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_rows_have_intervals_unit_and_method(run):
    code, out, err = run("--by", "service", "--period", "2021/22:2022/23", "--format", "csv", "--draws", "200")
    assert code == 0
    rows = rows_of(out)
    assert [(row["period"], row["service"]) for row in rows] == [
        ("2021/22", "nursing"), ("2021/22", "home-care"), ("2022/23", "nursing"), ("2022/23", "home-care"),
    ]  # fmt: skip
    for row in rows:
        numbers = [float(row[name]) for name in ("lower_95", "lower_80", "value", "upper_80", "upper_95")]
        assert numbers == sorted(numbers)
        assert "semi-Markov" in row["method"]
    assert "Method: semi-Markov" in err


def test_history_joins_the_forecast(run):
    code, out, _ = run("--by", "service", "--months", "2", "--history", "3", "--format", "json", "--population", "none")
    assert code == 0
    rows = [row for row in json.loads(out) if row["service"] == "nursing"]
    assert [row["kind"] for row in rows] == ["observed"] * 4 + ["forecast"] * 2
    assert [row["period"] for row in rows] == ["2020-12", "2021-01", "2021-02", "2021-03", "2021-04", "2021-05"]
    assert abs(rows[4]["value"] - rows[3]["value"]) < 0.1 * rows[3]["value"]


def test_explanation_ends_in_pounds(run):
    code, out, _ = run("--where", "service=home-care", "--months", "12", "--explain", "--format", "csv")
    assert code == 0
    steps = {row["step"]: float(row["value"]) for row in rows_of(out)}
    assert steps["people"] * steps["cost_each"] == pytest.approx(steps["weekly_cost"])
    assert steps["hours"] == pytest.approx(5 * steps["people"])


def test_rates_say_where_events_are_few(run):
    code, out, _ = run("--rates", "--format", "csv")
    assert code == 0
    assert any("leans on the pooled rate" in row["note"] for row in rows_of(out))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--by", "provider"), "cannot be split by 'provider'"),
        (("--where", "service=nursng"), "The forecast has no service 'nursng'. Did you mean nursing?"),
        (("--where", "area=redditsh"), "The forecast has no area 'redditsh'. Did you mean redditch?"),
        (("--period", "2019/20"), "that is history"),
        (("--months", "0"), "0 months were asked for"),
        (("--draws", "0"), "0 draws were asked for"),
        (("--until", "2030-13-01"), "is not a day"),
        (("--areas", "planet"), "cannot be split by 'planet'"),
        (("--measure", "places"), "Give the occupancy"),
        (("--measure", "places", "--occupancy", "nursing"), "Write SERVICE=SHARE"),
        (("--explain",), "--explain needs one service"),
        (("--explain", "--by", "area", "--rates"), "one cell, and takes no --by and --rates: leave that out"),
        (("--rates", "--history", "3"), "every cell, and takes no --history"),
        (("--population", "nowhere"), "no basis of a population"),
        (("--authority", "thurrock"), "holds no council 'thurrock'"),
    ],
)
def test_call_that_cannot_be_met_ends_with_2_and_a_sentence(run, arguments, says):
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err


def test_records_too_short_for_rates_end_with_1_and_a_sentence(run):
    code, _, err = run("--until", "2018-06-30")
    assert code == 1
    assert "too short for rates" in err
