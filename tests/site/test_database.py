"""The pages over SQLite and over PostgreSQL, each in a process of its own, as an installation runs them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careshape.errors import CallError
from careshape.site.database import database

ASK = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
call_command("check", "--database", "default")
call_command("migrate", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
    assert cursor.fetchone() == (1,)
for path in ("/", "/worcestershire/", "/worcestershire/statement/care-homes/", "/worcestershire/tables/older-people/"):
    assert Client(SERVER_NAME="localhost").get(path).status_code == 200, path
print(connection.vendor)
"""


def vendor(data: Path, url: str) -> str:
    env = {**os.environ, "CARESHAPE_DIR": str(data), "CARESHAPE_DATABASE_URL": url}
    env["DJANGO_SETTINGS_MODULE"] = "careshape.site.settings"
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def _tools() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
    which = shutil.which("initdb")
    return found[-1].parent if found else Path(which).parent if which else None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this test's own; its address."""
    tools = _tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    root = os.geteuid() == 0
    if root and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and runuser is not there")
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

    run(tools / "initdb", "-D", cluster, "-U", "careshape", "-A", "trust", "--no-sync", "-E", "UTF8")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    # The server keeps what it is given as output, so it is given the log and not a pipe of ours.
    run("sh", "-c", f"'{tools}/pg_ctl' -D '{cluster}' -w -l '{log}' -o '{options}' start >/dev/null 2>&1")
    yield f"postgresql://careshape@127.0.0.1:{port}/postgres"
    run(tools / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    shutil.rmtree(folder)


def test_pages_work_over_sqlite(data):
    assert vendor(data, "") == "sqlite"
    assert (data / "careshape.sqlite3").is_file()


@pytest.mark.postgres
def test_pages_work_over_postgresql(data, postgres):
    assert vendor(data, postgres) == "postgresql"


def test_database_refuses_an_address_of_another_kind(tmp_path):
    with pytest.raises(CallError, match="begins with 'mysql:'"):
        database("mysql://root@localhost/x", tmp_path)


def test_database_reads_every_part_of_the_address(tmp_path):
    found = database("postgresql://c%40re:s%3Acret@db.example:5433/mps", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "c@re", "s:cret", "db.example", "5433", "mps",
    )  # fmt: skip
