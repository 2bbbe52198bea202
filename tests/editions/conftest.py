"""The sample council with a rule that suppresses, as the data directory of an installation."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from careshape.editions.folders import editions_path
from careshape.editions.prepare import prepare_files
from careshape.home import Home
from tests.once import copy_of
from tests.statement.sample import make_sample

collect_ignore = [] if os.environ.get("CARESHAPE_TEST_RELEASES") else ["test_whole_releases.py"]
RULE = 'method = "suppress"\nthreshold = 3\nwidth = 2\ndominance_providers = 0\nnear_percent = 0\n'


@pytest.fixture(scope="session")
def sample(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory, which no test changes: the one that edition 1 was made of, without it."""
    data = tmp_path_factory.mktemp("editions-sample") / "data"
    shutil.copytree(prepared, data)
    shutil.rmtree(editions_path(Home(data), "worcestershire"))
    return data


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the folder of edition 1, made once: each test that needs one has a copy."""

    folder = tmp_path_factory.mktemp("editions-prepared") / "data"
    return copy_of("editions-prepared", folder, make_prepared)


def make_prepared(folder: Path) -> None:
    """Make it in a folder."""
    make_sample(folder)
    (folder / "councils" / "worcestershire" / "disclosure.toml").write_text(RULE, "utf-8")
    last = Home(folder).ledger("worcestershire").postings()[-1]
    prepare_files(Home(folder), "worcestershire", 1, last.number, last.day.isoformat(), [], lambda *said: None)


@pytest.fixture
def home(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it for one test."""
    folder = tmp_path / "data"
    shutil.copytree(sample, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return Home(folder)
