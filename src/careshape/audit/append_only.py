"""Triggers that refuse to change or remove rows, the same on both databases.

They stop our own faults and whoever comes in by one. Who owns the database can drop them: then the chain of digests
tells (``careshape.audit.verify``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MESSAGE = "Rows of {table} are never changed or removed."
_SQLITE = "CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"
_FUNCTION = """CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS $$
BEGIN {allowed}RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql"""
_POSTGRES = """CREATE TRIGGER {table}_{verb} BEFORE {VERB} ON {table}
FOR EACH {row} EXECUTE FUNCTION {table}_refuse()"""

Step = Callable[[Any, BaseDatabaseSchemaEditor], None]


def append_only(
    table: str, unique: Sequence[Sequence[str]] = (("id",),), *, removable: str = "", changeable: str = ""
) -> tuple[Step, Step]:
    """The two directions of a migration's step that makes a table append-only.

    unique: the sets of columns that name a row. SQLite's REPLACE removes the row that is in its way without telling a
    trigger, so a row that is there already is refused before. removable, changeable: SQL conditions over OLD (and NEW)
    under which a row may go, or be changed, after all.
    """
    allowed = {"delete": removable, "update": changeable}

    def forwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        steps = _sqlite(table, unique, allowed) if editor.connection.vendor == "sqlite" else _postgres(table, allowed)
        for step in steps:
            editor.execute(step)

    def backwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for step in dropping(table, editor.connection.vendor):
            editor.execute(step)

    return forwards, backwards


def dropping(table: str, vendor: str) -> list[str]:
    """The statements that take the triggers of a table away again."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_{verb}" for verb in ("insert", "update", "delete")]
    triggers = [f"DROP TRIGGER IF EXISTS {table}_{verb} ON {table}" for verb in ("update", "delete", "truncate")]
    return [*triggers, f"DROP FUNCTION IF EXISTS {table}_refuse()"]


def _sqlite(table: str, unique: Sequence[Sequence[str]], allowed: dict[str, str]) -> list[str]:
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{name} = NEW.{name}' for name in names)})"
        for names in unique
    )
    conditions = {"insert": there, **{verb: f"NOT ({free})" if free else "" for verb, free in allowed.items()}}
    message = _MESSAGE.format(table=table)
    return [
        _SQLITE.format(
            table=table, verb=verb, VERB=verb.upper(), message=message, when=f"WHEN {condition} " if condition else ""
        )
        for verb, condition in conditions.items()
    ]


def _postgres(table: str, allowed: dict[str, str]) -> list[str]:
    given = {"delete": "OLD", "update": "NEW"}
    free = "".join(
        f"IF TG_OP = '{verb.upper()}' THEN IF {condition} THEN RETURN {given[verb]}; END IF; END IF; "
        for verb, condition in allowed.items()
        if condition
    )
    triggers = [
        _POSTGRES.format(table=table, verb=verb, VERB=verb.upper(), row=row)
        for verb, row in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
    ]
    return [_FUNCTION.format(table=table, message=_MESSAGE.format(table=table), allowed=free), *triggers]
