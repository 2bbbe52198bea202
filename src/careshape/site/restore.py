"""An installation from a backup, in an empty place, which proves that it is what was backed up before it is used."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import connections, transaction

from careshape.audit.verify import verify_all
from careshape.errors import CallError, InputError
from careshape.folders import put_in_place
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.engine import session
from careshape.site import backup_outbox, tables
from careshape.site.backup import FILES, FORMAT, MANIFEST, TABLES, secret_mark
from careshape.site.migrations import migrate, migrate_to, standing
from careshape.site.move import check_empty, fill

CHUNK = 1 << 20


@dataclass(frozen=True)
class Proof:
    """One thing that was compared with what the backup says of itself."""

    what: str
    found: str
    good: bool = True

    @property
    def mark(self) -> str:
        """Whether it is so, as a word."""
        return "yes" if self.good else "NO"


@dataclass
class Backup:
    """A backup that was opened: its manifest has been read, and names what is in it."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    def lines(self, table: str) -> Iterator[str]:
        """The rows of a table."""
        with self.archive.open(f"{TABLES}{table}.jsonl") as file:
            for line in io.TextIOWrapper(file, "utf-8", newline="\n"):
                yield line.rstrip("\n")

    def extract(self, folder: Path) -> int:
        """Write the files; returns how many. Raises InputError for one that is not what was backed up."""
        for name, said in self.manifest["files"].items():
            target = folder / _safe(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            told, size = hashlib.sha256(), 0
            with self.archive.open(FILES + name) as file, target.open("wb") as out:
                while chunk := file.read(CHUNK):
                    size += len(chunk)
                    if size > said["bytes"]:
                        break
                    told.update(chunk)
                    out.write(chunk)
            if (size, told.hexdigest()) != (said["bytes"], said["sha256"]):
                raise InputError(f"The backup is damaged: '{name}' is not what was backed up. Take another backup.")
        return len(self.manifest["files"])


def open_backup(path: Path) -> Backup:
    """Open a backup. Raises InputError for a file that is none, or that another version wrote."""
    try:
        archive = zipfile.ZipFile(path)
        manifest = json.loads(archive.read(MANIFEST))
    except FileNotFoundError:
        raise CallError(f"There is no file {path}. Check its name.") from None
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise InputError(f"{path} is no backup of careshape, or is cut short. Name another.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(f"{path} has another format than this version reads. Use the version that wrote it.")
    return Backup(archive, manifest)


def restore(backup: Backup, home: Home) -> list[Proof]:
    """Restore into a folder and the database in use, both empty, and bring the database to this version.

    Returns what was proved. Raises InputError where what arrives is not what was backed up; the database is then left
    without rows, as long as the backup is of this version.
    """
    check_empty("default")
    proofs = [Proof("files", f"{backup.extract(home.path):,} files, each with its SHA-256")]
    then = migrate_to([(app, name) for app, name in backup.manifest["migrations"]])
    same_version = standing().current
    with transaction.atomic():
        proofs += _restore_tables(backup, then)
        proofs += prove_ledgers(backup, home)
        if same_version:
            proofs += prove_chains(backup) + prove_outboxes(backup, home)
        _all_good(proofs)
    migrate()
    if not same_version:
        proofs += prove_chains(backup) + prove_outboxes(backup, home)
        _all_good(proofs)
    connections.close_all()
    return proofs


def _restore_tables(backup: Backup, then: Any) -> list[Proof]:
    """Fill the tables and read them back."""
    said = backup.manifest["tables"]
    found = [model for model in tables.tables(then) if model._meta.db_table in said]
    if missing := set(said) - {model._meta.db_table for model in found}:
        raise InputError(f"This version has no table {sorted(missing)[0]}. Restore with the version that backed up.")
    for model in found:
        if tables.columns(model) != said[model._meta.db_table]["columns"]:
            raise InputError(
                f"The table {model._meta.db_table} has other columns here. Restore with the version that backed up."
            )
    fill(found, lambda model: backup.lines(model._meta.db_table), backup.manifest["sequences"], "default")
    proofs = []
    for model in found:
        content, was = tables.content(model, "default"), said[model._meta.db_table]
        good = (content.rows, content.sha256) == (was["rows"], was["sha256"])
        proofs.append(Proof(f"table {content.table}", f"{content.rows:,} rows, SHA-256 {content.sha256[:16]}…", good))
    return proofs


def _all_good(proofs: list[Proof]) -> None:
    if bad := [f"{one.what} ({one.found})" for one in proofs if not one.good]:
        raise InputError(f"The backup is not what it says of itself: {'; '.join(bad)}. Nothing was kept.")


def prove_chains(backup: Backup) -> list[Proof]:
    """Whether every chain of the audit log is whole, and ends where the backup says."""
    if backup.manifest["secret"] != secret_mark():
        return [Proof("audit log", "not verified: this installation's secret is another than the backup's")]
    proofs = []
    for verdict in verify_all():
        said = backup.manifest["chains"].get(verdict.chain)
        good = verdict.whole and said == [verdict.number, verdict.head]
        proofs.append(Proof(f"audit log {verdict.chain}", str(verdict).partition(": ")[2], good))
    if missing := set(backup.manifest["chains"]) - {proof.what.removeprefix("audit log ") for proof in proofs}:
        proofs.append(Proof(f"audit log {sorted(missing)[0]}", "is gone", False))
    return proofs


def prove_ledgers(backup: Backup, home: Home) -> list[Proof]:
    """Whether every ledger opens and holds the postings and rows that it did."""
    proofs = []
    for council, said in backup.manifest["ledgers"].items():
        ledger = Ledger.open(home.council_path(council))
        postings = ledger.postings()
        with session() as (connection, _):
            rows = connection.execute(f"SELECT count(*) FROM {ledger.table.relation()}").fetchall()[0][0]
        good = (len(postings), rows) == (said["postings"], said["rows"])
        proofs.append(Proof(f"ledger {council}", f"{len(postings):,} postings, {rows:,} rows", good))
        ledger.providers(), ledger.settings()
        proofs += [Proof(f"pseudonym key {council}", _key(ledger)), Proof(f"keys of people {council}", _people(ledger))]
    return proofs


def prove_outboxes(backup: Backup, home: Home) -> list[Proof]:
    """Whether what waits for the records waits still, and they hold what went into them; older backups do not say."""
    proofs, now = [], backup_outbox.stands()
    for council, said in backup.manifest.get("outboxes", {}).items():
        known = council in backup.manifest["ledgers"]
        postings = len(Ledger.open(home.council_path(council)).postings()) if known else 0
        proofs.append(
            Proof(f"lines for the records {council}", *backup_outbox.agrees(said, now.get(council), postings))
        )
    return proofs


def _key(ledger: Ledger) -> str:
    """Whether the key is here without which no further file can be imported; a backup cannot bring it."""
    try:
        ledger.key(create=False)
    except InputError as error:
        return f"NOT HERE: {error}"
    return "the one of the postings" if ledger.postings() else "not needed yet"


def _people(ledger: Ledger) -> str:
    """Whether the keys of the people are here without whom no further file can be imported."""
    try:
        table = ledger.people()
    except InputError as error:
        return f"NOT HERE: {error}"
    if table is None:
        return "not needed: its people are synthetic, or were posted before people had keys of their own"
    return f"{len(table.known):,} people" if table.id else "not needed yet"


def place(home: Home) -> None:
    """Raise CallError where the data folder holds anything."""
    if home.path.exists() and (not home.path.is_dir() or any(home.path.iterdir())):
        raise CallError(f"{home.path} is not empty, and a backup is restored into an empty place. Name a new folder.")


def settle(fresh: Path, target: Path) -> None:
    """Put the finished folder in its place, on disk."""
    fresh.chmod(0o700)  # it holds care records
    os.sync()
    put_in_place(fresh, target, lambda _: False)
    os.sync()


def _safe(name: str) -> PurePosixPath:
    """The path of a file within the folder. Raises InputError for one that leads out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise InputError(f"The backup names the file '{name}', which would lie outside the data folder.")
    return path
