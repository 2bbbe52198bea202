"""Messages about lists: to the council when an application comes, to the provider when the council moved it, or moved
the provider itself on a list.

They name the list and the page, and neither the provider, whose name may be a person's, nor what was said.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Membership
from careshape.accounts.who_may import who_may
from careshape.source.models import Application, Member

DECIDES, APPLIES, STANDS = "source.consider", "source.apply", "source.standing"


def tell_of(row: Application, by: int | None, ours: bool) -> None:
    """Tell the other side that an application moved, in the transaction in which it did.

    by: the account that moved it, which is told nothing. ours: whether the council did, and not the provider. What the
    council has not been sent yet it is not told of.
    """
    council = row.vehicle.council
    if ours:
        _tell(_of_provider(APPLIES, council, row.organisation_id).exclude(pk=by), "moved", row)
    elif row.sent_at is not None:
        _tell(who_may(DECIDES, council).exclude(pk=by), "arrived", row)


def tell_moved(row: Member) -> None:
    """Tell a provider that the council moved it on a list, in the transaction in which it did."""
    council = row.vehicle.council
    for one in _of_provider(STANDS, council, row.organisation_id):
        write(
            one.email, "source/mail/moved_on_list", council=council, list=row.vehicle.title,
            address=link("/work/standing/"),
        )  # fmt: skip


def _of_provider(act: str, council: str, organisation: int) -> QuerySet[Account]:
    """The accounts of a provider that may do something there, each once."""
    places = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    return who_may(act, council).filter(pk__in=places.values("account"))


def _tell(accounts: Iterable[Account], template: str, row: Application) -> None:
    for one in accounts:
        write(
            one.email, f"source/mail/application_{template}", council=row.vehicle.council, state=row.state,
            again=row.steps.filter(state=row.state).count() > 1, list=row.vehicle.title,
            address=link(f"/work/applications/{row.pk}/"),
        )  # fmt: skip
