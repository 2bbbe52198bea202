"""The sample council as the data directory of an installation, and its text."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from careshape.home import Home
from tests.statement.sample import make_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory, which no test changes."""
    return make_sample(tmp_path_factory.mktemp("writing-sample"))


@pytest.fixture
def home(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it for one test."""
    folder = tmp_path / "data"
    shutil.copytree(sample, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return Home(folder)


@pytest.fixture
def commissioner(people):
    return people.principal("commissioner")


@pytest.fixture
def analyst(people):
    return people.principal("analyst")


@pytest.fixture
def auditor(people):
    return people.principal("auditor")
