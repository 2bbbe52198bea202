"""In which state the database's tables are, and how they come to the one that this version needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connections, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

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
    with drawn_one_by_one():
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
    with drawn_one_by_one():
        executor.migrate(ends)
    return executor.loader.project_state(ends).apps


ALONE: Final = (
    migrations.CreateModel, migrations.AddField, migrations.AddConstraint, migrations.RemoveConstraint,
    migrations.AddIndex, migrations.RemoveIndex, migrations.RunSQL, migrations.RunPython,
)  # fmt: skip
"""Operations that ask only the model that they change what it is; of those that it refers to, the name and the key."""


@contextmanager
def drawn_one_by_one() -> Iterator[None]:
    """Let migrations go up with only the changed model drawn anew at each operation, and the same tables made.

    Django draws every model anew that is related to the changed one, in the end all of them: three quarters of the time
    that a new database takes. A migration with any other operation than those in `ALONE` is drawn by Django's rule;
    those that run code see all models drawn anew, as Django does it after an operation that it put off.
    """
    apply, related = migrations.Migration.apply, ProjectState._find_reload_model

    def only(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[Name]:
        state.is_delayed = True
        return {(app_label, model_name)}

    def applied(migration: migrations.Migration, state: ProjectState, *arguments: Any, **options: Any) -> ProjectState:
        alone = all(isinstance(one, ALONE) for one in migration.operations)
        if not alone:
            state.clear_delayed_apps_cache()
        ProjectState._find_reload_model = only if alone else related
        return apply(migration, state, *arguments, **options)

    migrations.Migration.apply = applied
    try:
        yield
    finally:
        migrations.Migration.apply, ProjectState._find_reload_model = apply, related


def _listed(names: tuple[Name, ...]) -> str:
    shown = [f"{app}.{name}" for app, name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
