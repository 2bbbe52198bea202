"""Closures from the files that are kept, and as the page shows them; every home is made up."""

from __future__ import annotations

from pathlib import Path

from careshape.home import Home
from careshape.market.kept import kept_closures
from careshape.records.official import add_file
from careshape.statement.outlook.there import _followed
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, as_csv


def test_kept_files_give_closures_of_one_council_with_homes_followed(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    gone = ENDED | {"Location Name": "Synthetic home 1", "Location HSCA End Date": "31/01/2021"}
    closed = ENDED | {"Location ID": "1-301", "Location Postal Code": "WR9 9ZZ", "Location HSCA End Date": "01/02/2021"}
    other = closed | {"Location ID": "1-302", "Location Local Authority": "Thurrock"}
    no_day = closed | {"Location ID": "1-303", "Location HSCA End Date": ""}
    add_file(home, as_csv(tmp_path / f"{GONE}.csv", [gone, closed, other, no_day]))
    assert kept_closures(home, "worcestershire") is None
    add_file(home, as_csv(tmp_path / f"{JULY}.csv", [ACTIVE | {"Location HSCA start date": "01/02/2021"}]))
    found = kept_closures(home, "worcestershire")
    assert found is not None
    (year,) = found.years
    assert (year.year, year.ended, year.went_on, year.perhaps, year.closed) == ("2021", 2, 1, 0, 1)
    assert "(July 2021)" in found.source
    (section,) = _followed(found)
    assert section.table is not None
    (row,) = section.table.records
    assert (row["homes"], row["beds"], row["closed"], row["closed_beds"]) == (2, 44, 1, 22)
