"""Other databases than the one in use, and a view of one that does not move while others write."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError, connections, transaction

from careshape.errors import CallError
from careshape.site.database import database

SQLITE: Final = "sqlite:///"


def at(url: str) -> dict[str, Any]:
    """Settings of the database at an address: postgresql://..., or sqlite:///PATH. Raises CallError for another."""
    if not url.startswith(SQLITE):
        if not url.startswith(("postgresql://", "postgres://")):
            raise CallError(
                f"'{url.partition(':')[0]}:' is no database that careshape knows. Write "
                "postgresql://user@host/name, or sqlite:///PATH."
            )
        return database(url, Path())
    path = Path(url.removeprefix(SQLITE))
    if not path.name or not path.parent.is_dir():
        raise CallError(f"The folder of '{path}' is not there. Make it, or name another file.")
    return {**database("", path.parent), "NAME": path}


@contextlib.contextmanager
def known_as(alias: str, settings: dict[str, Any]) -> Iterator[str]:
    """Let Django know a database by a name, for as long as the block lasts."""
    connections.settings[alias] = connections.configure_settings({"default": dict(settings)})["default"]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


@contextlib.contextmanager
def snapshot(using: str = "default") -> Iterator[str]:
    """The database as it is at this moment, under another name; others go on writing to it meanwhile.

    SQLite: a copy by its online backup, which waits for nobody. PostgreSQL: a transaction that reads repeatably.
    """
    settings = connections[using].settings_dict
    if connections[using].vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="careshape-snapshot-") as folder:
            copy = Path(folder) / "copy.sqlite3"
            _copy_sqlite(Path(settings["NAME"]), copy)
            with known_as("snapshot", {**settings, "NAME": copy}) as alias:
                yield alias
        return
    with known_as("snapshot", settings) as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield alias


def reachable(using: str = "default") -> str:
    """Why a database cannot be asked; empty where it can."""
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return ""


def _copy_sqlite(path: Path, copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
