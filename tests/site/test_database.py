"""The pages over SQLite and over PostgreSQL, each in a process of its own, as an installation runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from careshape.errors import CallError
from careshape.site.database import database
from tests import warm
from tests.postgres import WHY_NOT, server, tools

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
    done = warm.run(ASK, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this test's own; its address."""
    if tools() is None:
        pytest.skip(WHY_NOT)
    with server() as address:
        yield address


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
