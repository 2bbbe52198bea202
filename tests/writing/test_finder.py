"""Finding what a text may quote: by words that count, with slips and small words, and with what it gives now."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import packaged_segments
from careshape.statement.council import Council
from careshape.statement.outlook.kept import Kept
from careshape.writing.finder import Found, find
from careshape.writing.texts import council_of
from careshape.writing.words import wanted

KNOWN = {"home": 9, "whom": 1, "care": 9, "hour": 3, "weekly": 2, "population": 2}


@pytest.mark.parametrize(
    ("text", "words", "taken"),
    [
        ("hours of home care in the week", ("hour", "home", "care", "week"), ()),
        ("weekley hours", ("weekly", "hour"), (("weekley", "weekly"),)),
        # two are as near, and one is there more
        ("hoems", ("home",), (("hoems", "home"),)),
        # a part of a word is a word, and what is near nothing stays
        ("popul zzz", ("popul", "zzz"), ()),
        ("Home HOMES", ("home",), ()),
        ("of the", (), ()),
        # a letter is no word, and of very many words the first count
        ("x y of home b", ("home",), ()),
        (" ".join(f"q{n}" for n in range(60)), tuple(f"q{n}" for n in range(12)), ()),
    ],
)
def test_words_that_count_are_taken_as_they_are_known(text, words, taken):
    found = wanted(text, KNOWN)
    assert (found.words, found.taken) == (words, taken)


@pytest.fixture
def council(home) -> Council:
    return council_of("worcestershire")


def shown(found: Found) -> dict[str, dict[str, str]]:
    """What was found, by kind: the expression of each with what it gives now."""
    return {one.title: {hit.expression: hit.now for hit in one.shown} for one in found.kinds if one.shown}


def test_measure_is_found_with_what_is_written_and_what_it_gives_now(council):
    found = shown(find(council, "people in care homes"))
    assert found["Measures"]['measure("care_home_people", period="2020-10-01")'] == "5"
    narrowed = shown(find(council, "people in care homes in Wychavon"))["Measures"]
    assert narrowed['measure("care_home_people", period="2020-10-01", district="wychavon")'] == "3"
    assert not any("wychavon" not in one for one in narrowed)


def test_published_figure_is_found_with_its_value(council):
    found = shown(find(council, "population county 2018"))
    assert find(council, "population 2018").whole
    assert any(one.startswith("observation(") and now for one, now in found["Published figures"].items())


def test_where_nothing_has_all_words_what_has_most_is_shown_and_said_to_be_so(council):
    found = find(council, "people care homes zzz")
    assert not found.whole
    assert found.any
    assert not find(council, "zzz").any


def test_forecast_is_found_with_its_year_and_before_it_is_worked_out_that_is_said(council, monkeypatch):
    assert find(council, "home care expected").later
    segment = next(one for one in packaged_segments() if one.id == "home-care")
    hours = Expected(412.0, np.array([400.0, 412.0, 424.0]), "Counted on")
    made = Kept(
        "worcestershire", origin=date(2021, 6, 30), months=60, segments={"home-care": segment},
        expectations={("home-care", "all", "all", 36): hours, ("home-care", "older-people", "wychavon", 36): hours},
    )  # fmt: skip
    monkeypatch.setattr(Council, "ahead", made)
    found = find(council, "home care expected in 2024")
    assert not found.later
    assert shown(found)["What is to come"] == {
        'forecast("home-care", year="2024")': "412",
        'forecast("home-care", year="2024", client_group="older-people", area="wychavon")': "412",
    }
