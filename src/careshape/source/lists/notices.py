"""Messages about lists: to the council when an application comes, to the provider when the council moved it, and when
the provider itself was moved on lists: by a person, by the outcome of a tender, or by evidence that lapsed or is new.
Who was not successful in a tender, and stands on no list by which it would hear of it, is told so.

They name the list or the tender, and the page, and neither the provider, whose name may be a person's, nor what was
said.
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


def tell_moved(rows: Iterable[Member]) -> None:
    """Tell providers that they were moved on lists, in the transaction in which they were: each person once for all."""
    lists: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        titles = lists.setdefault((row.vehicle.council, row.organisation_id), [])
        if row.vehicle.title not in titles:
            titles.append(row.vehicle.title)
    for (council, organisation), titles in lists.items():
        for one in _of_provider(STANDS, council, organisation):
            write(
                one.email, "source/mail/moved_on_list", council=council, lists=titles, address=link("/work/standing/")
            )


def tell_not_successful(council: str, tender: str, organisations: Iterable[int]) -> None:
    """Tell providers that stand on no list by it that a tender was decided without them, in the transaction in which
    it was; each person once.
    """
    for organisation in organisations:
        for one in _of_provider(STANDS, council, organisation):
            write(
                one.email, "source/mail/not_successful", council=council, tender=tender, address=link("/work/standing/")
            )


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
