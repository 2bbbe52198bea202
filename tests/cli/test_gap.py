"""``careshape gap`` and ``careshape scenario`` on a small council."""

import csv
import io
import json
from pathlib import Path

import pytest

from careshape.cli import main
from careshape.home import Home
from careshape.statement.outlook.market import Outlook

HEADER = (
    "line_reference,person_id,birth_date,client_group,service,district,start_date,end_date,unit,units_per_week,"
    "weekly_cost"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A council with steady records of three services from 2017 to March 2021."""
    home = tmp_path_factory.mktemp("gap")
    lines = [HEADER]
    for n in range(900):
        start = 2017 * 12 + (n * 7) % 51
        stay = 3 + (n * 13) % 40
        end = start + stay
        district = ("worcester", "wychavon")[n % 2]
        service, units, cost = (
            ("residential", "1", "700.00"),
            ("home-care", "10", "190.00"),
            ("extra-care-housing", "1", "150.00"),
        )[n % 3]
        unit = "hour" if service == "home-care" else "week"
        day_in, day_out = f"{start // 12}-{start % 12 + 1:02d}-05", f"{end // 12}-{end % 12 + 1:02d}-20"
        out = day_out if end < 2021 * 12 + 3 else ""
        lines.append(f"L{n},P{n},1935-06-15,older-people,{service},{district},{day_in},{out},{unit},{units},{cost}")
    (home / "lines.csv").write_text("\n".join(lines) + "\n", "utf-8")
    place = str(home / "data")
    assert main(["--dir", place, "new", "worcestershire", "--demonstration"]) == 0
    assert main(["--dir", place, "import", str(home / "lines.csv"), "--authority", "worcestershire"]) == 0
    return place


def _rows(capsys, *arguments):
    capsys.readouterr()
    assert main([*arguments, "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_gap_prints_demand_supply_and_what_follows(folder, capsys):
    rows = _rows(capsys, "--dir", folder, "gap", "--years", "1,3", "--draws", "200")
    assert {row["segment"] for row in rows} >= {"care-homes-older-people", "home-care", "extra-care-housing"}
    for row in rows:
        assert float(row["gap_lower_95"]) <= float(row["gap_lower_80"]) <= float(row["gap_upper_80"])
        assert row["direction"] in ("grow", "hold", "reduce", "do-not-develop", "not-known")
        assert bool(row["narrowed_by"]) == (row["direction"] == "not-known")
        everybody = float(row["outside"]) - float(row["demand_elsewhere"]) if row["outside_in_gap"] == "yes" else 0.0
        assert float(row["gap"]) == pytest.approx(float(row["demand"]) + everybody - float(row["supply"]), abs=0.3)
    assert main(["--dir", folder, "gap", "--segment", "home-care", "--years", "1", "--draws", "50"]) == 0
    out, err = capsys.readouterr()
    head, _, row = (line.split() for line in out.splitlines()[:3])
    assert head[5:10] == ["demand", "elsewhere", "others", "others_are", "supply"]
    assert "estimated" in row
    assert "gap = demand (the council's) - elsewhere (of it, outside its area) + others - supply." in err


def test_limits_of_a_year_are_the_same_whichever_years_are_asked_for_and_on_the_page(folder, capsys):
    """Draws depend on how long the forecast is, so that one year alone had other limits; pages drew half as many."""
    lines = []
    for years in ("3", "1,3,12", "3,3"):
        capsys.readouterr()
        assert main(["--dir", folder, "gap", "--years", years, "--population", "none", "--format", "csv"]) == 0
        lines.append({line for line in capsys.readouterr().out.splitlines() if ",2024-02-29," in line})
    assert len(lines[0]) >= 3
    assert lines[0] == lines[1] == lines[2]
    home = Home(Path(folder))
    page = Outlook(home, "worcestershire", home.ledger("worcestershire"))
    shown = {one.segment.id: one.row() for one in page.cells if one.area == "all" and one.on.year == 2024}
    command = _rows(capsys, "--dir", folder, "gap", "--years", "3")
    assert {row["segment"] for row in command} == shown.keys()
    for row in command:
        for name in ("gap_lower_95", "gap_lower_80", "gap_upper_80", "gap_upper_95"):
            assert row[name] == str(shown[row["segment"]][name]), (row["segment"], name)


def test_gap_of_districts_adds_up_to_the_whole(folder, capsys):
    rows = _rows(capsys, "--dir", folder, "gap", "--segment", "home-care", "--by-area", "--years", "1", "--draws", "50")
    demand = {row["area"]: float(row["demand"]) for row in rows}
    assert set(demand) == {"all", "worcester", "wychavon"}
    assert demand["worcester"] + demand["wychavon"] == pytest.approx(demand["all"], abs=0.2)


def test_gap_takes_the_councils_own_supply(folder, capsys):
    supply = Path(folder) / "councils" / "worcestershire" / "supply"
    supply.mkdir()
    (supply / "homes.csv").write_text(
        "service,client_group,kind,quantity,as_of,source\n"
        "residential-and-nursing,older-people,contracted,5,2021-03-31,Contracts\n",
        "utf-8",
    )
    (row,) = _rows(capsys, "--dir", folder, "gap", "--segment", "care-homes-older-people", "--years", "1")
    assert (row["supply"], row["basis"], row["direction"]) == ("5.0", "places under contract", "grow")
    (supply / "homes.csv").write_text("service,kind\n", "utf-8")
    assert main(["--dir", folder, "gap"]) == 1
    assert "homes.csv: the header lacks quantity, as_of, source" in capsys.readouterr().err
    (supply / "homes.csv").unlink()


def test_gap_says_its_sentences(folder, capsys):
    capsys.readouterr()
    assert main(["--dir", folder, "gap", "--sentences", "--years", "1", "--draws", "50"]) == 0
    out = capsys.readouterr().out
    assert "home care. Expected by February 2022: about" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gap", "--segment", "homecare"), "There is no segment 'homecare'. Did you mean home-care?"),
        (("gap", "--segment", "xyz"), "There is no segment 'xyz'. There are care-homes-older-people, "),
        (("edition", "list", "--authority", "worcestersire"), "Did you mean worcestershire?"),
        (("gap", "--years", "soon"), "'soon' is not a list of years ahead"),
        (("gap", "--years", "0"), "1 or more"),
        (("gap", "--supply", "--housing"), "Ask for --supply or for --housing"),
        (("gap", "--housing", "--format", "csv"), "Name one of them: --housing accommodation"),
        (("scenario", "show", "none"), "There is no scenario 'none'"),
        (("scenario", "compare", "--years", "x"), "'x' is not a list of years ahead"),
        (("scenario", "cheapest", "--years", "0"), "1 year or more"),
    ],
)
def test_wrong_call_is_said_and_ends_with_2(folder, capsys, arguments, words):
    assert main(["--dir", folder, *arguments]) == 2
    assert words in capsys.readouterr().err


def test_scenario_is_saved_compared_and_removed(folder, tmp_path, capsys):
    own = tmp_path / "rise.toml"
    own.write_text(
        'id = "our-rise"\nname = "Our rise"\n[[levers]]\nkind = "price"\npath = [{ on = 2021-04-30, value = 1.5 }]\n',
        "utf-8",
    )
    assert main(["--dir", folder, "scenario", "save", str(own)]) == 0
    assert "our-rise" in {row["id"] for row in _rows(capsys, "--dir", folder, "scenario", "list")}
    rows = _rows(
        capsys, "--dir", folder, "scenario", "compare", "--scenario", "our-rise", "--years", "2", "--draws", "50",
        "--measure", "yearly_cost",
    )  # fmt: skip
    base, ours = (
        float(next(row for row in rows if row["scenario"] == name)["value"]) for name in ("baseline", "our-rise")
    )
    assert ours / base == pytest.approx(1.5, rel=0.001)
    assert main(["--dir", folder, "scenario", "remove", "our-rise", "--yes"]) == 0
    assert "our-rise" not in {row["id"] for row in _rows(capsys, "--dir", folder, "scenario", "list")}


def test_scenario_levers_are_shown_as_json(folder, capsys):
    capsys.readouterr()
    assert main(["--dir", folder, "scenario", "show", "shared-lives", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["lever"] == "stock"


def test_cheapest_mix_takes_options_of_a_file(folder, tmp_path, capsys):
    options = tmp_path / "options.toml"
    options.write_text(
        '[[option]]\nid = "home"\nlabel = "Home care instead"\ntakes_from = "residential"\ngives_to = "home-care"\n'
        'client_group = "older-people"\nmost_a_year = 5.0\nsource = "A test"\n',
        "utf-8",
    )
    rows = _rows(capsys, "--dir", folder, "scenario", "cheapest", "--years", "2", "--options", str(options))
    assert [float(row["people"]) for row in rows] == [5.0, 5.0]
    # Two years of 52 x (700 - 190) pounds.
    assert float(rows[0]["break_even"]) == pytest.approx(2 * 52 * 510, rel=0.001)


def test_forecast_of_one_month_is_the_first_of_a_longer_one(folder, capsys):
    (one,) = _rows(capsys, "--dir", folder, "forecast", "--where", "service=home-care", "--months", "1")
    longer = _rows(capsys, "--dir", folder, "forecast", "--where", "service=home-care", "--months", "3")
    assert one["value"] == longer[0]["value"]


def test_supply_is_listed_by_source_with_ratings_and_what_it_cannot_say(folder, tmp_path, capsys):
    from tests.evaluate.gap.registers import KIDDERMINSTER, directory

    assert main(["--dir", folder, "gap", "--supply"]) == 0
    assert "No file of the regulator is kept" in capsys.readouterr().err
    assert main(["--dir", folder, "data", "add", str(directory(tmp_path, {}, KIDDERMINSTER))]) == 0
    rows = _rows(capsys, "--dir", folder, "gap", "--supply", "--by-area")
    homes = {row["area"]: row for row in rows if row["origin"] == "the regulator's register"}
    assert {area: (row["quantity"], row["good"], row["counted"]) for area, row in homes.items()} == {
        "all": ("80", "2", "yes"), "worcester": ("40", "1", "yes"), "wyre-forest": ("40", "1", "yes"),
    }  # fmt: skip
    assert homes["all"]["median_rating_years"] == "3.0"
    assert main(["--dir", folder, "gap", "--supply"]) == 0
    assert "not beds that the council can buy" in capsys.readouterr().err
    (row,) = _rows(capsys, "--dir", folder, "gap", "--segment", "care-homes-older-people", "--years", "1")
    assert (row["there_are"], row["supply_as_of"]) == ("80.0", "2026-07-01")
    assert "1 July 2026" in row["supply_source"]
    assert main(["--dir", folder, "data", "remove", "cqc-directory", "2026-07", "--yes"]) == 0


def test_housing_gives_each_model_of_the_printed_statement(folder, capsys):
    rows = _rows(capsys, "--dir", folder, "gap", "--housing", "accommodation")
    assert sum(int(row["places"]) for row in rows) == 126
    assert all(row["places"] == row["published"] for row in rows)
    rows = _rows(capsys, "--dir", folder, "gap", "--housing", "extra-care")
    assert sum(int(row["lacking"]) for row in rows) == 4703
    assert main(["--dir", folder, "gap", "--housing"]) == 0
    out = capsys.readouterr().out
    assert "Extra care housing: units wanted" in out
    assert "No printed counts of placements are known" in out
