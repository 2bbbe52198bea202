"""The people of a council who may do an act, for messages to who must act."""

from __future__ import annotations

from django.db.models import QuerySet

from careshape.accounts.models import Account, Membership
from careshape.policy import Principal, policy, roles


def who_may(act: str, council: str) -> QuerySet[Account]:
    """The accounts in use of those whose role at a council may do an act, in the order in which they came."""
    may = [one for one in roles() if policy().permits(Principal(role=one, account=0, council=council), act)]
    members = Membership.objects.filter(council__slug=council, role__in=may, ended_at__isnull=True)
    return Account.objects.filter(pk__in=members.values("account"), is_active=True).order_by("pk")
