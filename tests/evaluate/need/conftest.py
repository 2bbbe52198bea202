"""Data folders with small synthetic projections."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.home import Home
from careshape.records.official import add_file
from tests.records.official.files import projection, variants


@pytest.fixture(scope="session")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A folder with a synthetic projection: 100 females and 50 males of every age in 2018, and 2 and 1 more a year."""
    folder = tmp_path_factory.mktemp("projected")
    home = Home(folder / "data")
    for sex in ("females", "males"):
        add_file(home, projection(folder / f"{sex}.csv", sex))
    return home


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same with a high and a low variant, a tenth above and below."""
    folder = tmp_path_factory.mktemp("varied")
    home = Home(folder / "data")
    for sex in ("females", "males"):
        add_file(home, projection(folder / f"{sex}.csv", sex))
    add_file(home, variants(folder / "variants.csv", {"v1": 1, "v8": 1.1, "v9": 0.9}))
    return home


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A folder without statistics."""
    return Home(tmp_path / "data")
