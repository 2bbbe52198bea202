"""Who is meant by somebody that is asked for: a member of the council, or a person of its ledger."""

from __future__ import annotations

from typing import Final

from careshape.accounts.models import Account, Membership
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.engine import session
from careshape.policy import Principal

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


def number_of(ledger: Ledger, identifier: str) -> int:
    """The number by which a ledger knows a person. Raises CallError where it knows nobody by this identifier."""
    number = ledger.person(identifier)
    if number is None or (ledger.demonstration and not rows_of(ledger, number)):
        raise CallError(f"The ledger of {ledger.name} knows nobody by this identifier. Write it as the files do.")
    return number


def rows_of(ledger: Ledger, number: int) -> int:
    """How many rows of a ledger are about a person."""
    with session() as (query, _):
        found = query.execute(f"SELECT count(*) FROM {ledger.table.relation()} WHERE person = {number:d}").fetchall()
    return int(found[0][0])
