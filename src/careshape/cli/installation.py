"""The database of an installation, for commands that use it: the web part is loaded only where there is one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from careshape.cli.web import web_part
from careshape.errors import CallError, InputError
from careshape.home import Home

FILE: Final = "careshape.sqlite3"
FOLDER: Final = "CARESHAPE_DIR"
ADDRESS: Final = "CARESHAPE_DATABASE_URL"


def has_database(home: Home) -> bool:
    """Make the installation's database ready to be asked; False where the folder has none, as a notebook's has.

    Raises CallError where there is one and the web part, which asks it, is not installed.
    """
    configured = "django" in sys.modules and sys.modules["django"].apps.apps.ready
    if configured:
        # One process serves one folder; tests call commands on other folders, whose acts belong to no log.
        if Path(os.environ.get(FOLDER, "")).resolve() != home.path.resolve():
            return False
    elif not _told(home):
        return False
    else:
        _set_up(home)
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and isinstance(name, Path) and not name.exists():
        return False
    return "audit_event" in connection.introspection.table_names()


def database_of(home: Home) -> None:
    """Make the installation's database ready. Raises InputError where there is none."""
    if not has_database(home):
        raise InputError(
            f"The installation in '{home.path}' has no database yet, so nothing was recorded in one. "
            f"`careshape serve` makes it; or name another folder with --dir, or the database with {ADDRESS}."
        )


def _told(home: Home) -> bool:
    """Whether a database is to be expected: one is named, or lies in the folder."""
    if os.environ.get(ADDRESS) or (home.path / FILE).exists():
        return True
    os.environ[FOLDER] = str(home.path.resolve())
    try:
        from careshape.site.config import configuration

        return bool(configuration()["database.url"])
    except ModuleNotFoundError:
        return False


def _set_up(home: Home) -> None:
    os.environ[FOLDER] = str(home.path.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    try:
        web_part("django").setup()
    except CallError as error:
        raise CallError(f"The folder '{home.path}' has a database of the site. {error}") from None
