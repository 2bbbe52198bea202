"""Who is meant by somebody that is asked for: a member of the council, or a person of its ledger."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from careshape.accounts.models import Account, Membership
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.engine import session
from careshape.ledger.pseudonym import pseudonym
from careshape.policy import Principal
from careshape.privacy.classification import Table, tables

NOBODY: Final = "Nobody who works or worked for the council has this address. Write the one with which they sign in."
ONE_OF_TWO: Final = "Say who is meant: either the address of an account, or the identifier of a person of the records."


def account_here(principal: Principal, act: str, email: str) -> Account:
    """The account of somebody who works or worked for the council. Raises CallError where it is nobody's."""
    mine = Membership.objects.reached(principal, act).filter(account__email__iexact=email.strip())
    found = mine.select_related("account").first()
    if found is None:
        raise CallError(NOBODY)
    account: Account = found.account
    return account


def somebody(ledger: Ledger, identifier: str) -> tuple[int | None, list[tuple[Table, QuerySet[Any]]]]:
    """The number by which a ledger knows a person, None where it does not, and what the database holds about them.

    Raises CallError where neither knows anybody by this identifier.
    """
    number = ledger.person(identifier)
    if number is not None and ledger.demonstration and not rows_of(ledger, number):
        number = None
    rows = rows_of_person(ledger.authority, identifier)
    if number is None and not any(found.exists() for _, found in rows):
        raise CallError(f"The ledger of {ledger.name} knows nobody by this identifier. Write it as the files do.")
    return number, rows


def rows_of_person(authority: str, identifier: str) -> list[tuple[Table, QuerySet[Any]]]:
    """What the database holds about a person of a council's records, table by table.

    As the records do, it takes an identifier without the blanks around it, and in capitals or not.
    """
    return [
        (table, table.model._base_manager.filter(
            **{f"{table.person}__iexact": identifier.strip(), table.council: authority}
        ))
        for table in tables().values()
        if table.person
    ]  # fmt: skip


def mark_of(ledger: Ledger, identifier: str) -> str:
    """By what a hold names a person: a keyed handle, which leads to nobody without the council's key. It is the same
    before and after the ledger first sees them.

    Raises CallError where neither the ledger nor the database knows anybody by this identifier.
    """
    somebody(ledger, identifier)
    return str(pseudonym(ledger.key(), ledger.authority, identifier))


def marks_of(ledger: Ledger, identifier: str) -> frozenset[str]:
    """All by which a hold may name a person: their handle, and their number in the ledger, as older holds do."""
    number = ledger.person(identifier)
    handle = pseudonym(ledger.key(create=False), ledger.authority, identifier)
    return frozenset(str(one) for one in (handle, number) if one is not None)


def rows_of(ledger: Ledger, number: int) -> int:
    """How many rows of a ledger are about a person."""
    with session() as (query, _):
        found = query.execute(f"SELECT count(*) FROM {ledger.table.relation()} WHERE person = {number:d}").fetchall()
    return int(found[0][0])
