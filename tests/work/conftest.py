"""The place to work over the sample council, for synthetic people in every role of two councils."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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


@pytest.fixture
def data(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for one test, as the installation's data directory."""
    folder = tmp_path / "data"
    shutil.copytree(sample, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return folder


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
