from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.cost import load_list, neighbours
from careshape.evaluate.cost.neighbours import distances, mean_stability, read_list, read_method, stability, standardise
from careshape.records.official import add_file

METHOD = """
title = "Two shares"
description = "A method for the tests."
sources = ["mid-year-estimates"]
neighbours = 2
[[indicator]]
id = "young"
label = "Under 18"
kind = "share"
ages = [0, 17]
[[indicator]]
id = "growth"
label = "Growth"
kind = "growth"
years = 1
"""


@pytest.fixture
def populated(place):
    """Four councils: two young and growing, two old and shrinking, with single ages as the estimates have them."""
    kinds = {
        "E10000034": (20, 10, 1.0),
        "E06000001": (20, 10, 1.01),
        "E06000002": (10, 20, 0.9),
        "E06000003": (40, 5, 1.3),
    }
    lines = ["area_code,area_name,sex,age," + ",".join(str(year) for year in range(2011, 2023))]
    for code, (child, adult, growth) in kinds.items():
        for sex in ("F", "M"):
            for age in range(91):
                size = 100 * (child if age < 18 else adult)
                lines.append(f"{code},Area {code[-1]},{sex},{age}" + f",{size}" * 11 + f",{size * growth:.1f}")
    file = place.path / "mye.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    add_file(place, file)
    return place


def test_standardise_gives_nothing_to_what_is_all_alike() -> None:
    found = standardise(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert found.tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def test_distance_is_rebased_on_the_farthest() -> None:
    places = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    assert distances(places, np.ones(2), 0).tolist() == [0.0, 0.5, 1.0]
    # Nothing but the first indicator: 3 of 6.
    assert distances(places, np.array([1.0, 0.0]), 0).tolist() == [0.0, 0.5, 1.0]


def test_stability_is_certain_where_weights_do_not_matter() -> None:
    places = np.array([[0.0, 0.0], [0.1, 0.1], [5.0, 5.0]])
    assert stability(places, np.ones(2), 0, 1).tolist() == [0.0, 1.0, 0.0]
    # Two areas as far, each along its own indicator: which is nearer is up to the weights.
    even = stability(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.ones(2), 0, 1)
    assert even[1] == pytest.approx(0.5, abs=0.06)
    assert even.sum() == pytest.approx(1)


def test_open_method_from_loaded_estimates(populated, tmp_path) -> None:
    file = tmp_path / "method.toml"
    file.write_text(METHOD, encoding="utf-8")
    found = neighbours(populated, "worcestershire", read_method(file))
    # Area 1 has the same ages and all but the same growth; area 2 is older and shrinks, area 3 is far younger.
    assert found.rows[0].code == "E06000001"
    assert found.rows[0].distance < 0.1
    assert found.rows[0].stability == 1.0
    assert len(found.rows) == 2
    assert found.method == "Two shares"
    assert "edition 2022" in found.source
    assert mean_stability(found.rows) > 0.5


def test_own_list_comes_first(populated, tmp_path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text("area_code,area_name\nE06000003,Area 3\n", encoding="utf-8")
    with pytest.raises(CallError, match="no council 'worcestershire' to keep a list for"):
        load_list(populated, "worcestershire", file)
    populated.council_path("worcestershire").mkdir(parents=True)
    load_list(populated, "worcestershire", file)
    found = neighbours(populated, "worcestershire")
    assert [one.code for one in found.rows] == ["E06000003"]
    assert found.method == "list of the council's own"
    assert mean_stability(found.rows) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code\nE06\n", "no column area_code or area_name"),
        ("area_name\n", "must name one area on each line"),
        ("area_name\nA\nA\n", "names an area twice"),
    ],
)
def test_faulty_lists_are_refused(tmp_path, text: str, says: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_list(file)


def test_faulty_method_names_field(tmp_path) -> None:
    file = tmp_path / "method.toml"
    file.write_text(METHOD.replace('kind = "growth"', 'kind = "guess"'), encoding="utf-8")
    with pytest.raises(CatalogueError, match="indicator, entry 2, kind"):
        read_method(file)


def test_without_statistics_it_says_what_to_load(place) -> None:
    with pytest.raises(CallError, match=r"Mid-year population estimates.*careshape data add.*neighbours --load"):
        neighbours(place, "worcestershire")
