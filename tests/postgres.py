"""A PostgreSQL server of the tests' own, brought up and down by them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    programs = tools()
    assert programs is not None, WHY_NOT
    root = os.geteuid() == 0
    as_user = ["runuser", "-u", "postgres", "--"] if root else []
    # Not under pytest's own folder: that is closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="careshape-postgres-"))
    if root:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster, log = folder / "data", folder / "log"

    def run(*command: object) -> None:
        done = subprocess.run(
            [*as_user, *map(str, command)], cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(programs / "initdb", "-D", cluster, "-U", "careshape", "-A", "trust", "--no-sync", "-E", "UTF8")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    # The server keeps what it is given as output, so it is given the log and not a pipe of ours.
    run("sh", "-c", f"'{programs}/pg_ctl' -D '{cluster}' -w -l '{log}' -o '{options}' start >/dev/null 2>&1")
    try:
        yield f"postgresql://careshape@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        shutil.rmtree(folder)
