"""The synthetic county, made once for all tests that only read it."""

from __future__ import annotations

import pytest

from careshape.demo import Files, generate, generate_council
from careshape.demo.generate import Council


@pytest.fixture(scope="session")
def county() -> Council:
    """Worcestershire in memory."""
    return generate("worcestershire", seed=1)


@pytest.fixture(scope="session")
def county_files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Worcestershire as files."""
    return generate_council("worcestershire", tmp_path_factory.mktemp("county"), seed=1)
