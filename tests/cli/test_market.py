"""``careshape market``: what was read, its faults in sentences, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.cli import main
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, RATED, as_csv


def test_read_says_rows_and_faults_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = as_csv(tmp_path / f"{JULY}.csv", [ACTIVE, ACTIVE | {"Location ID": "1-101", "Care home?": "perhaps"}])
    kept = tmp_path / "faults.csv"
    assert main(["market", "read", str(path), "--faults", str(kept)]) == 1
    said = capsys.readouterr().out
    assert "cqc-directory" in said
    assert f"{path.name}, row 3, Care home?: 'perhaps' is not Y, N or blank." in said
    assert "no real file of this layout was at hand" in said
    assert kept.read_text().startswith("file,row,column,value,outcome,message\n")
    assert main(["market", "read", str(path), "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["refused_rows"], found["as_of"]) == (1, 1, "2021-07-01")
    assert found["findings"][0]["row"] == 3


def test_read_of_another_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["market", "read", str(as_csv(tmp_path / "other.csv", [{"a": 1, "b": 2}]))]) == 1
    assert "is not a file of a source that careshape knows" in capsys.readouterr().err


def test_closures_with_and_without_following_and_each_home_with_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    active = as_csv(tmp_path / f"{JULY}.csv", [ACTIVE | {"Location HSCA start date": "01/06/2021"}])
    gone = ENDED | {"Location Name": "Synthetic home 1"}
    closed = ENDED | {"Location ID": "1-301", "Location Postal Code": "WR9 9ZZ", "Location HSCA End Date": "01/02/2021"}
    ended = as_csv(tmp_path / f"{GONE}.csv", [gone, closed])
    call = ["market", "closures", str(active), str(ended), "--area", "worcestershire"]
    assert main([*call, "--format", "json"]) == 0
    told = capsys.readouterr()
    (year,) = json.loads(told.out)
    assert (year["year"], year["ended"], year["went_on"], year["closed"]) == ("2021", 2, 1, 1)
    assert "no real file of this layout was at hand" in told.err
    assert main([*call, "--homes", "--format", "csv"]) == 0
    said = capsys.readouterr().out
    assert (
        '1-300,Synthetic home 1,WR1 1AA,2021-05-31,22,same,1-100,"the same postcode (WR1 1AA); it began 1 day' in said
    )
    assert main(["market", "closures", str(active), str(ended), "--area", "Worcestershir"]) == 2
    assert "Did you mean Worcestershire?" in capsys.readouterr().err


def test_ratings_say_their_age_and_count_homes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rated = as_csv(tmp_path / "rated.csv", [RATED | {"Publication Date": "20/05/2016"}])
    assert main(["market", "ratings", str(rated), "--on", "2021-06-25", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["months"], row["age"]) == (61, "rated Good 61 months ago")
    assert main(["market", "ratings", str(rated), "--table", "--format", "csv"]) == 0
    assert "all,not-told,good,2016-05-20,care-homes,homes,1,part" in capsys.readouterr().out


def test_occupancy_counts_what_stands_and_says_what_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = as_csv(tmp_path / f"{JULY}.csv", [ACTIVE, ACTIVE | {"Location ID": "1-101"}])
    good = {"location_id": "1-100", "day": "01/07/2021", "bed_type": "transitional", "maximum": 40, "in_use": 30}
    good |= {"reserved": 0, "admittable": 10}
    sent = as_csv(tmp_path / "return.csv", [good, good | {"location_id": "1-101", "in_use": 41}])
    call = ["market", "occupancy", str(sent), "--on", "2021-07-05", "--register", str(register)]
    assert main([*call, "--by", "district,bed_type", "--authority", "worcestershire", "--format", "json"]) == 1
    told = capsys.readouterr()
    (row,) = json.loads(told.out)
    assert (row["district"], row["occupancy"], row["admittable"], row["oldest_days"]) == ("worcester", 75.0, 10, 4)
    assert "return.csv, row 3, in_use: 41 beds in use are more than the 40 that can be used." in told.err
    assert "1 of 2 registered homes have a return that counts." in told.err
    assert main([*call, "--by", "ward"]) == 2
    assert "'ward' is no part of a return of beds" in capsys.readouterr().err


def test_alerts_come_from_figures_returns_and_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = as_csv(tmp_path / f"{JULY}.csv", [ACTIVE])
    figures = tmp_path / "figures.csv"
    figures.write_text("figure,area,value,base,day\nrefusal_rate,Tenbury zone,45,20,2021-07-01\n")
    sent = {"location_id": "1-100", "day": "01/07/2021", "bed_type": "transitional", "maximum": 40, "in_use": 40}
    returned = as_csv(tmp_path / "return.csv", [sent | {"reserved": 0, "admittable": 0}])
    call = ["market", "alerts", str(figures), "--return", str(returned), "--register", str(register)]
    assert main([*call, "--on", "2021-07-05", "--format", "json"]) == 0
    told = capsys.readouterr()
    found = {row["alert"]: row["level"] for row in json.loads(told.out)}
    assert found == {"refusals": "act", "full-homes": "act", "concentration": "act", "largest-provider": "act"}
    assert "share of the three largest providers is of 1 provider, and fewer than 4 say nothing" in told.err
    assert main(["market", "alerts"]) == 2
    assert main(["market", "concentration", str(register), "--format", "csv"]) == 0
    assert "Worcestershire,1,40,0,1,10000" in capsys.readouterr().out
