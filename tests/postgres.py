"""A PostgreSQL server of the tests' own, brought up and down by them.

Each begins as a copy of one that was set up once a run, and has a database with careshape's tables.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.once import copy_of

TABLES = "careshape_tables"
"""The database that has its tables: others are made as it is, and nobody else asks it."""
WHY_NOT = "PostgreSQL is not installed: apt install postgresql"


def tools() -> Path | None:
    """The folder of the server's programs; None where there is none that this user can run."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
    which = shutil.which("initdb")
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("runuser") is None:
        return None
    return found[-1].parent if found else Path(which).parent if which else None


@contextmanager
def server() -> Iterator[str]:
    """A server for as long as the block lasts; its address, with a database to connect to."""
    assert tools() is not None, WHY_NOT
    # Not under pytest's own folder: that is closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="careshape-postgres-"))
    try:
        cluster = copy_of("postgres", folder / "data", _make)
        _give(folder)
        with _started(cluster, "immediate") as address:
            yield address
    finally:
        shutil.rmtree(folder)


def _make(cluster: Path) -> None:
    """Set up what a server starts from."""
    from tests.tables import make_tables  # which has Django set up

    with tempfile.TemporaryDirectory(prefix="careshape-postgres-") as made:
        new, data = Path(made) / "data", Path(made) / "careshape"
        data.mkdir()
        _give(Path(made))
        _run(new.parent, "initdb", "-D", new, "-U", "careshape", "-A", "trust", "--no-sync", "-E", "UTF8")
        with _started(new, "fast") as address:
            _run(new.parent, "createdb", f"--maintenance-db={address}", TABLES)
            make_tables(data, address.rpartition("/")[0] + f"/{TABLES}")
        shutil.copytree(new, cluster, dirs_exist_ok=True)


@contextmanager
def _started(cluster: Path, end: str) -> Iterator[str]:
    """A server of a cluster of files, which ends in a way; its address."""
    folder = cluster.parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    programs, log = tools(), folder / "log"
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    # The server keeps what it is given as output, so it is given the log and not a pipe of ours.
    start = f"'{programs}/pg_ctl' -D '{cluster}' -w -l '{log}' -o '{options}' start >/dev/null 2>&1"
    _run(folder, "sh", "-c", start)
    try:
        yield f"postgresql://careshape@127.0.0.1:{port}/postgres"
    finally:
        _run(folder, "pg_ctl", "-D", cluster, "-m", end, "stop")


def _run(folder: Path, name: str, *arguments: object) -> None:
    """Run a program, one of the server's or the shell, as the user that a server may run as."""
    programs = tools()
    assert programs is not None, WHY_NOT
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    program = name if name == "sh" else str(programs / name)
    done = subprocess.run(
        [*as_user, program, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _give(folder: Path) -> None:
    """Give a folder with all that it holds to that user."""
    if os.geteuid() == 0:
        for one in (folder, *folder.rglob("*")):
            shutil.chown(one, "postgres", "postgres")
