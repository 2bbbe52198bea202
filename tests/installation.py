"""Installations of their own, each with a data folder and a database, for tests of what runs in several processes."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from tests import postgres, warm
from tests.tables import sqlite_tables

ROOT = Path(__file__).parents[1]
_numbers = itertools.count()


@dataclass
class Running:
    """A script that runs in a process of its own."""

    process: int
    out: Path
    err: Path
    ended: Path

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return running(self.process)

    def wait(self, seconds: float = 1200) -> int | None:
        """Wait for its end; its exit code, None where it was killed."""
        assert until(lambda: not self.alive, seconds), "it does not end"
        return int(self.ended.read_text()) if self.ended.exists() else None

    def kill(self, number: int = signal.SIGKILL) -> int | None:
        """Send it a signal, and wait for its end."""
        with suppress(ProcessLookupError):
            os.kill(self.process, number)
        return self.wait()


@dataclass
class Installation:
    """A data folder and the address of a database; none is SQLite in the folder."""

    data: Path
    url: str
    zygote: subprocess.Popen[str]
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        """The name of its database."""
        return "PostgreSQL" if self.url else "SQLite"

    @property
    def environment(self) -> dict[str, str]:
        """What processes of the command line see."""
        return {**environment(self.data.parent), "CARESHAPE_DATABASE_URL": self.url, **self.settings}

    def start(self, script: str, *arguments: object) -> Running:
        """Begin a script in which Django is set up."""
        name = self.data.parent / f"run{next(_numbers)}"
        paths = [name.with_suffix(end) for end in (".out", ".err", ".ended")]
        order = {
            "script": script, "arguments": [str(one) for one in arguments], "data": str(self.data), "url": self.url,
            **dict(zip(("out", "err", "ended"), map(str, paths), strict=True)),
        }  # fmt: skip
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        self.zygote.stdin.write(json.dumps(order) + "\n")
        self.zygote.stdin.flush()
        return Running(int(self.zygote.stdout.readline()), *paths)

    def python(self, script: str, *arguments: object) -> str:
        """Run such a script to its end; what it printed."""
        run = self.start(script, *arguments)
        assert run.wait() == 0, run.err.read_text()
        return run.out.read_text().strip()

    def cli(self, *arguments: object, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command line in a process that reads its configuration itself."""
        return warm.careshape(
            "--dir", data or self.data, *arguments, env=self.environment, cwd=self.data.parent, timeout=1200
        )

    def done(self, *arguments: object, data: Path | None = None) -> str:
        """Run the command line, which must end well; what it printed."""
        done = self.cli(*arguments, data=data)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def environment(folder: Path) -> dict[str, str]:
    """The environment of an installation whose keys lie in a folder; nothing of this machine's user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARESHAPE_", "PYTEST"))}
    return kept | {
        "CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters",
        "CARESHAPE_KEY_FILE": str(folder / "keys" / "pseudonym.key"),
        "DJANGO_SETTINGS_MODULE": "careshape.site.settings",
        "PYTHONPATH": str(ROOT),
    }


def running(process: int) -> bool:
    """Whether a process is there, and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: object, seconds: float = 180) -> bool:
    """Wait until something holds; False where it does not in that time."""
    ends = time.monotonic() + seconds
    assert callable(true)
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """The process that forks itself for each script."""
    folder = tmp_path_factory.mktemp("zygote")
    seen = {**environment(folder), "CARESHAPE_DIR": str(folder / "data")}
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.zygote"],
        cwd=ROOT, env=seen, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    _ready(made.stdout)
    yield made
    assert made.stdin is not None
    made.stdin.close()
    made.wait(timeout=20)
    assert made.stdout is not None
    made.stdout.close()


def _ready(out: IO[str] | None) -> None:
    assert out is not None
    assert out.readline() == "ready\n"


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    if postgres.tools() is None:
        pytest.skip(postgres.WHY_NOT)
    with postgres.server() as address:
        yield address


@contextmanager
def new_database(address: str, template: str = "template1") -> Iterator[str]:
    """A new database on a server, as another of it is."""
    import psycopg

    name, like = f"test_{secrets.token_hex(6)}", template.rpartition("/")[2]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')  # type: ignore[arg-type]
    try:
        yield address.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


@contextmanager
def _made(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    data, zygote = folder / "data", request.getfixturevalue("zygote")
    if kind == "sqlite":
        yield Installation(sqlite_tables(data), "", zygote)
        return
    data.mkdir(parents=True)
    with new_database(request.getfixturevalue("postgres_address"), postgres.TABLES) as url:
        yield Installation(data, url, zygote)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose database has its tables, on each of the two databases."""
    with _made(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture
def installations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Installation]]:
    """One on each of the two databases, for what waits more than it works and is done on both at once."""
    with ExitStack() as stack:
        yield [stack.enter_context(_made(kind, tmp_path / kind, request)) for kind in ("sqlite", "postgresql")]
