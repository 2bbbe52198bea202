"""Two editions of the sample council: between them a person more came, words changed, and a figure was kept back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from careshape.accounts.models import Message
from careshape.accounts.signing_in import CONFIRMED
from careshape.editions.begin import record
from careshape.editions.models import Edition
from careshape.editions.prepare import prepare_files
from careshape.editions.settle import agree, release
from careshape.editions.since import changed_since
from careshape.home import Home
from careshape.ledger.imports import import_file
from tests.once import copy_of
from tests.statement.sample import HEADER, LINE, make_sample, set_key

COUNCIL = "worcestershire"
RULE = 'method = "suppress"\nthreshold = 2\nwidth = 1\ndominance_providers = 0\nnear_percent = 0\n'


@pytest.fixture(scope="session")
def two_editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory with the folders of editions 1 and 2, made once: each test has a copy."""
    data = tmp_path_factory.mktemp("readers-sample")
    set_key(data)
    return copy_of("two-editions", data, make_two_editions)


def make_two_editions(data: Path) -> None:
    """Make it in a folder."""
    make_sample(data)
    home, folder = Home(data), data / "councils" / COUNCIL
    (folder / "disclosure.toml").write_text(RULE, "utf-8")
    _prepare(home, 1, [])
    more_come(data)
    text = folder / "statement" / "03-shared-lives.md"
    text.write_text(text.read_text("utf-8").replace("There is some.", "There is much more than there was."), "utf-8")
    _prepare(home, 2, [1])


def more_come(data: Path) -> None:
    """Post four more people in care homes, found later."""
    lines = data / "more.csv"
    lines.write_text(
        HEADER + "".join(
            LINE.format(n=n, group="older-people", service="nursing", district="wychavon", start="2020-05-01", end="",
                        cost="950.00")
            for n in range(20, 24)
        ),
        "utf-8",
    )  # fmt: skip
    recorded = datetime(2021, 7, 31, 9, tzinfo=UTC)
    import_file(Home(data).ledger(COUNCIL), lines, reader="packages", recorded_at=recorded)


def _prepare(home: Home, number: int, before: list[int]) -> None:
    last = home.ledger(COUNCIL).postings()[-1]
    passed = prepare_files(home, COUNCIL, number, last.number, last.day.isoformat(), before, lambda *said: None)
    assert passed.safe


@pytest.fixture
def home(two_editions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it for one test."""
    folder = tmp_path / "data"
    shutil.copytree(two_editions, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return Home(folder)


@pytest.fixture
def releases(home: Home, people: Any) -> Callable[[int], Edition]:
    """Releases an edition whose folder stands, as two people do."""

    def made(number: int) -> Edition:
        posting = home.ledger(COUNCIL).postings()[number - 1]
        before = max(Message.objects.values_list("pk", flat=True), default=0)
        row = record(people.principal("analyst"), COUNCIL, number, posting, True)
        aware = changed_since(home, row).digest  # text and records are those of edition 2
        agree(people.principal("commissioner"), row, aware)
        release(people.principal("commissioner"), row, aware)
        Message.objects.filter(pk__gt=before).delete()  # what the council's own people are told is another test's
        return row

    return made


@pytest.fixture
def signed_in(people: Any, home: Home) -> Callable[..., Client]:
    """Gives a client that is signed in as a role, of Worcestershire unless another council is named."""

    def client(role: str, council: str = COUNCIL) -> Client:
        made = Client(SERVER_NAME="localhost")
        made.force_login(people.account(role, council))
        session = made.session
        session["factor"] = "code"
        session[CONFIRMED] = timezone.now().isoformat()
        session.save()
        return made

    return client
