"""One file that holds what an installation knows, taken while it works, and proof of what is in it.

The database is read first and as of one moment, the files after: whatever the database tells of a ledger, the ledger
in the backup has it, and what is on its way from the one to the other waits meanwhile. Keys and secrets are never in
it: without the secret its audit log cannot be verified, without the pseudonym key its people cannot be matched with
those of later files. Keep both apart from backups, and safe.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connections

from careshape import __version__
from careshape.audit.models import Head
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.durable import flush
from careshape.site import backup_outbox, tables
from careshape.site.backup_files import LEFT_OUT, Ledgers, files, left_out, read
from careshape.site.databases import snapshot
from careshape.site.migrations import standing
from careshape.site.secret import derived, installation_secret

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
TABLES, FILES = "database/", "files/"
TOLD_APART: Final = ("accounts_session",)
"""Tables whose rows are left out: what a backup brings back, nobody is signed in to."""
STORED: Final = (".parquet", ".zip", ".xlsx", ".gz")
"""Ends of names of files that are packed already."""


@dataclass(frozen=True)
class Taken:
    """What a backup holds."""

    path: Path
    bytes: int
    rows: int
    """Rows of the database."""
    postings: int
    ledger_rows: int
    files: int


def backup(home: Home, path: Path) -> Taken:
    """Write a backup to a new file that only its owner may read; it is there whole or not at all.

    Raises CallError where the file is there already, or lies in the data folder; InputError for a council that cannot
    be read.
    """
    path = path.resolve()
    if path.exists():
        raise CallError(f"{path} is there already, and a backup is never written over. Name a new file.")
    if path.is_relative_to(home.path.resolve()) and not left_out(path, Home(home.path.resolve())):
        raise CallError(f"{path} lies in the data folder, so that the next backup would hold it. Name another folder.")
    if not path.parent.is_dir():
        raise CallError(f"The folder {path.parent} is not there. Make it, or name another.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            manifest = _write(archive, home)
        flush(draft)
        draft.rename(path)
        flush(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return Taken(
        path,
        path.stat().st_size,
        sum(table["rows"] for table in manifest["tables"].values()),
        sum(ledger["postings"] for ledger in manifest["ledgers"].values()),
        sum(ledger["rows"] for ledger in manifest["ledgers"].values()),
        len(manifest["files"]),
    )


def secret_mark() -> str:
    """What tells one installation's secret from another and gives nothing of it away."""
    return derived(installation_secret(), "mark of backups").hex()[:16]


def _write(archive: zipfile.ZipFile, home: Home) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "careshape": __version__,
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "secret": secret_mark(),
        "left_out": [name for name, why in LEFT_OUT.items() if why],
    }
    with backup_outbox.held(home):
        manifest |= _write_database(archive)
        manifest |= _write_files(archive, home)
    with archive.open(_entry(MANIFEST), "w") as file:
        file.write(json.dumps(manifest, indent=1, sort_keys=True).encode())
    return manifest


def _write_database(archive: zipfile.ZipFile) -> dict[str, Any]:
    """All tables as of one moment."""
    with snapshot() as alias:
        found = tables.tables()
        told: dict[str, Any] = {
            "database": connections[alias].vendor,
            "migrations": [list(name) for name in standing(alias).applied],
            "sequences": tables.sequences(found, alias),
            "outboxes": backup_outbox.stands(alias),
            "chains": {head.chain: [head.number, head.digest] for head in Head.objects.using(alias).all()},
            "tables": {},
        }
        for model in found:
            name = model._meta.db_table
            rows = iter(()) if name in TOLD_APART else tables.lines(model, alias)
            with archive.open(_entry(f"{TABLES}{name}.jsonl"), "w", force_zip64=True) as file:
                content = tables.digest_of(name, rows, file.write)
            told["tables"][name] = {**asdict(content), "columns": tables.columns(model)}
    return told


def _write_files(archive: zipfile.ZipFile, home: Home) -> dict[str, Any]:
    """The files of the data folder."""
    ledgers, copied = Ledgers({}, {}), {}
    for path in files(home):
        name = path.relative_to(home.path).as_posix()
        try:
            content, copied_file = read(path)
        except FileNotFoundError:
            if path.suffix in (".parquet", ".json") and "ledger" in path.parts:
                raise
            continue  # removed meanwhile, as a file that is uploaded is when it is imported
        ledgers.see(path, home.path, content)
        with archive.open(_entry(FILES + name), "w", force_zip64=True) as file:
            file.write(content)
        copied[name] = asdict(copied_file)
    councils = home.authorities()
    return {
        "files": copied,
        "ledgers": {
            one: {"postings": ledgers.postings.get(one, 0), "rows": ledgers.rows.get(one, 0)} for one in councils
        },
    }


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
    entry._compresslevel = 1  # type: ignore[attr-defined]  # open() takes a level from nowhere else
    return entry
