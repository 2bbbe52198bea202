"""From one database to the other, and proof that everything is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connections, models, transaction

from careshape.errors import CallError, InputError
from careshape.site import tables
from careshape.site.databases import at, known_as, reachable, snapshot
from careshape.site.migrations import migrate, standing
from careshape.site.tables import Content

MADE: Final = ("django_migrations", "django_content_type", "auth_permission")
"""Tables into which making the tables writes rows of its own."""


@dataclass(frozen=True)
class Moved:
    """One table on both sides."""

    table: str
    rows: int
    rows_there: int
    sha256: str
    equal: bool


def move(url: str) -> list[Moved]:
    """Copy every table of the database in use to an empty one; returns both sides, table by table.

    The source stays as it is. Nobody may write to it meanwhile: what is written after this began is not copied.
    Raises CallError where the target cannot be reached, holds something, or is the source itself; InputError where it
    does not take what the source holds, or does not give it back as it was. In both cases the target is left without
    rows.
    """
    with known_as("target", at(url)) as target:
        check_empty(target)
        now = standing()
        if not now.current:
            raise CallError("The database in use is not of this version. Run `careshape database migrate` first.")
        with snapshot() as source:
            migrate(target)
            found = tables.tables()
            with transaction.atomic(using=target):
                last = tables.sequences(found, source)
                fill(found, lambda model: tables.lines(model, source), last, target)
                sides = [(tables.content(model, source), tables.content(model, target)) for model in found]
                moved = [Moved(a.table, a.rows, b.rows, a.sha256, a == b) for a, b in sides]
                if wrong := [one.table for one in moved if not one.equal]:
                    raise InputError(f"Not everything arrived: {', '.join(wrong)}. Nothing was kept there.")
                if tables.sequences(found, target) != last:
                    raise InputError("The target does not go on counting where the source left off. Nothing was kept.")
    return moved


def fill(
    found: list[type[models.Model]],
    rows: Callable[[type[models.Model]], Any],
    last: dict[str, int],
    using: str,
) -> None:
    """Write the rows of all tables to a database that has only its tables, within the caller's transaction.

    The order of tables does not matter: both databases look at foreign keys at the transaction's end. Raises
    InputError where the database does not take a row.
    """
    for model in found:
        table = model._meta.db_table
        try:
            model._base_manager.using(using).all()._raw_delete(using)  # what migrations put there stands in the rows
            tables.load(model, rows(model), using)
        except (DatabaseError, ValueError) as error:
            raise InputError(
                f"The table {table} holds something that this database does not take ({type(error).__name__}). "
                "Nothing was kept there."
            ) from error
    tables.set_sequences(found, last, using)
    connections[using].check_constraints()


def check_empty(using: str) -> None:
    """Raise CallError where a database cannot be reached, holds a row, or a table that is not ours.

    Tables of ours without rows are what a run leaves that was stopped; they are used.
    """
    if why := reachable(using):
        raise CallError(f"The database cannot be reached: {why}. Correct the address, or start its server.")
    ours = {model._meta.db_table: model for model in tables.tables()}
    for table in sorted(connections[using].introspection.table_names()):
        if table in MADE:
            continue
        if table not in ours or ours[table]._base_manager.using(using).exists():
            raise CallError(f"The database is not empty: its table {table} is in use. Give a new, empty one.")


def contents(using: str = "default") -> list[Content]:
    """What every table holds."""
    return [tables.content(model, using) for model in tables.tables()]
