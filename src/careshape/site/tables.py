"""Every table of the site's database, as rows that both databases write the same: to compare, to move and to keep.

Rows are read and written beneath Django's objects: what a model would do when it is saved (the time it was saved at, a
signal, a check) is not done again for a row that was saved once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps import apps as current
from django.db import connections, models
from django.db.models.functions import Collate
from django.utils.duration import duration_string

BATCH: Final = 2_000


@dataclass(frozen=True)
class Content:
    """What a table holds."""

    table: str
    rows: int
    sha256: str
    """Of all rows in the order of their keys, each as a line of JSON."""


def tables(apps: Any = current) -> list[type[models.Model]]:
    """The models of all tables, in the order of the tables' names; each table once."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    }
    return [found[name] for name in sorted(found)]


def columns(model: type[models.Model]) -> list[str]:
    """Names of a table's columns, in the order in which rows hold them."""
    return [field.column for field in _fields(model)]


def lines(model: type[models.Model], using: str) -> Iterator[str]:
    """The rows of a table in the order of their keys, each as JSON that is the same for the same content."""
    fields = _fields(model)
    names = [field.attname for field in fields]
    rows = model._base_manager.using(using).order_by(_order(model, using)).values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield json.dumps([plain(value) for value in row], sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content(model: type[models.Model], using: str) -> Content:
    """What a table holds."""
    return digest_of(model._meta.db_table, lines(model, using))


def digest_of(table: str, rows: Iterable[str], keep: Any = None) -> Content:
    """Count and digest rows; each line, with its end, is also given to ``keep``."""
    told, number = hashlib.sha256(), 0
    for line in rows:
        data = f"{line}\n".encode()
        told.update(data)
        number += 1
        if keep is not None:
            keep(data)
    return Content(table, number, told.hexdigest())


def load(model: type[models.Model], rows: Iterable[str], using: str) -> int:
    """Write rows to an empty table; returns how many. Within the caller's transaction."""
    connection = connections[using]
    fields = _fields(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"
    written, batch = 0, []
    with connection.cursor() as cursor:
        for line in rows:
            values = json.loads(line)
            batch.append([_stored(field, value, connection) for field, value in zip(fields, values, strict=True)])
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                written, batch = written + BATCH, []
        if batch:
            cursor.executemany(statement, batch)
    return written + len(batch)


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def sequences(models_: Iterable[type[models.Model]], using: str) -> dict[str, int]:
    """The last number that each table gave to a row, whether or not the row is still there: none is given twice."""
    connection, found = connections[using], {}
    with connection.cursor() as cursor:
        for model in models_:
            if not isinstance(model._meta.pk, models.AutoField):
                continue
            table = model._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            else:
                cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence(cursor, model)}")
            row = cursor.fetchone()
            if row and row[0]:
                found[table] = int(row[0])
    return found


def set_sequences(models_: Iterable[type[models.Model]], last: dict[str, int], using: str) -> None:
    """Go on counting where another database left off."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in models_:
            table = model._meta.db_table
            if table not in last:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last[table]])
            else:
                cursor.execute("SELECT setval(%s, %s)", [_sequence(cursor, model), last[table]])


def _fields(model: type[models.Model]) -> list[Any]:
    """By name: in which order a table was given its columns depends on its migrations."""
    return sorted(model._meta.concrete_fields, key=lambda field: field.column)


def _sequence(cursor: Any, model: type[models.Model]) -> str:
    pk = model._meta.pk
    assert pk is not None
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', pk.column])
    name: str = cursor.fetchone()[0]
    return name


def _order(model: type[models.Model], using: str) -> Any:
    """By key; keys that are text byte by byte on both databases, whatever language one of them was set up for."""
    pk = model._meta.pk
    if connections[using].vendor == "postgresql" and isinstance(pk, models.CharField | models.TextField):
        return Collate("pk", "C")
    return "pk"


def _stored(field: Any, value: Any, connection: Any) -> Any:
    """A value as the database driver takes it."""
    if not isinstance(field, models.JSONField):
        while field.remote_field is not None:  # a foreign key holds what the key of the other table is
            field = field.target_field
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)
