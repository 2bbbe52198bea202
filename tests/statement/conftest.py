"""A small council for the tests of this room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")

from careshape.statement.council import Council, open_council
from tests.statement.sample import make_sample


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the sample; tests do not change it."""
    return make_sample(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def council(data: Path) -> Council:
    """Worcestershire of the sample."""
    found = open_council(data, "worcestershire")
    assert found is not None
    return found
