"""The tables of a database, made by the migrations once a run for each kind, and copied by every process that asks one.

That the migrations make what the models say is shown by tests/site/test_migrations.py, which makes them itself.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.sqlite3.creation import DatabaseCreation

from tests.once import copy_of

ROOT = Path(__file__).parents[1]
MIGRATE = (
    "from tests.quick import collect_seldom; collect_seldom(); "
    "import django; django.setup(); from careshape.site.migrations import migrate; migrate()"
)
FILE = "careshape.sqlite3"


def make_tables(data: Path, url: str = "") -> None:
    """Make the tables of a database, as an installation with this data folder does; none is SQLite in the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARESHAPE_", "PYTEST"))}
    asked = {
        "CARESHAPE_DIR": str(data), "CARESHAPE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "careshape.site.settings",
        "CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE], env=kept | asked, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def sqlite_tables(data: Path) -> Path:
    """Fill a data folder, which is not there or empty, with a database that has its tables."""
    return copy_of("tables-sqlite", data, make_tables)


def have_tables() -> None:
    """Let the database of Django's tests in this process begin with its tables, in which it looks what is missing."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("postgresql"):
        from tests.postgres import TABLES

        settings["TEST"]["TEMPLATE"] = TABLES
        return
    made: Callable[..., str] = DatabaseCreation.create_test_db

    def create(self: Any, *arguments: Any, **options: Any) -> str:
        with _filled(self._get_test_db_name()):
            return made(self, *arguments, **options)

    DatabaseCreation.create_test_db = create  # type: ignore[method-assign]


@contextmanager
def _filled(name: str) -> Iterator[None]:
    """A database in memory that has its tables; it stays for as long as somebody has it open."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="careshape-tables-") as folder, closing(sqlite3.connect(name, uri=True)) as memory:
        data = sqlite_tables(Path(folder) / "data")
        with closing(sqlite3.connect(data / FILE)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # there is no log of its own in memory
            made.backup(memory)
        shutil.rmtree(data)
        yield
