"""The statement of a demonstration council, agreed by its two commissioners on the day of its records."""

from __future__ import annotations

from django.conf import settings

from careshape.accounts.demonstration import make_accounts
from careshape.accounts.models import Membership
from careshape.accounts.principals import principal_for
from careshape.home import Home
from careshape.writing.brought import bring_in


def agree_statement(council: str) -> int:
    """Have the pages of a council's statement agreed, so that its claims are held against the figures of that day.

    How many pages there are; 0 where its text was changed already, or where nothing is recorded.
    """
    postings = Home(settings.CARESHAPE_DIR).ledger(council).postings()
    if not postings:
        return 0
    if len(_commissioners(council)) < 2:
        make_accounts([council], without_passwords=True)
    first, second = map(principal_for, _commissioners(council))
    return bring_in(first, second, council, postings[-1].day)


def _commissioners(council: str) -> list[Membership]:
    found = Membership.objects.filter(
        council__slug=council, role="commissioner", ended_at__isnull=True, account__demonstration=True
    )
    return list(found.order_by("pk")[:2])
