"""In which state the database's tables are, and how they come to the one that this version needs."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from careshape import __version__
from careshape.errors import CallError

Name = tuple[str, str]
"""App and name of a migration."""


@dataclass(frozen=True)
class Standing:
    """The migrations of a database beside those of this version."""

    applied: tuple[Name, ...]
    missing: tuple[Name, ...]
    """Those of this version that the database has not seen."""
    unknown: tuple[Name, ...]
    """Those of the database that this version does not know: a newer version was here."""

    @property
    def fresh(self) -> bool:
        """Whether the database is empty."""
        return not self.applied

    @property
    def current(self) -> bool:
        """Whether it is what this version needs."""
        return not self.missing and not self.unknown


def standing(using: str = "default") -> Standing:
    """In which state a database is."""
    loader = MigrationExecutor(connections[using]).loader
    applied = tuple(sorted(loader.applied_migrations or ()))
    there = set(loader.disk_migrations)
    return Standing(applied, tuple(sorted(there - set(applied))), tuple(name for name in applied if name not in there))


def prepare(using: str = "default") -> None:
    """Make the tables of an empty database. Raises CallError where a database is not what this version needs."""
    now = standing(using)
    if now.unknown:
        raise CallError(
            f"The database was used by a newer version: careshape {__version__} does not know {_listed(now.unknown)}. "
            "Use that version, or restore a backup of before."
        )
    if now.fresh:
        migrate(using)
    elif now.missing:
        raise CallError(
            f"The database is of an older version: {_listed(now.missing)} is missing. Take a backup (`careshape backup "
            "FILE`), then run `careshape database migrate`."
        )


def migrate(using: str = "default") -> tuple[Name, ...]:
    """Bring a database to what this version needs; returns the migrations that were made."""
    before = standing(using)
    if before.unknown:
        prepare(using)  # says why not
    _close(using)
    call_command("migrate", database=using, interactive=False, verbosity=0, stdout=StringIO())
    return before.missing


def _close(using: str) -> None:
    """Let nobody but its owner read SQLite's file, from before it holds anything; its log takes the same rights."""
    settings = connections[using].settings_dict
    if connections[using].vendor == "sqlite" and isinstance(settings["NAME"], str | Path) and settings["NAME"]:
        file = Path(settings["NAME"])
        if file.parent.is_dir() and not str(file).startswith(("file:", ":memory:")):
            file.touch(mode=0o600)
            file.chmod(0o600)


def migrate_to(names: list[Name], using: str = "default") -> Any:
    """Bring an empty database to the state that these migrations make; returns the models as they were then.

    Raises CallError where this version does not know one of them.
    """
    executor = MigrationExecutor(connections[using])
    unknown = [name for name in names if name not in executor.loader.disk_migrations]
    if unknown:
        raise CallError(
            f"It was written by another version: careshape {__version__} does not know {_listed(tuple(unknown))}. "
            "Install that version, restore, and upgrade then."
        )
    graph = executor.loader.graph
    ends = [
        name for name in names
        if not any(child.key in names and child.key[0] == name[0] for child in graph.node_map[name].children)
    ]  # fmt: skip
    executor.migrate(ends)
    return executor.loader.project_state(ends).apps


def _listed(names: tuple[Name, ...]) -> str:
    shown = [f"{app}.{name}" for app, name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
