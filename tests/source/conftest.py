"""The records of a sample council, and somebody there to find care for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from careshape.evaluate.measure import measure
from careshape.ledger import Ledger
from tests.accounts.people import People
from tests.source.place import Place, make_place
from tests.statement.sample import make_sample_ahead


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the sample, which no test changes."""
    return make_sample_ahead(tmp_path_factory.mktemp("source-sample"))


@pytest.fixture
def data(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for one test, as the installation's data directory."""
    folder = tmp_path / "data"
    shutil.copytree(sample, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return folder


@pytest.fixture
def place(people: People, data: Path) -> Place:
    """The council at home with all that a request needs."""
    return make_place(people)


@pytest.fixture
def figure(data: Path) -> Callable[[str, str], int]:
    """Gives a measure of the council on a day, as the records have it now."""

    def value(name: str, period: str) -> int:
        return int(measure(Ledger.open(data / "councils" / "worcestershire"), name, period=period).value or 0)

    return value
