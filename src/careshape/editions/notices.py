"""Messages to who must act on an edition: they name its number and its page, and nothing of what is in it."""

from __future__ import annotations

from collections.abc import Iterable

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account
from careshape.accounts.who_may import who_may
from careshape.editions.models import Edition, State


def tell_of_prepared(row: Edition) -> None:
    """Tell everybody who may agree an edition but its preparer; of one that the gate refused, its preparer alone."""
    if row.state == State.REFUSED.value:
        _tell([row.prepared_by] if row.prepared_by is not None else [], "refused", row)
    else:
        _tell(who_may("editions.agree", row.council).exclude(pk=row.prepared_by_id), "prepared", row)


def tell_of_agreed(row: Edition) -> None:
    """Tell everybody who may release an agreed edition, and its preparer, but who agreed it."""
    may = list(who_may("editions.release", row.council))
    if row.prepared_by is not None and row.prepared_by not in may:
        may.append(row.prepared_by)
    _tell([one for one in may if one.pk != row.agreed_by_id], "agreed", row)


def tell_of_held(row: Edition) -> None:
    """Tell everybody who may release an edition that its day came, and that it was held."""
    _tell(who_may("editions.release", row.council), "held", row)


def _tell(accounts: Iterable[Account], template: str, row: Edition) -> None:
    """Write to those of them who still work for the council: who has left is told nothing more."""
    still_here = set(who_may("editions.see", row.council))
    for one in still_here.intersection(accounts):
        write(
            one.email, f"editions/mail/{template}", council=row.council, number=row.number,
            address=link(f"/work/editions/{row.number}/"),
        )  # fmt: skip
