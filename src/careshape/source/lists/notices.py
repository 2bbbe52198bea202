"""Messages about applications to lists: to the council when one comes, to the provider when the council moved it.

They name the list and the page, and neither the provider, whose name may be a person's, nor what was said.
"""

from __future__ import annotations

from collections.abc import Iterable

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Membership
from careshape.accounts.who_may import who_may
from careshape.source.models import Application

DECIDES, APPLIES = "source.consider", "source.apply"


def tell_of(row: Application, by: int | None, ours: bool) -> None:
    """Tell the other side that an application moved, in the transaction in which it did.

    by: the account that moved it, which is told nothing. ours: whether the council did, and not the provider. What the
    council has not been sent yet it is not told of.
    """
    council = row.vehicle.council
    if ours:
        places = Membership.objects.filter(organisation=row.organisation_id, ended_at__isnull=True)
        _tell(who_may(APPLIES, council).filter(pk__in=places.values("account")).exclude(pk=by), "moved", row)
    elif row.sent_at is not None:
        _tell(who_may(DECIDES, council).exclude(pk=by), "arrived", row)


def _tell(accounts: Iterable[Account], template: str, row: Application) -> None:
    for one in accounts:
        write(
            one.email, f"source/mail/application_{template}", council=row.vehicle.council, state=row.state,
            again=row.steps.filter(state=row.state).count() > 1, list=row.vehicle.title,
            address=link(f"/work/applications/{row.pk}/"),
        )  # fmt: skip
