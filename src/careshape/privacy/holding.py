"""What the legal holds of a day cover, in the terms of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from careshape.privacy.classification import Table
from careshape.privacy.hold import standing


@dataclass(frozen=True)
class Holding:
    """Accounts and councils of which nothing may go."""

    accounts: frozenset[int]
    addresses: frozenset[str]
    councils: frozenset[str]

    def spare(self, rows: QuerySet[Any], table: Table) -> QuerySet[Any]:
        """The rows that no hold covers."""
        if self.accounts and table.subject:
            held = self.addresses if by_address(table) else self.accounts
            rows = rows.exclude(Q(**{f"{table.subject}__in": held, f"{table.subject}__isnull": False}))
        if self.councils and table.council:
            rows = rows.exclude(**{f"{table.council}__in": self.councils})
        return rows


def by_address(table: Table) -> bool:
    """Whether a table's rows lead to an account by its e-mail address."""
    return table.subject.rpartition("__")[2] == "email"


def holding(day: date) -> Holding:
    """What is held on a day: accounts that are named, and those of everybody who worked for a council that is."""
    holds = standing(day)
    councils = frozenset(one.council for one in holds if one.what == "council")
    named = {int(one.reference) for one in holds if one.what == "account" and one.reference.isdigit()}
    membership = apps.get_model("accounts.Membership")
    named |= set(membership._base_manager.filter(council__slug__in=councils).values_list("account_id", flat=True))
    addresses = get_user_model()._base_manager.filter(pk__in=named).values_list("email", flat=True)
    return Holding(frozenset(named), frozenset(addresses), councils)
