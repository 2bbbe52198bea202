"""Ratings with their age, the newest of several files, and homes by rating; every location is made up."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from careshape.errors import CallError
from careshape.market.files import read_file
from careshape.market.ratings import age, homes_by_rating, rated
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, PRIMARY, RATED, as_csv

SHARED = Path(__file__).parents[3] / "shared"
ON = date(2021, 7, 1)


@pytest.mark.parametrize(
    ("published", "on", "days", "months", "said"),
    [
        (date(2021, 7, 1), date(2021, 7, 1), 0, 0, "today"),
        (date(2021, 6, 30), date(2021, 7, 1), 1, 0, "1 day ago"),
        (date(2021, 5, 31), date(2021, 6, 30), 30, 0, "30 days ago"),
        (date(2021, 5, 30), date(2021, 6, 30), 31, 1, "1 month ago"),
        (date(2016, 5, 20), date(2021, 6, 25), 1862, 61, "61 months ago"),
        (date(2020, 2, 29), date(2021, 2, 28), 365, 11, "11 months ago"),
    ],
)
def test_age_is_in_days_and_whole_months(published: date, on: date, days: int, months: int, said: str) -> None:
    found = age(published, on)
    assert (found.days, found.months, str(found)) == (days, months, said)


def test_nothing_has_an_age_before_it_was_published() -> None:
    with pytest.raises(CallError, match=r"Nothing published on 02/07/2021 was known on 01/07/2021"):
        age(date(2021, 7, 2), ON)


def test_the_newest_rating_of_both_files_counts_with_its_key_questions(tmp_path: Path) -> None:
    named = {"Domain": "Safe", "Latest Rating": "Requires improvement"}
    of_a_service = {"Service / Population Group": "Substance misuse services", "Latest Rating": "Inadequate"}
    rows = [
        RATED | {"Publication Date": "20/05/2016"},
        RATED | named,
        RATED | of_a_service,
        RATED | {"Location ID": "1-9"},
    ]
    directory = read_file(as_csv(tmp_path / f"{JULY}.csv", [ACTIVE | {"Publication Date": "20/05/2015"}]))
    (one,) = rated([directory, read_file(as_csv(tmp_path / "rated.csv", rows), ON)])
    assert (one.overall.rating, one.domains["safe"].rating) == ("good", "requires-improvement")
    assert one.overall.in_words(ON) == "rated Good 61 months ago"
    row = one.as_row(ON)
    assert (row["months"], row["safe"], row["caring"], row["kind"]) == (61, "requires-improvement", None, "residential")


def test_not_inspected_and_not_rated_are_told_apart(tmp_path: Path) -> None:
    blank = ACTIVE | {"Location Latest Overall Rating": "", "Publication Date": ""}
    rows = [blank, ACTIVE | {"Location ID": "1-2", "Location Latest Overall Rating": "Insufficient evidence to rate"}]
    found = rated([read_file(as_csv(tmp_path / f"{JULY}.csv", rows))])
    assert [one.overall.rating for one in found] == ["not-yet-inspected", "inspected-not-rated"]
    assert found[0].overall.in_words(ON) == "not yet rated"
    assert found[1].overall.in_words(ON) == "rated Insufficient evidence to rate 10 months ago"


def test_homes_by_rating_add_up_in_both_directions(tmp_path: Path) -> None:
    nursing = {"Service type - Care home service with nursing": "Y"}
    rows = [
        ACTIVE | nursing,
        ACTIVE | nursing | {"Location ID": "1-2", "Location Latest Overall Rating": ""},
        ACTIVE | {"Location ID": "1-3", "Location Latest Overall Rating": "Outstanding"},
        ACTIVE | {"Location ID": "1-4", "Care home?": "N"},
        ACTIVE | {"Location ID": "1-5", PRIMARY: "1-3"},  # registered twice
    ]
    table = homes_by_rating(rated([read_file(as_csv(tmp_path / f"{JULY}.csv", rows))]), "Made-up", "2021-07")
    value = {(row["registration_type"], row["cqc_overall_rating"]): row["value"] for row in table}
    assert value["nursing", "all"] == 2
    assert (value["nursing", "good"], value["nursing", "not-yet-inspected"], value["nursing", "inadequate"]) == (
        1,
        1,
        0,
    )
    assert value["all", "all"] == sum(value[kind, "all"] for kind in ("nursing", "residential")) == 3
    assert {row["row_kind"] for row in table if row["value"] == 3} == {"total"}


def test_ratings_of_ended_locations_are_no_ratings(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"cqc-deactivated\. Ratings are read from cqc-directory and cqc-ratings"):
        rated([read_file(as_csv(tmp_path / f"{GONE}.csv", [ENDED]))])


@pytest.mark.data
def test_the_table_has_the_shape_of_the_published_one_and_the_real_counts() -> None:
    published = SHARED / "published" / "worcestershire"
    source = SHARED / "data" / "cqc" / "cqc_latest_ratings_worcs_thurrock.csv"
    if not source.is_file() or not published.is_dir():
        pytest.skip("the folder shared is not beside the checkout")
    table = homes_by_rating(rated([read_file(source).of_authority("Worcestershire")]), "Worcestershire")
    with next(published.glob("table-15*.csv")).open(encoding="utf-8") as file:
        printed = list(csv.DictReader(file))
    assert set(table[0]) <= set(printed[0])
    assert {row["cqc_overall_rating"] for row in table} == {row["cqc_overall_rating"] for row in printed}
    value = {row["cqc_overall_rating"]: row["value"] for row in table if row["registration_type"] == "not-told"}
    # The note beside the file counts the homes rated by the end of January 2021.
    assert value == {
        "inadequate": 2, "requires-improvement": 35, "good": 133, "outstanding": 8, "not-yet-inspected": 0, "all": 178,
    }  # fmt: skip
