"""Neighbourhoods: their district's people, shared by small-area estimates."""

from __future__ import annotations

import pytest

from careshape.errors import CallError, InputError
from careshape.evaluate.population import neighbourhoods, population
from careshape.records.official import add_file
from tests.records.official.files import projection

HEADER = ",".join(["lsoa11_name", "lsoa11_code", "ltla21_code", "total_population", *map(str, range(90)), "90+"])


def small_areas(path, rows):
    """Estimates of neighbourhoods: code, district and people of every single age; nobody of 90 and over in either."""
    lines = [HEADER]
    for code, district, count in rows:
        lines.append(",".join(["Somewhere 1A", code, district, str(90 * count), *[str(count)] * 90, "0"]))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def home(empty, tmp_path):
    for sex in ("females", "males"):
        add_file(empty, projection(tmp_path / f"{sex}.csv", sex))
    return empty


def test_neighbourhoods_share_their_district_and_add_up_to_it(home, tmp_path):
    add_file(
        home,
        small_areas(tmp_path / "mye2020_lsoa.csv", [("E01000001", "E06000034", 30), ("E01000002", "E06000034", 10)]),
    )
    whole = population(home, "thurrock")
    parts = neighbourhoods(home, whole)
    assert parts.areas == ("E01000001", "E01000002")
    # three quarters of the 150 people of every age; of 90 and over nobody was counted, so that they are halved
    assert parts.total("E01000001", 2018, (70, 70)) == pytest.approx(0.75 * 150)
    assert parts.total("E01000001", 2018, (90, None)) == pytest.approx(0.5 * 150)
    assert parts.values.sum(axis=0) == pytest.approx(whole.values[0])
    assert parts.label == "official projection, shared to neighbourhoods"
    assert parts.is_modelled


def test_neighbourhoods_need_estimates_of_every_district(home, tmp_path):
    with pytest.raises(CallError, match="No edition of mid-year-estimates-lsoa"):
        neighbourhoods(home, population(home, "worcestershire"))
    add_file(home, small_areas(tmp_path / "mye2020_lsoa.csv", [("E01000001", "E07000234", 30)]))
    with pytest.raises(InputError, match="holds no neighbourhood of malvern-hills, redditch"):
        neighbourhoods(home, population(home, "worcestershire"))
