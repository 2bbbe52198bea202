"""Where the site keeps what it must remember: SQLite by default, PostgreSQL for a council."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from careshape.errors import CallError

SCHEMES = ("postgresql", "postgres")


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's settings of the database at ``url``; of SQLite under ``data`` where there is none.

    Raises CallError where the address is not one of PostgreSQL.
    """
    if not url:
        return _sqlite(data / "careshape.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise CallError(
            f"CARESHAPE_DATABASE_URL begins with '{parts.scheme}:'. Write postgresql://user:password@host:port/name, "
            "or leave it out for SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """SQLite that loses no write under load: write-ahead log, each commit flushed to disk, a lock from a
    transaction's start, a wait.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
