"""Erasing what is held about somebody: rows, messages, keys, and what a database leaves behind of rows that went."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from careshape.accounts.mail import take_back
from careshape.audit.change import SYSTEM, change
from careshape.audit.write import INSTALLATION
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.policy import Principal
from careshape.privacy.apart import apart
from careshape.privacy.classification import Table, tables
from careshape.privacy.hold import held, held_person
from careshape.privacy.holding import by_address
from careshape.privacy.stops import stopped
from careshape.privacy.whose import somebody

ERASED = "@erased.invalid"
"""The end of the e-mail address of an account that is blank."""


def is_erased(account: Any) -> bool:
    """Whether an account is blank already."""
    return bool(account.email.endswith(ERASED))


def councils_of(account: Any) -> list[str]:
    """Slugs of the councils for which somebody works or worked."""
    rows = apps.get_model("accounts.Membership")._base_manager.filter(account=account.pk)
    return sorted(set(rows.values_list("council__slug", flat=True)))


def erase_account(
    account: Any, principal: Principal = SYSTEM, why: str = "request", now: datetime | None = None
) -> dict[str, int]:
    """Erase what is held about the owner of an account; rows that went or were made blank, by table.

    Their memberships end, and what they did stays told under a key that leads to nobody. Messages that were sent to
    them are removed. Call ``scrub`` afterwards, so that the database's files hold nothing of them either.

    Raises CallError where a legal hold covers them.
    """
    now = now or datetime.now(UTC)
    councils = councils_of(account)
    if hold := held("account", account.pk, councils, now.date()):
        raise CallError(f"Hold {hold.pk} covers this account until it is lifted: nothing was erased.")
    address, done = account.email, {}
    with change(principal, "privacy.erase", lock=[account], chain=councils[0] if councils else INSTALLATION) as told:
        apps.get_model("accounts.Membership")._base_manager.filter(account=account.pk, ended_at__isnull=True).update(
            ended_at=now
        )
        for table in tables().values():
            if table.erase not in ("delete", "blank") or not table.subject:
                continue
            mine = {
                f"{table.subject}{'__iexact' if by_address(table) else ''}": address
                if by_address(table)
                else account.pk
            }
            rows = table.model._base_manager.filter(**mine)
            done[table.id] = rows.count()
            if table.erase == "delete":
                rows.delete()
                continue
            for row in rows:
                values = {name: _blank(row, name, value) for name, value in table.blank.items()}
                table.model._base_manager.filter(pk=row.pk).update(**values)
        take_back(address)
        told(account, why=why, rows={name: many for name, many in done.items() if many})
        transaction.on_commit(lambda: remove_messages(address))
    return done


def rows_about(table: Table, account: int, address: str) -> QuerySet[Any]:
    """The rows of a table that lead to an account, by its key or by its e-mail address."""
    mine = {f"{table.subject}__iexact": address} if by_address(table) else {table.subject: account}
    return table.model._base_manager.filter(**mine)


def erase_person(ledger: Ledger, identifier: str, principal: Principal = SYSTEM) -> dict[str, int]:
    """Destroy the key of a person of a ledger and those of their lines, and delete what the database holds about them;
    how many keys were destroyed, and rows deleted by table. Call ``scrub`` afterwards.

    Raises CallError where neither the ledger nor the database knows anybody by this identifier, a legal hold covers
    them, care that was arranged for them still runs, or the ledger's numbers cannot be let go of.
    """
    identifier = identifier.strip()
    with apart(ledger):
        return _erase_person(ledger, identifier, principal)


def _erase_person(ledger: Ledger, identifier: str, principal: Principal) -> dict[str, int]:
    number, kept = somebody(ledger, identifier)
    if hold := held_person(ledger, identifier, datetime.now(UTC).date()):
        raise CallError(f"Hold {hold.pk} covers this person until it is lifted: nothing was erased.")
    records = [row for table, rows in kept if table.since for row in rows]  # what else there is belongs to them
    with change(principal, "privacy.erase", lock=records, chain=ledger.authority) as told:
        if words := stopped(ledger.authority, identifier):
            raise CallError(f"{words} Nothing was erased.")
        done = {table.id: rows.count() for table, rows in kept}
        for _, rows in reversed(kept):  # what belongs to a row goes before it
            rows.delete()
        # Without the number: the log must not be what leads from a request to the rows.
        told("ledger.person", why="request", rows={name: many for name, many in done.items() if many})
        return {"keys": 0 if number is None else ledger.forget(number), **done}


def remove_messages(address: str) -> int:
    """Remove the messages that hold an address from the folder where messages are kept as files; how many."""
    folder = Path(settings.EMAIL_FILE_PATH) if getattr(settings, "EMAIL_FILE_PATH", None) else None
    many = 0
    for file in folder.rglob("*") if folder and folder.is_dir() else ():
        if file.is_file() and address.casefold().encode() in file.read_bytes().lower():
            with file.open("r+b") as old:
                old.write(b"\0" * file.stat().st_size)
            file.unlink()
            many += 1
    return many


def scrub() -> None:
    """Write the database's files anew, so that they hold nothing of rows that went. Waits until nobody else writes.

    PostgreSQL's log of writes and a server's backups hold earlier rows until they are let go of in their own time.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in tables().values():
            if table.erase in ("delete", "blank"):
                cursor.execute(f"VACUUM (FULL) {table.model._meta.db_table}")


def _blank(row: Any, name: str, value: str | bool) -> Any:
    if isinstance(value, bool):
        return value
    nothing = not value and row._meta.get_field(name).null
    return None if nothing else value.format(pk=row.pk)
