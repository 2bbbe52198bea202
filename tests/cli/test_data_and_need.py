"""``careshape data`` and ``careshape need``."""

from __future__ import annotations

import csv
import io
import json

import pytest

from careshape.cli import main
from tests.records.official.files import projection


@pytest.fixture
def run(capsys, tmp_path):
    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--dir", str(tmp_path / "data"), *map(str, arguments)])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


@pytest.fixture
def loaded(run, tmp_path):
    paths = [projection(tmp_path / f"{sex}.csv", sex) for sex in ("females", "males")]
    code, out, _ = run("data", "add", *paths)
    assert code == 0
    assert "females.csv: snpp 2018-based" in out
    assert "Open Government Licence" in out
    return run


def test_data_list_says_source_edition_and_age(loaded):
    rows = json.loads(loaded("data", "list", "--format", "json")[1])
    assert [(row["source"], row["edition"], row["first"], row["last"], row["age_days"]) for row in rows] == [
        ("snpp", "2018-based", "2018", "2043", 0)
    ]


def test_data_list_of_nothing_and_of_all_that_is_known(run):
    assert "No official statistics are kept" in run("data", "list")[1]
    known = {
        row["source"]: row for row in csv.DictReader(io.StringIO(run("data", "list", "--known", "--format", "csv")[1]))
    }
    assert known["cqc-directory"]["tested"] == "no: from a list of columns"
    assert known["asc-fr-t52"]["tested"] == "yes"


def test_data_add_again_changes_nothing(loaded, tmp_path):
    code, out, _ = loaded("data", "add", tmp_path / "females.csv")
    assert code == 0
    assert "unchanged: it is kept already" in out


def test_data_add_of_an_unknown_file_is_a_fault_of_the_input(run, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    code, _, err = run("data", "add", tmp_path / "x.csv")
    assert code == 1
    assert "is not a file of a source that careshape knows" in err
    assert run("data", "add", tmp_path / "gone.csv")[0] == 1


def test_data_show_says_terms_files_and_rows(loaded):
    code, out, _ = loaded("data", "show", "snpp", "--rows", "1")
    assert code == 0
    for text in ("Office for National Statistics", "beware:", "females.csv", "sha256", "E07000234"):
        assert text in out
    code, out, _ = loaded("data", "show", "snpp", "--rows", "2", "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(out)))) == 2
    assert "no edition" in loaded("data", "show", "ascof")[1]
    assert loaded("data", "show", "nothing")[0] == 2


def test_data_remove_asks_first(loaded, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert loaded("data", "remove", "snpp", "2018-based")[0] == 1
    assert "snpp" in loaded("data", "list")[1]
    assert loaded("data", "remove", "snpp", "2018-based", "--yes")[0] == 0
    assert "No official statistics" in loaded("data", "list")[1]
    assert loaded("data", "remove", "snpp", "2018-based", "--yes")[0] == 2


def test_need_prints_people_limits_and_what_they_rest_on(loaded):
    code, out, err = loaded("need", "--authority", "thurrock", "--condition", "dementia", "--period", "2018")
    assert code == 0
    assert "316" in out  # 316.05: derived in tests/evaluate/need/test_need.py
    assert "2018-based (official projection)" in err
    assert "Cognitive Function and Ageing Study II" in err


def test_need_as_csv_and_json_is_the_same(loaded):
    asked = ("need", "--authority", "worcestershire", "--condition", "dementia,autism", "--period", "2020:2021")
    table = list(csv.DictReader(io.StringIO(loaded(*asked, "--by", "area,year", "--format", "csv")[1])))
    rows = json.loads(loaded(*asked, "--by", "area,year", "--format", "json")[1])
    assert len(rows) == len(table) == 2 * 7 * 2
    assert [row["value"] for row in rows] == [float(row["value"]) for row in table]
    assert {row["lower_95"] for row in rows if row["condition"] == "autism"} == {None}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--condition", "mobility"], "No confirmed rate of 'mobility'"),
        (["--period", "2050"], "there is no 2050"),
        (["--period", "soon"], "'soon' is no year"),
        (["--period", "²"], "'²' is no year"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--authority", "../elsewhere", "--rates"], "'../elsewhere'"),
        (["--period", "2030:2020"], "ends before it begins"),
        (["--by", "ward"], "cannot be split by 'ward'"),
        (["--ages", "old"], "no span of ages"),
        (["--condition", "dementia", "--ages", "18-64"], "No rate of dementia holds for ages 18-64: "),
        (["--area", "worcester"], "'worcester' is not known here"),
        (["--basis", "guess"], "no basis of a population"),
        (["--level", "neighbourhood", "--period", "2020"], "No edition of mid-year-estimates-lsoa"),
        (["--coming-of-age"], "no register of young people"),
    ],
)
def test_need_that_cannot_be_answered_is_a_wrong_call(loaded, arguments, message):
    code, out, err = loaded("need", "--authority", "thurrock", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_parts_add_up_in_csv_and_stand_in_whole_people_in_a_table(loaded):
    asked = ("need", "--authority", "worcestershire", "--condition", "dementia", "--period", "2018")
    rows = list(csv.DictReader(io.StringIO(loaded(*asked, "--by", "area,age_band,sex", "--format", "csv")[1])))
    bands = [float(row["value"]) for row in rows if row["area"] == "worcester"]
    (whole,) = csv.DictReader(io.StringIO(loaded(*asked, "--area", "worcester", "--format", "csv")[1]))
    assert len(bands) > 8
    assert sum(bands) == pytest.approx(float(whole["value"]), abs=0.005 * len(bands))
    assert whole["value"] == "316.05"
    assert " 316 " in loaded(*asked, "--area", "worcester")[1]


def test_local_without_counts_says_that_nothing_is_adjusted(loaded):
    asked = ("need", "--authority", "thurrock", "--condition", "dementia", "--period", "2020")
    for form in ("table", "csv"):
        err = loaded(*asked, "--local", "--format", form)[2]
        assert "--local adjusts nothing: no complete counts are entered for thurrock." in err
    assert "--local" not in loaded(*asked)[2]


def test_a_table_by_area_marks_the_whole_council(loaded):
    asked = ("need", "--authority", "worcestershire", "--condition", "dementia", "--period", "2020")
    lines = loaded(*asked, "--by", "area,year")[1].splitlines()
    assert lines[2].split()[:3] == ["dementia", "worcestershire", "council"]
    assert {line.split()[2] for line in lines[3:]} == {"district"}
    assert "level" not in loaded(*asked)[1]


def test_need_wants_a_council_where_it_cannot_tell(run):
    code, _, err = run("need")
    assert code == 2
    assert "--authority" in err


def test_need_lists_rates_and_what_is_missing(loaded):
    rows = {
        row["condition"]: row
        for row in json.loads(loaded("need", "--authority", "thurrock", "--rates", "--format", "json")[1])
    }
    assert rows["dementia"]["limits"] == "yes"
    assert rows["mobility"]["study"] == "missing"
    assert rows["depression"]["address"] == "https://pmc.ncbi.nlm.nih.gov/articles/PMC7557614"


def test_need_compare_stands_beside_the_published(loaded):
    rows = json.loads(loaded("need", "--authority", "thurrock", "--compare", "--format", "json")[1])
    found = {row["observation"]: row for row in rows}
    assert (found["T-PF-037"]["published"], found["T-PF-037"]["rebuilt"]) == (18029, round(47 * 186 * 0.226, 2))
    assert found["T-PF-043"]["rebuilt"] is None


def test_need_without_statistics_is_labelled(run):
    code, out, err = run("need", "--authority", "worcestershire", "--condition", "dementia", "--period", "2025")
    assert code == 0
    assert "spread from published totals" in err
    assert "dementia" in out


PACKAGES = """line_reference,person_id,birth_date,client_group,service,placement_area,start_date
L-1,SYN-1,1936-02-11,older-people,home-care,,2020-05-03
L-2,SYN-2,1941-07-30,older-people,home-care,,2020-04-19
L-3,SYN-3,1938-11-02,older-people,nursing,in-county,2020-06-01
L-4,SYN-4,1939-12-04,older-people,residential,out-of-county,2020-06-02
"""


def test_need_outside_splits_markets_by_who_pays(loaded, tmp_path):
    assert loaded("new", "worcestershire", "--demonstration")[0] == 0
    asked = ("need", "--authority", "worcestershire", "--outside", "--format", "json")
    assert "The ledger holds no line yet" in loaded(*asked)[2]
    path = tmp_path / "packages.csv"
    path.write_text(PACKAGES)
    assert loaded("import", path)[0] == 0
    found = json.loads(loaded(*asked)[1])
    rows = {row["segment"]: row for row in found if row["service"] == "home-care"}
    assert rows["council"]["value"] == 2
    assert rows["all-others"]["value"] == 1.64  # 2 x (1 / 0.55 - 1)
    assert (rows["nhs"]["value"], rows["nhs"]["status"]) == (None, "together")
    rows = {row["segment"]: row for row in found if row["client_group"] == "older-people"}
    assert (rows["council"]["value"], rows["council-elsewhere"]["value"]) == (1, 1)
    # England's shares: 48.85% pay for themselves, of the others 25.15% are the NHS's and 13.5% other councils'
    assert rows["self-funded"]["value"] == 1.56  # 0.4885 / (0.5115 x 0.6135)
    assert rows["nhs"]["value"] == 0.41  # 0.2515 / 0.6135
    assert rows["all-others"]["status"] == "estimated"
    # A person reads below the table what a machine finds in each row; of the sum nothing that its parts say.
    said = [line for line in loaded(*asked[:-2])[2].splitlines() if "England, not this place" in line]
    assert said[0].startswith("home-care, Paid for by people themselves")
    assert not any("Everybody but" in line for line in said)


def test_need_refuses_what_a_list_would_pass_over(loaded):
    code, out, err = loaded("need", "--authority", "worcestershire", "--outside", "--period", "2030", "--by", "area")
    assert (code, out) == (2, "")
    assert "--outside shows all that there is of it, and takes no --by and --period: leave that out." in err


def test_need_outside_names_the_lender_its_share_and_the_day(loaded, tmp_path):
    rows = "line_reference,person_id,birth_date,service,start_date,end_date,unit,units_per_week,weekly_cost\n"
    rows += "1,A1,1936-02-11,home-care,2020-05-03,,hour,10,190.00\n"
    rows += "2,A2,1936-02-11,home-care,2020-05-03,2020-09-01,hour,9,180\n"
    (tmp_path / "thurrock.csv").write_text(rows, "utf-8")
    assert loaded("new", "thurrock", "--demonstration")[0] == 0
    assert loaded("import", str(tmp_path / "thurrock.csv"), "--authority", "thurrock")[0] == 0
    err = loaded("need", "--authority", "thurrock", "--outside")[2]
    assert "What the council buys was counted on 2020-09-01, the last day of its records." in err
    assert "Worcestershire: Market position statement 2021, section 6.2.2: 50% to 60%" in err
    assert "taken to be 36% to 77%" in err
    (council, *_) = json.loads(loaded("need", "--authority", "thurrock", "--outside", "--format", "json")[1])
    assert council["on"] == "2020-09-01"


def test_need_outside_takes_what_the_homes_hold_where_beds_are_known(loaded, tmp_path):
    assert loaded("new", "worcestershire", "--demonstration")[0] == 0
    path = tmp_path / "packages.csv"
    path.write_text(PACKAGES)
    assert loaded("import", path)[0] == 0
    supply = tmp_path / "data/councils/worcestershire/supply"
    supply.mkdir()
    (supply / "homes.csv").write_text(
        "service,client_group,kind,quantity,void,as_of,source\n"
        "residential-and-nursing,older-people,operational,10,2,2020-06-30,Survey\n"
    )
    said = loaded("need", "--authority", "worcestershire", "--outside", "--format", "json")[1]
    rows = {row["segment"]: row for row in json.loads(said) if row["client_group"] == "older-people"}
    assert rows["all-others"]["value"] == 7  # 8 of 10 beds are in use, and the council pays for one of these people
    assert "10 beds, 80.0% of them in use" in rows["all-others"]["method"]
    apart = ("self-funded", "nhs", "other-councils")
    assert sum(rows[name]["value"] for name in apart) == pytest.approx(7, abs=0.02)


def test_bytes_that_are_no_text_are_refused_in_a_sentence(run, tmp_path):
    (tmp_path / "odd.csv").write_bytes(bytes(range(256)) * 20)
    code, _, said = run("data", "add", tmp_path / "odd.csv")
    assert code == 1
    assert "odd.csv is not a table of text" in said
