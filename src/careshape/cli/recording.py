"""Telling the log of an installation what a command did: the web part is loaded only where there is a log."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from careshape.cli.installation import installed
from careshape.cli.web import web_part
from careshape.errors import InputError
from careshape.home import Home
from careshape.ledger import Ledger

FILE: Final = "careshape.sqlite3"
FOLDER: Final = "CARESHAPE_DIR"
ADDRESS: Final = "CARESHAPE_DATABASE_URL"
COMMAND_LINE: Final = "command line"
"""What an event says of acts that nobody signed in for."""


def has_database(home: Home) -> bool:
    """Make the installation's database ready to be asked; False where the folder has none, as a notebook's has.

    Raises CallError where there is one and the web part, which asks it, is not installed.
    """
    configured = "django" in sys.modules and sys.modules["django"].apps.apps.ready
    if configured:
        # One process serves one folder; tests call commands on other folders, whose acts belong to no log.
        if Path(os.environ.get(FOLDER, "")).resolve() != home.path.resolve():
            return False
    elif not _expected(home):
        return False
    else:
        installed(home.path)
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
            f"`careshape database migrate` makes it; or name another folder with --dir, or the database with {ADDRESS}."
        )


def current_database_of(home: Home) -> None:
    """Make the installation's database ready for long work. Raises InputError where there is none, CallError at once
    where it is not what this version needs: the work would end in vain.
    """
    database_of(home)
    web_part("careshape.site.migrations").prepare()


def tell_import(home: Home, ledger: Ledger, posting: int | None, file: Path | None = None) -> None:
    """Tell the installation's log of a posting, and of those that nobody told of; where there is no log, nothing.

    file: where it came from, of which the log keeps the SHA-256.
    """
    if not has_database(home):
        return
    from careshape.audit.postings import tell_postings

    posted = () if posting is None else (posting,)
    more: dict[str, Any] = {}
    if posting is not None and file is not None:
        with file.open("rb") as content:
            more["file"] = hashlib.file_digest(content, "sha256").hexdigest()
    tell_postings(ledger, posted=posted, by=COMMAND_LINE, **more)


def tell_act(home: Home, act: str, row: str, *, chain: str, outcome: str = "done", **detail: Any) -> None:
    """Tell the installation's log of another act of the command line; where there is no log, nothing."""
    if not has_database(home):
        return
    from careshape.audit.change import SYSTEM, tell

    tell(SYSTEM, act, row, outcome=outcome, chain=chain, by=COMMAND_LINE, **detail)


def heads_of(home: Home, authorities: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Where the logs of some councils stand, for what is written down elsewhere; empty where there is no log."""
    if not has_database(home):
        return {}
    from careshape.audit.anchor import heads

    return {chain: one for chain, one in heads().items() if chain in authorities}


def _expected(home: Home) -> bool:
    """Whether a database is to be expected: one is named, or lies in the folder."""
    if os.environ.get(ADDRESS) or (home.path / FILE).exists():
        return True
    os.environ[FOLDER] = str(home.path.resolve())
    return bool(web_part("careshape.site.config").configuration()["database.url"])
