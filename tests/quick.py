"""What processes of tests leave out, because it takes long and nothing rests on it."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

CHANCE: Final = "CARESHAPE_TEST_CHANCE"
"""Environment variable by which `./soak` asks for other examples each time."""


def hash_quickly() -> None:
    """Let this process hash passwords quickly, and still read those that were hashed as they should be."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def same_examples() -> None:
    """Let properties meet the same examples at every run, however busy the machine; `./soak chance` gives them others.

    A run that fails by chance shows nothing of the change that it was run for.
    """
    from hypothesis import settings

    settings.register_profile("same", derandomize=True, deadline=None, database=None)
    settings.register_profile("chance", deadline=None, database=None, print_blob=True)
    settings.load_profile("chance" if CHANCE in os.environ else "same")


def without_slow_imports() -> None:
    """Let this process do without the grammars of addresses in other scripts: no schema of ours asks for them.

    A tool of the tests brings them, an installation has none, and ``jsonschema`` takes them in wherever they are, which
    takes two seconds of processor.
    """
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)


def left_out() -> dict[str, str]:
    """The environment of a process that does without them, as those do that it starts."""
    before = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).with_name("left_out")), *before])}


def migrate_quickly() -> None:
    """Let this process copy the tables of a new SQLite database from one of the same run that was migrated.

    Only what looks the function up in its module is so quick: what moves and restores makes its tables itself.
    """
    import sqlite3

    from django.db import connections

    from careshape.site import migrations
    from tests.once import SHARED

    really, shared = migrations.migrate, os.environ[SHARED]

    def migrate(using: str = "default") -> tuple[migrations.Name, ...]:
        from tests.tables import FILE, sqlite_tables

        before, database = migrations.standing(using), connections[using]
        if database.vendor != "sqlite" or not before.fresh:
            return really(using)
        migrations._close(using)
        os.environ.setdefault(SHARED, shared)
        database.ensure_connection()
        with tempfile.TemporaryDirectory(prefix="careshape-tables-") as folder:
            made = sqlite3.connect(sqlite_tables(Path(folder) / "data") / FILE)
            made.backup(database.connection)
            made.close()
        return before.missing

    migrations.migrate = migrate


def collect_seldom() -> None:
    """Let this process look for garbage as seldom as a command does."""
    gc.set_threshold(20_000, 20, 20)
