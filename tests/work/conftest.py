"""The place to work over the sample council, for synthetic people in every role of two councils."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from careshape.accounts.signing_in import CONFIRMED
from careshape.work.tokens import make, offered
from tests.accounts.people import People
from tests.source.place import Place, make_place
from tests.statement.sample import make_sample_ahead

FACTOR = "factor"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the sample, which no test changes."""
    return make_sample_ahead(tmp_path_factory.mktemp("work-sample"))


@pytest.fixture(scope="session")
def read_by_many(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """A copy of it for the tests that are marked ``reads``: what one of them had counted is there for the next."""
    return shutil.copytree(sample, tmp_path_factory.mktemp("work-read") / "data")


@pytest.fixture
def data(request: pytest.FixtureRequest, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it for one test, or for all that only read, as the installation's data directory."""
    reads = request.node.get_closest_marker("reads")
    if reads:
        folder: Path = request.getfixturevalue("read_by_many")
    else:
        folder = shutil.copytree(sample, request.getfixturevalue("tmp_path") / "data")
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    before = _records(folder) if reads else None
    yield folder
    assert before is None or _records(folder) == before, "a test that is marked reads has written records"


def _records(folder: Path) -> dict[str, int]:
    """Each file of the councils' records, with when it was written."""
    councils = folder / "councils"
    return {str(one): one.stat().st_mtime_ns for one in councils.rglob("*") if one.is_file()}


@pytest.fixture
def signed_in(people: People, data: Path) -> Callable[..., Client]:
    """Gives a client that is signed in as a role, of Worcestershire unless another council is named."""

    def client(role: str, council: str = "worcestershire", **options: Any) -> Client:
        made = Client(SERVER_NAME="localhost", **options)
        made.force_login(people.account(role, council))
        session = made.session
        session[FACTOR] = "code"
        session[CONFIRMED] = timezone.now().isoformat()
        session.save()
        return made

    return client


@pytest.fixture
def place(people: People, data: Path) -> Place:
    """The council at home with somebody to find care for."""
    return make_place(people)


@pytest.fixture
def asking(people: People, data: Path) -> Callable[..., Client]:
    """Gives a client of the API with a token of a role for some acts, or for all that the role may do."""

    def client(role: str, council: str = "worcestershire", acts: list[str] | None = None) -> Client:
        principal = people.principal(role, council)
        wanted = acts if acts is not None else [act for act, _ in offered(principal)]
        _, text = make(principal, "tests", wanted, 30)
        return Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {text}"})

    return client
